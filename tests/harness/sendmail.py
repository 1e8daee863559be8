"""A Sendmail of our own, from its unpacked package, with a configuration of its own: whatever it
takes goes to the sink."""

import os
import shutil
import signal
import subprocess
import tempfile

from harness.daemon import ROOT
from harness.sink import Sink, free_port
from harness.smtp import Client
from harness.tap import Skip, wait_for

PROGRAM = os.path.join(ROOT, "build", "mta", "sendmail", "usr/libexec/sendmail/sendmail")

CONFIG = """\
V10/Berkeley
Cwlocalhost gate.crm.example
Djgate.crm.example
DnMAILER-DAEMON
Troot
O QueueDirectory={folder}/queue
O PidFile={folder}/pid
O StatusFile=/dev/null
O TempFileMode=0600
O DefaultUser=8:8
O DeliveryMode=background
O DaemonPortOptions=Name=MTA, Addr=127.0.0.1, Port={port}
O DontBlameSendmail=GroupWritableDirPathSafe,TrustStickyBit
O LogLevel=9
O Timeout.initial=30s
O Timeout.ident=0
O UseMSP=False
O MaxMessageSize=52428800
O PrivacyOptions=goaway
O SmtpGreetingMessage=$j sendmail
O OperatorChars=.:%@!^/[]+
O InputMailFilters=crm-notice
O Milter.LogLevel=9
Xcrm-notice, S={milter}, F=T, T=S:10s;R:30s;E:4m
HReceived: from $s by $j with $r id $i; $b
Scanonify=3
R$* < $* > $*\t\t$2
Sfinal=4
Sparse=0
R$*\t\t$#smtp $@ [127.0.0.1] $: $1
Mlocal, P=/bin/false, F=l, S=0, R=0, A=false
Mprog, P=/bin/false, F=l, S=0, R=0, A=false
Msmtp, P=[IPC], F=mDFMuXk, S=0, R=0, E=\\r\\n, L=2040, T=DNS/RFC822/SMTP, A=TCP $h {sink}
"""


def own_hostname():
    """Sendmail sleeps for a minute where the machine's name has no domain: it gets another name, in
    a namespace of its own, where the system lets us make one."""
    command = ["unshare", "--uts", "sh", "-c", 'hostname gate.crm.example && exec "$@"', "sh"]
    try:
        done = subprocess.run(command + ["true"], capture_output=True, timeout=10)
    except OSError:
        return []
    return command if done.returncode == 0 else []


class Sendmail:
    def __init__(self, milter):
        if os.geteuid() != 0:
            raise Skip("Sendmail can be started by root only")
        if not os.path.exists(PROGRAM):
            raise Skip("no unpacked Sendmail: make deps")
        self.folder = tempfile.mkdtemp(prefix="crm-notice-sendmail-")
        os.chmod(self.folder, 0o755)
        os.mkdir(os.path.join(self.folder, "queue"), 0o700)
        self.port, self.sink = free_port(), Sink()
        self.config = os.path.join(self.folder, "sendmail.cf")
        with open(self.config, "w", encoding="ascii") as out:
            out.write(CONFIG.format(folder=self.folder, port=self.port, sink=self.sink.port,
                                    milter=milter))
        self.process = subprocess.Popen(
            own_hostname() + [PROGRAM, "-C", self.config, "-bD", "-X", os.path.join(self.folder, "traffic")],
            stdin=subprocess.DEVNULL, stdout=open(os.path.join(self.folder, "out"), "wb"),
            stderr=subprocess.STDOUT, start_new_session=True)

        def ready():
            if self.process.poll() is not None:
                raise AssertionError("Sendmail ended: " + self.said())
            try:
                Client(self.port, 5).close()
                return True
            except OSError:
                return False
        try:
            wait_for(ready, 100, "Sendmail")
        except BaseException:
            self.close()
            raise

    def said(self):
        with open(os.path.join(self.folder, "out"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def client(self):
        return Client(self.port)

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.sink.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
