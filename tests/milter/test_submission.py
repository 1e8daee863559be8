#!/usr/bin/env python3
"""Submissions that a policy wants signed, or from an authenticated identity."""

import base64
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import POLICIES, TOOL, Daemon
from harness.keys import Keys
from harness.mail import planned
from harness.tap import check, contains, equal

POLICY = """\
extends: crm-online.yaml
policy: trial
version: 1
categories:
  planned-maintenance:
    submission: {sasl: [crm-app, "batch-*"], tls: [app.crm.example], smime: true}
"""


class Site:
    def __init__(self):
        self.keys = Keys()
        self.daemon = Daemon({"submissions": {"anchors": self.keys.path("ca.pem")}}, policy=POLICY)

    def close(self):
        self.daemon.__exit__(None)
        self.keys.close()

    def send(self, message, daemon=None, sasl=None, **macros):
        """The reply's text, or the status where there is none."""
        with (daemon or self.daemon).session() as m:
            if macros:
                m.macros("M", **macros)
            result = m.message(message, sasl=sasl)
        return result.reply or result.status

    def signature(self, content, signer="mail", flags=("-binary",)):
        done = subprocess.run(
            ["openssl", "cms", "-sign", "-signer", self.keys.path(signer + ".pem"), "-inkey",
             self.keys.path(signer + ".key"), "-outform", "DER", *flags], input=content,
            stdout=subprocess.PIPE, check=True)
        return base64.encodebytes(done.stdout).replace(b"\n", b"\r\n")

    def signed(self, signer="mail", tamper=lambda content: content, flags=("-binary",),
               preamble=b"", after=b"", kind=b"pkcs7-signature"):
        """A conforming notice as multipart/signed."""
        head, _, body = planned().partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        inner = [l for l in lines if l.startswith(b"Content-")]
        outer = [l for l in lines if not l.startswith(b"Content-")]
        content = b"\r\n".join(inner) + b"\r\n\r\n" + body.rstrip(b"\r\n")
        signature = self.signature(content, signer, flags)
        outer.append(b"Content-Type: multipart/signed; micalg=sha-256;\r\n\tprotocol="
                     b"\"application/pkcs7-signature\"; boundary=\"=_b1\"")
        return (b"\r\n".join(outer) + b"\r\n\r\n" + preamble + b"--=_b1\r\n" + tamper(content) +
                b"\r\n--=_b1\r\nContent-Type: application/" + kind + b"; name=smime.p7s\r\n"
                b"Content-Transfer-Encoding: base64\r\n\r\n" + signature + after +
                b"\r\n--=_b1--\r\n")


    def opaque(self, signer="mail", flags=("-binary",), tamper=lambda signature: signature,
               after=b""):
        """The same in one piece."""
        head, _, body = planned().partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        inner = [l for l in lines if l.startswith(b"Content-")]
        outer = [l for l in lines if not l.startswith(b"Content-")]
        content = b"\r\n".join(inner) + b"\r\n\r\n" + body
        outer.append(b"Content-Type: application/pkcs7-mime; smime-type=signed-data;\r\n\t"
                     b"name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n"
                     b"Content-Disposition: attachment; filename=smime.p7m")
        signature = base64.b64decode(self.signature(content, signer, ("-nodetach", *flags)))
        signature = base64.encodebytes(tamper(signature)).replace(b"\n", b"\r\n")
        return b"\r\n".join(outer) + b"\r\n\r\n" + signature + after


def test_an_unsigned_notice_of_nobody_is_refused(s):
    text = s.send(planned())
    contains(text, "550")
    contains(text, "signature.missing: the sender is not authenticated")


def test_authenticated_names(s):
    for name in ("crm-app", "batch-7", "CRM-App"):
        equal(s.send(planned(), sasl=name), "continue", name)
    for name in ("eve", "crm-app2", "xbatch-7", "app.crm.example"):
        contains(s.send(planned(), sasl=name), "signature.missing: \"%s\" is not among" % name)


def test_client_certificates(s):
    equal(s.send(planned(), verify="OK", cert_subject="app.crm.example"), "continue")
    for verify, subject in (("FAIL", "app.crm.example"), ("NOT", "app.crm.example"),
                            ("OK", "eve.example"), ("NO", ""), ("OK", "")):
        contains(s.send(planned(), verify=verify, cert_subject=subject), "signature.missing")
    contains(s.send(planned(), cert_subject="app.crm.example"), "signature.missing")


def test_a_signature_by_the_sender(s):
    equal(s.send(s.signed()), "continue")
    equal(s.send(s.signed(preamble=b"This is signed.\r\n")), "continue")


def test_signatures_that_are_not_taken(s):
    for what, message, word in (
            ("a word changed", s.signed(tamper=lambda c: c.replace(b"scheduled", b"planned")),
             "not the one that was signed"),
            ("an octet added", s.signed(tamper=lambda c: c + b" "), "not the one that was signed"),
            ("a header changed", s.signed(tamper=lambda c: c.replace(b"charset=utf-8",
                                                                     b"charset=UTF-8")),
             "not the one that was signed"),
            ("another authority", s.signed("stranger"), "no trusted authority"),
            ("expired", s.signed("expired"), "not valid"),
            ("for servers", s.signed("tls"), "not meant for signing"),
            ("no usage stated", s.signed("ca"), "not meant for signing"),
            ("another sender", s.signed("signer"), "another address than From"),
            ("with its content", s.signed(flags=("-binary", "-nodetach")), "content of its own"),
            ("without certificate", s.signed(flags=("-binary", "-nocerts")),
             "none of those that may sign"),
            ("something after it", s.signed(after=b"AAAA"), "550"),
            ("a digest that collides", s.signed(flags=("-binary", "-md", "sha1")),
             "weaker than SHA-256"),
            ("two signers", s.signed(flags=("-binary", "-signer", s.keys.path("signer.pem"),
                                            "-inkey", s.keys.path("signer.key"))), "just one")):
        text = s.send(message)
        contains(text, "signature.invalid", what)
        contains(text, word, what)
        tap.found(what)


