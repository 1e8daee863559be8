#!/usr/bin/env python3
"""Real mail through a real Postfix, with the gate as smtpd_milters and non_smtpd_milters."""

import json
import os
import re
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import any_server, tap
from harness.any_server import POLICY
from harness.daemon import TOOL
from harness.mail import DAY, ordinary, planned
from harness.postfix import Postfix
from harness.site import Site, fields_of, head_and_body, message_id
from harness.tap import check, contains, equal, wait_for


def severity(site, name):
    site.set_policy(POLICY % (3, name))


def test_sendmail_of_the_command_line_is_judged(s):
    good, bad = planned(), planned(start=2 * DAY)
    for message in (good, bad):
        done = s.server.run("sendmail", "-f", "notices@crm.example", "ada@contoso.example",
                            data=message.replace(b"\r\n", b"\n"))
        equal(done.returncode, 0, done.stderr.decode())
    got = s.arrived(good)
    check(fields_of(got, "x-crm-notice-verdict"), "no verdict")
    bounce = s.server.sink.wait("Undelivered Mail Returned")[2]
    contains(bounce, b"lead-time.minimum")
    check(not any(message_id(bad) in m[2] and b"Undelivered" not in m[2]
                  for m in s.server.sink.messages), "the late notice left")


def test_ten_megabytes_pass_in_time(s):
    message = ordinary(body="".join("%07d %s\r\n" % (i, "z" * 68) for i in range(135000)))
    check(len(message) > 10e6, len(message))
    contains(s.send(message), "250 2.0.0")
    got = s.arrived(message, 60)
    equal(got[got.index(b"From: Ada"):] == message, True, "unchanged")


def test_quarantine_is_the_hold_queue(s):
    severity(s, "quarantine")
    try:
        message = planned(start=2 * DAY)
        contains(s.send(message), "250 2.0.0")
        held = wait_for(lambda: s.server.queue_ids("hold"), 10, "a held message")
        s.gate.syslog.wait(held[0] + ":", "verdict=quarantine")
        s.server.wait_log(held[0], "milter-hold")
        shown = s.server.run("postcat", "-q", held[0]).stdout
        contains(shown, b"X-CRM-Notice-Verdict: quarantine")
        equal(s.server.run("postsuper", "-H", held[0]).returncode, 0, "release")
        s.server.run("postqueue", "-f")
        s.arrived(message)
    finally:
        severity(s, "reject")


def test_flag_and_tempfail_do_what_they_say(s):
    try:
        severity(s, "flag")
        message = planned(start=2 * DAY)
        contains(s.send(message), "250 2.0.0")
        verdict = fields_of(s.arrived(message), "x-crm-notice-verdict")
        contains(verdict[0], "flag; findings=lead-time.minimum")
        severity(s, "tempfail")
        reply = s.send(planned(start=2 * DAY))
        check(re.match(r"451[- ]4\.7\.1 ", reply), reply)
    finally:
        severity(s, "reject")


def test_check_says_what_the_daemon_decided(s):
    for message, start in ((planned(), "250"), (planned(start=2 * DAY), "550"),
                           (planned(color="#00BCF2"), "550"), (ordinary(), "250")):
        reply = s.send(message)
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
            got = s.arrived(message)
            unfolded = re.sub(r"\r\n[ \t]", " ", head_and_body(got)[0]).split("\r\n")
            for header in judged["headers"]:
                check("%s: %s" % (header["name"], header["value"]) in unfolded,
                      "%r not in %r" % (header, fields_of(got)))


def test_reload_under_load_loses_nothing(s):
    stop, errors, done = threading.Event(), [], []

    def load():
        try:
            with s.server.client() as c:
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
    severity(s, "reject")
    equal(errors, [], "errors")
    check(len(done) >= 10, "only %d messages" % len(done))


def test_a_stale_socket_does_not_keep_the_daemon_from_starting(s):
    s.gate.process.kill()
    s.gate.process.wait()
    s.gate.process = None
    check(os.path.exists(s.gate.path("milter.sock")), "no stale socket to try")
    s.gate.start()
    contains(s.send(planned(start=2 * DAY)), "550")


def test_modes_flag_and_observe(s):
    for mode in ("flag", "observe"):
        s.gate.config["mode"] = mode
        s.gate.write_config()
        s.gate.reload()
        contains(s.send(planned(start=2 * DAY)), "250 2.0.0")
        s.gate.syslog.wait("mode=" + mode, "enforced=reject")
    del s.gate.config["mode"]
    s.gate.write_config()
    s.gate.reload()


if __name__ == "__main__":
    sys.exit(tap.run({**vars(any_server), **globals()},
                     lambda: Site(Postfix, POLICY % (3, "reject")), lambda s: s and s.close()))
