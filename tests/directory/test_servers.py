#!/usr/bin/env python3
"""Directories in real servers: what they answer, and what becomes of notices while they do not."""

import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import DIRECTORY, TOOL, Daemon
from harness.databases import SCHEMA, Postgres, Slapd
from harness.mail import ordinary, planned
from harness.tap import check, contains, equal, wait_for

POLICY = "extends: crm-online.yaml\npolicy: trial\nversion: 1\n"
DOWN = "does not answer"
UP = "answers again"


class Servers:
    def __init__(self):
        self.postgres = Postgres()
        try:
            self.slapd = Slapd()
        except Exception:
            self.postgres.close()
            raise

    def close(self):
        self.postgres.close()
        self.slapd.close()


def daemon(source, policy=POLICY):
    return Daemon({"directory": source}, policy=policy, directory=None)


def notice(d, recipients=("ada@contoso.example",), message=None):
    """The verdict on one notice, and its reply."""
    with d.session() as m:
        result = m.message(message or planned(), recipients=list(recipients))
        return result.status, result.reply or ""


def timed(d):
    begun = time.monotonic()
    status, _ = notice(d)
    return status, time.monotonic() - begun


def timed_ordinary(d):
    begun = time.monotonic()
    with d.session() as m:
        equal(m.message(ordinary(), recipients=["bob@fabrikam.example"]).status, "continue")
    return time.monotonic() - begun


def said_once(d, words):
    d.syslog.wait(words)
    equal(len(d.syslog.find(words)), 1, "times said")


def recovers(d):
    wait_for(lambda: notice(d)[0] == "continue", 15, "a notice to pass again")


def answers(source):
    """What both servers know alike."""
    with daemon(source) as d:
        equal(notice(d)[0], "continue")
        status, reply = notice(d, ["ada@contoso.example", "nobody@contoso.example"])
        equal(status, "reject")
        contains(reply, "recipients.unknown")
        contains(notice(d, ["uwe@contoso.example"])[1], "recipients.role")
        equal(notice(d, message=planned(extra="X-CRM-Declared-Instances: contoso-prod\r\n"))[0],
              "continue")
        equal(notice(d, message=planned(extra="X-CRM-Declared-Instances: all\r\n"))[0],
              "continue")
        check(not d.syslog.find(DOWN), "a source was down")


def test_postgresql_answers(s):
    answers(s.postgres.config())


def test_ldap_answers(s):
    answers(s.slapd.config())
    with daemon(s.slapd.config()) as d:
        equal(notice(d, ["ada.alias@contoso.example"])[0], "continue")


def test_texts_cannot_become_a_query(s):
    for source in (s.postgres.config(), s.slapd.config()):
        with daemon(source) as d:
            for address in ("x'); DROP TABLE contacts; --@a.example", "*@contoso.example",
                            "a)(mail=*@contoso.example", "\\2a@contoso.example", "%s@a.example"):
                equal(notice(d, [address])[0], "reject", address)
            equal(notice(d)[0], "continue")


