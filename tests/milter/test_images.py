#!/usr/bin/env python3
"""The daemon and the process that decodes images: it is killed, stopped and given bombs, and mail
goes on. What an image showed is then banner.unverifiable, and the next one is told again."""

import base64
import os
import signal
import struct
import sys
import threading
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import Daemon
from harness.mail import planned
from harness.tap import check, contains, equal, wait_for

ORANGE = b"\xff\x8c\x00"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows=None, color=ORANGE):
    """rows: how many are there, where it is not as many as are said."""
    packer = zlib.compressobj(9)
    row = b"\0" + color * width
    data = b"".join(packer.compress(row) for _ in range(height if rows is None else rows))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", data + packer.flush()) + chunk(b"IEND", b""))


def with_image(octets):
    """A conforming notice whose banner is an image of its own."""
    head, page = planned().split(b"\r\n\r\n", 1)
    cell, rest = page.split(b"<tr><td bgcolor", 1)[0], page.split(b"</td></tr>", 1)[1]
    page = (cell + b"<tr><td><img src=\"cid:b\" width=\"600\" height=\"60\" alt=\"\">"
            b"<h1>Planned Maintenance</h1></td></tr>" + rest)
    head = head.replace(b"Content-Type: text/html; charset=utf-8\r\n"
                        b"Content-Transfer-Encoding: 7bit",
                        b"Content-Type: multipart/related; boundary=edge")
    return (head + b"\r\n\r\n--edge\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page +
            b"--edge\r\nContent-Type: image/png\r\nContent-ID: <b>\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" +
            base64.encodebytes(octets).replace(b"\n", b"\r\n") + b"--edge--\r\n")


def children(pid):
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name, encoding="ascii", errors="replace") as f:
                state, parent = f.read().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(name))
    return found


def helper(d):
    """The decoder's process: the only child of the daemon."""
    wait_for(lambda: len(children(d.process.pid)) == 1, 10, "the helper")
    return children(d.process.pid)[0]


def findings(d, message, meanwhile=None):
    """What the audit line says of it; meanwhile is called while it is judged."""
    before = len(d.syslog.find("notice=yes"))
    with d.session() as m:
        sender = threading.Thread(target=m.message, args=(message,))
        sender.start()
        if meanwhile is not None:
            meanwhile()
        sender.join(30)
        check(not sender.is_alive(), "no answer")
    wait_for(lambda: len(d.syslog.find("notice=yes")) > before, 10, "an audit line")
    return d.syslog.find("notice=yes")[-1]


def told(d):
    line = findings(d, with_image(png(60, 20)))
    contains(line, "verdict=accept")
    check("banner.unverifiable" not in line, line)


def test_the_colour_of_an_image_is_told(d):
    told(d)
    contains(findings(d, with_image(png(60, 20, color=b"\x10\x7c\x0f"))), "banner.color")


def test_a_helper_that_is_killed_is_started_again(d):
    for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGSYS):
        old = helper(d)
        os.kill(old, number)
        told(d)
        check(helper(d) != old, "the same helper")


def test_a_helper_killed_over_an_image_costs_a_second_try(d):
    old = helper(d)
    os.kill(old, signal.SIGSTOP)

    def kill():
        time.sleep(0.3)
        os.kill(old, signal.SIGKILL)

    contains(findings(d, with_image(png(60, 20)), kill), "verdict=accept")
    told(d)


def test_a_helper_that_hangs_is_given_up(d):
    old = helper(d)
    os.kill(old, signal.SIGSTOP)
    contains(findings(d, with_image(png(60, 20))), "banner.unverifiable")
    told(d)
    check(helper(d) != old, "the same helper")


def test_a_worker_killed_by_the_kernel_leaves_the_image_unknown(d):
    """SIGSYS is what seccomp sends."""
    parent = helper(d)

    def kill_worker():
        wait_for(lambda: children(parent), 10, "a worker")
        for pid in children(parent):
            os.kill(pid, signal.SIGSYS)

    contains(findings(d, with_image(png(4000, 4000)), kill_worker), "banner.unverifiable")
    equal(helper(d), parent, "helper")
    told(d)


def test_bombs_are_unverifiable_and_cost_little(d):
    for image in (png(50000, 50000, 10), png(8000, 8000, 100), png(60, 20)[:50], b"\x89PNG\r\n\x1a\n"):
        begin = time.monotonic()
        contains(findings(d, with_image(image)), "banner.unverifiable")
        check(time.monotonic() - begin < 10, "time")
    told(d)


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Daemon, lambda d: d.stop()))
