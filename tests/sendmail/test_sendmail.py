#!/usr/bin/env python3
"""Mail through a real Sendmail, unpacked beside."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import Daemon
from harness.keys import Keys
from harness.mail import DAY, ordinary, planned
from harness.sendmail import Sendmail
from harness.tap import check, contains, equal


class Site:
    def __init__(self):
        self.keys = Keys(owner="nobody")
        self.gate = Daemon({"audit": {"ordinary_mail": True}, "seal": self.keys.seal()},
                           user="nobody")
        try:
            self.sendmail = Sendmail(self.gate.socket)
        except BaseException:
            self.gate.__exit__(1)
            raise

    def close(self):
        self.sendmail.close()
        self.gate.__exit__(None)
        self.keys.close()


def message_id(message):
    return re.search(rb"Message-ID: (<[^>]+>)", message).group(1)


def fields(message):
    head = message.partition(b"\r\n\r\n")[0].decode("latin-1")
    return [l for l in head.split("\r\n") if l.lower().startswith("x-crm-")]


def test_a_conforming_notice_gets_its_fields(s):
    message = planned()
    with s.sendmail.client() as c:
        check(c.send(message).startswith("250"), "refused")
    got = s.sendmail.sink.wait(message_id(message))[2]
    names = [f.split(":")[0] for f in fields(got)]
    equal(sorted(names), sorted(set(names)), "each once")
    check(any(f.startswith("X-CRM-Notice-Category: planned-maintenance") for f in fields(got)),
          fields(got))
    equal(got.partition(b"\r\n\r\n")[2], message.partition(b"\r\n\r\n")[2], "body")


def test_the_client_sees_every_line_of_a_rejection(s):
    with s.sendmail.client() as c:
        reply = c.send(planned(start=2 * DAY))
    lines = reply.split("\n")
    check(len(lines) > 1 and all(re.match(r"550[- ]5\.7\.1 \S", l) for l in lines), reply)
    contains(reply, "lead-time.minimum")
    line = s.gate.syslog.wait("verdict=reject")
    contains(line, "from=<notices@crm.example>")
    check(not re.search(r"\]: T[0-9a-f]{16}:", line), "no queue id: " + line)


def test_ordinary_mail_is_unchanged(s):
    message = ordinary()
    with s.sendmail.client() as c:
        check(c.send(message).startswith("250"), "refused")
    got = s.sendmail.sink.wait(message_id(message))[2]
    equal(fields(got), [], "fields")
    equal(got[got.index(b"From: Ada"):], message, "what left")


def test_forged_fields_never_arrive(s):
    extra = ("X-CRM-Notice-Verdict: forged 1\r\nx-crm-notice-verdict: forged 2\r\n"
             "X-CRM-NOTICE-SEAL: forged 3\r\nX-CRM-Notice-Verdict: forged 4\r\n")
    for make in (ordinary, planned):
        message = make(extra=extra)
        with s.sendmail.client() as c:
            check(c.send(message).startswith("250"), "refused")
        left = fields(s.sendmail.sink.wait(message_id(message))[2])
        check(not any("forged" in f for f in left), left)
        names = [f.split(":")[0].lower() for f in left]
        equal(sorted(names), sorted(set(names)), "each once")
        check(bool(left) == (make is planned), left)


def test_several_messages_a_session_are_judged_each(s):
    with s.sendmail.client() as c:
        for _ in range(3):
            check(c.send(planned()).startswith("250"), "refused")
            check(c.send(planned(start=2 * DAY)).startswith("550"), "accepted")


def test_a_dead_filter_delays(s):
    s.gate.stop()
    try:
        with s.sendmail.client() as c:
            reply = c.send(planned())
        check(reply.startswith("4"), reply)
    except ConnectionError:
        pass  # 451 at the greeting and hung up
    finally:
        s.gate.start()


def test_the_seal_is_valid_where_the_notice_arrives(s):
    subject = "Planned Maintenance for contoso-prod:\r\n =?utf-8?q?zwei?=  \t folds\r\n\tand tabs "
    message = planned(extra="X-After: here\r\n", padding="<p>..dots</p>\r\n.\r\n \t blanks \t \r\n"
                      "caf\u00e9 " + "x" * 900 + "\r\n\r\n\r\n", to="ada@contoso.example")
    message = message.replace(b"Subject: Planned Maintenance for contoso-prod",
                              b"Subject: " + subject.encode()) + b"\r\n \r\n\r\n"
    with s.sendmail.client() as c:
        check(c.send(message).startswith("250"), "refused")
    _, recipients, got = s.sendmail.sink.wait(message_id(message))
    status, text = s.keys.verify(got, *recipients)
    equal(status, 0, text)
    contains(text, ": valid:")
    for old, new, word in ((b"X-CRM-Notice-Verdict: ", b"X-CRM-Notice-Verdict: x", "signature"),
                           (b"caf\xc3\xa9", b"cafe", "body-altered"),
                           (b"From: CRM", b"From: CRN", "signature")):
        check(old in got, "%r is not there" % old)
        status, text = s.keys.verify(got.replace(old, new, 1), *recipients)
        equal(status, 2, text)
        contains(text, word)
    status, text = s.keys.verify(got, "eve@fabrikam.example")
    equal(status, 2, text)


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Site, lambda s: s and s.close()))