def tool(*arguments, status=0):
    done = subprocess.run([TOOL, "directory"] + list(arguments), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    equal(done.returncode, status, done.stdout.decode())
    return done.stdout.decode()


def test_command_line(s):
    cdb = s.postgres.path("d.cdb")
    for source in (s.postgres.config(), s.slapd.config()):
        contains(tool("check", source), "1 organizations, 1 instances")
        contains(tool("show", "-d", source, "ada@contoso.example"), "purchased: 2026-02-01")
        tool("build", "-o", cdb, source)
        tool("diff", source, "cdb:" + cdb)
    tool("check", s.postgres.config(password="falsch"), status=69)


def test_sqlite_answers_and_is_replaced(_):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "d.db")
        subprocess.run([sys.executable, "-c",
                        "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])",
                        path, SCHEMA], check=True)
        with daemon("sqlite:" + path) as d:
            equal(notice(d)[0], "continue")
            contains(notice(d, ["uwe@contoso.example"])[1], "recipients.role")
            subprocess.run([sys.executable, "-c",
                            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript("
                            "sys.argv[2])", path + ".new",
                            SCHEMA + "UPDATE contacts SET role = 'delegate';"], check=True)
            os.rename(path + ".new", path)
            contains(notice(d)[1], "recipients.role")


def frozen(server, source):
    """Stopped: each wait ends, the log says it once, ordinary mail does not wait at all."""
    with daemon(source) as d:
        equal(notice(d)[0], "continue")
        server.freeze()
        try:
            status, seconds = timed(d)
            equal(status, "tempfail")
            check(seconds < 15, "waited %.1f s" % seconds)
            check(min(timed_ordinary(d) for _ in range(5)) < 0.5, "ordinary mail waited")
            for _ in range(10):
                equal(notice(d)[0], "tempfail")
            contains(notice(d)[1], "451")
            said_once(d, DOWN)
        finally:
            server.thaw()
        recovers(d)
        said_once(d, UP)


def test_postgresql_stopped(s):
    frozen(s.postgres, s.postgres.config())


def test_ldap_stopped(s):
    frozen(s.slapd, s.slapd.config())


def killed(server, source):
    with daemon(source) as d:
        equal(notice(d)[0], "continue")
        server.kill()
        try:
            for _ in range(3):
                equal(notice(d)[0], "tempfail")
            said_once(d, DOWN)
        finally:
            server.start()
        recovers(d)
        # A restart between two notices is not even noticed.
        server.kill()
        server.start()
        equal(notice(d)[0], "continue")
        said_once(d, DOWN)


def test_postgresql_killed_and_restarted(s):
    killed(s.postgres, s.postgres.config())


def test_ldap_killed_and_restarted(s):
    killed(s.slapd, s.slapd.config())


def test_wrong_password(s):
    for source in (s.postgres.config("wrong.cf", "falsch1"), s.slapd.config("wrong.cf", "falsch1")):
        with daemon(source) as d:
            for _ in range(3):
                equal(notice(d)[0], "tempfail")
            said_once(d, DOWN)
            check(not d.syslog.find("falsch1"), "the log shows the password")
            equal(d.stop(), 0)


def test_schema_lost_and_found(s):
    with daemon(s.postgres.config()) as d:
        s.postgres.sql("ALTER TABLE contacts RENAME TO elsewhere")
        try:
            equal(notice(d)[0], "tempfail")
            contains(d.syslog.wait(DOWN), "contacts")
        finally:
            s.postgres.sql("ALTER TABLE elsewhere RENAME TO contacts")
        recovers(d)


def test_unknown_role_defers_that_notice_alone(s):
    s.postgres.sql("INSERT INTO contacts VALUES ('odd@contoso.example', 'contoso', 'boss', NULL)")
    try:
        with daemon(s.postgres.config()) as d:
            status, reply = notice(d, ["odd@contoso.example"])
            equal(status, "tempfail")
            check("boss" not in reply, "what a row says is for the log: " + reply)
            contains(d.syslog.wait("notice=yes", "error="), "boss")
            equal(notice(d)[0], "continue")
    finally:
        s.postgres.sql("DELETE FROM contacts WHERE role = 'boss'")


def test_ldap_tls(_):
    server = Slapd("security tls=1")
    try:
        with daemon(server.config("plain.cf")) as d:
            equal(notice(d)[0], "tempfail")
            contains(d.syslog.wait(DOWN).lower(), "confidentiality")
        ca = "start_tls = yes\ntls_ca_cert_file = %s\n"
        with daemon(server.config("tls.cf", more=ca % server.path("cert.pem"))) as d:
            equal(notice(d)[0], "continue")
        other = server.certificate("other.pem", "other.key")
        with daemon(server.config("other.cf", more=ca % other)) as d:
            equal(notice(d)[0], "tempfail")
    finally:
        server.close()


def test_ldap_half_an_answer(_):
    server = Slapd("sizelimit 1")
    try:
        # The limit does not bind the root of the tree, so somebody else asks.
        with daemon(server.config(more="bind = no\n")) as d:
            equal(notice(d, ["ada@contoso.example"])[0], "continue")
            equal(notice(d, ["ada@contoso.example", "uwe@contoso.example"])[0], "tempfail")
            contains(d.syslog.wait(DOWN).lower(), "size limit")
    finally:
        server.close()


def test_stale_copy_stands_in(s):
    """A compiled copy beside the server, while that is down; too old, it is none."""
    cdb = s.postgres.path("copy.cdb")
    source = s.postgres.config()
    tool("build", "-o", cdb, source)
    s.postgres.kill()
    try:
        for stale, status in (("1h", "continue"), ("0", "tempfail"), ("1s", "tempfail")):
            if stale == "1s":
                time.sleep(2)
            policy = POLICY + "directory: {stale: %s}\n" % stale
            with Daemon({"directory": [source, "cdb:" + cdb]}, policy=policy, directory=None) as d:
                equal(notice(d)[0], status, stale)
    finally:
        s.postgres.start()


def test_several_sources(s):
    with Daemon({"directory": [s.postgres.config(), s.postgres.write("more.yaml", DIRECTORY.replace(
            "contoso", "fabrikam"))]}, policy=POLICY, directory=None) as d:
        equal(notice(d)[0], "continue")
        equal(notice(d, ["ada@fabrikam.example"], planned(to="ada@fabrikam.example").replace(
            b"contoso-prod", b"fabrikam-prod"))[0], "continue")


def test_recipients_are_taken_off(_):
    policy = POLICY + "severities: {recipients.unknown: strip, recipients.role: strip}\n"
    with Daemon(policy=policy) as d:
        with d.session() as m:
            result = m.message(planned(), recipients=["ada@contoso.example", "x@y.example",
                                                      "uwe@contoso.example"])
            equal(result.status, "continue")
            equal(result.deleted_recipients, ["<x@y.example>", "<uwe@contoso.example>"])
        contains(d.syslog.wait("verdict=flag"), "nstripped=2")
        equal(notice(d, ["x@y.example"])[0], "reject")
        mode = Daemon({"mode": "flag"}, policy=policy)
        with mode, mode.session() as m:
            result = m.message(planned(), recipients=["ada@contoso.example", "x@y.example"])
            equal(result.deleted_recipients, [])


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Servers, Servers.close))
