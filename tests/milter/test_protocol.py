#!/usr/bin/env python3
"""The daemon against a peer that speaks the milter protocol, in and out of order."""

import grp
import os
import pwd
import re
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import milter, tap
from harness.daemon import Daemon
from harness.mail import DAY, ordinary, planned
from harness.milter import Milter
from harness.server import free_port
from harness.tap import check, contains, equal, wait_for

POLICY = "extends: crm-online.yaml\npolicy: trial\nversion: %d\nseverities: {lead-time.minimum: %s}\n"


def policy(severity="reject", version=3):
    return POLICY % (version, severity)


def names(fields):
    return [name for name, _ in fields]


def test_negotiation_asks_for_what_it_needs_and_no_more(d):
    with Milter(d.socket) as m:
        m.negotiate()
        needed = (milter.ADD_FIELDS | milter.CHANGE_FIELDS | milter.QUARANTINE |
                  milter.DEL_RCPT)
        equal(m.actions & needed, needed, "actions")
        equal(m.actions & (milter.CHANGE_BODY | milter.ADD_RCPT), 0, "actions")
        for command in "CMRLB":
            check(m.steps & milter.NO_REPLY[command], "no-reply for " + command)
        for command in "HTU":
            check(m.steps & (milter.NO_REPLY[command] | milter.NO_STEP[command]), command)
        check(m.steps & milter.LEADING_SPACE, "leading space")


def test_negotiation_fails_without_a_needed_action(d):
    for missing, word in ((milter.ADD_FIELDS, "add fields"), (milter.CHANGE_FIELDS, "remove"),
                          (milter.QUARANTINE, "quarantine")):
        with Milter(d.socket) as m:
            try:
                m.negotiate(actions=milter.ALL_ACTIONS & ~missing)
                raise AssertionError("negotiated without %s" % word)
            except milter.Closed:
                pass
        d.syslog.wait("does not let this filter", word)


def test_ordinary_mail_leaves_as_it_came(d):
    with d.session() as m:
        result = m.message(ordinary())
        equal(result.status, "continue")
        equal((result.inserted, result.added, result.changed, result.quarantined),
              ([], [], [], None), "changes")


def test_a_conforming_notice_gets_its_fields(d):
    with d.session() as m:
        message = planned()
        result = m.message(message)
        equal(result.status, "continue")
        fields = dict(result.apply(milter.split(message)[0]))
        contains(fields["X-CRM-Notice-Category"], "planned-maintenance; score=")
        contains(fields["X-CRM-Notice-Verdict"], "accept")
        contains(fields["X-CRM-Notice-Policy"], "trial; version=3; sha256=")
        check(all(v.startswith(" ") for n, v in fields.items() if n.startswith("X-CRM-")), "space")
        order = [n.rsplit("-", 1)[1] for n in names(result.apply([("A", "b")])) if "Notice" in n]
        wanted = ["Category", "Event", "Policy", "Verdict", "Seal"]
        equal(order, [n for n in wanted if n in order], "order")
    d.syslog.wait("4Fz1: message-id=<planned.", "notice=yes", "verdict=accept")


def test_a_late_notice_is_refused_with_a_reason(d):
    with d.session() as m:
        result = m.message(planned(start=2 * DAY))
        equal(result.status, "reject")
        lines = result.reply.split("\r\n")
        check(len(lines) > 1, "one line only: " + result.reply)
        for line in lines[:-1]:
            check(re.match(r"550-5\.7\.1 .", line), line)
        check(re.match(r"550 5\.7\.1 .", lines[-1]), lines[-1])
        contains(result.reply, "lead-time.minimum")
    d.syslog.wait("verdict=reject", "findings=lead-time.minimum", "lead=")


def test_without_the_no_reply_flags_every_stage_is_answered(d):
    with Milter(d.socket) as m:
        m.negotiate(steps=0)
        equal(m.steps & sum(milter.NO_REPLY.values()), 0, "no-reply steps")
        equal(m.connect()[0], "c")
        equal(m.mail()[0], "c")
        equal(m.rcpt()[0], "c")
        fields, body = milter.split(planned(start=2 * DAY))
        for name, value in fields:
            equal(m.field(name, value)[0], "c")
        equal(m.step("B", body)[0], "c")
        equal(m.end().status, "reject")


