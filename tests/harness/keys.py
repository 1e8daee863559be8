"""Development keys, made anew for a test."""

import os
import shutil
import subprocess
import tempfile

from harness.daemon import ROOT, TOOL


class Keys:
    def __init__(self, owner=None):
        self.folder = tempfile.mkdtemp(prefix="crm-notice-keys-")
        os.chmod(self.folder, 0o755)
        subprocess.run([os.path.join(ROOT, "certs", "make-dev-ca"), self.folder], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if owner:
            shutil.chown(self.path("seal.key"), owner)

    def path(self, name):
        return os.path.join(self.folder, name)

    def seal(self):
        """For the daemon's configuration."""
        return {"key": self.path("seal.key"), "selector": "s2026"}

    def verify(self, message, *recipients):
        """Exit status and words of crm-notice verify."""
        command = [TOOL, "verify", "--key", "s2026=" + self.path("seal.pem")]
        for recipient in recipients:
            command += ["--rcpt", recipient]
        done = subprocess.run(command + ["-"], input=message, stdout=subprocess.PIPE, check=False)
        return done.returncode, done.stdout.decode()

    def close(self):
        shutil.rmtree(self.folder)
