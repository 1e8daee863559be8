"""A Postfix of our own, from its unpacked package: own queue, own ports, nothing installed.

Postfix's master has to be started by root; everything else runs as users that every Debian
system has.
"""

import grp
import os
import pwd
import subprocess

from harness.daemon import ROOT
from harness.server import MailServer
from harness.tap import Skip, wait_for

UNPACKED = os.path.join(ROOT, "build", "mta", "postfix")
OWNER, GROUP, PRIVS = "mail", "operator", "nobody"

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

MAIN = {
    "compatibility_level": "3.6",
    "mail_owner": OWNER,
    "setgid_group": GROUP,
    "default_privs": PRIVS,
    "myhostname": "gate.crm.example",
    "inet_interfaces": "127.0.0.1",
    "inet_protocols": "ipv4",
    "mynetworks": "127.0.0.0/8",
    "mydestination": "",
    "alias_maps": "",
    "alias_database": "",
    "local_transport": "error:no local mail here",
    "smtpd_relay_restrictions": "permit_mynetworks, reject",
    "smtp_tls_security_level": "none",
    "smtputf8_enable": "no",
    "message_size_limit": "52428800",
    "milter_connect_timeout": "5s",
    "maillog_file_rotate_suffix": "%Y",
    "import_environment": "MAIL_CONFIG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME "
                          "LD_LIBRARY_PATH",
    "export_environment": "TZ MAIL_CONFIG LANG LD_LIBRARY_PATH",
}


class Postfix(MailServer):
    def __init__(self, milter, **settings):
        if os.geteuid() != 0:
            raise Skip("Postfix can be started by root only")
        if not os.path.exists(UNPACKED):
            raise Skip("no unpacked Postfix: make deps")
        super().__init__("postfix")
        self.settings = dict(MAIN, **self._paths())
        self.settings["relayhost"] = "[127.0.0.1]:%d" % self.sink.port
        self.settings["smtpd_milters"] = self.settings["non_smtpd_milters"] = milter
        self.settings.update(settings)
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "MAIL_CONFIG": self.conf,
                            "LD_LIBRARY_PATH": os.path.join(UNPACKED, "usr/lib/postfix")}
        self._make_folders()
        self._write()
        master = os.path.join(UNPACKED, "usr/lib/postfix/sbin/master")
        self.launch([master, "-c", self.conf, "-d"], seconds=30, env=self.environment)

    def _paths(self):
        self.conf = self.path("conf")
        self.queue = self.path("queue")
        self.log_file = self.path("maillog/log")
        return {
            "queue_directory": self.queue,
            "data_directory": self.path("data"),
            "command_directory": os.path.join(UNPACKED, "usr/sbin"),
            "daemon_directory": os.path.join(UNPACKED, "usr/lib/postfix/sbin"),
            "shlib_directory": os.path.join(UNPACKED, "usr/lib/postfix"),
            "meta_directory": os.path.join(UNPACKED, "etc/postfix"),
            "sendmail_path": os.path.join(UNPACKED, "usr/sbin/sendmail"),
            "maillog_file": self.log_file,
            "maillog_file_prefixes": self.folder,
        }

    def _make_folders(self):
        owner, group = pwd.getpwnam(OWNER).pw_uid, grp.getgrnam(GROUP).gr_gid
        for name in ("conf", "maillog", "data", "queue"):
            os.mkdir(self.path(name), 0o755)
        os.chown(self.path("data"), owner, -1)
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold",
                     "incoming", "private", "saved", "trace"):
            os.mkdir(os.path.join(self.queue, name), 0o700)
            os.chown(os.path.join(self.queue, name), owner, -1)
        os.mkdir(os.path.join(self.queue, "pid"), 0o755)
        for name, mode in (("maildrop", 0o730), ("public", 0o710)):
            os.mkdir(os.path.join(self.queue, name))
            os.chown(os.path.join(self.queue, name), owner, group)
            os.chmod(os.path.join(self.queue, name), mode)

    def _write(self):
        with open(os.path.join(self.conf, "main.cf"), "w", encoding="ascii") as out:
            for name, value in self.settings.items():
                out.write("%s = %s\n" % (name, value))
        with open(os.path.join(self.conf, "master.cf"), "w", encoding="ascii") as out:
            out.write(MASTER.format(port=self.port))

    def run(self, program, *arguments, data=None):
        return subprocess.run([os.path.join(UNPACKED, "usr/sbin", program), *arguments],
                              env=self.environment, input=data, capture_output=True, timeout=60)

    def log(self):
        text = super().log()
        if os.path.exists(self.log_file):
            with open(self.log_file, encoding="utf-8", errors="replace") as f:
                text += f.read()
        return text

    def wait_log(self, *parts, seconds=15):
        def find():
            return [l for l in self.log().splitlines() if all(p in l for p in parts)]
        return wait_for(find, seconds, "a line of Postfix's log with %r" % (parts,))[-1]

    def queue_ids(self, name):
        found = []
        for _, _, files in os.walk(os.path.join(self.queue, name)):
            found += files
        return found

    def kill(self):
        """Postfix's children follow their master, if that has the time to tell them."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        super().kill()
