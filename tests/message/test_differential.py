#!/usr/bin/env python3
"""Holds the message reader against two others: Python's email package and GMime.

Usage: test_differential.py [--summary] [FILE|DIR...]; without any, the messages of the tests and,
where they are there, $SHARED_CASES or ../shared/cases, and $MIME_SUITES: a folder with one folder for
each public collection of test messages, which are not part of this repository. $B is the build
directory (build). --summary counts by folder in place of naming messages.

Every message is read by all, and subject, mailboxes, date, parts and text are compared. Where our
reader calls a message ambiguous, or stops at a limit, readers differ: that is what it says. Any
other difference is a fault, unless explained.py says why the two differ there; and an explanation
that no difference needs any more is a fault too. Writes TAP, a line for each message.
"""

import email
import email.policy
import email.utils
import json
import os
import pathlib
import re
import subprocess
import sys

from explained import CAUSES, EXPLAINED, stale, stem

VALUES = ("subject", "date", "from", "to", "cc", "parts")


def squeeze(text):
    return re.sub("[ \t\r\n\f\v\u00a0\u200b\ufeff]+", " ", text or "").strip(" ")


def address(text):
    """Domains compare as A-labels in lower case."""
    local, at, domain = (text or "").rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        pass
    return local + at + domain.lower()


def boxes(pairs):
    return [[squeeze(name), address(box)] for name, box in pairs if box and "@" in box]


def part(kind, name, text):
    return [kind, squeeze(name), squeeze(text) if kind.startswith("text/") else ""]


# -- Python --

def python_value(message, key):
    if key == "subject":
        return squeeze(str(message["Subject"] or ""))
    if key == "date":
        return python_date(message)
    if key == "parts":
        return python_parts(message)
    return boxes([box.display_name, box.addr_spec] for header in message.get_all(key, [])
                 for box in header.addresses)


def python_parts(message):
    """Python takes every message/* for a message with a body; a report of delivery (RFC 3464), a
    receipt (RFC 8098) and what stands elsewhere are leaves."""
    kind = message.get_content_type()
    whole = kind in ("message/rfc822", "message/global", "message/news", "message/partial")
    text = python_text(message) if kind.startswith("text/") and not message.is_multipart() else None
    parts = [part(kind, message.get_filename(), text)]
    if message.is_multipart() and (whole or not kind.startswith("message/")):
        for below in message.get_payload():
            parts += python_parts(below)
    return parts


def python_text(leaf):
    octets = leaf.get_payload(decode=True) or b""
    charset = leaf.get_content_charset() or "utf-8"
    charset = {"iso-8859-1": "cp1252", "iso-8859-9": "cp1254"}.get(charset, charset)
    try:
        return octets.decode(charset, "replace")
    except LookupError:
        return octets.decode("utf-8", "replace")


def python_date(message):
    try:
        return int(email.utils.parsedate_to_datetime(str(message["Date"])).timestamp())
    except (TypeError, ValueError):
        return None


def normal(data):
    """As the ingest has it: a file whose lines all end in LF is read as CRLF."""
    return data if b"\r\n" in data else data.replace(b"\n", b"\r\n")


def by_python(paths):
    for path in paths:
        message = email.message_from_bytes(normal(path.read_bytes()), policy=email.policy.SMTP)
        values = {}
        for key in VALUES:
            try:
                values[key] = python_value(message, key)
            except Exception:  # the package has bugs of its own; it has no opinion then
                pass
        yield values


# -- The two in C, which write the same form --

