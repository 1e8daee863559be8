#!/usr/bin/env python3
"""Real mail through a real Postfix, with the gate as smtpd_milters and non_smtpd_milters."""

import json
import os
import re
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import DIRECTORY, TOOL, Daemon
from harness.keys import Keys
from harness.mail import DAY, ordinary, planned
from harness.postfix import Postfix
from harness.tap import Skip, check, contains, equal, wait_for

POLICY = ("extends: crm-online.yaml\npolicy: trial\nversion: %d\n"
          "severities: {lead-time.minimum: %s}\n")


class Site:
    """A Postfix and its gate."""

    def __init__(self):
        self.keys = Keys(owner="nobody")
        self.gate = Daemon({"socket_group": "mail", "socket_mode": "0660",
                            "seal": self.keys.seal(),
                            "audit": {"ordinary_mail": True}},
                           policy=POLICY % (3, "reject"), user="nobody")
        try:
            self.postfix = Postfix(self.gate.socket)
        except BaseException:
            self.gate.__exit__(1)
            raise

    def severity(self, severity):
        self.gate.write("policy.yaml", POLICY % (3, severity))
        self.gate.reload()

    def close(self):
        self.postfix.close()
        self.gate.__exit__(None)
        self.keys.close()


def head_and_body(message):
    head, _, body = message.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def fields_of(message, prefix="x-crm-"):
    return [l for l in head_and_body(message)[0].split("\r\n") if l.lower().startswith(prefix)]


def message_id(message):
    return re.search(rb"Message-ID: (<[^>]+>)", message).group(1)


def test_ordinary_mail_is_unchanged_byte_for_byte(s):
    body = ("Plain text.\r\n\r\n..dots\r\n.\r\n \t trailing \r\n" + "x" * 900 + "\r\n" +
            "caf\u00e9\r\n\r\n\r\n")
    extra = "X-Odd:no space\r\nX-Folded: one\r\n\ttwo\r\n  three\r\nX-Empty:\r\n"
    message = ordinary(extra=extra, body=body)
    with s.postfix.client() as c:
        contains(c.send(message), "250 2.0.0")
    got = s.postfix.sink.wait(message_id(message))[2]
    at = got.index(b"From: Ada")
    equal(got[at:], message, "what left")
    check(got[:at].startswith(b"Received: ") and got[:at].count(b"\r\n") == 3, "what came before")


def test_a_conforming_notice_leaves_with_its_fields_and_nothing_else_changed(s):
    message = planned()
    with s.postfix.client() as c:
        contains(c.send(message), "250 2.0.0")
    got = s.postfix.sink.wait(message_id(message))[2]
    added = fields_of(got)
    check(any(f.startswith("X-CRM-Notice-Category: planned-maintenance; score=") for f in added),
          added)
    check(any(f.startswith("X-CRM-Notice-Verdict: accept") for f in added), added)
    equal(got[got.index(b"From: CRM Online"):], message, "the rest")


def test_the_client_sees_every_line_of_a_rejection(s):
    with s.postfix.client() as c:
        reply = c.send(planned(start=2 * DAY))
    lines = reply.split("\n")
    check(len(lines) > 1, reply)
    check(all(re.match(r"550[- ]5\.7\.1 \S", l) for l in lines), reply)
    contains(reply, "lead-time.minimum")
    contains(reply, "five days")


def test_several_recipients_are_all_looked_at(s):
    with s.postfix.client() as c:
        contains(c.send(planned(), recipients=("ada@contoso.example", "list@contoso.example")),
                 "250 2.0.0")
        reply = c.send(planned(), recipients=("ada@contoso.example", "list@contoso.example",
                                              "stranger@fabrikam.example"))
        contains(reply, "recipients.unknown")
        reply = c.send(planned(), recipients=("uwe@contoso.example", "ada@contoso.example"))
        contains(reply, "recipients.role")
    line = s.gate.syslog.wait("nrcpt=3")
    contains(line, "recipients.unknown")


def test_several_messages_a_session_are_judged_each(s):
    with s.postfix.client() as c:
        for _ in range(3):
            contains(c.send(planned()), "250 2.0.0")
            contains(c.send(planned(start=2 * DAY)), "550")
            contains(c.send(ordinary()), "250 2.0.0")


def test_the_null_sender_is_no_way_around(s):
    with s.postfix.client() as c:
        contains(c.send(planned(start=2 * DAY), sender=""), "550")
    s.gate.syslog.wait("from=<>", "verdict=reject")


