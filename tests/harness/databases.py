"""A PostgreSQL and an OpenLDAP of our own, on sockets that nobody else knows."""

import glob
import os
import shutil
import socket
import subprocess

from harness.server import Server, free_port
from harness.tap import Skip

SCHEMA = """\
CREATE TABLE organizations (id text PRIMARY KEY, name text, purchased date, timezone text);
CREATE TABLE instances (id text PRIMARY KEY, organization text NOT NULL, url text, host text,
    region text, timezone text);
CREATE TABLE contacts (address text NOT NULL, organization text NOT NULL, role text NOT NULL,
    instance text);
INSERT INTO organizations VALUES ('contoso', 'Contoso Ltd', '2026-02-01', 'Europe/Berlin');
INSERT INTO instances VALUES ('contoso-prod', 'contoso', 'https://contoso.crm4.example.com',
    'contoso.crm4.example.com', 'EMEA', NULL);
INSERT INTO contacts VALUES ('Ada@contoso.example', 'contoso', 'system-administrator', NULL),
    ('list@contoso.example', 'contoso', 'notification-list', 'contoso-prod'),
    ('uwe@contoso.example', 'contoso', 'user', NULL);
"""

ENTRIES = """\
dn: dc=example
objectClass: dcObject
objectClass: organization
dc: example
o: example

dn: o=contoso,dc=example
objectClass: organization
o: contoso
description: 2026-02-01

dn: cn=contoso-prod,o=contoso,dc=example
objectClass: applicationProcess
objectClass: extensibleObject
cn: contoso-prod
o: contoso
l: contoso-prod
labeledURI: https://contoso.crm4.example.com
host: contoso.crm4.example.com

dn: cn=ada,o=contoso,dc=example
objectClass: inetOrgPerson
cn: ada
sn: ada
o: contoso
mail: ada@contoso.example
mail: ada.alias@contoso.example
employeeType: system-administrator

dn: cn=uwe,o=contoso,dc=example
objectClass: inetOrgPerson
cn: uwe
sn: uwe
o: contoso
mail: uwe@contoso.example
employeeType: user
"""


class Postgres(Server):
    """On a Unix socket in its folder; the database "crm", the user "gate"."""

    def __init__(self):
        folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not folders or os.geteuid() != 0:
            raise Skip("postgresql and root are needed")
        super().__init__("pgsql")
        self.programs = folders[-1]
        self.port, self.options = None, ["-c", "listen_addresses="]
        shutil.chown(self.folder, "postgres")
        self.command("initdb", "-D", self.path("data"), "-A", "scram-sha-256", "-U", "postgres",
                     "--pwfile", self.write("password", "root\n"), "--no-sync")
        self.start()
        self.sql("CREATE ROLE gate LOGIN PASSWORD 'geheim'", "postgres")
        self.sql("CREATE DATABASE crm", "postgres")
        self.sql(SCHEMA + "GRANT SELECT ON ALL TABLES IN SCHEMA public TO gate;")

    def command(self, program, *arguments):
        subprocess.run(["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",
                        os.path.join(self.programs, program)] + list(arguments), check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, LC_ALL="C.UTF-8"), cwd=self.folder)

    def sql(self, text, database="crm"):
        subprocess.run([os.path.join(self.programs, "psql"), "-q", "-h", self.folder, "-U",
                        "postgres", "-v", "ON_ERROR_STOP=1", "-c", text, database], check=True,
                       stdout=subprocess.DEVNULL, env=dict(os.environ, PGPASSWORD="root"))

    def start(self):
        pid = self.path("data/postmaster.pid")
        if os.path.exists(pid):
            os.unlink(pid)
        self.launch(["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",
                     os.path.join(self.programs, "postgres"), "-D", self.path("data"), "-k",
                     self.folder, "-c", "fsync=off"] + self.options)

    def show(self, certificate, key):
        """Serves by TLS too, at self.port, with another certificate from now on."""
        for source, name in ((certificate, "cert.pem"), (key, "key.pem")):
            shutil.copy(source, self.path(name))
            shutil.chown(self.path(name), "postgres")
            os.chmod(self.path(name), 0o600)
        self.port = self.port or free_port()
        self.options = ["-c", "listen_addresses=127.0.0.1", "-p", str(self.port), "-c", "ssl=on",
                        "-c", "ssl_cert_file=" + self.path("cert.pem"), "-c",
                        "ssl_key_file=" + self.path("key.pem")]
        self.kill()
        self.start()

    def answers(self):
        return subprocess.run([os.path.join(self.programs, "pg_isready"), "-q", "-h", self.folder,
                               "-p", str(self.port or 5432)], check=False).returncode == 0

    def signal(self, number):
        """Its children are in sessions of their own."""
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
                                  stdout=subprocess.PIPE, check=False).stdout.split()
        for pid in [self.process.pid] + [int(c) for c in children]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def config(self, name="gate.cf", password="geheim", more="", hosts=None):
        return "pgsql:" + self.write(name, "hosts = %s\nport = %d\nuser = gate\npassword = %s\n"
                                     "dbname = crm\ntimeout = 1\n%s" %
                                     (hosts or "unix:" + self.folder, self.port or 5432, password,
                                      more), 0o600)


