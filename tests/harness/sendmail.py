"""A Sendmail of our own, from its unpacked package, with a configuration of its own: whatever it
takes goes to the sink."""

import os
import subprocess

from harness.daemon import ROOT
from harness.server import MailServer
from harness.tap import Skip

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


class Sendmail(MailServer):
    def __init__(self, milter):
        if os.geteuid() != 0:
            raise Skip("Sendmail can be started by root only")
        if not os.path.exists(PROGRAM):
            raise Skip("no unpacked Sendmail: make deps")
        super().__init__("sendmail")
        os.mkdir(self.path("queue"), 0o700)
        config = self.write("sendmail.cf", CONFIG.format(
            folder=self.folder, port=self.port, sink=self.sink.port, milter=milter))
        self.launch(own_hostname() + [PROGRAM, "-C", config, "-bD", "-X", self.path("traffic")],
                    seconds=100)
