"""What has to hold behind every mail server; each suite runs these beside its own."""

import re

from harness.mail import DAY, ordinary, planned
from harness.site import fields_of, message_id
from harness.tap import check, contains, equal

# A policy, by its version and one severity.
POLICY = ("extends: crm-online.yaml\npolicy: trial\nversion: %d\n"
          "severities: {lead-time.minimum: %s}\n")
STRIP = ("extends: crm-online.yaml\npolicy: trial\nversion: 3\n"
         "severities: {recipients.unknown: strip, recipients.role: strip}\n")


def test_ordinary_mail_is_unchanged_byte_for_byte(s):
    body = ("Plain text.\r\n\r\n..dots\r\n.\r\n \t trailing \r\n" + "x" * 900 + "\r\n" +
            "caf\u00e9\r\n\r\n\r\n")
    message = ordinary(body=body, extra="X-Odd:no space\r\nX-Folded: one\r\n\ttwo\r\n  three\r\n"
                       "X-Empty:\r\n")
    contains(s.send(message), "250 2.0.0")
    got = s.arrived(message)
    at = got.index(b"From: Ada")
    equal(got[at:], message, "what left")
    check(re.fullmatch(rb"Received: (.*\r\n)(?:[ \t].*\r\n)*", got[:at]), "what came before")


def test_a_conforming_notice_leaves_with_its_fields_and_nothing_else_changed(s):
    message = planned()
    contains(s.send(message), "250 2.0.0")
    got = s.arrived(message)
    added = fields_of(got)
    check(any(f.startswith("X-CRM-Notice-Category: planned-maintenance; score=") for f in added),
          added)
    check(any(f.startswith("X-CRM-Notice-Verdict: accept") for f in added), added)
    names = [f.split(":")[0] for f in added]
    equal(sorted(names), sorted(set(names)), "each once")
    # Postfix has them on top, Sendmail below From:.
    rest = re.sub(rb"X-CRM-[^\r]*\r\n([ \t].*\r\n)*", b"", got)
    equal(rest[rest.index(b"From: CRM Online"):], message, "the rest")


def test_the_client_sees_every_line_of_a_rejection(s):
    reply = s.send(planned(start=2 * DAY))
    lines = reply.split("\n")
    check(len(lines) > 1 and all(re.match(r"550[- ]5\.7\.1 \S", l) for l in lines), reply)
    contains(reply, "lead-time.minimum")
    contains(reply, "five days")
    line = s.gate.syslog.wait("verdict=reject")
    contains(line, "from=<notices@crm.example>")
    check(not re.search(r"\]: T[0-9a-f]{16}:", line), "no queue id: " + line)


def test_several_recipients_are_all_looked_at(s):
    known = ["ada@contoso.example", "list@contoso.example"]
    contains(s.send(planned(), recipients=known), "250 2.0.0")
    contains(s.send(planned(), recipients=known + ["stranger@fabrikam.example"]),
             "recipients.unknown")
    contains(s.send(planned(), recipients=["uwe@contoso.example", "ada@contoso.example"]),
             "recipients.role")
    contains(s.gate.syslog.wait("nrcpt=3"), "recipients.unknown")


def test_recipients_at_fault_are_taken_off(s):
    """The others get the notice, once; whose fault it was is on record. With none left it is
    refused."""
    s.set_policy(STRIP)
    try:
        message = planned()
        contains(s.send(message, recipients=["ada@contoso.example", "x@fabrikam.example",
                                             "uwe@contoso.example", "list@contoso.example"]),
                 "250 2.0.0")
        contains(s.arrived(message), b"X-CRM-Notice-Verdict: flag")
        line = s.gate.syslog.wait(message_id(message).decode())
        contains(line, "nstripped=2")
        for address in ("x@fabrikam.example", "uwe@contoso.example"):
            contains(line.split("stripped_recipients=")[1], address)
        contains(s.send(planned(), recipients=["x@fabrikam.example"]), "550")
        # What is sent now is delivered after all that was sent before.
        last = ordinary()
        contains(s.send(last), "250 2.0.0")
        s.arrived(last)
        copies = [m[1] for m in s.server.sink.messages if message_id(message) in m[2]]
        equal(sorted(sum(copies, [])), ["ada@contoso.example", "list@contoso.example"], "got it")
    finally:
        s.set_policy(s.policy)


def test_several_messages_a_session_are_judged_each(s):
    with s.server.client() as c:
        for _ in range(3):
            contains(c.send(planned()), "250 2.0.0")
            contains(c.send(planned(start=2 * DAY)), "550")
            contains(c.send(ordinary()), "250 2.0.0")


def test_the_null_sender_is_no_way_around(s):
    contains(s.send(planned(start=2 * DAY), sender=""), "550")
    s.gate.syslog.wait("from=<>", "verdict=reject")


def test_forged_fields_never_arrive(s):
    forged = ["X-CRM-Notice-Verdict: accept", "x-crm-notice-VERDICT: accept; forged=1",
              "X-Crm-Notice-Seal: forged", "X-CRM-NOTICE-CATEGORY: general-awareness; forged",
              "X-CRM-Notice-Verdict : forged with a space", "X-CRM-Notice-Anything: forged",
              "X-CRM-Notice-Verdict: forged\r\n\tin a fold", "X-CRM-Notice-Verdict:"]
    for make in (ordinary, planned):
        message = make(extra="\r\n".join(forged) + "\r\n")
        contains(s.send(message), "250 2.0.0")
        got = s.arrived(message)
        left = fields_of(got, "x-crm-notice")
        check(not any("forged" in f for f in left), left)
        names = [f.split(":")[0].strip().lower() for f in left]
        equal(sorted(set(names)), sorted(names), "each once")
        equal(bool(left), make is planned, left)
        check(b"in a fold" not in got, "a fold is left")


def test_declared_fields_go_before_a_notice_leaves(s):
    message = planned(extra="X-CRM-Declared-Category: planned-maintenance\r\n"
                            "X-CRM-DECLARED-Event-Id: CHG0012345\r\n")
    contains(s.send(message), "250 2.0.0")
    equal(fields_of(s.arrived(message), "x-crm-declared"), [], "declared fields")


def test_a_dead_filter_delays_and_never_lets_pass(s):
    s.gate.stop()
    try:
        reply = s.send(planned())
        check(reply.startswith("4"), reply)
    except ConnectionError:
        pass  # 451 at the greeting and hung up, as Sendmail does
    finally:
        s.gate.start()
    contains(s.send(planned()), "250 2.0.0")


def test_the_seal_is_valid_where_the_notice_arrives(s):
    subject = "Planned Maintenance for contoso-prod:\r\n =?utf-8?q?zwei?=  \t folds\r\n\tand tabs "
    message = planned(extra="X-After: here\r\n", padding="<p>..dots</p>\r\n.\r\n \t blanks \t \r\n"
                      "caf\u00e9 " + "x" * 900 + "\r\n\r\n\r\n", to="ada@contoso.example")
    message = message.replace(b"Subject: Planned Maintenance for contoso-prod",
                              b"Subject: " + subject.encode()) + b"\r\n \r\n\r\n"
    contains(s.send(message), "250 2.0.0")
    _, recipients, got = s.server.sink.wait(message_id(message))
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