def test_added_fields_have_no_second_space_without_leading_space(d):
    with d.session(steps=milter.ALL_STEPS & ~milter.LEADING_SPACE) as m:
        result = m.message(planned())
        equal(result.status, "continue")
        check(result.inserted, "nothing added")
        check(not any(v.startswith(" ") for _, _, v in result.inserted), "leading space")


def test_forged_fields_go_whatever_their_number_order_and_case(d):
    forged = "".join("%s: forged %d\r\n" % (n, i) for i, n in enumerate(
        ["X-CRM-Notice-Verdict", "x-crm-notice-verdict", "X-Crm-Notice-Seal",
         "X-CRM-NOTICE-VERDICT", "X-CRM-Notice-Whatever", "X-CRM-Notice-Verdict",
         "X-CRM-Noticed"]))
    for message in (ordinary(extra=forged), planned(extra=forged)):
        with d.session() as m:
            result = m.message(message)
            fields = result.apply(milter.split(message)[0])
            left = [(n, v) for n, v in fields if "forged" in v]
            equal(names(left), ["X-CRM-Noticed"], "left")
            seen = [n.lower() for n in names(fields) if n.lower().startswith("x-crm-notice-")]
            equal(len(seen), len(set(seen)), "each once")
    d.syslog.wait("notice=no", "stripped=6")


def test_declared_fields_of_a_notice_go(d):
    extra = "X-CRM-Declared-Category: planned-maintenance\r\nx-crm-declared-event-id: CHG0012345\r\n"
    with d.session() as m:
        message = planned(extra=extra)
        result = m.message(message)
        equal(result.status, "continue")
        left = [n for n in names(result.apply(milter.split(message)[0])) if "eclared" in n]
        equal(left, [], "declared fields")


def test_a_flood_of_forged_fields_is_refused(d):
    extra = "".join("X-CRM-Notice-%d: x\r\n" % i for i in range(5000))
    with d.session() as m:
        result = m.message(ordinary(extra=extra))
        equal(result.status, "reject")
        contains(result.reply, "message.limit")


def test_several_messages_a_session_are_told_apart(d):
    with d.session() as m:
        equal(m.message(planned(start=2 * DAY)).status, "reject")
        equal(m.message(ordinary()).inserted, [])
        equal(m.message(planned()).status, "continue")
        equal(m.message(planned(start=2 * DAY)).status, "reject")


def test_abort_may_come_at_any_time_and_twice(d):
    with d.session() as m:
        m.abort()
        m.mail()
        m.abort()
        m.abort()
        m.mail()
        m.rcpt()
        m.field("Subject", " Planned Maintenance")
        m.abort()
        m.abort()
        equal(m.message(ordinary()).status, "continue")
        m.quit()
    check(d.process.poll() is None, "the daemon died")


def test_a_health_check_that_connects_and_closes_is_harmless(d):
    for _ in range(20):
        Milter(d.socket).close()
    with Milter(d.socket) as m:
        m.negotiate()
    with Milter(d.socket) as m:
        m.send("Q")
    with d.session() as m:
        equal(m.message(ordinary()).status, "continue")


def test_mail_may_come_without_connect(d):
    with Milter(d.socket) as m:
        m.negotiate()
        equal(m.message(planned(start=2 * DAY)).status, "reject")


def test_unknown_families_and_missing_arguments_are_harmless(d):
    with Milter(d.socket) as m:
        m.negotiate()
        m.connect(address=None)
        m.step("M", b"<>\0")
        m.step("R", b"\0")
        m.field("A", "")
        m.field("Subject", "")
        equal(m.end(queue_id=None).status, "continue")


def test_stages_in_no_order_do_not_kill(d):
    for sequence in ("E", "BE", "LE", "RE", "NE", "MME", "LBNLE", "AEQ", "TE", "HE"):
        try:
            with Milter(d.socket, timeout=0.3) as m:
                m.negotiate()
                for command in sequence:
                    data = {"M": b"<a@b.example>\0", "R": b"<c@d.example>\0", "L": b"A\0 b\0",
                            "B": b"body", "H": b"helo\0"}.get(command, b"")
                    m.send(command, data)
                m.receive()
        except (milter.Closed, OSError):
            pass
    with d.session() as m:
        equal(m.message(ordinary()).status, "continue")


