"""crm-notice as a script calls it: exit status and what it says, in a folder of its own."""

import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests"))

PROGRAM = os.path.join(ROOT, os.environ.get("B", "build"), "crm-notice")

NOTICE = b"""Message-ID: <1@crm.example>
Date: Sun, 1 Mar 2026 09:00:00 +0000
From: CRM <notices@crm.example>
To: ada@contoso.example
Subject: Planned Maintenance of contoso-prod (CHG-4711)
Content-Type: text/plain; charset=utf-8

Planned Maintenance

We shall carry out Planned Maintenance of contoso-prod from Tuesday,
%s March 2026, 22:00 UTC to Wednesday, %s March 2026, 02:00 UTC.
"""
LATE = NOTICE % (b"3", b"4")        # two days ahead
IN_TIME = NOTICE % (b"24", b"25")   # three weeks ahead
LETTER = b"From: ada@contoso.example\nTo: bob@fabrikam.example\nSubject: lunch\n\nAt noon?\n"
NOW = "2026-03-01T09:00:00Z"


class Done:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")

    def __repr__(self):
        return "status %d\n%s%s" % (self.status, self.out, self.err)


class Folder:
    """Files for a test, and the program run among them."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="crm-notice-cli-")

    def put(self, name, text):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    def read(self, name):
        with open(os.path.join(self.path, name), "rb") as source:
            return source.read()

    def run(self, *arguments, **more):
        return Done(subprocess.run([PROGRAM] + [str(a) for a in arguments], cwd=self.path,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
                                   stdin=more.pop("stdin", subprocess.DEVNULL), **more))

    def remove(self):
        subprocess.run(["rm", "-rf", self.path], check=True)