def test_sendmail_of_the_command_line_is_judged(s):
    good, bad = planned(), planned(start=2 * DAY)
    for message in (good, bad):
        done = s.postfix.run("sendmail", "-f", "notices@crm.example", "ada@contoso.example",
                             data=message.replace(b"\r\n", b"\n"))
        equal(done.returncode, 0, done.stderr.decode())
    got = s.postfix.sink.wait(message_id(good))[2]
    check(fields_of(got, "x-crm-notice-verdict"), "no verdict")
    bounce = s.postfix.sink.wait("Undelivered Mail Returned")[2]
    contains(bounce, b"lead-time.minimum")
    check(not any(message_id(bad) in m[2] and b"Undelivered" not in m[2]
                  for m in s.postfix.sink.messages), "the late notice left")


def test_ten_megabytes_pass_in_time(s):
    message = ordinary(body="".join("%07d %s\r\n" % (i, "z" * 68) for i in range(135000)))
    check(len(message) > 10e6, len(message))
    with s.postfix.client() as c:
        contains(c.send(message), "250 2.0.0")
    got = s.postfix.sink.wait(message_id(message), 60)[2]
    equal(got[got.index(b"From: Ada"):] == message, True, "unchanged")


def test_forged_fields_never_arrive(s):
    forged = ["X-CRM-Notice-Verdict: accept", "x-crm-notice-VERDICT: accept; forged=1",
              "X-Crm-Notice-Seal: forged", "X-CRM-NOTICE-CATEGORY: general-awareness; forged",
              "X-CRM-Notice-Verdict : forged with a space", "X-CRM-Notice-Anything: forged",
              "X-CRM-Notice-Verdict: forged\r\n\tin a fold", "X-CRM-Notice-Verdict:"]
    for make in (ordinary, planned):
        message = make(extra="\r\n".join(forged) + "\r\n")
        with s.postfix.client() as c:
            contains(c.send(message), "250 2.0.0")
        got = s.postfix.sink.wait(message_id(message))[2]
        left = fields_of(got, "x-crm-notice")
        check(not any("forged" in f for f in left), left)
        names = [f.split(":")[0].strip().lower() for f in left]
        equal(sorted(set(names)), sorted(names), "each once")
        if make is ordinary:
            equal(left, [], "of ordinary mail")
        check(b"forged in a fold" not in got and b"in a fold" not in got, "a fold is left")


def test_declared_fields_go_before_a_notice_leaves(s):
    message = planned(extra="X-CRM-Declared-Category: planned-maintenance\r\n"
                            "X-CRM-DECLARED-Event-Id: CHG0012345\r\n")
    with s.postfix.client() as c:
        contains(c.send(message), "250 2.0.0")
    got = s.postfix.sink.wait(message_id(message))[2]
    equal(fields_of(got, "x-crm-declared"), [], "declared fields")


def test_quarantine_is_the_hold_queue(s):
    s.severity("quarantine")
    try:
        message = planned(start=2 * DAY)
        with s.postfix.client() as c:
            contains(c.send(message), "250 2.0.0")
        held = wait_for(lambda: s.postfix.queue_ids("hold"), 10, "a held message")
        s.gate.syslog.wait(held[0] + ":", "verdict=quarantine")
        s.postfix.wait_log(held[0], "milter-hold")
        shown = s.postfix.run("postcat", "-q", held[0]).stdout
        contains(shown, b"X-CRM-Notice-Verdict: quarantine")
        equal(s.postfix.run("postsuper", "-H", held[0]).returncode, 0, "release")
        s.postfix.run("postqueue", "-f")
        s.postfix.sink.wait(message_id(message))
    finally:
        s.severity("reject")


def test_flag_and_tempfail_do_what_they_say(s):
    try:
        s.severity("flag")
        message = planned(start=2 * DAY)
        with s.postfix.client() as c:
            contains(c.send(message), "250 2.0.0")
        verdict = fields_of(s.postfix.sink.wait(message_id(message))[2], "x-crm-notice-verdict")
        contains(verdict[0], "flag; findings=lead-time.minimum")
        s.severity("tempfail")
        with s.postfix.client() as c:
            reply = c.send(planned(start=2 * DAY))
        check(re.match(r"451[- ]4\.7\.1 ", reply), reply)
    finally:
        s.severity("reject")