def test_garbage_does_not_kill(d):
    for junk in (b"\xff\xff\xff\xff", b"\0\0\0\0", b"GET / HTTP/1.0\r\n\r\n", b"\0\0\0\1Z",
                 b"\0\0\0\5O\0\0\0\0", os.urandom(5000)):
        with Milter(d.socket) as m:
            try:
                m.socket.sendall(junk)
            except OSError:
                pass
    with d.session() as m:
        equal(m.message(ordinary()).status, "continue")


def test_bytes_of_any_kind_in_fields_do_not_kill(d):
    with d.session() as m:
        m.mail("\u00e4@b.example")
        m.rcpt("\u00f6" * 300 + "@x.example")
        m.rcpt("")
        for value in ("\udcff\udcfe", "=?utf-8?q?" + "=" * 500 + "?=", " \n\t\n x", "a" * 60000):
            m.field("Subject", value)
        equal(m.end().status in ("continue", "reject"), True)


def test_slow_peers_do_not_hold_up_others(d):
    """libmilter hands sessions to a pool of threads, and one that is handed over while all wait for
    the rest of a packet would wait with them, for limits.idle, an hour. With all of them at the same
    moment, that was so for some in half of the rounds."""
    for _ in range(3):
        slow = [Milter(d.socket) for _ in range(20)]
        others = [Milter(d.socket, timeout=25) for _ in range(5)]
        together = threading.Barrier(len(slow) + len(others))
        answers = []

        def half_a_packet(m):
            together.wait()
            m.socket.sendall(b"\0\0\0\15O\0\0")

        def whole(m):
            together.wait()
            m.negotiate()
            m.connect()
            answers.append(m.message(planned(start=2 * DAY)).status)

        threads = [threading.Thread(target=half_a_packet, args=(m,)) for m in slow]
        threads += [threading.Thread(target=whole, args=(m,)) for m in others]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        for m in slow + others:
            m.close()
        equal(answers, ["reject"] * len(others), "answers")


def test_many_sessions_at_once(d):
    errors = []

    def one(number):
        try:
            with d.session() as m:
                for i in range(5):
                    late = (number + i) % 2 == 0
                    result = m.message(planned(start=(2 if late else 10) * DAY))
                    equal(result.status, "reject" if late else "continue")
        except Exception as error:  # reported below
            errors.append(repr(error))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(30)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    equal(errors, [], "errors")


def test_memory_is_given_back_between_messages(d):
    if os.environ.get("B", "build") != "build":
        raise tap.Skip("sanitizers keep freed memory")
    big = ordinary(body="x" * 76 + "\r\n").rstrip() + (b"\r\n" + b"y" * 76) * 100000
    with d.session() as m:
        m.message(big)
        before = d.rss_kib()
        for _ in range(5):
            m.message(big)
        wait_for(lambda: d.rss_kib() < before + 4096 and d.rss_kib() < 200 * 1024, 10,
                 "memory given back")


def test_the_audit_line_names_sender_and_sasl_user(d):
    with d.session() as m:
        m.message(planned(start=2 * DAY), sasl="crm app=\"x\"", queue_id="QSASL")
    line = d.syslog.wait("QSASL:")
    contains(line, 'sasl="crm app=\\"x\\""')
    contains(line, "from=<notices@crm.example>")
    contains(line, "client=192.0.2.7")
    contains(line, "nrcpt=1")
    check(line.startswith("<22>"), "facility mail, level info: " + line[:10])


def test_the_transaction_id_stands_in_without_a_queue_id(d):
    with d.session() as m:
        m.message(planned(start=2 * DAY), queue_id=None)
    line = d.syslog.wait("]: T", "verdict=reject")
    check(re.search(r"\]: (T[0-9a-f]{16}): .* transaction=\1 ", line), line)


def test_no_mail_can_forge_an_audit_line(d):
    message = planned(start=2 * DAY).replace(
        b"Message-ID: <", b"Message-ID: <a b\x1b[31m\xe2\x80\xae verdict=accept\x07\"")
    with d.session() as m:
        m.message(message, sender="x verdict=accept\n<22>y", queue_id="QFORGE")
    line = d.syslog.wait("QFORGE:")
    check("\n" not in line and "\x1b" not in line and "\x07" not in line, repr(line))
    check("\u202e" not in line, repr(line))
    outside = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    equal(re.findall(r"verdict=(\S+)", outside), ["reject"], "verdicts")