def by_dump(program, paths):
    """What a program writes of each file; None from where it died on."""
    done = subprocess.run([program, *paths], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = done.stdout.splitlines()
    for index in range(len(paths)):
        yield json.loads(lines[index]) if index < len(lines) else None


def values_of(found):
    if found is None:
        return {key: ["no answer"] for key in VALUES}
    values = {key: boxes(found[key]) for key in ("from", "to", "cc")}
    values["subject"] = squeeze(found["subject"])
    values["date"] = found["date"]
    values["parts"] = [part(p["type"], p["name"], p["text"])
                       for p in found["parts"] if not p["second"] and not in_smime(found, p)]
    return values


def in_smime(found, p):
    """What was signed in one piece: the others do not look into it."""
    parent = p.get("parent", -1)
    while parent >= 0:
        p = found["parts"][parent]
        if "pkcs7-mime" in p["type"] or p["name"] == "smime.p7m":
            return True
        parent = p["parent"]
    return False


def by_gmime(program, paths):
    for found in by_dump(program, paths):
        yield values_of(found)


# -- Comparing --

def reads_so(key, mine, theirs, reader):
    """Whether the two are the same, or differ in a way that CAUSES explains for every message."""
    if mine == theirs or theirs == ["no answer"]:
        return mine == theirs
    return any(cause.covers(key, mine, theirs) for cause in CAUSES if reader in cause.readers)


def differences(ours, others):
    """(reader, value) -> what both have, for a message that has one reading only."""
    found = {}
    if ours["ambiguities"]:
        return found
    mine = values_of(ours)
    for reader, theirs in others.items():
        for key in theirs:
            if not reads_so(key, mine[key], theirs[key], reader):
                found[reader, key] = (mine[key], theirs[key])
    return found


def tell(key, mine, theirs):
    """From a little before the place where the two part."""
    mine, theirs = repr(mine), repr(theirs)
    begin = max(len(os.path.commonprefix([mine, theirs])) - 60, 0)
    print("# %s by %s" % (key[1], key[0]))
    print("#   ours:  %s\n#   their: %s" % (mine[begin:begin + 300], theirs[begin:begin + 300]))


def check(path, ours, others):
    """The differences of one message that nothing explains, and the explanations it needs."""
    found = differences(ours, others)
    keys = {key: (*key, stem(path.name)) for key in found}
    wrong = {key: both for key, both in found.items() if keys[key] not in EXPLAINED}
    return wrong, set(keys.values())


# -- Messages --

def messages(arguments):
    for argument in map(pathlib.Path, arguments):
        if argument.is_dir():
            yield from sorted(argument.rglob("*.eml"))
        elif argument.exists():
            yield argument


def default_folders(root):
    shared = os.environ.get("SHARED_CASES", root.parent / "shared/cases")
    return [root / "tests", shared] + list(filter(None, [os.environ.get("MIME_SUITES")]))


def summary(results):
    counts = {}
    for path, ours, wrong in results:
        row = counts.setdefault(path.parent.name, [0, 0, 0])
        row[0] += 1
        row[1] += bool(ours["ambiguities"])
        row[2] += bool(wrong)
    for folder, row in sorted(counts.items()):
        print("# %-20s %5d read, %4d of them ambiguous, %d unexplained" % (folder, *row))


def compare(paths, folder):
    """Writes a line for each message; (path, ours, what is wrong) of each."""
    readers = {"python": by_python(paths)}
    if (folder / "gmime").exists():
        readers["gmime"] = by_gmime(folder / "gmime", paths)
    results, used = [], set()
    for number, (path, ours) in enumerate(zip(paths, by_dump(folder / "dump", paths)), 1):
        others = {reader: next(values) for reader, values in readers.items()}
        wrong, needed = check(path, ours, others)
        used |= needed
        results.append((path, ours, wrong))
        print(f"{'not ' if wrong else ''}ok {number} - {path.parent.name}/{path.name}")
        for key, both in wrong.items():
            tell(key, *both)
    old = stale(used, readers, {stem(path.name) for path in paths})
    print(f"{'not ' if old else ''}ok {len(paths) + 1} - every explanation is needed")
    for row in old:
        print("# differs no more: %s" % row[2])
    return results, old


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    folder = root / os.environ.get("B", "build") / "tests/message"
    arguments = [a for a in sys.argv[1:] if a != "--summary"]
    paths = sorted({path.resolve() for path in messages(arguments or default_folders(root))})
    if not paths or not (folder / "dump").exists():
        print("1..1\nok 1 - differential # SKIP no messages, or no", folder / "dump")
        return 0
    print(f"1..{len(paths) + 1}")
    results, old = compare(paths, folder)
    if "--summary" in sys.argv:
        summary(results)
    return 1 if old or any(wrong for _, _, wrong in results) else 0


if __name__ == "__main__":
    sys.exit(main())
