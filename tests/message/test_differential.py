#!/usr/bin/env python3
"""Holds the message reader against Python's email package.

Usage: test_differential.py [FILE|DIR...]; without any, the messages of the tests and, where they
are there, ../shared/cases. $B is the build directory (build).

Every message is read by both, and subject, mailboxes, date, parts and text are compared. Where they
differ and shall, EXPLAINED says which file, which value and why; anything else is a fault, and so is
an explanation that no difference needs any more. Writes TAP, a line for each message.
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

# (end of the file's name, value): why the two differ, and why ours is what readers show.
EXPLAINED = {
    ("e25-header-raw-8bit.eml", "subject"):
        "raw windows-1252: Python keeps the bytes as surrogates, mail readers show the letters",
    ("e25-header-raw-8bit.eml", "to"):
        "the same in a display name",
    ("e28-header-nul.eml", "subject"):
        "NUL is a space to us; it is ambiguous, and reported so",
    ("message-ambiguous.eml", "subject"):
        "two Subject fields: Python shows the first, we both, and report it",
    ("n17-mdn-read-receipt.eml", "parts"):
        "Python takes every message/* for a message with a body; a receipt is a leaf (RFC 8098)",
    ("xe01-header-two-subjects.eml", "subject"):
        "two Subject fields: Python shows the first, we both, and report it",
    ("ye15-two-subjects.eml", "subject"):
        "two Subject fields: Python shows the first, we both, and report it",
    ("x-zhtw-planned-01.eml", "subject"):
        "raw Big5 that nothing declares: Python guesses, we keep the octets",
    ("xe03-mime-unknown-cte.eml", "parts"):
        "an encoding nobody knows: what it hides is ambiguous to us",
    ("ye18-unknown-cte.eml", "parts"):
        "an encoding nobody knows: what it hides is ambiguous to us",
    ("xe11-header-without-colon.eml", "parts"):
        "Python ends the header at a line without a colon; we go on, and report it",
    ("ye23-header-no-colon.eml", "parts"):
        "Python ends the header at a line without a colon; we go on, and report it",
    ("xe112-300-parts.eml", "parts"):
        "beyond the limits of parts and depth: we stop, and report it",
    ("ye29-300-parts.eml", "parts"):
        "beyond the limits of parts and depth: we stop, and report it",
    ("xe113-depth-24.eml", "parts"):
        "beyond the limits of parts and depth: we stop, and report it",
    ("ye30-depth-20.eml", "parts"):
        "beyond the limits of parts and depth: we stop, and report it",
    ("xe118-two-content-type.eml", "parts"):
        "two types or two values of a parameter: ambiguous to us",
    ("ye17-two-content-types.eml", "parts"):
        "two types or two values of a parameter: ambiguous to us",
    ("xe13-rfc2231-conflict.eml", "parts"):
        "two types or two values of a parameter: ambiguous to us",
    ("xe15-external-body.eml", "parts"):
        "Python takes every message/* for a message with a body; these are leaves",
    ("xn04-quota-dsn.eml", "parts"):
        "Python takes every message/* for a message with a body; these are leaves",
    ("xn89-read-receipt-de.eml", "parts"):
        "Python takes every message/* for a message with a body; these are leaves",
    ("xn90-arf-complaint.eml", "parts"):
        "Python takes every message/* for a message with a body; these are leaves",
}


def squeeze(text):
    return re.sub(r"\s+", " ", text or "").strip()


def python_mailboxes(message, name):
    boxes = []
    for header in message.get_all(name, []):
        for address in header.addresses:
            local, domain = address.username, address.domain
            if not local and not domain:
                continue
            try:
                domain = domain.encode("idna").decode("ascii")
            except UnicodeError:
                pass
            boxes.append([squeeze(address.display_name),
                          address.addr_spec.rsplit("@", 1)[0] + "@" + domain.lower()])
    return boxes


def our_mailboxes(boxes):
    return [[squeeze(name), address] for name, address in boxes if address]


def python_parts(message):
    parts = []
    for part in message.walk():
        kind = part.get_content_type()
        text = None
        if kind.startswith("text/") and not part.is_multipart():
            octets = part.get_payload(decode=True) or b""
            charset = part.get_content_charset() or "utf-8"
            charset = {"iso-8859-1": "cp1252", "iso-8859-9": "cp1254"}.get(charset, charset)
            try:
                text = octets.decode(charset, "replace").lstrip("\ufeff")
            except LookupError:
                text = octets.decode("utf-8", "replace")
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        parts.append((kind, squeeze(part.get_filename()), squeeze(text)))
    return parts


def our_parts(parts):
    return [(p["type"], squeeze(p["name"]),
             squeeze(p["text"]) if p["type"].startswith("text/") else "")
            for p in parts if not p["second"]]


def python_date(message):
    try:
        return int(email.utils.parsedate_to_datetime(str(message["Date"])).timestamp())
    except (TypeError, ValueError):
        return None


def normal(data):
    """As the ingest has it: a file whose lines all end in LF is read as CRLF."""
    return data if b"\r\n" in data else data.replace(b"\n", b"\r\n")


def compare(path, ours):
    message = email.message_from_bytes(normal(path.read_bytes()), policy=email.policy.SMTP)
    theirs = {
        "subject": squeeze(str(message["Subject"] or "")),
        "date": python_date(message),
        "from": python_mailboxes(message, "From"),
        "to": python_mailboxes(message, "To"),
        "cc": python_mailboxes(message, "Cc"),
        "parts": python_parts(message),
    }
    mine = {
        "subject": squeeze(ours["subject"]),
        "date": ours["date"],
        "from": our_mailboxes(ours["from"]),
        "to": our_mailboxes(ours["to"]),
        "cc": our_mailboxes(ours["cc"]),
        "parts": our_parts(ours["parts"]),
    }
    return {key: (theirs[key], mine[key]) for key in theirs if theirs[key] != mine[key]}


def messages(arguments):
    for argument in map(pathlib.Path, arguments):
        if argument.is_dir():
            yield from sorted(argument.rglob("*.eml"))
        elif argument.exists():
            yield argument


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    dump = root / os.environ.get("B", "build") / "tests/message/dump"
    paths = list(messages(sys.argv[1:] or [root / "tests", root.parent / "shared/cases"]))
    paths = sorted({path.resolve() for path in paths})
    print(f"1..{max(len(paths), 1)}")
    if not paths or not dump.exists():
        print("ok 1 - differential # SKIP no messages, or no", dump)
        return 0
    output = subprocess.run([dump, *paths], check=True, capture_output=True)
    faults = 0
    for number, (path, line) in enumerate(zip(paths, output.stdout.splitlines()), 1):
        found = compare(path, json.loads(line))
        wrong = [key for key in found if (path.name, key) not in EXPLAINED]
        stale = [why[1] for why in EXPLAINED if why[0] == path.name and why[1] not in found]
        faults += bool(wrong or stale)
        print(f"{'not ' if wrong or stale else ''}ok {number} - {path.parent.name}/{path.name}")
        for key in wrong:
            print(f"# {key}\n#   python: {found[key][0]!r}\n#   ours:   {found[key][1]!r}")
        for key in stale:
            print(f"# {key} is explained, but does not differ")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
