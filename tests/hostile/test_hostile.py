#!/usr/bin/env python3
"""Every message of messages.py is judged within its time and its memory. Writes TAP.

CPU is measured in the judging process, a message at a time, and a message over the limit has two more
tries: the machine may be busy. With sanitizers ($B of such a build) only the answers count.
"""

import os
import subprocess
import sys
import tempfile

import messages

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
JUDGE = os.path.join(ROOT, os.environ.get("B", "build"), "tests/hostile/judge")
MILLISECONDS = 250
KIBIBYTES = 64 * 1024
TRIES = 3


def judge(files):
    """Milliseconds, KiB and verdict of each file that was answered."""
    done = subprocess.run([JUDGE, *files], stdout=subprocess.PIPE, text=True, timeout=600)
    results = {}
    for line in done.stdout.splitlines():
        milliseconds, growth, verdict, name = line.split(" ", 3)
        results[name] = (float(milliseconds), int(growth), verdict)
    return results


def is_over(result):
    return result is None or result[0] > MILLISECONDS or result[1] > KIBIBYTES


def sanitized():
    with open(JUDGE, "rb") as f:
        return b"__asan_init" in f.read()


def main():
    if not os.path.exists(JUDGE):
        print("1..1\nok 1 - hostile # SKIP no", JUDGE)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        files = messages.write(folder)
        results = judge(files)
        for _ in range(TRIES - 1):
            for name in [f for f in files if is_over(results.get(f)) and not sanitized()]:
                results[name] = min(judge([name]).get(name, (1e9, 1 << 40, "no answer")),
                                    results.get(name, (1e9, 1 << 40, "no answer")))
    print("1..%d" % len(files))
    faults = 0
    for number, name in enumerate(files, 1):
        result = results.get(name)
        bad = result is None if sanitized() else is_over(result)
        faults += bad
        print("%sok %d - %s" % ("not " if bad else "", number, os.path.basename(name)[:-4]))
        if bad:
            print("# %s" % ("no answer" if result is None else "%.1f ms, %d KiB, %s" % result))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