def test_a_signature_in_one_piece(s):
    equal(s.send(s.opaque()), "continue")
    equal(s.send(s.opaque(flags=("-binary", "-stream"))), "continue")
    for what, message, word in (
            ("a word changed inside",
             s.opaque(tamper=lambda d: d.replace(b"scheduled", b"schedules")),
             "not the one that was signed"),
            ("in one piece by another authority", s.opaque("stranger"), "no trusted authority"),
            ("in one piece by another sender", s.opaque("signer"), "another address than From"),
            ("a piece with something after it", s.opaque(tamper=lambda d: d + b"\0\0"), "550")):
        text = s.send(message)
        contains(text, "signature.invalid", what)
        contains(text, word, what)
        tap.found(what)


def test_what_is_signed_only_in_part_is_not_signed(s):
    third = s.signed(after=b"\r\n--=_b1\r\nContent-Type: text/plain\r\n\r\nMore.\r\n")
    contains(s.send(third), "signature.missing")
    contains(s.send(s.signed(kind=b"octet-stream")), "signature.missing")
    check(s.send(s.signed().replace(b"\r\n--=_b1--\r\n", b"\r\n")) != "continue", "no end")


def judged(s, message, *options):
    """The findings of crm-notice check, and its exit status."""
    with open(s.keys.path("policy.yaml"), "w", encoding="ascii") as out:
        out.write(POLICY)
    done = subprocess.run([TOOL, "check", "--json", "--policy", s.keys.path("policy.yaml"),
                           "--policy-path", POLICIES, *options, "-"], input=message,
                          stdout=subprocess.PIPE, check=False)
    return [f["check"] for f in json.loads(done.stdout)["findings"]], done.returncode


def test_the_command_line_judges_as_the_daemon_does(s):
    anchors = "--anchors", s.keys.path("ca.pem")
    altered = s.signed(tamper=lambda c: c.replace(b"scheduled", b"planned"))
    for what, message, options, findings in (
            ("nobody", planned(), (), ["signature.missing"]),
            ("a name", planned(), ("--sasl", "crm-app"), []),
            ("another name", planned(), ("--sasl", "eve"), ["signature.missing"]),
            ("a certificate", planned(), ("--tls-subject", "app.crm.example"), []),
            ("another certificate", planned(), ("--tls-subject", "eve"), ["signature.missing"]),
            ("signed", s.signed(), anchors, []),
            ("signed, lines end in LF", s.signed().replace(b"\r\n", b"\n"), anchors, []),
            ("altered", altered, anchors, ["signature.invalid"]),
            ("of a stranger", s.signed("stranger"), anchors, ["signature.invalid"]),
            ("later", s.signed(), anchors + ("--now", "2090-01-01T00:00:00Z"),
             ["signature.invalid"]),
            ("earlier", s.signed(), anchors + ("--now", "2019-01-01T00:00:00Z"),
             ["signature.invalid"])):
        found, status = judged(s, message, *options)
        found = [f for f in found if f.startswith("signature.")]
        equal(found, findings, what)
        if findings:
            equal(status, 2, what)
            tap.found(what)
    with open(s.keys.path("none.pem"), "w", encoding="ascii"):
        pass
    done = subprocess.run([TOOL, "check", "--anchors", s.keys.path("none.pem"), "-"], input=planned(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    equal(done.returncode, 78, done.stderr)
    contains(done.stderr.decode(), "no certificate in PEM form")


def test_a_case_file_says_who_submits(s):
    for sasl, findings in (("crm-app", ""), ("eve", "signature.missing")):
        with open(s.keys.path("a.eml"), "wb") as out:
            out.write(planned())
        with open(s.keys.path("a.case.yaml"), "w", encoding="ascii") as out:
            out.write("sasl: %s\nexpect: {findings: [%s]}\n" % (sasl, findings))
        judged(s, planned())
        done = subprocess.run([TOOL, "test", "--policy-path", POLICIES, s.keys.folder],
                              stdout=subprocess.PIPE, check=False)
        equal(done.returncode, 0, done.stdout)


def test_an_identity_makes_a_signature_unnecessary(s):
    equal(s.send(s.signed("stranger"), sasl="crm-app"), "continue")


def test_without_anchors_a_signature_cannot_be_told(s):
    with Daemon(policy=POLICY) as d:
        s.send(s.signed(), daemon=d)
        contains(d.syslog.wait("notice=yes"), "cannot_tell=signature.invalid")


def test_a_policy_that_asks_for_nothing_takes_all(s):
    with Daemon() as d:
        equal(s.send(planned(), daemon=d), "continue")
        equal(s.send(s.signed("stranger"), daemon=d), "continue")


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Site, lambda s: s.close() if s is not None else None))
