#!/usr/bin/env python3
"""The Debian package: built from the objects of the tests, looked at, installed into a root of its
own, configured, upgraded, removed and purged."""

import glob
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

UNIT = "lib/systemd/system/crm-notice-milter.service"
CONFIGURATION = ["crm-notice.yaml", "directory.yaml", "policy.yaml"]
# What belongs to dpkg and its helpers, or is the user that stays after a purge.
NOT_OURS = re.compile(r"var/lib/dpkg/|var/lib/systemd/deb-systemd-helper-|var/log/dpkg\.log|"
                      r"etc/(passwd|group|shadow|gshadow)-?$|etc/\.(pwd\.lock|updated)$|"
                      r"usr/share/info/")


def run(*command, status=0, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=600, check=False, **options)
    equal(done.returncode, status, "%s: %s" % (" ".join(command), done.stdout[-3000:]))
    return done.stdout


class Package:
    def __init__(self):
        if os.environ.get("B", "build") != "build":
            raise Skip("builds with sanitizers are not packaged")
        if shutil.which("dh") is None or os.geteuid() != 0:
            raise Skip("debhelper (make deps) and root are needed")
        self.folder = tempfile.mkdtemp(prefix="crm-notice-deb-")
        environment = {k: v for k, v in os.environ.items() if k not in
                       ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "DESTDIR", "PREFIX", "B", "V")}
        run("contrib/debian/build", BUILD, cwd=ROOT,
            env=dict(environment, DEB=self.folder, DEB_BUILD_OPTIONS="nocheck"))
        self.deb, = glob.glob(self.folder + "/crm-notice_*.deb")
        self.root = os.path.join(self.folder, "root")
        for name in ("info", "updates", "triggers"):
            os.makedirs(os.path.join(self.root, "var/lib/dpkg", name))
        open(self.path("var/lib/dpkg/status"), "w", encoding="ascii").close()
        os.mkdir(self.path("etc"))
        self.before = self.files()

    def path(self, name):
        return os.path.join(self.root, name)

    def files(self):
        return {os.path.relpath(os.path.join(where, name), self.root)
                for where, folders, names in os.walk(self.root)
                for name in names + [f for f in folders if "crm-notice" in f]}

    def dpkg(self, *arguments):
        """Its scripts run outside of the root, and may not see that this machine has a systemd."""
        command = ["dpkg", "--root=" + self.root, "--log=/dev/null", "--force-script-chrootless",
                   "--force-depends", "--force-confold", *arguments]
        if os.path.isdir("/run/systemd/system"):
            command = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /run && exec "$@"',
                       "sh"] + command
        return run(*command, env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as source:
            return source.read()

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)

    def is_configured(self):
        """As the unit asks."""
        condition = re.search(r"^ExecCondition=/bin/sh -c '(.*)'$", self.read(UNIT), re.MULTILINE)
        command = condition.group(1).replace("$$", "$").replace(" /etc/", " " + self.path("etc/"))
        return subprocess.run(["sh", "-c", command], stderr=subprocess.DEVNULL,
                              check=False).returncode == 0


def test_the_version_is_that_of_the_changelog(p):
    with open(os.path.join(ROOT, "CHANGELOG.md"), encoding="utf-8") as source:
        version, state = re.search(r"^## ([0-9.]+), (.*)$", source.read(), re.MULTILINE).groups()
    said = run("dpkg-deb", "-f", p.deb, "Version").strip()
    check(re.fullmatch(version + (r"~\d{12}" if state == "unreleased" else ""), said), said)
    equal(os.path.basename(p.deb), "crm-notice_%s_%s.deb" %
          (said, run("dpkg", "--print-architecture").strip()))


def test_lintian_finds_nothing(p):
    if shutil.which("lintian") is None:
        raise Skip("no lintian: make deps")
    equal(run("lintian", "-I", "--allow-root", "--fail-on", "error,warning,info", p.deb), "", "said")


def test_symbols_are_a_package_of_their_own(p):
    dbgsym, = glob.glob(p.folder + "/crm-notice-dbgsym_*.deb")
    contains(run("dpkg-deb", "-c", dbgsym), "/usr/lib/debug/.build-id/")


def test_it_installs_unconfigured(p):
    p.dpkg("-i", p.deb)
    for name in ("usr/sbin/crm-notice-milter", "usr/bin/crm-notice", UNIT,
                 "usr/share/crm-notice/policies/lang/en.yaml",
                 "usr/share/man/man8/crm-notice-milter.8.gz", "usr/share/doc/crm-notice/copyright"):
        check(os.path.exists(p.path(name)), name + " is missing")
    contains(p.read("etc/passwd"), "crm-notice:")
    check(os.path.islink(p.path("etc/systemd/system/multi-user.target.wants/"
                                "crm-notice-milter.service")), "the unit is not enabled")
    conffiles = run("dpkg-query", "--admindir=" + p.path("var/lib/dpkg"), "-W", "-f",
                    "${Conffiles}", "crm-notice")
    equal(sorted(line.split()[0] for line in conffiles.strip().splitlines()),
          ["/etc/crm-notice/" + name for name in CONFIGURATION], "conffiles")
    check(not p.is_configured(), "it would start")


def test_the_examples_without_their_marks_are_a_configuration(p):
    p.pristine = {name: p.read("etc/crm-notice/" + name) for name in CONFIGURATION}
    for name, text in p.pristine.items():
        text = re.sub("^#", "", text, flags=re.MULTILINE)
        p.write("etc/crm-notice/" + name, text.replace("/etc/", p.path("etc/")).replace(
            "socket_group: postfix", "socket_group: mail"))
    check(p.is_configured(), "it would not start")
    os.rename(p.path("etc/crm-notice/crm-notice.yaml"), p.path("etc/crm-notice/away"))
    check(p.is_configured(), "a missing configuration would not be told")
    os.rename(p.path("etc/crm-notice/away"), p.path("etc/crm-notice/crm-notice.yaml"))
    config = p.path("etc/crm-notice/crm-notice.yaml")
    contains(run(p.path("usr/sbin/crm-notice-milter"), "-n", "-c", config), "ok:")


def test_an_upgrade_keeps_the_configuration(p):
    before = p.read("etc/crm-notice/crm-notice.yaml")
    p.dpkg("-i", p.deb)
    equal(p.read("etc/crm-notice/crm-notice.yaml"), before)


def test_removing_keeps_what_is_the_administrators(p):
    for folder in ("var/lib/crm-notice", "var/log/crm-notice"):
        os.makedirs(p.path(folder))
        p.write(folder + "/audit", "a record\n")
    p.dpkg("-r", "crm-notice")
    check(os.path.exists(p.path("etc/crm-notice/crm-notice.yaml")), "the configuration is gone")
    check(os.path.exists(p.path("var/log/crm-notice/audit")), "the records are gone")
    check(not glob.glob(p.path("usr/*bin/*")), "programs are left")


def test_purging_leaves_the_user_alone(p):
    p.dpkg("-P", "crm-notice")
    equal(sorted(f for f in p.files() - p.before if not NOT_OURS.match(f)), [], "left behind")


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Package,
                     lambda p: p and shutil.rmtree(p.folder, ignore_errors=True)))
