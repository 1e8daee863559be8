#!/usr/bin/env python3
"""A daemon that takes signed policies only, and what somebody may try to bring in instead."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import POLICIES, ROOT, TOOL, Daemon
from harness.mail import planned
from harness.tap import check, contains, equal, wait_for

DAY = 86400


def text_of(serial, version=None, extra=""):
    return ("extends: crm-online.yaml\npolicy: signed\nversion: %d\nserial: %d\n%s" %
            (version or serial, serial, extra))


class Site:
    """Certificates, a daemon that trusts them, and its policy at serial 5."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="crm-notice-trust-")
        subprocess.run([os.path.join(ROOT, "certs", "make-dev-ca"), self.path("ca")], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(self.path("pinned.pem"), "w", encoding="ascii") as out:
            for name in ("signer", "tls", "expired", "stranger"):
                with open(self.path("ca/%s.pem" % name), encoding="ascii") as f:
                    out.write(f.read())
        self.policy = self.path("policy.yaml")
        self.put(text_of(5))
        self.daemon = Daemon(self.config(), policy=None)

    def config(self, **more):
        trust = {"anchors": self.path("ca/ca.pem"), "signers": self.path("pinned.pem"),
                 "state": self.path("serials")}
        trust.update(more)
        return {"policy": self.policy, "trust": trust}

    def path(self, name):
        return os.path.join(self.folder, name)

    def close(self):
        try:
            self.daemon.__exit__(None)
        finally:
            shutil.rmtree(self.folder)

    def write(self, name, text):
        with open(self.path(name), "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def sign(self, name="policy.yaml", signer="signer", expect=0):
        done = subprocess.run(
            [TOOL, "policy", "sign", "--certificate", self.path("ca/%s.pem" % signer), "--key",
             self.path("ca/%s.key" % signer), self.path(name)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        equal(done.returncode, expect, done.stdout)
        return done.stdout.decode()

    def put(self, text, signer="signer"):
        """A policy and its signature, in place of what was there."""
        self.write("policy.yaml", text)
        if os.path.exists(self.path("policy.yaml.p7s")):
            os.unlink(self.path("policy.yaml.p7s"))
        if signer:
            self.sign(signer=signer)

    def verify(self, *more, name="policy.yaml"):
        done = subprocess.run(
            [TOOL, "policy", "verify", "--anchors", self.path("ca/ca.pem"), "--signers",
             self.path("pinned.pem"), "--policy-path", POLICIES, *more, self.path(name)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode()

    def refused(self, word):
        """Reloads; the policy that runs stays, and one alert says why."""
        before = len(self.daemon.syslog.find("not reloaded"))
        running = self.daemon.status()["policy"]
        self.daemon.process.send_signal(signal.SIGUSR1)
        wait_for(lambda: len(self.daemon.syslog.find("not reloaded")) > before, 15, "the alert")
        alerts = self.daemon.syslog.find("not reloaded")[before:]
        equal(len(alerts), 1, "alerts")
        check(alerts[0].startswith("<17>"), "mail.alert: " + alerts[0])
        contains(alerts[0], word)
        equal(self.daemon.status()["policy"], running, "the policy that runs")

    def taken(self, version):
        self.daemon.reload()
        equal(self.daemon.status()["policy"], "signed/%d" % version)


def test_a_signed_policy_judges(s):
    with s.daemon.session() as m:
        contains(m.message(planned(start=2 * DAY)).reply, "signed/5")
    contains(s.read("serials").decode(), s.policy)
    status, text = s.verify()
    equal(status, 0, text)
    contains(text, "serial 5")


def test_a_newer_one_is_taken_and_the_same_again(s):
    s.put(text_of(6))
    s.taken(6)
    s.taken(6)
    check(s.read("serials").startswith(b"6 "), s.read("serials"))


def test_text_and_signature_have_to_be_whole(s):
    s.put(text_of(7))
    text, signature = s.read("policy.yaml"), s.read("policy.yaml.p7s")
    altered = {
        "a value": text.replace(b"version: 7", b"version: 8"),
        "a key added": text + b"mode: observe\n",
        "a comment added": text + b"# nothing\n",
        "a line end": text.replace(b"\n", b"\r\n"),
        "a space at the end": text + b" ",
        "the last octet gone": text[:-1],
        "nothing left": b"serial: 7\n",
    }
    for tampered in altered.values():
        s.write("policy.yaml", tampered)
        s.refused("signature not accepted")
    s.write("policy.yaml", text)
    for tampered in (b"", b"-----BEGIN CMS-----\n", signature[:len(signature) // 2],
                     signature + b"more", signature + signature,
                     signature.replace(b"M", b"N", 1), b"\x30\x03\x02\x01\x00"):
        s.write("policy.yaml.p7s", tampered)
        s.refused("signature not accepted")
    s.write("policy.yaml.p7s", signature)
    s.taken(7)


def test_only_pinned_trusted_and_valid_signers(s):
    s.put(text_of(8), signer="stranger")
    s.refused("of no trusted authority")
    s.put(text_of(8), signer="expired")
    s.refused("not valid")
    s.put(text_of(8), signer="tls")
    s.refused("not meant for signing")
    with open(s.path("pinned.pem"), "rb") as f:
        pinned = f.read()
    s.put(text_of(8))
    s.write("pinned.pem", s.read("ca/tls.pem"))
    s.refused("none of those that may sign")
    s.write("pinned.pem", pinned)
    s.taken(8)


def test_a_moved_clock(s):
    for now, status, word in (("2019-06-01T00:00:00Z", 2, "not valid"),
                              ("2090-01-01T00:00:00Z", 2, "not valid")):
        got, text = s.verify("--now", now)
        equal(got, status, text)
        contains(text, word)


def test_the_time_inside_the_text_counts(s):
    s.put(text_of(9, extra="not-after: 2020-01-01T00:00:00Z\n"))
    s.refused("no longer in force")
    s.put(text_of(9, extra="not-before: 2090-01-01T00:00:00Z\n"))
    s.refused("not yet in force")
    s.put(text_of(9, extra="not-before: 2020-01-01T00:00:00Z\nnot-after: 2090-01-01T00:00:00Z\n"))
    s.taken(9)


def test_an_older_edition_is_not_taken_back(s):
    s.put(text_of(10))
    older = s.read("policy.yaml"), s.read("policy.yaml.p7s")
    s.taken(10)
    s.put(text_of(11))
    s.taken(11)
    s.write("policy.yaml", older[0])
    s.write("policy.yaml.p7s", older[1])
    s.refused("is older than 11")
    s.put(text_of(11, version=12))
    s.refused("another text has had serial 11")
    # A restart forgets nothing either.
    s.write("policy.yaml", older[0])
    s.write("policy.yaml.p7s", older[1])
    try:
        Daemon(s.config(), policy=None)
    except AssertionError as error:
        contains(str(error), "is older than 11")
    else:
        raise AssertionError("started with an edition put back")
    with Daemon(s.config(allow_older=True), policy=None) as d:
        equal(d.status()["policy"], "signed/10")
    check(s.read("serials").startswith(b"11 "), s.read("serials"))


def test_unsigned_only_where_the_configuration_says_so(s):
    s.put(text_of(12), signer=None)
    s.refused("is not signed")
    with Daemon(s.config(allow_unsigned=True, state=s.path("serials2")), policy=None) as d:
        equal(d.status()["policy"], "signed/12")
    # Even there a signature that is given has to be right.
    s.write("policy.yaml.p7s", b"no signature")
    try:
        Daemon(s.config(allow_unsigned=True, state=s.path("serials2")), policy=None)
    except AssertionError as error:
        contains(str(error), "signature not accepted")
    else:
        raise AssertionError("started with a broken signature")


def test_a_signed_text_needs_a_serial(s):
    s.write("policy.yaml", text_of(13).replace("serial: 13\n", ""))
    contains(s.sign(expect=78), "has no serial")


def test_what_a_policy_extends_is_signed_too(s):
    s.write("base.yaml", "extends: crm-online.yaml\npolicy: base\nversion: 1\nserial: 1\n")
    s.put(text_of(14).replace("crm-online.yaml", "base.yaml"))
    s.refused("base.yaml: is not signed")
    s.sign("base.yaml")
    s.taken(14)
    s.write("base.yaml", s.read("base.yaml") + b"mode: observe\n")
    s.refused("base.yaml: signature not accepted")


def test_state_that_cannot_be_read_or_written_is_a_fault(s):
    s.put(text_of(15))
    kept = s.read("serials")
    s.write("serials", b"all is well\n")
    s.refused("no list of serials")
    s.write("serials", kept)
    os.mkdir(s.path("serials.new"))
    s.refused("trust.state")
    os.rmdir(s.path("serials.new"))
    s.taken(15)


def test_a_reload_that_fails_for_another_reason_is_one_alert_too(s):
    s.put(text_of(16, extra="moode: observe\n"))
    s.refused("moode")


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Site, lambda s: s.close() if s is not None else None))