def test_check_says_what_the_daemon_decided(s):
    if not os.path.exists(TOOL):
        raise Skip("no crm-notice")
    for message, start in ((planned(), "250"), (planned(start=2 * DAY), "550"),
                           (planned(color="#00BCF2"), "550"), (ordinary(), "250")):
        with s.postfix.client() as c:
            reply = c.send(message)
        equal(reply[:3], start, "reply")
        s.gate.write("message.eml", "")
        with open(s.gate.path("message.eml"), "wb") as out:
            out.write(message)
        done = subprocess.run([TOOL, "check", "--json", "--policy", s.gate.path("policy.yaml"),
                               "--directory", s.gate.path("directory.yaml"), "--from",
                               "notices@crm.example", "--rcpt", "ada@contoso.example",
                               s.gate.path("message.eml")],
                              capture_output=True, env=s.gate.environment, timeout=60)
        judged = json.loads(done.stdout)
        line = s.gate.syslog.wait(message_id(message).decode())
        contains(line, "verdict=" + judged["verdict"])
        contains(line, "notice=" + ("yes" if judged["notice"] else "no"))
        if judged["verdict"] == "reject":
            equal(judged["reply"], reply.split("\n"), "reply")
        ids = ",".join(f["check"] for f in judged["findings"])
        if ids:
            contains(line, "findings=" + ids)
        if judged["notice"] and judged["verdict"] != "reject":
            got = s.postfix.sink.wait(message_id(message))[2]
            unfolded = re.sub(r"\r\n[ \t]", " ", head_and_body(got)[0]).split("\r\n")
            for header in judged["headers"]:
                check("%s: %s" % (header["name"], header["value"]) in unfolded,
                      "%r not in %r" % (header, fields_of(got)))


def test_reload_under_load_loses_nothing(s):
    stop, errors, done = threading.Event(), [], []

    def load():
        try:
            with s.postfix.client() as c:
                while not stop.is_set():
                    contains(c.send(planned(start=2 * DAY)), "550")
                    done.append(1)
        except Exception as error:  # reported below
            errors.append(repr(error))

    threads = [threading.Thread(target=load) for _ in range(4)]
    for t in threads:
        t.start()
    for version in range(4, 9):
        s.gate.write("policy.yaml", POLICY % (version, "reject"))
        s.gate.reload()
    s.gate.write("policy.yaml", "policy: [broken\n")
    s.gate.reload(wait="not reloaded")
    stop.set()
    for t in threads:
        t.join()
    s.severity("reject")
    equal(errors, [], "errors")
    check(len(done) >= 10, "only %d messages" % len(done))


def test_a_dead_filter_delays_and_never_lets_pass(s):
    s.gate.stop()
    try:
        with s.postfix.client() as c:
            reply = c.send(planned())
        check(reply.startswith("4"), reply)
    finally:
        s.gate.start()
    with s.postfix.client() as c:
        contains(c.send(planned()), "250 2.0.0")


def test_a_stale_socket_does_not_keep_the_daemon_from_starting(s):
    s.gate.process.kill()
    s.gate.process.wait()
    s.gate.process = None
    check(os.path.exists(s.gate.path("milter.sock")), "no stale socket to try")
    s.gate.start()
    with s.postfix.client() as c:
        contains(c.send(planned(start=2 * DAY)), "550")


def test_modes_flag_and_observe(s):
    for mode in ("flag", "observe"):
        s.gate.config["mode"] = mode
        s.gate.write_config()
        s.gate.reload()
        with s.postfix.client() as c:
            contains(c.send(planned(start=2 * DAY)), "250 2.0.0")
        s.gate.syslog.wait("mode=" + mode, "enforced=reject")
    del s.gate.config["mode"]
    s.gate.write_config()
    s.gate.reload()


def test_the_seal_is_valid_where_the_notice_arrives(s):
    subject = "Planned Maintenance for contoso-prod:\r\n =?utf-8?q?zwei?=  \t folds\r\n\tand tabs "
    message = planned(extra="X-After: here\r\n", padding="<p>..dots</p>\r\n.\r\n \t blanks \t \r\n"
                      "caf\u00e9 " + "x" * 900 + "\r\n\r\n\r\n", to="ada@contoso.example")
    message = message.replace(b"Subject: Planned Maintenance for contoso-prod",
                              b"Subject: " + subject.encode()) + b"\r\n \r\n\r\n"
    with s.postfix.client() as c:
        check(c.send(message).startswith("250"), "refused")
    _, recipients, got = s.postfix.sink.wait(message_id(message))
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
