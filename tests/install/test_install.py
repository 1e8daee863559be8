#!/usr/bin/env python3
"""`make install` and `make uninstall` into folders of our own; what is installed works there."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import BUILD, ROOT
from harness.tap import Skip, check, contains, equal

PAGES = sorted("man%s/%s" % (name[-1], name) for name in os.listdir(os.path.join(ROOT, "contrib/man")))


class Place:
    """A copy of what was built, so that another PREFIX does not change the build of the tests."""

    def __init__(self):
        if os.environ.get("B", "build") != "build":
            raise Skip("builds with sanitizers are not installed")
        self.folder = tempfile.mkdtemp(prefix="crm-notice-install-")
        self.build = os.path.join(self.folder, "build")
        self.prefix = os.path.join(self.folder, "usr")
        shutil.copytree(BUILD, self.build, copy_function=shutil.copy2,
                        ignore=lambda top, _: ["mta", "deb", "tests", "bench"] if top == BUILD else [])
        self.make("install", "PREFIX=" + self.prefix)

    def make(self, *arguments):
        environment = {k: v for k, v in os.environ.items() if k not in
                       ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "DESTDIR", "PREFIX", "B", "V")}
        done = subprocess.run(["make", "-s", "B=" + self.build, *arguments], cwd=ROOT,
                              capture_output=True, text=True, timeout=600, env=environment)
        equal(done.returncode, 0, done.stderr[-3000:])

    def path(self, name):
        return os.path.join(self.prefix, name)

    def run(self, program, *arguments, data=None):
        """With no setting of ours but those that a shell has."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                       "MANPATH": self.path("share/man")}
        return subprocess.run([program, *arguments], cwd="/", capture_output=True, text=True,
                              timeout=60, env=environment, input=data)


def files_below(top):
    return sorted(os.path.relpath(os.path.join(where, name), top)
                  for where, _, names in os.walk(top) for name in names)


def test_programs_and_manuals_are_installed(p):
    for name in ("sbin/crm-notice-milter", "bin/crm-notice"):
        equal(os.stat(p.path(name)).st_mode & 0o777, 0o755, name)
        done = p.run(p.path(name), "--help")
        equal(done.returncode, 0, name)
        contains(done.stdout, "usage: ")
    for page in PAGES:
        equal(os.stat(p.path("share/man/" + page)).st_mode & 0o777, 0o644, page)
    for where, folders, names in os.walk(p.prefix):
        for name in folders + names:
            check(not os.stat(os.path.join(where, name)).st_mode & 0o022, "writable: " + name)


def test_installed_manuals_lint(p):
    if shutil.which("mandoc") is None:
        raise Skip("no mandoc: make deps")
    for page in PAGES:
        done = p.run("mandoc", "-T", "lint", "-W", "warning", p.path("share/man/" + page))
        said = [l for l in done.stdout.splitlines() if "new sentence, new line" not in l]
        equal(said, [], page)


def test_installed_policies_are_found(p):
    """A change of an installed policy shows: it is not the built-in copy that is used."""
    policies = p.path("share/crm-notice/policies")
    check(os.path.exists(os.path.join(policies, "lang/en.yaml")), "no languages")
    own = os.path.join(p.folder, "own.yaml")
    with open(own, "w", encoding="ascii") as out:
        out.write("extends: hosting-example.yaml\npolicy: own\nversion: 1\n")
    equal(p.run(p.path("bin/crm-notice"), "policy", "check", own).returncode, 0, "exit status")
    broken = os.path.join(policies, "hosting-example.yaml")
    with open(broken, encoding="utf-8") as source:
        text = source.read()
    try:
        with open(broken, "a", encoding="utf-8") as out:
            out.write("\nunheard-of: 1\n")
        done = p.run(p.path("bin/crm-notice"), "policy", "check", own)
        equal(done.returncode, 78, "exit status")
        contains(done.stdout + done.stderr, broken + ":")
    finally:
        with open(broken, "w", encoding="utf-8") as out:
            out.write(text)


