#!/usr/bin/env python3
"""Directories behind TLS: whose certificate is believed, and what is said of the others."""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import PROGRAM, TOOL
from harness.databases import Postgres, Slapd
from harness.keys import Keys
from harness.server import free_port
from harness.tap import check, contains, equal

NAME = "db.crm.example"


class Site:
    def __init__(self):
        self.keys = Keys()
        self.certificates = {
            "right": self.keys.server("right", NAME),
            "address": self.keys.server("address", "127.0.0.1"),
            "stranger": self.keys.server("stranger-tls", NAME, authority="other-ca"),
            "stranger-address": self.keys.server("stranger-ip", "127.0.0.1", authority="other-ca"),
            "expired": self.keys.server("expired-tls", NAME, days=-1),
            "expired-address": self.keys.server("expired-ip", "127.0.0.1", days=-1),
        }

        self.postgres = Postgres()

    def close(self):
        self.postgres.close()
        self.keys.close()


def ask(source):
    """Exit status and words of crm-notice directory check."""
    done = subprocess.run([TOOL, "directory", "check", source], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, text=True)
    return done.returncode, done.stdout


def refused(source, *words):
    status, said = ask(source)
    equal(status, 69, said)
    for word in words:
        contains(said, word)


def accepted(source):
    status, said = ask(source)
    equal(status, 0, said)


def test_postgresql_on_another_machine_shows_its_certificate(s):
    authority = "sslrootcert = %s\n" % s.keys.path("ca.pem")
    server = s.postgres
    server.show(*s.certificates["right"])
    # The name to look for is one thing, the address to go to another.
    host = "postgresql://%s/crm?hostaddr=127.0.0.1&port=%d" % (NAME, server.port)
    accepted(server.config(hosts=host, more=authority))
    accepted(server.config(hosts=host + "&sslrootcert=" + s.keys.path("ca.pem")))
    # The system's authorities do not know it, and without TLS it is not asked.
    refused(server.config(hosts=host), "certificate verify failed", "ca-certificates.crt")
    accepted(server.config(hosts=host, more="sslmode = require\n"))
    accepted(server.config(hosts=host + "&sslmode=require"))
    server.show(*s.certificates["address"])
    refused(server.config(hosts=host, more=authority), "127.0.0.1", NAME,
            "does not match host name")
    accepted(server.config(hosts=host, more=authority + "sslmode = verify-ca\n"))
    for name in ("stranger", "expired"):
        server.show(*s.certificates[name])
        refused(server.config(hosts=host, more=authority), "certificate verify failed",
                "not of an authority in " + s.keys.path("ca.pem"), "not valid today")
    # This machine is believed, unless the file says otherwise.
    here = "127.0.0.1:%d" % server.port
    accepted(server.config(hosts=here))
    refused(server.config(hosts=here, more="sslmode = verify-full\n" + authority),
            "certificate verify failed")
    # One that is first in a list does not vouch for the others.
    refused(server.config(hosts="postgresql://%s,%s:%d/crm" % (here, NAME, server.port)),
            "certificate verify failed")


def test_postgresql_without_tls_is_not_taken_for_one_with(s):
    server = s.postgres
    server.show(*s.certificates["right"])
    server.options[server.options.index("ssl=on")] = "ssl=off"
    server.kill()
    server.start()
    host = "postgresql://%s/crm?hostaddr=127.0.0.1&port=%d" % (NAME, server.port)
    refused(server.config(hosts=host), "does not support SSL, but SSL was required")
    accepted(server.config(hosts=host, more="sslmode = disable\n"))


def test_a_uri_that_is_none(s):
    server = s.postgres
    status, said = ask(server.config(hosts="postgresql://gate:geheim@[::1/crm?bad"))
    equal(status, 78, said)
    contains(said, "gate.cf: ")
    check("geheim" not in said, said)


def ldap_certificates(s, server, source):
    own, other = s.keys.path("ca.pem"), s.keys.path("other-ca.pem")
    server.show(*s.certificates["address"])
    accepted(source(own))
    refused(source(other), "certificate is not of an authority in " + other)
    for name in ("right", "stranger-address", "expired-address"):
        server.show(*s.certificates[name])
        refused(source(own), "not of an authority in " + own, "not for the name", "not valid today")
    # It is the authority that the stranger was refused for.
    server.show(*s.certificates["stranger-address"])
    accepted(source(other))


def test_ldap_with_starttls(s):
    with Slapd("security tls=1") as server:
        host = "ldap://127.0.0.1:%d" % server.port
        ldap_certificates(s, server, lambda authority: server.config(
            host=host, more="start_tls = yes\ntls_ca_cert_file = %s\n" % authority))


def test_ldaps(s):
    with Slapd("security tls=1") as server:
        host = "ldaps://127.0.0.1:%d" % server.tls_port
        ldap_certificates(s, server, lambda authority: server.config(
            host=host, more="tls_ca_cert_file = %s\n" % authority))
        # As in Postfix, a file can say that no certificate is asked for.
        accepted(server.config(host=host, more="tls_require_cert = no\n"))


def test_the_daemon_says_with_n_which_server_does_not_answer(s):
    server = s.postgres
    folder = server.path("n")
    os.mkdir(folder)
    config = os.path.join(folder, "crm-notice.yaml")
    nobody = server.config("nobody.cf", hosts="127.0.0.1:%d" % free_port())
    missing = server.config("missing.cf", more="query = SELECT address FROM nowhere WHERE %s\n")
    with open(config, "w", encoding="ascii") as out:
        out.write("socket: unix:%s/sock\ndirectory: [%s]\n" %
                  (folder, ", ".join([server.config(), nobody, missing])))
    done = subprocess.run([PROGRAM, "-n", "-c", config], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, text=True)
    # Notices wait for it; that is no reason not to start.
    equal(done.returncode, 0, done.stdout)
    lines = [l for l in done.stdout.splitlines() if "does not answer" in l]
    equal(len(lines), 2, done.stdout)
    contains(lines[0], nobody)
    contains(lines[0], "refused")
    contains(lines[1], missing)
    contains(lines[1], "nowhere")
    shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Site, Site.close))
