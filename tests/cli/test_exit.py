#!/usr/bin/env python3
"""The exit status of every subcommand (crm-notice(1)), and that each of them explains itself."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from command import IN_TIME, LATE, LETTER, NOW, Folder
from harness import tap
from harness.tap import check, contains, equal

COMMANDS = ["check", "test", "verify", "audit", "policy", "directory"]

POLICY = "extends: crm-online.yaml\npolicy: site\nversion: 1\n"
DIRECTORY = """organizations:
  - id: contoso
    instances: [{id: contoso-prod}]
    contacts: [{address: ada@contoso.example, role: system-administrator}]
"""


def set_up():
    folder = Folder()
    folder.put("late.eml", LATE)
    folder.put("good.eml", IN_TIME)
    folder.put("letter.eml", LETTER)
    folder.put("good.case.yaml", "now: %s\nexpect: {notice: true}\n" % NOW)
    folder.put("wrong/late.eml", LATE)
    folder.put("wrong/late.case.yaml", "now: %s\nexpect: {notice: false}\n" % NOW)
    folder.put("policy.yaml", POLICY)
    folder.put("flag.yaml", POLICY + "severities: {banner.missing: flag, lead-time.zone: off}\n")
    folder.put("remarks.yaml", POLICY + "internal: [a.example, a.example]\n")
    folder.put("other.yaml", POLICY.replace("version: 1", "version: 2"))
    folder.put("bad.yaml", "policy: bad\nversion: none\n")
    folder.put("orphan.yaml", POLICY.replace("crm-online", "nowhere"))
    folder.put("directory.yaml", DIRECTORY)
    folder.put("bad-directory.yaml", "organisations: []\n")
    folder.put("bad.case.yaml", "now: today\n")
    folder.put("empty/.keep", "")
    folder.put("not.pem", "nothing\n")
    return folder


def tear_down(folder):
    folder.remove()


def statuses(folder, rows):
    wrong = []
    for wanted, command in rows:
        done = folder.run(*command.split())
        if done.status != wanted:
            wrong.append("%s: wanted %d, %r" % (command, wanted, done))
        elif wanted >= 64 and not done.err:
            wrong.append("%s: says nothing" % command)
    check(not wrong, "\n".join(wrong))


def test_help(folder):
    done = folder.run("--help")
    equal(done.status, 0, "status")
    for command in COMMANDS:
        contains(done.out, "  " + command)
        said = folder.run(command, "--help")
        equal((said.status, said.err), (0, ""), command + " --help")
        contains(said.out, "usage: crm-notice " + command)
        contains(said.out, "--help")


def test_usage(folder):
    statuses(folder, [(64, ""), (64, "chek"), (64, "check"), (64, "test"), (64, "verify x"),
                      (64, "audit"), (64, "audit check x"), (64, "policy"), (64, "policy lint"),
                      (64, "policy diff one"), (64, "policy explain no.finding"),
                      (64, "directory"), (64, "directory build x"), (64, "directory diff x"),
                      (64, "check --jsn good.eml"), (64, "check --now today good.eml"),
                      (64, "check --ledger sqlite:x good.eml"),
                      (64, "policy verify --now x --anchors a --signers s f")])


def test_check(folder):
    statuses(folder, [(0, "check letter.eml"),
                      (2, "check --now %s late.eml" % NOW),
                      (2, "check --now %s letter.eml late.eml" % NOW),
                      (1, "check --now %s --policy flag.yaml good.eml" % NOW),
                      (1, "check --policy flag.yaml --case good.case.yaml good.eml"),
                      (66, "check --now %s late.eml missing.eml" % NOW),
                      (65, "check empty"), (66, "check late.eml/x"),
                      (66, "check --policy missing.yaml good.eml"),
                      (65, "check --policy empty good.eml"),
                      (66, "check --directory missing.yaml good.eml"),
                      (66, "check --directory csv:missing.csv good.eml"),
                      (66, "check --directory cdb:missing.cdb good.eml"),
                      (66, "check --directory file:missing good.eml"),
                      (66, "check --case missing.case.yaml good.eml"),
                      (78, "check --policy bad.yaml good.eml"),
                      (78, "check --policy orphan.yaml good.eml"),
                      (78, "check --directory bad-directory.yaml good.eml"),
                      (78, "check --case bad.case.yaml good.eml")])


def test_a_message_beyond_the_limit_is_told_as_such(folder):
    folder.put("large.eml", IN_TIME + b"x" * 70 * 1000 + b"\n")
    folder.put("small.yaml", POLICY + "limits: {message: 64K}\n")
    done = folder.run("check", "--policy", "small.yaml", "--now", NOW, "large.eml")
    contains(done.out, "message.limit")
    done = folder.run("check", "--now", NOW, "large.eml")
    check("message.limit" not in done.out, done)


def test_check_names_every_file_that_is_missing(folder):
    done = folder.run("check", "--policy", "a.yaml", "--directory", "b.yaml", "--case", "c.yaml",
                      "good.eml")
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        contains(done.err, name + ": No such file")


def test_test(folder):
    statuses(folder, [(0, "test good.eml"), (1, "test wrong"), (0, "test good.case.yaml"),
                      (66, "test missing"), (66, "test empty"), (66, "test letter.txt"),
                      (66, "test --policy missing.yaml good.eml"),
                      (65, "test --policy empty good.eml"),
                      (66, "test --directory missing.yaml good.eml"),
                      (78, "test --policy bad.yaml good.eml"),
                      (78, "test --directory bad-directory.yaml good.eml")])


def test_verify_and_audit(folder):
    statuses(folder, [(66, "verify --key k=missing.pem good.eml"),
                      (78, "verify --key k=not.pem good.eml"),
                      (66, "audit verify missing"), (65, "audit verify empty"),
                      (66, "audit verify --key k=missing.pem late.eml"),
                      (2, "audit verify late.eml")])


def test_policy(folder):
    statuses(folder, [(0, "policy check"), (0, "policy check policy.yaml"),
                      (66, "policy check missing.yaml"), (65, "policy check empty"),
                      (78, "policy check bad.yaml"), (78, "policy check orphan.yaml"),
                      (78, "policy check policy.yaml bad.yaml"),
                      (0, "policy check --strict"), (0, "policy check remarks.yaml"),
                      (1, "policy check --strict policy.yaml remarks.yaml"),
                      (0, "policy show"), (66, "policy show missing.yaml"),
                      (78, "policy show bad.yaml"), (0, "policy show --page policy.yaml"),
                      (0, "policy diff policy.yaml policy.yaml"),
                      (1, "policy diff policy.yaml other.yaml"),
                      (66, "policy diff policy.yaml missing.yaml"),
                      (78, "policy diff policy.yaml bad.yaml"),
                      (0, "policy explain banner.color"),
                      (66, "policy explain --policy missing.yaml banner.color"),
                      (64, "policy check --policy policy.yaml"), (64, "policy show --keys"),
                      (64, "policy diff --strict policy.yaml flag.yaml"),
                      (64, "policy new --page"), (64, "policy --policy-path x replay"),
                      (78, "policy explain --policy bad.yaml banner.color"),
                      (0, "policy new new.yaml"), (73, "policy new new.yaml"),
                      (0, "policy check --strict new.yaml"),
                      (64, "policy sign policy.yaml"), (64, "policy verify policy.yaml"),
                      (66, "policy sign --certificate missing --key missing policy.yaml"),
                      (66, "policy verify --anchors missing --signers missing policy.yaml"),
                      (78, "policy sign --certificate not.pem --key not.pem policy.yaml")])


def test_a_policy_from_a_pipe(folder):
    for wanted, command in ((0, "policy check --strict /dev/stdin"), (78, "policy show /dev/stdin"),
                            (78, "policy diff policy.yaml /dev/stdin"),
                            (0, "check --policy /dev/stdin letter.eml")):
        read, write = os.pipe()
        os.write(write, POLICY.encode())
        os.close(write)
        done = folder.run(*command.split(), stdin=read)
        os.close(read)
        equal(done.status, wanted, (command, done))


def test_policies_in_words(folder):
    page = folder.run("policy", "show", "--page", "policy.yaml")
    contains(page.out, "Policy site, version 1\n======")
    page = folder.run("policy", "show", "--html", "policy.yaml")
    contains(page.out, "<h1>Policy site, version 1</h1>")
    done = folder.run("policy", "diff", "policy.yaml", "flag.yaml")
    contains(done.out, "What becomes of faults, banner.missing:\n"
                       "  - The notice is refused.\n"
                       "  + The notice is marked, and passes.\n")
    done = folder.run("policy", "diff", "--keys", "policy.yaml", "flag.yaml")
    contains(done.out, "severities.banner.missing: added flag\n")


def test_a_remark_has_id_file_and_line(folder):
    done = folder.run("policy", "check", "remarks.yaml")
    contains(done.err, "remarks.yaml:4:12: warning: ")
    contains(done.err, "[sender.covered]\n")
    contains(done.out, "1 warnings")


def test_a_remark_on_the_phrases_of_each_file(folder):
    folder.put("base.yaml", POLICY + "phrases: {en: {promise: [x]}}\n")
    folder.put("own.yaml", POLICY.replace("crm-online", "base") +
               "phrases: {en: {the-work: [y]}}\n")
    done = folder.run("policy", "check", "own.yaml")
    contains(done.err, "base.yaml:4: warning: \"x\" is found in any text")
    contains(done.err, "own.yaml:4: warning: \"y\" is found in any text")


def test_directory(folder):
    statuses(folder, [(0, "directory check directory.yaml"),
                      (66, "directory check missing.yaml"), (65, "directory check empty"),
                      (78, "directory check bad-directory.yaml"),
                      (66, "directory diff directory.yaml missing.yaml"),
                      (0, "directory diff directory.yaml directory.yaml"),
                      (0, "directory show -d directory.yaml contoso"),
                      (1, "directory show -d directory.yaml nobody"),
                      (0, "directory build -o out.cdb directory.yaml"),
                      (73, "directory build -o missing/out.cdb directory.yaml"),
                      (66, "directory build -o out.cdb csv:missing.csv")])


def test_a_file_that_may_not_be_read(folder):
    if os.geteuid() == 0:
        raise tap.Skip("root may read everything")
    path = folder.put("secret.yaml", POLICY)
    os.chmod(path, 0)
    statuses(folder, [(65, "policy check secret.yaml"), (65, "check --policy secret.yaml good.eml"),
                      (65, "check secret.yaml")])


if __name__ == "__main__":
    sys.exit(tap.run(globals(), set_up, tear_down))
