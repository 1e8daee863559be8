#!/usr/bin/env python3
"""Audit lines in a real rsyslog, and what happens where syslog is missing, slow or comes back."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import Daemon, Syslog
from harness.mail import DAY, ordinary, planned
from harness.tap import Skip, check, contains, equal, wait_for

CONFIG = """\
global(workDirectory="{folder}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="{folder}/log" CreatePath="off" RateLimit.Interval="0")
module(load="mmjsonparse")
template(name="json" type="list") {{ property(name="$!all-json") constant(value="\\n") }}
template(name="text" type="string" string="%syslogfacility-text%.%syslogseverity-text% \
%programname%[%procid%]:%msg%\\n")
action(type="mmjsonparse" cookie="@cee:")
if $parsesuccess == "OK" then action(type="omfile" file="{folder}/json" template="json")
else action(type="omfile" file="{folder}/text" template="text")
"""


class Rsyslog:
    def __init__(self):
        program = shutil.which("rsyslogd", path="/usr/sbin:/sbin:" + os.environ["PATH"])
        if program is None:
            raise Skip("no rsyslogd: make deps")
        self.folder = tempfile.mkdtemp(prefix="crm-notice-rsyslog-")
        with open(self.path("conf"), "w", encoding="ascii") as out:
            out.write(CONFIG.format(folder=self.folder))
        self.process = subprocess.Popen(
            [program, "-n", "-f", self.path("conf"), "-i", self.path("pid")],
            stdout=subprocess.DEVNULL, stderr=open(self.path("stderr"), "w"))
        wait_for(lambda: os.path.exists(self.path("log")), 10, "rsyslog's socket")

    def path(self, name):
        return os.path.join(self.folder, name)

    def lines(self, name):
        if not os.path.exists(self.path(name)):
            return []
        with open(self.path(name), encoding="utf-8") as f:
            return f.read().splitlines()

    def wait(self, name, *parts):
        def find():
            return [l for l in self.lines(name) if all(p in l for p in parts)]
        return wait_for(find, 10, "rsyslog's line with %r; it said %s" %
                        (parts, open(self.path("stderr"), encoding="utf-8").read()))[-1]

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def odd(message):
    return message.replace(b"Message-ID: <", b"Message-ID: <\xc3\xa4\"\\\x1b \x07@")


def test_text_lines_in_a_real_rsyslog():
    with Rsyslog() as r, Daemon({"audit": {"socket": r.path("log")}}) as d, d.session() as m:
        equal(m.message(odd(planned(start=2 * DAY)), queue_id="QTEXT").status, "reject")
        line = r.wait("text", "QTEXT:")
        check(re.match(r"mail\.info crm-notice-milter\[\d+\]: QTEXT: message-id=", line), line)
        contains(line, "verdict=reject")
        contains(line, "findings=lead-time.minimum")
        contains(line, "#033" if "#033" in line else "\\x1b")
        r.wait("text", "mail.notice crm-notice-milter", "started:")


def test_cee_lines_in_a_real_rsyslog():
    config = {"audit": {"format": "cee", "ordinary_mail": True}}
    with Rsyslog() as r:
        config["audit"]["socket"] = r.path("log")
        with Daemon(config) as d, d.session() as m:
            m.message(odd(planned(start=2 * DAY)), queue_id="QCEE", sasl="app")
            record = json.loads(r.wait("json", '"QCEE"'))
            equal(record["verdict"], "reject")
            equal(record["notice"], True)
            equal(record["findings"], ["lead-time.minimum"])
            equal(record["category"], "planned-maintenance")
            equal(record["nrcpt"], 1)
            equal(record["sasl"], "app")
            contains(record["message-id"], "\u00e4\"\\\x1b \x07@")
            check(isinstance(record["time_us"], int), "time_us")
            m.message(ordinary(), queue_id="QPLAIN")
            equal(json.loads(r.wait("json", '"QPLAIN"'))["notice"], False)


def test_the_file_has_every_record():
    folder = tempfile.mkdtemp(prefix="crm-notice-audit-")
    path = os.path.join(folder, "audit.log")
    try:
        with Daemon({"audit": {"file": path}}) as d, d.session() as m:
            m.message(planned(start=2 * DAY), queue_id="QFILE1")
            wait_for(lambda: '"QFILE1"' in open(path, encoding="utf-8").read(), 5, "the line")
            os.rename(path, path + ".1")
            d.reload()
            m.message(planned(start=2 * DAY), queue_id="QFILE2")
            wait_for(lambda: '"QFILE2"' in open(path, encoding="utf-8").read(), 5, "the line")
            check("QFILE2" not in open(path + ".1", encoding="utf-8").read(), "in the old file")
            text = open(path, encoding="utf-8").read()
            equal(json.loads(text)["record"]["queue_id"], "QFILE2")
            equal(os.stat(path).st_mode & 0o777, 0o640, "mode")
    finally:
        shutil.rmtree(folder)


def test_a_file_that_cannot_be_opened_is_said_at_start():
    try:
        with Daemon({"audit": {"file": "/dev/null/audit.log"}}):
            raise AssertionError("started all the same")
    except AssertionError as error:
        contains(str(error), "audit.file /dev/null/audit.log: Not a directory")


def test_a_missing_syslog_delays_no_mail_and_loses_no_line():
    with Daemon() as d, d.session() as m:
        d.syslog.close()
        for number in range(20):
            equal(m.message(planned(start=2 * DAY), queue_id="QGONE%d" % number).status, "reject")
        contains(d.stderr(), "takes no lines")
        d.syslog = Syslog(d.path("log.sock"))
        for number in range(20):
            d.syslog.wait("QGONE%d:" % number)
        line = d.syslog.wait("syslog took no lines for")
        check(int(re.search(r": (\d+) came late, 0 were lost", line).group(1)) >= 19, line)
        m.message(planned(start=2 * DAY), queue_id="QBACK")
        d.syslog.wait("QBACK:")
        order = [l for l in d.syslog.lines if "QGONE" in l]
        equal([re.search(r"QGONE(\d+):", l).group(1) for l in order],
              [str(n) for n in range(20)], "order")


def test_a_syslog_that_reads_nothing_delays_no_mail():
    d = Daemon(start=False)
    d.syslog = Syslog(d.path("log.sock"), read=False)
    d.syslog.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    d.start()
    with d, d.session() as m:
        # More than a socket takes, however long its queue may be (net.unix.max_dgram_qlen).
        for number in range(400):
            equal(m.message(planned(start=2 * DAY), queue_id="QSLOW%d" % number).status, "reject")
        d.syslog.start()
        for number in (0, 200, 399):
            d.syslog.wait("QSLOW%d:" % number)
        d.syslog.wait("syslog took no lines", "0 were lost")
        status = d.status()
        equal(status["syslog"], "ok")
        equal(status["log_lost"], "0")
        check(int(status["log_late"]) > 0, status)


def test_status_tells_while_syslog_is_away():
    with Daemon() as d, d.session() as m:
        d.syslog.close()
        m.message(planned(start=2 * DAY))
        d.process.send_signal(12)  # SIGUSR2
        wait_for(lambda: "syslog=away" in d.stderr(), 5, "status on standard error")
        contains(d.stderr(), "rejected=1")


if __name__ == "__main__":
    sys.exit(tap.run(globals()))