def test_without_installed_policies_the_built_in_ones_serve(p):
    policies = p.path("share/crm-notice/policies")
    os.rename(policies, policies + ".away")
    try:
        done = p.run(p.path("bin/crm-notice"), "policy", "check")
        equal(done.returncode, 0, done.stdout + done.stderr)
    finally:
        os.rename(policies + ".away", policies)


def test_installed_examples_are_sound(p):
    examples = os.path.join(p.folder, "etc")
    shutil.copytree(p.path("share/doc/crm-notice/examples"), examples)
    config = os.path.join(examples, "crm-notice.yaml")
    with open(config, encoding="utf-8") as source:
        text = source.read()
    # The example names places and users of the machine it is meant for.
    text = text.replace("/etc/crm-notice/", examples + "/")
    text = text.replace("socket_group: postfix", "socket_group: mail")
    text = text.replace("user: crm-notice", "user: nobody")
    with open(config, "w", encoding="utf-8") as out:
        out.write(text)
    done = p.run(p.path("sbin/crm-notice-milter"), "-n", "-c", config)
    equal(done.returncode, 0, done.stdout + done.stderr)


def test_systemd_takes_the_unit(p):
    if shutil.which("systemd-analyze") is None:
        raise Skip("no systemd-analyze")
    unit = p.path("lib/systemd/system/crm-notice-milter.service")
    with open(unit, encoding="utf-8") as source:
        text = source.read()
    check("@PREFIX@" not in text, "the prefix is not filled in")
    contains(text, "ExecStart=" + p.path("sbin/crm-notice-milter"))
    done = p.run("systemd-analyze", "verify", unit)
    # Without a manual reader installed it cannot look at our pages.
    said = [l for l in done.stderr.splitlines() if "Command 'man" not in l]
    equal(said, [], "systemd-analyze verify")
    # How much is left open, in tenths, as systemd 252 counts it.
    done = p.run("systemd-analyze", "security", "--offline=yes", "--threshold=15", unit)
    equal(done.returncode, 0, done.stdout + done.stderr)


def test_rsyslog_takes_the_snippet(p):
    program = shutil.which("rsyslogd", path="/usr/sbin:/sbin:" + os.environ["PATH"])
    if program is None:
        raise Skip("no rsyslogd: make deps")
    done = p.run(program, "-N1", "-f", p.path("share/doc/crm-notice/examples/crm-notice.conf"))
    said = done.stdout + done.stderr
    equal(done.returncode, 0, said)
    check(not re.search(r"error|warning", said, re.IGNORECASE), said)


def test_destdir_stands_before_everything(p):
    root = os.path.join(p.folder, "root")
    p.make("install", "DESTDIR=" + root, "PREFIX=/opt/crm")
    there = files_below(root)
    check(there and all(name.startswith("opt/crm/") for name in there), there)
    with open(os.path.join(root, "opt/crm/lib/systemd/system/crm-notice-milter.service"),
              encoding="utf-8") as unit:
        text = unit.read()
    contains(text, "ExecStart=/opt/crm/sbin/")
    check(root not in text, "DESTDIR in the unit")
    with open(os.path.join(root, "opt/crm/bin/crm-notice"), "rb") as program:
        octets = program.read()
    contains(octets, b"/opt/crm/share/crm-notice/policies", "the program")
    check(p.prefix.encode() not in octets, "another prefix in the program")
    p.make("uninstall", "DESTDIR=" + root, "PREFIX=/opt/crm")
    equal(files_below(root), [], "left behind")


def test_uninstall_leaves_what_is_not_ours(p):
    with open(p.path("bin/other"), "w", encoding="ascii") as out:
        out.write("kept\n")
    p.make("uninstall", "PREFIX=" + p.prefix)
    equal(files_below(p.prefix), ["bin/other"], "left behind")


if __name__ == "__main__":
    def teardown(place):
        shutil.rmtree(place.folder, ignore_errors=True)

    sys.exit(tap.run(globals(), Place, teardown))
