#!/usr/bin/env python3
"""crm-notice policy replay: what a policy changes for mails that were sent, wherever they lie."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from command import IN_TIME, LATE, LETTER, NOW, Folder
from harness import tap
from harness.tap import check, contains, equal

STRICT = """extends: crm-online.yaml
policy: strict
version: 2
categories: {planned-maintenance: {time: {floor: {at-least: 60d, calendar-days: 60}}}}
severities: {banner.missing: off}
"""
SAME = "extends: crm-online.yaml\npolicy: same\nversion: 2\n"
MILD = SAME + "severities: {lead-time.minimum: flag, banner.missing: flag}\n"
OTHER = SAME + """categories:
  planned-maintenance: null
  our-maintenance:
    recipients: {roles: [system-administrator]}
    banner: none
    signals: [{id: our, concept: planned-maintenance, in: [subject, heading], weight: 20}]
"""
MARK = b"From notices@crm.example Sun Mar  1 09:00:00 2026\n"


def set_up():
    folder = Folder()
    for name, text in (("strict", STRICT), ("same", SAME), ("mild", MILD), ("other", OTHER)):
        folder.put(name + ".yaml", text)
    folder.put("mails/good.eml", IN_TIME)
    folder.put("mails/late.eml", LATE)
    folder.put("mails/letter.eml", LETTER)
    folder.put("mails/notes.txt", LATE)
    folder.put("mails/.hidden/late.eml", LATE)
    folder.put("archive.mbox", MARK + IN_TIME + b"\n" + MARK + LETTER + b"\n" + MARK + LATE)
    for name in ("cur/1.host:2,S", "new/2.host", "tmp/3.host", ".Sent/cur/4.host", "cur/.lock"):
        folder.put("maildir/" + name, IN_TIME)
    for name in ("maildir/.Sent/new/.keep", "maildir/.Trash/5.eml", "maildir/courierimapkeywords/6"):
        folder.put(name, b"")
    os.remove(os.path.join(folder.path, "maildir/.Sent/new/.keep"))
    return folder


def tear_down(folder):
    folder.remove()


def replay(folder, policy, *more):
    return folder.run("policy", "replay", "--policy", policy, *more)


def rows(done):
    """The mails, and the summary."""
    lines = [json.loads(line) for line in done.out.splitlines()]
    check("summary" in lines[-1], done)
    return lines[:-1], lines[-1]["summary"]


def test_nothing_changes(folder):
    done = replay(folder, "same.yaml", "mails", "archive.mbox", "maildir")
    equal((done.status, done.err), (0, ""), done)
    contains(done.out, "9 messages, 0 changed, 0 could not be read")


def test_verdicts_and_findings(folder):
    mails, summary = rows(replay(folder, "strict.yaml", "--json", "mails"))
    equal([os.path.basename(m["file"]) for m in mails], ["good.eml", "late.eml"])
    equal(mails[0]["changes"], ["findings"])
    equal(mails[0]["before"]["verdict"], "reject")
    equal([f["check"] for f in mails[0]["before"]["findings"]], ["banner.missing"])
    equal([f["check"] for f in mails[0]["after"]["findings"]], ["lead-time.minimum"])
    equal((mails[0]["now"], mails[0]["now_from"]), (NOW, "date"))
    equal(summary["categories"], {"planned-maintenance": {"messages": 2, "changed": 2},
                                  "no notice": {"messages": 1, "changed": 0}})
    equal(summary["findings"]["banner.missing"], {"added": 0, "gone": 2, "severity": 0})
    mails, summary = rows(replay(folder, "mild.yaml", "--json", "mails"))
    equal([m["changes"] for m in mails], [["milder", "findings"]] * 2)
    equal(summary["verdicts"], {"reject -> flag": 2})


def test_text(folder):
    done = replay(folder, "mild.yaml", "-v", "mails")
    equal(done.status, 1, done)
    contains(done.out, "mails/late.eml: <1@crm.example>\n"
                       "    verdict   reject -> flag\n"
                       "    finding   lead-time.minimum: reject -> flag\n")
    contains(done.out, "mails/letter.eml: no change: no notice, accept\n")
    contains(done.out, "        2  get a milder verdict\n")
    contains(done.out, "3 messages, 2 changed, 0 could not be read\n")


def test_categories_and_notices(folder):
    mails, summary = rows(replay(folder, "other.yaml", "--json", "mails"))
    equal([m["changes"][0] for m in mails], ["category", "category"])
    equal(summary["moves"], {"planned-maintenance -> our-maintenance": 2})
    folder.put("none.yaml", SAME + "senders: {from: [x@y.example]}\ninternal: [contoso.example]\n")
    mails, summary = rows(replay(folder, "none.yaml", "--json", "mails"))
    equal([m["changes"][0] for m in mails], ["notice-gone"] * 2)
    mails, summary = rows(replay(folder, "same.yaml", "--against", "none.yaml", "--json", "mails"))
    equal(summary["changes"]["notice-new"], 2)


def test_mbox(folder):
    mails, _ = rows(replay(folder, "mild.yaml", "--json", "-v", "archive.mbox"))
    equal([m["number"] for m in mails], [1, 2, 3])
    equal([m["now_from"] for m in mails], ["date", "postmark", "date"])
    equal([bool(m["changes"]) for m in mails], [True, False, True])
    with open(os.path.join(folder.path, "archive.mbox"), "rb") as stream:
        piped, summary = rows(replay(folder, "mild.yaml", "--json", "-v", "-"))
        equal(summary["messages"], 0)
        done = folder.run("policy", "replay", "--policy", "mild.yaml", "--json", "-", stdin=stream)
    equal(rows(done)[1]["messages"], 3)


def test_maildir(folder):
    mails, _ = rows(replay(folder, "same.yaml", "--json", "-v", "maildir"))
    equal([os.path.relpath(m["file"], "maildir") for m in mails],
          [".Sent/cur/4.host", "cur/1.host:2,S", "new/2.host"])


def test_time(folder):
    mails, _ = rows(replay(folder, "same.yaml", "--json", "-v", "--now", "2026-03-23T00:00:00Z",
                           "mails/good.eml"))
    equal((mails[0]["now"], mails[0]["now_from"]), ("2026-03-23T00:00:00Z", "option"))
    contains([f["check"] for f in mails[0]["before"]["findings"]], "lead-time.minimum")
    folder.put("timed/good.eml", IN_TIME)
    folder.put("timed/good.case.yaml", "now: 2026-03-22T09:00:00Z\nrecipients: [x@y.example]\n")
    mails, _ = rows(replay(folder, "same.yaml", "--json", "-v", "timed"))
    equal((mails[0]["now"], mails[0]["now_from"]), ("2026-03-22T09:00:00Z", "case"))
    folder.put("timed/marked.eml", MARK + IN_TIME)
    folder.put("timed/marked.case.yaml", "now: 2026-03-21T09:00:00Z\n")
    mails, _ = rows(replay(folder, "same.yaml", "--json", "-v", "timed/marked.eml"))
    equal((mails[0]["number"], mails[0]["now"], mails[0]["before"]["category"]),
          (None, "2026-03-21T09:00:00Z", "planned-maintenance"))
    folder.put("hop.eml", b"Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\n"
                          b"Received: from c by a; Mon, 2 Mar 2026 08:00:00 +0000\n" + IN_TIME)
    mails, _ = rows(replay(folder, "same.yaml", "--json", "-v", "hop.eml"))
    equal((mails[0]["now"], mails[0]["now_from"]), ("2026-03-02T08:00:00Z", "received"))


def test_what_cannot_be_read_is_named_and_the_rest_is_judged(folder):
    folder.put("broken/a.eml", b"")
    folder.put("broken/b.eml", LATE)
    folder.put("broken/c.eml", b"\x00\xff\xfe" * 1000)
    folder.put("broken/d.eml", LATE)
    folder.put("broken/d.case.yaml", "now: today\n")
    os.symlink("nowhere", os.path.join(folder.path, "broken/e.eml"))
    folder.put("broken/f.mbox", MARK + b"\n\n" + MARK + LATE)
    done = replay(folder, "mild.yaml", "broken", "missing", "mails/late.eml")
    equal(done.status, 66, done)
    for part in ("broken/a.eml: it is empty", "broken/d.eml: its case file is faulty",
                 "broken/e.eml: No such file", "missing: No such file", "d.case.yaml:1:",
                 "broken/f.mbox:1: it is empty"):
        contains(done.err, part)
    contains(done.out, "broken/b.eml: ")
    contains(done.out, "broken/f.mbox:2: ")
    contains(done.out, "4 messages, 3 changed, 5 could not be read\n")
    mails, summary = rows(replay(folder, "mild.yaml", "--json", "broken"))
    equal(summary["broken"], 4)
    equal([m["file"] for m in mails if "error" in m],
          ["broken/" + n for n in ("a.eml", "d.eml", "e.eml", "f.mbox")])


def test_names_from_outside_steer_no_terminal(folder):
    folder.put("odd/\x1b[2J\n.eml", LATE.replace(b"<1@crm", b"<\x1b]0;x\x07@crm"))
    done = replay(folder, "mild.yaml", "odd")
    equal(done.status, 1)
    check("\x1b" not in done.out and "\x07" not in done.out, repr(done.out))


def test_a_large_mbox_takes_little_memory(folder):
    if "asan" in os.environ.get("B", ""):
        raise tap.Skip("AddressSanitizer needs all of the address space")
    path = os.path.join(folder.path, "large.mbox")
    with open(path, "wb") as out:
        for _ in range(3):
            out.write(MARK + LATE + b"\n")
            out.write(MARK + LETTER + b"x" * (40 << 20) + b"\n\n")
    done = folder.run("policy", "replay", "--policy", "mild.yaml", path,
                      preexec_fn=limit_memory)
    os.remove(path)
    equal(done.status, 1, done)
    contains(done.out, "6 messages, 3 changed, 0 could not be read")


def limit_memory():
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))


def test_exit_statuses(folder):
    for wanted, arguments in ((0, ["--help"]), (64, ["mails"]), (64, ["--policy", "same.yaml"]),
                              (64, ["--policy", "same.yaml", "--now", "x", "mails"]),
                              (66, ["--policy", "missing.yaml", "mails"]),
                              (66, ["--policy", "same.yaml", "--against", "missing", "mails"]),
                              (66, ["--policy", "same.yaml", "--directory", "missing", "mails"]),
                              (66, ["--policy", "same.yaml", "maildir/courierimapkeywords"]),
                              (78, ["--policy", "mails/late.eml", "mails"])):
        done = folder.run("policy", "replay", *arguments)
        equal(done.status, wanted, arguments)
    contains(folder.run("policy", "--help").out, "replay")


if __name__ == "__main__":
    sys.exit(tap.run(globals(), set_up, tear_down))
