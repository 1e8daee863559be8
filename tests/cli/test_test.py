#!/usr/bin/env python3
"""crm-notice test: what it counts, and the JUnit XML that it writes."""

import os
import re
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from command import IN_TIME, LATE, LETTER, NOW, Folder
from harness import tap
from harness.tap import check, contains, equal


def case(folder, name, mail, expect):
    folder.put(name + ".eml", mail)
    folder.put(name + ".case.yaml", "now: %s\nexpect: {%s}\n" % (NOW, expect))


def set_up():
    folder = Folder()
    case(folder, "set/a/good", IN_TIME, "category: planned-maintenance, findings: [banner.missing]")
    case(folder, "set/a/late", LATE, "category: service-update, "
                                     "findings: [banner.missing, content.approval]")
    case(folder, "set/a/late-too", LATE, "findings_include: [lead-time.minimum], "
                                         "findings_exclude: [banner.missing]")
    case(folder, "set/b/letter", LETTER, "notice: false")
    case(folder, "set/b/lost", LETTER, "notice: true, category: general-awareness")
    folder.put("set/b/broken.eml", LETTER)
    folder.put("set/b/broken.case.yaml", "now: today\n")
    return folder


def tear_down(folder):
    folder.remove()


def junit(folder, *arguments):
    done = folder.run("test", "--junit", "out.xml", *arguments)
    return done, ElementTree.fromstring(folder.read("out.xml"))


def test_the_last_line_and_each_case(folder):
    done = folder.run("test", "-v", "set")
    equal(done.status, 1)
    equal(done.out.splitlines()[-1], "2 passed, 4 failed")
    for line in ("ok   set/a/good.eml", "ok   set/b/letter.eml", "FAIL set/a/late.eml",
                 "     category: expected service-update, got planned-maintenance",
                 "FAIL set/b/broken.eml", "     the case file is faulty:"):
        contains(done.out.splitlines(), line)
    check("precision" not in done.out, "a summary without --summary")


def test_summary_of_categories(folder):
    out = folder.run("test", "--summary", "set").out
    contains(out, "set/a: 1 of 3 cases pass; ")
    rows = dict((m.group(1), m.group(2).split()) for m in
                re.finditer(r"^  ([a-z][a-z. -]+?) {2,}(\d.*)$", out, re.M))
    #                                        right missed false precision recall
    equal(rows["planned-maintenance"], ["1", "0", "1", "0.50", "1.00"])
    equal(rows["service-update"], ["0", "1", "0", "-", "0.00"])
    equal(rows["no notice"], ["1", "0", "1", "0.50", "1.00"])
    equal(rows["banner.missing"], ["2", "0", "1", "0.67", "1.00"])
    equal(rows["content.approval"], ["0", "1", "0", "-", "0.00"])
    equal(rows["lead-time.minimum"], ["1", "0", "1", "0.50", "1.00"])


def test_confusion(folder):
    lines = folder.run("test", "--summary", "set").out.splitlines()
    at = lines.index("expected (rows) x judged (columns)")
    names = [line.split()[-1] for line in lines[at + 2:-1]]
    equal(names, ["planned-maintenance", "service-update", "notice", "general-awareness"])
    equal([line.split()[:4] for line in lines[at + 2:-1]],
          [["1", ".", ".", "."], ["1", ".", ".", "."], [".", ".", "1", "."],
           [".", ".", "1", "."]])
    equal(lines[at + 1].split(), ["a", "b", "c", "d"])


def test_junit(folder):
    done, root = junit(folder, "set")
    equal(done.status, 1)
    equal((root.tag, root.get("tests"), root.get("failures"), root.get("errors")),
          ("testsuites", "6", "3", "1"))
    suites = {suite.get("name"): suite for suite in root}
    equal(sorted(suites), ["set/a", "set/b"])
    equal((suites["set/a"].get("tests"), suites["set/a"].get("failures")), ("3", "2"))
    cases = {c.get("name"): c for c in root.iter("testcase")}
    equal(len(cases["good"]), 0)
    equal((cases["good"].get("classname"), cases["good"].get("file")), ("set/a", "set/a/good.eml"))
    check(float(cases["good"].get("time")) >= 0)
    equal(cases["late"][0].tag, "failure")
    equal(cases["late"][0].get("message"),
          "category: expected service-update, got planned-maintenance")
    contains(cases["late"][0].text, "findings: expected [banner.missing, content.approval], got")
    equal((cases["broken"][0].tag, cases["broken"][0].get("message")),
          ("error", "the case file is faulty:"))


def test_junit_with_hostile_names(folder):
    path = os.path.join(folder.path, "evil")
    os.makedirs(path)
    names = [b"<&\"'>]]>", b"\x01\x1b[2J\r\n\t", b"\xff\xfe\xed\xa0\x80", "ｘ\uffff😀".encode()]
    for name in names:
        for end, text in ((b".eml", LATE), (b".case.yaml",
                                            b"expect: {category: \"a\\x01<\\uFFFE>&\"}\n")):
            with open(os.path.join(path.encode(), name + end), "wb") as out:
                out.write(text)
    done, root = junit(folder, "evil")
    equal(done.status, 1)
    got = {c.get("name") for c in root.iter("testcase")}
    equal(got, {"<&\"'>]]>", "\ufffd\ufffd[2J\r\n\t", "\ufffd" * 5, "ｘ\ufffd😀"})
    for failure in root.iter("failure"):
        contains(failure.get("message"), "expected a\ufffd<\ufffd>&, got planned-maintenance")
    check("\x1b" not in done.out, repr(done.out))


def test_suites_are_whole_though_folders_lie_between(folder):
    for name in ("x/a", "x/b/m", "x/c", "X/d"):
        case(folder, "between/" + name, LETTER, "notice: false")
    _, root = junit(folder, "between")
    equal(sorted((s.get("name"), s.get("tests")) for s in root),
          [("between/X", "1"), ("between/x", "2"), ("between/x/b", "1")])


def test_policies_whose_names_differ_in_case_are_two(folder):
    for name, severity in (("p/Q", "off"), ("p/q", "reject")):
        folder.put(name + "/policy.yaml", "extends: crm-online.yaml\npolicy: x\nversion: 1\n"
                                          "severities: {banner.missing: %s}\n" % severity)
    case(folder, "p/Q/good", IN_TIME, "verdict: accept")
    case(folder, "p/q/good", IN_TIME, "verdict: reject")
    equal(folder.run("test", "p").out.splitlines()[-1], "2 passed, 0 failed")


def test_a_file_that_cannot_be_written(folder):
    done = folder.run("test", "--junit", "missing/out.xml", "set/b/letter.eml")
    equal(done.status, 73, done)
    equal(done.out, "1 passed, 0 failed\n")


if __name__ == "__main__":
    sys.exit(tap.run(globals(), set_up, tear_down))