def test_severities_quarantine_flag_and_tempfail(_):
    wanted = {"quarantine": "continue", "flag": "continue", "tempfail": "tempfail",
              "accept": "continue"}
    for severity, status in wanted.items():
        with Daemon(policy=policy(severity)) as d, d.session() as m:
            result = m.message(planned(start=2 * DAY))
            equal(result.status, status, severity)
            equal(result.quarantined is not None, severity == "quarantine", "quarantined")
            if severity == "tempfail":
                check(re.match(r"451[- ]4\.7\.1 ", result.reply or ""), result.reply)
            if severity in ("flag", "quarantine"):
                verdict = [v for _, n, v in result.inserted if n == "X-CRM-Notice-Verdict"]
                contains(verdict[0], severity)


def test_modes_flag_and_observe_let_all_pass(_):
    for mode, verdict in (("flag", "flag"), ("observe", "accept")):
        with Daemon({"mode": mode}, policy=policy()) as d, d.session() as m:
            equal(m.message(planned(start=2 * DAY)).status, "continue", mode)
            line = d.syslog.wait("notice=yes")
            contains(line, "mode=" + mode)
            contains(line, "verdict=" + verdict)
            contains(line, "enforced=reject")


def test_only_outbound_mail_is_judged(_):
    cases = [({"networks": ["198.51.100.0/24"]}, False), ({"networks": ["192.0.2.0/24"]}, True),
             ({"daemon_names": ["submission"]}, False), ({"daemon_names": ["smtpd"]}, True),
             ({"authenticated": True}, False),
             ({"authenticated": True, "networks": ["192.0.2.7"]}, True)]
    for outbound, judged in cases:
        with Daemon({"outbound": outbound}, policy=policy()) as d, d.session() as m:
            message = planned(start=2 * DAY, extra="X-CRM-Notice-Verdict: forged\r\n")
            result = m.message(message)
            equal(result.status, "reject" if judged else "continue", str(outbound))
            if not judged:
                equal(result.changed, [(1, "X-CRM-Notice-Verdict", "")], "forged fields")
                d.syslog.wait("scope=outside")
    with Daemon({"outbound": {"authenticated": True}}, policy=policy()) as d, d.session() as m:
        equal(m.message(planned(start=2 * DAY), sasl="app").status, "reject")


def test_headers_add_chooses_which_leave(_):
    with Daemon({"headers": {"add": ["verdict"]}}, policy=policy()) as d, d.session() as m:
        equal([n for _, n, _ in m.message(planned()).inserted], ["X-CRM-Notice-Verdict"])
    with Daemon({"headers": {"add": []}}, policy=policy()) as d, d.session() as m:
        equal(m.message(planned()).inserted, [])


def test_a_message_over_the_limit_is_said_to_be(_):
    with Daemon({"limits": {"message": "64K"}}, policy=policy()) as d, d.session() as m:
        result = m.message(planned(padding="<p>more</p>\r\n" * 20000))
        equal(result.status, "reject")
        contains(result.reply, "message.limit")
        equal(m.message(ordinary(body="x" * 70 + "\r\n" + ("y" * 70 + "\r\n") * 3000)).status,
              "continue")


def test_more_sessions_than_allowed_are_refused(_):
    with Daemon({"limits": {"sessions": 3}}, policy=policy()) as d:
        wait_for(lambda: d.status()["open"] == "0", 5, "no session open")
        held = [d.session() for _ in range(3)]
        try:
            d.session()
            raise AssertionError("a fourth session")
        except milter.Closed:
            pass
        d.syslog.wait("session refused")
        held.pop().close()
        wait_for(lambda: d.status()["open"] == "2", 5, "room for a session")
        d.session().close()
        for m in held:
            m.close()


def test_reload_is_all_or_nothing(_):
    with Daemon(policy=policy()) as d, d.session() as m:
        d.write("policy.yaml", policy("flag", 4))
        d.reload()
        line = d.syslog.wait("reloaded:")
        contains(line, "generation=2")
        contains(line, "policy=trial/4")
        contains(line, "sha256=")
        equal(m.message(planned(start=2 * DAY)).status, "continue")
        d.write("policy.yaml", policy("nonsense", 5) + "unheard-of: 1\n")
        d.reload(wait="not reloaded")
        d.syslog.wait("policy.yaml:4:", "nonsense")
        d.syslog.wait("unheard-of")
        d.syslog.wait("generation 2 stays")
        equal(m.message(planned(start=2 * DAY)).status, "continue")
        d.write("policy.yaml", policy("reject", 6))
        d.reload()
        equal(m.message(planned(start=2 * DAY)).status, "reject")


