#!/usr/bin/env python3
"""The audit file: chained, continued, signed; whatever is done to it afterwards shows."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import ROOT, TOOL, Daemon, start_failure
from harness.mail import ordinary, planned
from harness.tap import check, contains, equal

DAY = 86400
DISK = """\
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
int fdatasync(int fd)
{
	int waits = open(getenv("DISK_WAITS"), O_WRONLY | O_CREAT | O_APPEND, 0666);

	write(waits, ".", 1);
	close(waits);
	if (access(getenv("DISK_FAILS"), F_OK) == 0 || unlink(getenv("DISK_FAILS_ONCE")) == 0) {
		errno = EIO;
		return -1;
	}
	return fsync(fd);
}
"""


class Keys:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="crm-notice-chain-")
        os.chmod(self.folder, 0o755)
        subprocess.run([os.path.join(ROOT, "certs", "make-dev-ca"), self.path("ca")], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.made = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def close(self):
        shutil.rmtree(self.folder)

    def audit(self, file, every=4, sync=None, **more):
        checkpoint = {"key": self.path("ca/seal.key"), "selector": "a2026", "every": every}
        checkpoint.update(more)
        audit = {"file": file, "checkpoint": checkpoint}
        return {"audit": dict(audit, sync=sync) if sync else audit}

    def disk(self):
        """What makes a daemon tell of each wait for the disk, and fail where a file says so."""
        shim = self.path("disk.so")
        if not os.path.exists(shim):
            subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, "-x", "c", "-"], check=True,
                           input=DISK.encode())
        return {"LD_PRELOAD": shim, "DISK_WAITS": self.path("waits"),
                "DISK_FAILS": self.path("fails"), "DISK_FAILS_ONCE": self.path("fails-once"),
                "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def verify(self, *arguments, key=True):
        command = [TOOL, "audit", "verify"]
        if key:
            command += ["--key", "a2026=" + self.path("ca/seal.pem")]
        done = subprocess.run(command + list(arguments), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode()

    def sample(self):
        """The lines of an audit file and of the syslog beside it, made once."""
        if self.made is None:
            file = self.path("sample")
            with Daemon(self.audit(file)) as d, d.session() as m:
                for number in range(10):
                    m.message(planned(start=2 * DAY), queue_id="Q%d" % number)
                d.stop()
                log = [line.split(" ", 1)[1] for line in d.syslog.find("audit checkpoint:")]
            self.made = lines(file), log
        return self.made


def lines(file):
    with open(file, encoding="utf-8") as f:
        return f.read().splitlines()


def write(path, text_lines):
    with open(path, "w", encoding="utf-8") as out:
        out.write("".join(line + "\n" for line in text_lines))
    return path


def test_what_the_daemon_wrote_is_valid(k):
    sample, log = k.sample()
    check(len(log) >= 3, "checkpoints in syslog: %r" % log)
    records = [json.loads(line) for line in sample]
    equal([r["seq"] for r in records], list(range(1, len(sample) + 1)))
    equal(sum(r["record"].get("verdict") == "reject" for r in records), 10)
    status, text = k.verify("--checkpoints", write(k.path("log"), log),
                            write(k.path("t"), sample))
    equal(status, 0, text)
    contains(text, "valid: %d records, 1 to %d" % (len(sample), len(sample)))
    contains(text, "signed up to record %d" % (len(sample) - 1))


def swapped(sample, a, b):
    out = list(sample)
    out[a], out[b] = out[b], out[a]
    return out


def changed(sample, at, old, new):
    out = list(sample)
    check(old in out[at], "%r is not in %r" % (old, out[at]))
    out[at] = out[at].replace(old, new, 1)
    return out


def forged(sample, begin):
    """The chain made anew from a line on, with hashes that fit: what an intruder would do."""
    import hashlib
    out = sample[:begin]
    previous = json.loads(sample[begin])["prev"]
    for at in range(begin, len(sample)):
        record = sample[at].split('"record":', 1)[1][:-1].replace('"reject"', '"accept"')
        number = at + 1
        digest = hashlib.sha256(bytes.fromhex(previous) + b"%d\n" % number +
                                record.encode()).hexdigest()
        out.append('{"seq":%d,"prev":"%s","hash":"%s","record":%s}' %
                   (number, previous, digest, record))
        previous = digest
    return out


def test_tampering_inside_shows_without_any_key(k):
    sample, _ = k.sample()
    n = len(sample)
    attempts = {
        "a verdict changed": changed(sample, 2, '"reject"', '"accept"'),
        "the first verdict changed": changed(sample, 0, '"reject"', '"accept"'),
        "the last line changed": changed(sample, n - 1, '"event":"checkpoint"', '"event":"chackpoint"'),
        "a queue id changed": changed(sample, 1, '"Q1"', '"Q7"'),
        "a time changed": changed(sample, 3, '"time":"2', '"time":"1'),
        "a space added": changed(sample, 2, '"notice":true', '"notice": true'),
        "a number changed": changed(sample, 2, '"seq":3', '"seq":4'),
        "a hash changed": changed(sample, 2, '"hash":"', '"hash":"0'),
        "a hash in upper case": changed(sample, 2, json.loads(sample[2])["hash"],
                                        json.loads(sample[2])["hash"].upper()),
        "prev set to another's": changed(sample, 3, json.loads(sample[3])["prev"],
                                         json.loads(sample[1])["hash"]),
        "a key added": changed(sample, 2, '"record":{', '"record":{"x":1,'),
        "a line deleted": sample[:3] + sample[4:],
        "two lines deleted": sample[:3] + sample[5:],
        "a checkpoint deleted": [l for l in sample if '"seq":5,' not in l],
        "neighbours swapped": swapped(sample, 2, 3),
        "distant lines swapped": swapped(sample, 1, n - 2),
        "first and last swapped": swapped(sample, 0, n - 1),
        "a line repeated": sample[:4] + sample[3:],
        "all repeated": sample + sample,
        "reversed": sample[::-1],
        "a line of words added": sample[:4] + ["nothing to see here"] + sample[4:],
        "an empty line added": sample[:4] + [""] + sample[4:],
        "two lines of words at the end": sample + ["a", "b"],
        "a line cut": sample[:4] + [sample[4][:-10]] + sample[5:],
        "two lines joined": sample[:4] + [sample[4] + sample[5]] + sample[6:],
        "forged without the lines after": forged(sample[:6], 3) + sample[6:],
    }
    for what, tampered in attempts.items():
        status, text = k.verify(write(k.path("t"), tampered), key=False)
        equal(status, 2, what + ": " + text)
        contains(text, "not valid", what)
        tap.found(what)


def test_tampering_at_the_end_shows_against_checkpoints(k):
    sample, log = k.sample()
    n = len(sample)
    kept = write(k.path("log"), log)
    attempts = {
        "the last line cut off": (sample[:n - 2], "was cut off"),
        "half cut off": (sample[:n // 2], "was cut off"),
        "all but one cut off": (sample[:1], "was cut off"),
        "an older copy put back": (sample[:6], "older copy"),
        "forged from the start": (forged(sample, 0), "made anew"),
        "forged from the middle": (forged(sample, 5), "made anew"),
        "forged and cut off": (forged(sample, 0)[:6], "made anew"),
    }
    for what, (tampered, word) in attempts.items():
        status, text = k.verify("--checkpoints", kept, write(k.path("t"), tampered))
        equal(status, 2, what + ": " + text)
        contains(text, word, what)
        tap.found(what)
    status, text = k.verify(write(k.path("t"), sample[:3]))
    equal(status, 0, text)
    contains(text, "a cut end would not show")


def test_tampering_with_checkpoints_shows(k):
    sample, log = k.sample()
    file = write(k.path("t"), sample)
    text_of = log[0].split("audit checkpoint: ", 1)[1].strip()
    for what, text in {
            "number": re.sub(r"n=\d+", "n=2", text_of),
            "hash": re.sub(r"h=..", "h=00", text_of),
            "time": re.sub(r"t=\d", "t=2", text_of),
            "selector": text_of.replace("s=a2026", "s=b2026"),
            "signature": re.sub(r"b=....", "b=AAAA", text_of),
            "algorithm": text_of.replace("ed25519", "rsa"),
            "a tag twice": text_of + "; n=1",
            "no version": text_of.replace("v=1; ", ""),
            "empty": ""}.items():
        status, said = k.verify("--checkpoint", text, file)
        equal(status, 2, what + ": " + said)
        tap.found(what)
    status, said = k.verify("--checkpoint", text_of, file)
    equal(status, 0, said)
    # Words of a mail in another line of the log are no checkpoint.
    words = "crm-notice-milter[1]: Q1: message-id=\"<]: audit checkpoint: v=1; n=99>\""
    status, said = k.verify("--checkpoints", write(k.path("log"), [words]), file)
    equal(status, 0, said)


def test_the_time_of_a_checkpoint_is_held_against_its_key(k):
    sample, log = k.sample()
    file, kept = write(k.path("t"), sample), write(k.path("log"), log)
    for span, word in (("2020-01-01T00:00:00Z..2021-01-01T00:00:00Z", "expired"),
                       ("2090-01-01T00:00:00Z..", "before its key was valid")):
        key = "a2026=%s,%s" % (k.path("ca/seal.pem"), span)
        status, said = k.verify("--key", key, "--checkpoints", kept, file, key=False)
        equal(status, 2, said)
        contains(said, word)


def test_the_chain_goes_on_over_restart_and_rotation(k):
    file = k.path("on")
    for number in range(3):
        with Daemon(k.audit(file)) as d, d.session() as m:
            m.message(planned(start=2 * DAY), queue_id="QON%d" % number)
    os.rename(file, file + ".2")
    with Daemon(k.audit(file)) as d, d.session() as m:
        m.message(planned(start=2 * DAY), queue_id="QON3")
        os.rename(file, file + ".1")
        d.reload()
        m.message(planned(start=2 * DAY), queue_id="QON4")
        d.reload()
        m.message(planned(start=2 * DAY), queue_id="QON5")
        equal(d.syslog.find("was changed"), [])
    status, text = k.verify(file + ".2", file + ".1", file)
    equal(status, 0, text)
    equal(sum('"QON' in l for f in (file + ".2", file + ".1", file) for l in lines(f)), 6)
    status, text = k.verify(file + ".1", file)
    equal(status, 0, text)
    contains(text, "are not in these files")
    status, text = k.verify(file + ".2", file)
    equal(status, 2, text)
    contains(text, "are missing")


def test_a_file_cut_off_between_two_runs_raises_an_alert(k):
    file = k.path("cut")
    with Daemon(k.audit(file)) as d, d.session() as m:
        for number in range(5):
            m.message(planned(start=2 * DAY), queue_id="QCUT%d" % number)
    write(file, lines(file)[:3])
    with Daemon(k.audit(file)) as d, d.session() as m:
        contains(d.syslog.wait("was changed"), "ends with record 3")
        m.message(planned(start=2 * DAY), queue_id="QCUT9")
    status, text = k.verify(file)
    equal(status, 2, text)
    contains(text, "records 4 to ")


def test_half_a_line_after_a_crash_is_accounted_for(k):
    file = k.path("torn")
    with Daemon(k.audit(file)) as d, d.session() as m:
        m.message(planned(start=2 * DAY), queue_id="QTORN1")
    with open(file, "a", encoding="utf-8") as out:
        out.write('{"seq":3,"prev":"0')
    with Daemon(k.audit(file)) as d, d.session() as m:
        m.message(planned(start=2 * DAY), queue_id="QTORN2")
    status, text = k.verify(file)
    equal(status, 0, text)
    contains("\n".join(lines(file)), '"event":"torn"')
    text = "\n".join(lines(file)).replace('{"seq":3,"prev":"0\n', '{"seq":3,"prev":"1\n')
    status, text = k.verify(write(file, text.split("\n")))
    equal(status, 2, text)


def test_a_file_that_is_no_chain_is_not_written_to(k):
    file = write(k.path("words"), ["just words"])
    status, text = start_failure(k.audit(file))
    equal(status, 69, text)
    contains(text, "ends with no record of an audit chain")
    equal(lines(file), ["just words"])


def test_a_second_daemon_cannot_break_the_chain(k):
    file = k.path("two")
    with Daemon(k.audit(file)):
        status, text = start_failure(k.audit(file))
        equal(status, 69, text)
        contains(text, "another process appends")


def test_a_full_disk_defers_notices_and_is_said_once(k):
    file = k.path("full")
    with Daemon(k.audit(file, every=1000)) as d, d.session() as m:
        equal(m.message(planned(), queue_id="QFULL1").status, "continue")
        size = os.stat(file).st_size
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, (size + 100, unlimited[1]))
        for number in range(3):
            result = m.message(planned(), queue_id="QFULL2%d" % number)
            contains(result.reply, "451 4.3.1")
        # Whatever was decided: without a record there is no final answer.
        contains(m.message(planned(start=2 * DAY), queue_id="QFULL3").reply, "451 4.3.1")
        equal(m.message(ordinary(), queue_id="QFULL4").status, "continue")
        contains(d.syslog.wait("QFULL20:"), "audit.file: File too large")
        contains(d.syslog.wait("QFULL20:"), "verdict=tempfail")
        equal(os.stat(file).st_size, size, "no half line")
        equal(len(d.syslog.find("takes no records")), 1, "alerts")
        resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, unlimited)
        equal(m.message(planned(), queue_id="QFULL5").status, "continue")
        d.syslog.wait("takes records again")
    status, text = k.verify(file)
    equal(status, 0, text)
    contains("\n".join(lines(file)), '"event":"resumed","missed":4')


def waits(k):
    return os.path.getsize(k.path("waits")) if os.path.exists(k.path("waits")) else 0


def test_a_record_is_on_the_disk_before_the_answer(k):
    for sync, wanted in (("record", 3), ("checkpoint", 0), ("none", 0)):
        with Daemon(k.audit(k.path("sync-" + sync), every=1000, sync=sync),
                    environment=k.disk()) as d, d.session() as m:
            before = waits(k)
            for number in range(3):
                equal(m.message(planned(), queue_id="QDISK%d" % number).status, "continue")
            equal(waits(k) - before, wanted, sync)
            before = waits(k)
            d.stop()
            equal(waits(k) - before, 0 if sync == "none" else 1, sync + ", the last checkpoint")
        status, text = k.verify(k.path("sync-" + sync))
        equal(status, 0, text)


def test_many_at_once_leave_one_chain(k):
    """Each waits for the disk, and some of them together; meanwhile files are rotated."""
    file, count = k.path("many"), 6
    failures = []
    with Daemon(k.audit(file, every=7)) as d:
        def send(session):
            try:
                with d.session() as m:
                    for number in range(10):
                        equal(m.message(planned(), queue_id="QM%dN%d" % (session, number)).status,
                              "continue")
            except Exception as error:  # told by the test's own thread
                failures.append(error)

        threads = [threading.Thread(target=send, args=(n,)) for n in range(count)]
        for thread in threads:
            thread.start()
        for number in range(2):
            os.rename(file, file + ".%d" % number)
            d.reload()
        for thread in threads:
            thread.join()
    equal(failures, [])
    status, text = k.verify(file + ".0", file + ".1", file)
    equal(status, 0, text)
    written = [json.loads(line)["record"] for name in (file + ".0", file + ".1", file)
               for line in lines(name)]
    equal(sum("verdict" in record for record in written), count * 10)


def test_a_disk_that_fails_defers_notices(k):
    file = k.path("failing")
    with Daemon(k.audit(file, every=1000), environment=k.disk()) as d, d.session() as m:
        equal(m.message(planned(), queue_id="QEIO1").status, "continue")
        write(k.path("fails"), [])
        for number in range(2):
            contains(m.message(planned(), queue_id="QEIO2%d" % number).reply, "451 4.3.1")
        equal(m.message(ordinary(), queue_id="QEIO3").status, "continue")
        equal(len(d.syslog.find("do not reach the disk: Input/output error")), 1, "alerts")
        os.unlink(k.path("fails"))
        equal(m.message(planned(), queue_id="QEIO4").status, "continue")
        d.syslog.wait("reach the disk again")
    status, text = k.verify(file)
    equal(status, 0, text)


def test_what_one_wait_lost_the_next_does_not_save(k):
    """Here the checkpoint waits first and is told, the record's own wait goes well again."""
    file = k.path("lost")
    with Daemon(k.audit(file, every=1), environment=k.disk()) as d, d.session() as m:
        equal(m.message(planned(), queue_id="QLOST1").status, "continue")
        write(k.path("fails-once"), [])
        contains(m.message(planned(), queue_id="QLOST2").reply, "451 4.3.1")
        d.syslog.wait("do not reach the disk: Input/output error")
        equal(m.message(planned(), queue_id="QLOST3").status, "continue")
        d.syslog.wait("reach the disk again")
    status, text = k.verify(file)
    equal(status, 0, text)


