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

    def server(self, name, host, authority="ca", days=2):
        """A certificate for a TLS server, under an authority: its file and its key's."""
        files = [self.path(name + ending) for ending in (".pem", ".key", ".csr", ".ext")]
        with open(files[3], "w", encoding="ascii") as out:
            out.write("basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n"
                      "subjectAltName=%s:%s\n" %
                      ("IP" if host[0].isdigit() else "DNS", host))
        for command in (["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=" + host,
                         "-keyout", files[1], "-out", files[2]],
                        ["x509", "-req", "-in", files[2], "-CA", self.path(authority + ".pem"),
                         "-CAkey", self.path(authority + ".key"), "-set_serial", "1", "-days",
                         str(days), "-extfile", files[3], "-out", files[0]]):
            subprocess.run(["openssl"] + command, check=True, stderr=subprocess.DEVNULL)
        return files[0], files[1]

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
