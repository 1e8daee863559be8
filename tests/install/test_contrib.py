#!/usr/bin/env python3
"""contrib/postfix as a real Postfix reads it, and a notice through the service it adds."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import ROOT, Daemon
from harness.mail import DAY, ordinary, planned
from harness.postfix import Postfix
from harness.server import free_port
from harness.smtp import Client
from harness.tap import contains, equal

PORT = "10587"


def contrib(name):
    with open(os.path.join(ROOT, "contrib/postfix", name), encoding="ascii") as source:
        return source.read()


class Site(Postfix):
    """A Postfix with no milter but what contrib adds."""

    def __init__(self, main="", master=""):
        self.more = {"main.cf": main, "master.cf": master}
        super().__init__("")

    def _write(self):
        super()._write()
        if self.more["main.cf"]:  # a site has each parameter once
            for name in ("smtpd_milters", "non_smtpd_milters"):
                self.remove("main.cf", name + " ")
        for name, text in self.more.items():
            with open(os.path.join(self.conf, name), "a", encoding="ascii") as out:
                out.write(text)

    def remove(self, name, start):
        path = os.path.join(self.conf, name)
        with open(path, encoding="ascii") as source:
            lines = [line for line in source if not line.startswith(start)]
        with open(path, "w", encoding="ascii") as out:
            out.writelines(lines)

    def gate(self, **config):
        """A gate whose socket is where contrib says that it is."""
        folder = os.path.join(self.queue, "crm-notice")
        if not os.path.isdir(folder):
            os.mkdir(folder, 0o755)
        return Daemon(dict(config, socket_group="mail"), user="nobody",
                      socket_text="unix:" + os.path.join(folder, "milter.sock"))


def said(done):
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def test_postconf_takes_the_snippets():
    with Site(contrib("main.cf"), contrib("master.cf").replace(PORT, str(free_port()))) as site:
        done = site.run("postconf", "-n")
        equal((done.returncode, done.stderr), (0, b""), "postconf -n")
        for line in contrib("main.cf").splitlines():
            if not line.startswith("#"):
                contains(said(done), line)
        for option in ("-M", "-P"):
            done = site.run("postconf", option)
            equal((done.returncode, done.stderr), (0, b""), "postconf " + option)
        contains(said(done), "milter_default_action = tempfail")


def test_all_mail_passes_the_gate_with_the_main_snippet():
    with Site(main=contrib("main.cf")) as site, site.gate() as gate:
        with site.client() as client:
            contains(client.send(planned(start=2 * DAY)), "550")
        gate.syslog.wait("verdict=reject")
        with site.client() as client:
            contains(client.send(ordinary()), "250")


def test_the_service_for_notices_is_gated_and_the_other_is_not():
    port = free_port()
    with Site(master=contrib("master.cf").replace(PORT, str(port))) as site:
        outbound = {"daemon_names": ["NOTICES"]}
        with site.gate(outbound=outbound) as gate:
            with Client(port) as client:
                contains(client.send(planned(start=2 * DAY)), "550")
            with Client(port) as client:
                contains(client.send(planned()), "250")
            equal(len(gate.syslog.find("notice=yes")), 2, "notices judged")
            with site.client() as client:
                contains(client.send(planned(start=2 * DAY)), "250")
            equal(len(gate.syslog.find("notice=yes")), 2, "notices judged")
        # With the gate gone, notices wait and other mail does not.
        with Client(port) as client:
            contains(client.send(planned()), "451")
        with site.client() as client:
            contains(client.send(ordinary()), "250")


if __name__ == "__main__":
    sys.exit(tap.run(globals()))
