#!/usr/bin/env python3
"""A daemon that takes signed policies and directories only, and what somebody may try to bring in
instead."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import DIRECTORY, POLICIES, ROOT, TOOL, Daemon, start_failure
from harness.mail import planned
from harness.tap import check, contains, equal, wait_for

DAY = 86400
# The directory of a site, which names itself; and what a policy needs to be another one.
CONTACTS = "directory: contacts\nserial: %d\n" + DIRECTORY
OTHER = "policy: signed", "policy: other"


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

    def config(self, directory=None, **more):
        trust = {"anchors": self.path("ca/ca.pem"), "signers": self.path("pinned.pem"),
                 "state": self.path("serials")}
        trust.update(more)
        config = {"policy": self.policy, "trust": trust}
        return dict(config, directory=directory) if directory else config

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

    def sign(self, name="policy.yaml", signer="signer", expect=0, kind="policy"):
        done = subprocess.run(
            [TOOL, kind, "sign", "--certificate", self.path("ca/%s.pem" % signer), "--key",
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

    def verify(self, *more, name="policy.yaml", kind="policy"):
        path = ["--policy-path", POLICIES] if kind == "policy" else []
        done = subprocess.run(
            [TOOL, kind, "verify", "--anchors", self.path("ca/ca.pem"), "--signers",
             self.path("pinned.pem"), *path, *more, self.path(name)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode()

    def refused(self, word, daemon=None, tampering=True):
        """Reloads; the policy that runs stays, and one alert says why."""
        daemon = daemon or self.daemon
        before = len(daemon.syslog.find("not reloaded"))
        running = daemon.status()["policy"]
        daemon.process.send_signal(signal.SIGUSR1)
        wait_for(lambda: len(daemon.syslog.find("not reloaded")) > before, 15, "the alert")
        alerts = daemon.syslog.find("not reloaded")[before:]
        equal(len(alerts), 1, "alerts")
        check(alerts[0].startswith("<17>"), "mail.alert: " + alerts[0])
        contains(alerts[0], word)
        equal(daemon.status()["policy"], running, "the policy that runs")
        if tampering:
            tap.found(word)

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
    s.refused("no list of serials", tampering=False)
    s.write("serials", kept)
    os.mkdir(s.path("serials.new"))
    s.refused("trust.state", tampering=False)
    os.rmdir(s.path("serials.new"))
    s.taken(15)


def test_a_reload_that_fails_for_another_reason_is_one_alert_too(s):
    s.put(text_of(16, extra="moode: observe\n"))
    s.refused("moode", tampering=False)


def test_a_signers_other_policy_does_not_pass_in_its_place(s):
    s.put(text_of(20).replace(*OTHER))
    s.refused("is policy:other, and this file was policy:signed")
    s.write("policy.yaml", CONTACTS % 21)
    s.sign()
    s.refused("is directory:contacts, and this file was policy:signed")
    s.put(text_of(20).replace("policy: signed\n", ""))
    s.refused("is unnamed")
    status, text = s.verify("--state", s.path("serials"))
    equal(status, 2, text)
    contains(text, "is unnamed")
    s.put(text_of(20))
    s.taken(20)


def test_the_configuration_can_name_the_policy(s):
    fresh = s.path("serials3")
    status, text = start_failure(s.config(policy="contoso-crm", state=fresh))
    equal(status, 78, text)
    contains(text, "is policy:signed, and trust.policy wants policy:contoso-crm")
    tap.found("another name at the first start")
    check(not os.path.exists(fresh), "nothing is remembered of what was refused")
    # A new name is taken where the configuration says so, and kept.
    s.put(text_of(21).replace(*OTHER))
    with Daemon(s.config(policy="other"), policy=None) as d:
        equal(d.status()["policy"], "other/21")
    s.put(text_of(22))
    with Daemon(s.config(policy="signed"), policy=None) as d:
        equal(d.status()["policy"], "signed/22")


def test_a_name_for_no_policy_is_an_error(s):
    config = s.config(policy="signed")
    del config["policy"]
    status, text = start_failure(config)
    equal(status, 78, text)
    contains(text, "names no policy's file")


def test_what_was_verified_is_what_is_read(s):
    """A pipe gives its octets once: were the file read again, there would be none left."""
    kept = {name: s.read(name) for name in ("policy.yaml", "policy.yaml.p7s")}
    contacts = (CONTACTS % 1).encode()
    s.write("once.yaml", contacts)
    s.sign("once.yaml", kind="directory")
    for name, kind, text in (("policy.yaml", "policy", kept["policy.yaml"]),
                             ("once.yaml", "directory", contacts)):
        os.unlink(s.path(name))
        os.mkfifo(s.path(name))
        writer = threading.Thread(target=s.write, args=(name, text), daemon=True)
        writer.start()
        status, said = s.verify(name=name, kind=kind)
        writer.join(20)
        os.unlink(s.path(name))
        equal(status, 0, said)
    s.write("policy.yaml", kept["policy.yaml"])


def test_a_state_of_an_older_version_is_read(s):
    line = "22 %s %s\n" % (hashlib.sha256(s.read("policy.yaml")).hexdigest(), s.policy)
    s.write("serials4", line)
    with Daemon(s.config(state=s.path("serials4")), policy=None) as d:
        equal(d.status()["policy"], "signed/22")
    equal(s.read("serials4").decode(), line[:-1] + "\tpolicy:signed\n")


def test_pins_hold_what_a_policy_takes_in(s):
    os.makedirs(s.path("lang"), exist_ok=True)
    with open(os.path.join(POLICIES, "lang", "nl.yaml"), "rb") as f:
        words = f.read() + b"# of our own\n"
    s.write("lang/nl.yaml", words)
    s.write("own.yaml", "extends: crm-online.yaml\npolicy: own\nversion: 1\n")
    pins = {name: hashlib.sha256(s.read(name)).hexdigest() for name in ("own.yaml", "lang/nl.yaml")}
    text = (text_of(30, extra="languages: [en, nl]\npins:\n" +
                    "".join("  %s: %s\n" % pin for pin in pins.items()))
            .replace("crm-online.yaml", "own.yaml"))
    s.put(text)
    s.taken(30)
    for name in pins:
        kept = s.read(name)
        s.write(name, kept + b"# more\n")
        s.refused(name + " is another file than the one pinned here")
        os.unlink(s.path(name))
        s.refused("pinned here" if name.startswith("lang") else "neither beside this file")
        s.write(name, kept)
    s.put(text.replace("lang/nl.yaml:", "lang/xx.yaml:").replace("serial: 30", "serial: 31"))
    s.refused("lang/nl.yaml: is not signed", tampering=False)
    s.put(text)
    s.taken(30)
    shutil.rmtree(s.path("lang"))


def test_a_calendar_of_holidays_is_pinned(s):
    """It has no place for a serial, so that a signature of its own would not do."""
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//a//b//EN", "BEGIN:VEVENT", "UID:1",
             "DTSTAMP:20260101T000000Z", "DTSTART;VALUE=DATE:20260501", "SUMMARY:Closed", "END:VEVENT",
             "END:VCALENDAR", "")
    days = "\r\n".join(lines).encode()
    s.write("closed.ics", days)
    text = text_of(32, extra="business-days: {calendar: closed.ics}\n")
    s.put(text)
    s.refused("closed.ics: is not signed")
    subprocess.run(["openssl", "cms", "-sign", "-binary", "-signer", s.path("ca/signer.pem"), "-inkey",
                    s.path("ca/signer.key"), "-in", s.path("closed.ics"), "-outform", "PEM", "-out",
                    s.path("closed.ics.p7s")], check=True)
    s.refused("closed.ics: has no place for a serial")
    s.put(text + "pins: {closed.ics: %s}\n" % hashlib.sha256(days).hexdigest())
    s.taken(32)
    s.write("closed.ics", days.replace(b"0501", b"0502"))
    s.refused("closed.ics is another file than the one pinned here")
    s.write("closed.ics", days)
    s.taken(32)


def test_a_directory_is_signed_too(s):
    contacts = s.path("directory.yaml")
    s.put(text_of(40))
    s.write("directory.yaml", DIRECTORY)
    contains(s.sign("directory.yaml", kind="directory", expect=78), "has no serial")
    config = s.config(directory=contacts, policy="signed")
    config["trust"]["directory"] = True
    status, text = start_failure(config)
    equal(status, 78, text)
    contains(text, "directory.yaml: is not signed")
    tap.found("an unsigned directory")
    s.write("directory.yaml", CONTACTS % 5)
    s.sign("directory.yaml", kind="directory")
    equal(s.verify(name="directory.yaml", kind="directory")[0], 0)
    signed = s.read("directory.yaml"), s.read("directory.yaml.p7s")
    with Daemon(config, policy=None) as d:
        contains(s.read("serials").decode(), contacts + "\tdirectory:contacts")
        tamper_with_contacts(s, d, signed)
        with d.session() as m:
            result = m.message(planned(), recipients=["ada@contoso.example"])
            equal(result.status, "continue", result.reply)


def tamper_with_contacts(s, d, signed):
    text, signature = signed
    eve = b"      - {address: eve@fabrikam.example, role: system-administrator}\n"
    for tampered in (text + eve, text.replace(b"role: user", b"role: system-administrator"),
                     text.replace(b"\n", b"\r\n"), text[:-1], b""):
        s.write("directory.yaml", tampered)
        s.refused("directory.yaml: signature not accepted", d)
    s.write("directory.yaml", text)
    os.unlink(s.path("directory.yaml.p7s"))
    s.refused("directory.yaml: is not signed", d)
    s.write("directory.yaml.p7s", s.read("policy.yaml.p7s"))
    s.refused("directory.yaml: signature not accepted", d)
    for content, word in ((CONTACTS % 4, "is older than 5"),
                          (CONTACTS % 5 + "# more\n", "another text has had serial 5"),
                          ((CONTACTS % 6).replace("contacts\n", "others\n", 1),
                           "is directory:others"),
                          (CONTACTS % 6 + "not-after: 2020-01-01T00:00:00Z\n", "no longer in force"),
                          (CONTACTS % 6 + "not-before: 2090-01-01T00:00:00Z\n", "not yet in force")):
        s.write("directory.yaml", content)
        s.sign("directory.yaml", kind="directory")
        s.refused(word, d)
    s.write("directory.yaml", text)
    s.write("directory.yaml.p7s", signature)
    d.reload()


def test_what_cannot_be_signed_is_no_signed_directory(s):
    for source in ("csv:", "cdb:", "sqlite:"):
        config = s.config(directory=source + s.path("contacts"))
        config["trust"]["directory"] = True
        status, text = start_failure(config)
        equal(status, 78, text)
        contains(text, "cannot be signed: of directory files, only YAML can")


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Site, lambda s: s.close() if s is not None else None))