def test_reload_names_the_keys_that_wait_for_a_restart(_):
    with Daemon(policy=policy()) as d:
        d.config["socket_mode"] = "0600"
        d.write_config()
        d.reload()
        line = d.syslog.wait("after a restart only")
        check(line.endswith("restart only: socket_mode"), line)


def test_a_message_keeps_the_policy_it_began_with(_):
    with Daemon(policy=policy()) as d, d.session() as m:
        fields, body = milter.split(planned(start=2 * DAY))
        m.mail()
        m.rcpt()
        for name, value in fields:
            m.field(name, value)
        wait_for(lambda: d.status()["in_progress"] == "1", 5, "the message")
        d.write("policy.yaml", policy("flag", 4))
        d.reload()
        m.body(body)
        equal(m.end("QOLD").status, "reject")
        contains(d.syslog.wait("QOLD:"), "policy=trial/3")
        equal(m.message(planned(start=2 * DAY), queue_id="QNEW").status, "continue")
        contains(d.syslog.wait("QNEW:"), "policy=trial/4")


def test_reload_under_load_loses_nothing(_):
    with Daemon(policy=policy()) as d:
        stop, errors, done = threading.Event(), [], []

        def load():
            try:
                with d.session() as m:
                    while not stop.is_set():
                        equal(m.message(planned(start=2 * DAY)).status, "reject")
                        done.append(1)
            except Exception as error:  # reported below
                errors.append(repr(error))

        threads = [threading.Thread(target=load) for _ in range(6)]
        for t in threads:
            t.start()
        for version in range(10, 20):
            d.write("policy.yaml", policy(version=version))
            d.reload()
        stop.set()
        for t in threads:
            t.join()
        equal(errors, [], "errors")
        check(len(done) > 20, "only %d messages" % len(done))
        contains(d.syslog.find("reloaded:")[-1], "generation=11")


def test_sigterm_waits_for_the_message_in_progress(_):
    with Daemon(policy=policy()) as d:
        m = d.session()
        fields, body = milter.split(planned(start=2 * DAY))
        m.mail()
        m.rcpt()
        for name, value in fields:
            m.field(name, value)
        wait_for(lambda: d.status()["in_progress"] == "1", 5, "the message")
        d.process.send_signal(signal.SIGTERM)
        d.syslog.wait("stopping: 1 messages")
        try:
            Milter(d.socket).negotiate()
            raise AssertionError("a new session while stopping")
        except (milter.Closed, OSError):
            pass
        time.sleep(0.5)
        check(d.process.poll() is None, "did not wait")
        m.body(body)
        equal(m.end().status, "reject")
        m.close()
        equal(d.process.wait(40), 0, "exit status")
        d.syslog.wait("stopped")
        check(not os.path.exists(d.path("milter.sock")), "the socket is left")


def test_sigterm_does_not_wait_for_ever(_):
    with Daemon({"limits": {"drain": 1}}, policy=policy()) as d:
        m = d.session()
        m.mail()
        wait_for(lambda: d.status()["in_progress"] == "1", 5, "the message")
        begun = time.monotonic()
        d.process.send_signal(signal.SIGTERM)
        equal(d.process.wait(20), 0, "exit status")
        check(0.8 < time.monotonic() - begun < 18, "took %.1f s" % (time.monotonic() - begun))
        d.syslog.wait("cut off")
        m.close()


def test_idle_sessions_do_not_hold_up_the_end(_):
    with Daemon(policy=policy()) as d:
        m = d.session()
        m.message(ordinary())
        begun = time.monotonic()
        equal(d.stop(), 0, "exit status")
        check(time.monotonic() - begun < 20, "took %.1f s" % (time.monotonic() - begun))
        m.close()