class Slapd(Server):
    """On a port of the loopback interface, with a certificate of its own."""

    def __init__(self, options=""):
        self.program = shutil.which("slapd", path="/usr/sbin:/usr/bin")
        if self.program is None or shutil.which("openssl") is None:
            raise Skip("slapd and openssl are needed")
        super().__init__("ldap")
        self.port, self.tls_port = free_port(), free_port()
        os.mkdir(self.path("data"))
        self.certificate()
        schemas = "".join("include /etc/ldap/schema/%s.schema\n" % name
                          for name in ("core", "cosine", "inetorgperson"))
        self.write("slapd.conf", schemas +
                   "modulepath /usr/lib/ldap\nmoduleload back_mdb\n"
                   "TLSCertificateFile %s\nTLSCertificateKeyFile %s\nTLSCACertificateFile %s\n"
                   "%s\ndatabase mdb\nmaxsize 10485760\nsuffix dc=example\n"
                   "rootdn cn=gate,dc=example\nrootpw geheim\ndirectory %s\n"
                   "index mail,o,cn eq\n" %
                   (self.path("cert.pem"), self.path("key.pem"), self.path("cert.pem"), options,
                    self.path("data")))
        subprocess.run(["/usr/sbin/slapadd", "-q", "-f", self.path("slapd.conf"), "-l",
                        self.write("entries.ldif", ENTRIES)], check=True)
        self.start()

    def certificate(self, name="cert.pem", key="key.pem"):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", self.path(key),
                        "-out", self.path(name)], check=True, stderr=subprocess.DEVNULL)
        return self.path(name)

    def start(self):
        self.launch([self.program, "-d", "0", "-f", self.path("slapd.conf"), "-h",
                     "ldap://127.0.0.1:%d ldaps://127.0.0.1:%d" % (self.port, self.tls_port)])

    def show(self, certificate, key):
        """Another certificate from now on."""
        shutil.copy(certificate, self.path("cert.pem"))
        shutil.copy(key, self.path("key.pem"))
        self.kill()
        self.start()

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def config(self, name="gate.cf", password="geheim", more="", host=None):
        return "ldap:" + self.write(
            name, "server_host = %s\nsearch_base = dc=example\n"
            "bind_dn = cn=gate,dc=example\nbind_pw = %s\ntimeout = 1\n"
            "scope_filter = (|(&(objectClass=applicationProcess)(|(l=%%s)(host=%%s)))\n"
            "    (&(objectClass=organization)(o=%%s)))\n"
            "organization_filter = (&(objectClass=organization)(o=%%s))\n"
            "everything_filter = (&(o=*)(!(dc=*)))\n"
            "purchased_attribute = description\ninstance_attribute = l\n"
            "url_attribute = labeledURI\n%s" %
            (host or "ldap://127.0.0.1:%d" % self.port, password, more), 0o600)
