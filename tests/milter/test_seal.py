#!/usr/bin/env python3
"""Sealed by the daemon, verified at the command line, and tampered with in between."""

import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import milter, tap
from harness.daemon import ROOT, TOOL, Daemon
from harness.mail import ordinary, planned
from harness.tap import check, contains, equal

POLICY = "extends: crm-online.yaml\npolicy: trial\nversion: 3\n"
RECIPIENTS = ["ada@contoso.example", "list@contoso.example"]


class Sealed:
    """Development keys, and a daemon that seals with them."""

    def __init__(self):
        self.keys = tempfile.mkdtemp(prefix="crm-notice-keys-")
        subprocess.run([os.path.join(ROOT, "certs", "make-dev-ca"), self.keys], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.daemon = Daemon({"seal": {"key": self.key("seal.key"), "selector": "s2026"}},
                             policy=POLICY)

    def key(self, name):
        return os.path.join(self.keys, name)

    def close(self):
        try:
            self.daemon.__exit__(None)
        finally:
            shutil.rmtree(self.keys)

    def send(self, message, recipients=RECIPIENTS):
        """The message as it left, as bytes."""
        with self.daemon.session() as m:
            result = m.message(message, recipients=recipients)
            equal(result.status, "continue")
            fields, body = milter.split(message)
            lines = "".join("%s:%s\r\n" % (name, value.replace("\n", "\r\n"))
                            for name, value in result.apply(fields))
            body = body if isinstance(body, bytes) else body.encode("utf-8", "surrogateescape")
            return lines.encode("utf-8", "surrogateescape") + b"\r\n" + body

    def verify(self, message, recipients=RECIPIENTS, selector="s2026"):
        """Exit status and what was said."""
        command = [TOOL, "verify", "--key", "%s=%s" % (selector, self.key("seal.pem"))]
        for recipient in recipients:
            command += ["--rcpt", recipient]
        done = subprocess.run(command + ["-"], input=message, stdout=subprocess.PIPE, check=False)
        return done.returncode, done.stdout.decode()


def test_a_sealed_notice_verifies(s):
    message = s.send(planned())
    equal(message.lower().count(b"x-crm-notice-seal:"), 1, "seals")
    status, text = s.verify(message)
    equal(status, 0, text)
    contains(text, ": valid:")
    status, text = s.verify(message, recipients=[])
    equal(status, 0, text)
    contains(text, "valid-recipients-unverified")


def test_ordinary_mail_is_not_sealed(s):
    status, text = s.verify(s.send(ordinary()))
    equal(status, 2, text)
    contains(text, ": missing:")


def test_a_forged_seal_is_replaced(s):
    status, text = s.verify(s.send(planned(extra="X-CRM-Notice-Seal: v=1; a=none\r\n")))
    equal(status, 0, text)


def test_tampering_shows(s):
    message = s.send(planned())
    for old, new, word in (
            (b"X-CRM-Notice-Verdict: accept", b"X-CRM-Notice-Verdict: flag", "signature-invalid"),
            (b"Subject: ", b"Subject: Re: ", "signature-invalid"),
            (b"\r\n\r\n", b"\r\n\r\nOne line more\r\n", "body-altered"),
            (b"X-CRM-Notice-Seal:", b"X-Elsewhere:", "missing"),
            (b"s=s2026", b"s=s2025", "unknown-key"),
            (b"From:", b"From: a@b.example\r\nFrom:", "duplicate")):
        check(old in message, "%r is not there" % old)
        status, text = s.verify(message.replace(old, new, 1))
        equal(status, 2, text)
        contains(text, ": %s:" % word)
        tap.found(word)
    status, text = s.verify(message, recipients=RECIPIENTS + ["eve@fabrikam.example"])
    equal(status, 2, text)
    contains(text, "recipients-altered")
    tap.found("recipients")


def test_a_stripped_recipient_is_not_sealed(s):
    policy = POLICY + "severities: {recipients.unknown: strip}\n"
    seal = {"seal": {"key": s.key("seal.key"), "selector": "s2026"}}
    with Daemon(seal, policy=policy) as stripping:
        before, s.daemon = s.daemon, stripping
        try:
            message = s.send(planned(), RECIPIENTS + ["gone@contoso.example"])
        finally:
            s.daemon = before
    status, text = s.verify(message)
    equal(status, 0, text)
    contains(text, ": valid:")


def test_what_cannot_be_sealed_is_still_refused(s):
    with s.daemon.session() as m:
        result = m.message(planned(extra="Subject: another\r\n"), recipients=RECIPIENTS)
        equal(result.status, "reject")
        contains(result.reply, "message.ambiguous")


def test_mode_observe_seals_nothing(s):
    seal = {"seal": {"key": s.key("seal.key"), "selector": "s2026"}, "mode": "observe"}
    with Daemon(seal, policy=POLICY) as d, d.session() as m:
        equal(m.message(planned(), recipients=RECIPIENTS).inserted, [])


def test_a_key_that_others_can_read_is_refused(s):
    loose = s.key("loose.key")
    shutil.copyfile(s.key("seal.key"), loose)
    os.chmod(loose, 0o644)
    try:
        Daemon({"seal": {"key": loose, "selector": "s1"}}, policy=POLICY)
    except AssertionError as error:
        contains(str(error), "lets others at the private key")
    else:
        raise AssertionError("the daemon took a key that everybody can read")


def test_an_encrypted_key_needs_its_passphrase(s):
    locked, secret = s.key("locked.key"), s.key("secret")
    subprocess.run(["openssl", "pkey", "-in", s.key("seal.key"), "-aes-256-cbc", "-passout",
                    "pass:open sesame", "-out", locked], check=True)
    os.chmod(locked, 0o600)

    def seal(text=None, mode=0o600):
        config = {"key": locked, "selector": "s1"}
        if text is not None:
            with open(secret, "w", encoding="ascii") as out:
                out.write(text)
            os.chmod(secret, mode)
            config["passphrase"] = secret
        return {"seal": config}

    for arguments, word in (((), "no unencrypted private key"),
                            (("close sesame\n",), "that the passphrase opens"),
                            (("\n",), "no passphrase"),
                            (("open sesame\n", 0o644), "mode 0644")):
        try:
            Daemon(seal(*arguments), policy=POLICY)
        except AssertionError as error:
            contains(str(error), word)
        else:
            raise AssertionError("started: " + word)
    with Daemon(seal("open sesame\n"), policy=POLICY) as d, d.session() as m:
        equal(m.message(planned()).status, "continue")
        with open("/proc/%d/limits" % d.process.pid, encoding="ascii") as f:
            contains(f.read(), "Max core file size        0 ")


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Sealed, lambda s: s.close() if s is not None else None))