def test_what_is_no_audit_file_is_read_within_bounds(k):
    sample, log = k.sample()
    file, kept = write(k.path("t"), sample), write(k.path("log"), log)

    def bounded(*arguments):
        """Time is bounded by the test's own; memory here."""
        done = subprocess.run(["bash", "-c", "ulimit -v 2000000; exec \"$@\"", "-", TOOL, "audit",
                               "verify", "--key", "a2026=" + k.path("ca/seal.pem"), *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                              check=False, env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))
        return done.returncode, done.stdout.decode()

    if "asan" in TOOL or "tsan" in TOOL:
        raise tap.Skip("sanitizers want more address space")
    status, text = bounded("/dev/zero")
    equal(status, 2, text)
    contains(text, "/dev/zero:1: a line over 16777216 octets")
    status, text = bounded("--checkpoints", "/dev/zero", file)
    equal(status, 2, text)
    contains(text, "a line over 16777216 octets")
    status, text = bounded("--checkpoints", kept, write(k.path("u"), sample[:3] + ["x" * 100000] +
                                                        sample[3:]))
    equal(status, 2, text)
    contains(text, "u:4: a line longer than any record")
    contains(text, "%d records" % len(sample))
    tap.found("a line without an end")


def test_a_checkpoint_comes_by_time_too(k):
    with Daemon(k.audit(k.path("timed"), every=1000, interval="1s")) as d, d.session() as m:
        m.message(planned(), queue_id="QTIME")
        d.syslog.wait("audit checkpoint: v=1; n=1;", seconds=10)


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Keys, lambda k: k.close() if k is not None else None))