def median_of_a_message(socket_text):
    """Seconds; whatever else the machine does touches the half of them at most."""
    with Daemon(policy=policy(), socket_text=socket_text) as d, d.session() as m:
        taken = []
        for _ in range(41):
            begun = time.monotonic()
            equal(m.message(planned()).status, "continue")
            taken.append(time.monotonic() - begun)
    return sorted(taken)[len(taken) // 2]


def test_inet_sockets_answer_without_delay(_):
    """Nagle's algorithm and a delayed acknowledgement would cost each message 40 ms."""
    local = median_of_a_message(None)
    for text in ("inet:%d@127.0.0.1", "inet6:%d@::1"):
        try:
            each = median_of_a_message(text % free_port())
        except AssertionError as error:
            if "inet6" in text and "Address family" in str(error):
                continue
            raise
        check(each < local + 0.03, "%.1f ms a message, and %.1f on a Unix socket" %
              (each * 1000, local * 1000))


def test_privileges_are_dropped_for_good(_):
    if os.geteuid() != 0:
        raise tap.Skip("only root has privileges to drop")
    with Daemon({"socket_mode": "0660", "socket_group": "mail"}, policy=policy(),
                user="nobody") as d:
        with open("/proc/%d/status" % d.process.pid, encoding="ascii") as f:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
        equal(set(status["Uid"].split()), {str(pwd.getpwnam("nobody").pw_uid)}, "user")
        equal(int(status["CapEff"], 16) | int(status["CapPrm"], 16) | int(status["CapBnd"], 16), 0,
              "capabilities")
        equal(status["NoNewPrivs"], "1", "no new privileges")
        mode = os.stat(d.path("milter.sock"))
        equal((mode.st_mode & 0o777, mode.st_gid), (0o660, grp.getgrnam("mail").gr_gid), "socket")
        d.reload()


def test_a_socket_in_use_is_not_taken_away(_):
    with Daemon(policy=policy()) as d:
        done = subprocess.run([d.program, "-f", "-c", d.path("crm-notice.yaml")],
                              capture_output=True, text=True, timeout=30, env=d.environment)
        equal(done.returncode, 69, "exit status")
        contains(done.stderr, "another process listens there already")
        done = subprocess.run([d.program, "-c", d.path("crm-notice.yaml")],
                              capture_output=True, text=True, timeout=30, env=d.environment)
        equal(done.returncode, 69, "exit status of a start in the background")
        d.session().close()


def test_what_is_no_socket_is_not_removed(_):
    with Daemon(policy=policy(), start=False) as d:
        d.write("milter.sock", "precious")
        try:
            d.start()
            raise ValueError("started")
        except AssertionError as error:
            contains(str(error), "no socket: not touched")
        d.process = None
        with open(d.path("milter.sock"), encoding="ascii") as f:
            equal(f.read(), "precious")


def test_bad_configuration_is_said_with_its_place(_):
    with Daemon(policy=policy(), start=False) as d:
        d.config["limits"] = {"seconds": 1000}
        d.config["modee"] = "flag"
        d.write_config()
        done = subprocess.run([d.program, "-n", "-c", d.path("crm-notice.yaml")],
                              capture_output=True, text=True, timeout=30, env=d.environment)
        equal(done.returncode, 78, "exit status")
        contains(done.stderr, "modee")
        contains(done.stderr, "1000 is not between")
        check(re.search(r"crm-notice\.yaml:\d+:\d+: ", done.stderr), done.stderr)
        del d.config["limits"], d.config["modee"]
        d.write_config()
        done = subprocess.run([d.program, "-n", "-c", d.path("crm-notice.yaml")],
                              capture_output=True, text=True, timeout=30, env=d.environment)
        equal(done.returncode, 0, done.stderr)


def test_in_the_background_the_socket_is_open_on_return(_):
    with Daemon(policy=policy(), start=False) as d:
        done = subprocess.run([d.program, "-c", d.path("crm-notice.yaml"), "-p", d.path("pid")],
                              stdin=subprocess.DEVNULL, timeout=30, env=d.environment)
        equal(done.returncode, 0, "exit status")
        with open(d.path("pid"), encoding="ascii") as f:
            pid = int(f.read())
        try:
            with d.session() as m:
                equal(m.message(planned(start=2 * DAY)).status, "reject")
        finally:
            os.kill(pid, signal.SIGTERM)
            wait_for(lambda: not os.path.exists(d.path("milter.sock")), 15, "the end")


if __name__ == "__main__":
    def setup():
        return Daemon({"audit": {"ordinary_mail": True}}, policy=policy())

    def teardown(daemon):
        if daemon is not None:
            daemon.__exit__(None)

    sys.exit(tap.run(globals(), setup, teardown))
