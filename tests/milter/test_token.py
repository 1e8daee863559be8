#!/usr/bin/env python3
"""Keys that never leave their token: a TPM (swtpm and OpenSSL's provider tpm2), and a PKCS #11 token
(SoftHSM and the provider pkcs11) where that provider is on the machine."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import tap
from harness.daemon import POLICIES, PROGRAM, TOOL, Daemon, Syslog, start_failure
from harness.mail import planned
from harness.milter import Milter
from harness.tap import check, contains, equal, wait_for

RECIPIENTS = ["ada@contoso.example"]
MODULES = subprocess.run(["openssl", "version", "-m"], stdout=subprocess.PIPE,
                         check=True).stdout.decode().split('"')[1]
TPM2 = os.environ.get("TPM2_PROVIDER", os.path.join(MODULES, "tpm2.so"))
PKCS11 = os.environ.get("PKCS11_PROVIDER", os.path.join(MODULES, "pkcs11.so"))
SOFTHSM = os.environ.get("SOFTHSM", "/usr/lib/softhsm/libsofthsm2.so")
# "?pass": the key asks for its PIN.
RSA, EC = "handle:0x81000010?pass", "handle:0x81000011?pass"
PIN = "open sesame"


def need(*names):
    for name in names:
        if not (os.path.exists(name) if "/" in name else shutil.which(name)):
            raise tap.Skip("there is no %s here" % name)


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          **options)
    equal(done.returncode, 0, "%s: %s" % (command, done.stdout.decode()))
    return done.stdout.decode()


class Folder:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="crm-notice-token-")
        self.write("pin", PIN + "\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "w", encoding="ascii") as out:
            out.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def verified(self, message, public):
        text = run(TOOL, "verify", "--key", "t1=" + public, "--rcpt", RECIPIENTS[0], "-",
                   input=message)
        contains(text, ": valid:")

    def close(self):
        shutil.rmtree(self.folder)


class Tpm(Folder):
    """A TPM in software with an RSA and an EC key, both behind a PIN."""

    def __init__(self):
        need("swtpm", "tpm2", TPM2)
        super().__init__()
        socket = self.path("tpm")
        self.process = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + self.folder, "--server",
             "type=unixio,path=" + socket, "--ctrl", "type=unixio,path=%s.ctrl" % socket,
             "--flags", "startup-clear"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists(socket), 10, "the TPM's socket")
        self.environment = {"TPM2OPENSSL_TCTI": "swtpm:path=" + socket,
                            "TPM2TOOLS_TCTI": "swtpm:path=" + socket}
        os.environ.update(self.environment)
        run("tpm2", "createprimary", "-Q", "-C", "o", "-G", "rsa2048", "-c", self.path("primary"))
        self.create("rsa2048:rsassa-sha256:null", RSA)
        self.create("ecc256:ecdsa-sha256:null", EC)

    def create(self, kind, handle):
        public, private, context = (self.path("key." + end) for end in ("pub", "priv", "ctx"))
        number = handle.split(":")[1].split("?")[0]
        run("tpm2", "flushcontext", "-t")
        run("tpm2", "create", "-Q", "-C", self.path("primary"), "-G", kind, "-p", PIN, "-a",
            "sign|fixedtpm|fixedparent|sensitivedataorigin|userwithauth", "-u", public, "-r", private)
        run("tpm2", "flushcontext", "-t")
        run("tpm2", "load", "-Q", "-C", self.path("primary"), "-u", public, "-r", private, "-c",
            context)
        run("tpm2", "evictcontrol", "-Q", "-C", "o", "-c", context, number)
        run("tpm2", "flushcontext", "-t")

    def public(self, handle):
        return self.write("public.pem", run(TOOL, "key", "--provider", TPM2, "--passphrase",
                                            self.path("pin"), handle))

    def config(self, key=RSA, pin="pin", providers=(TPM2,), **more):
        seal = {"key": key, "selector": "t1"}
        if pin:
            seal["passphrase"] = self.path(pin)
        return dict({"seal": seal, "openssl": {"providers": list(providers)}}, **more)

    def close(self):
        self.process.terminate()
        self.process.wait()
        super().close()


def seals(daemon):
    """A notice as it leaves, sealed."""
    with daemon.session() as m:
        return sealed(m)


def sealed(m):
    message = planned()
    result = m.message(message, recipients=RECIPIENTS)
    equal(result.status, "continue", result.reply)
    seal = [field for field in result.inserted if field[1] == "X-CRM-Notice-Seal"]
    equal(len(seal), 1, "seals")
    added = "".join("%s: %s\r\n" % (name, value) for _, name, value in result.inserted)
    return added.replace("\r\n", "\n").replace("\n", "\r\n").encode() + message


def test_a_notice_is_sealed_in_the_tpm(t):
    for key in (RSA, EC):
        with Daemon(t.config(key=key)) as d:
            t.verified(seals(d), t.public(key))
            d.reload()
            t.verified(seals(d), t.public(key))


def test_notices_at_the_same_moment_are_sealed(t):
    """The provider has one connection to the TPM for all threads, and no lock."""
    failures = []
    with Daemon(t.config(key=EC)) as d:
        def send():
            try:
                with d.session() as m:
                    for _ in range(8):
                        sealed(m)
            except Exception as error:  # told by the test's own thread
                failures.append(error)

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    equal(failures, [])


def test_a_checkpoint_is_signed_in_the_tpm(t):
    config = t.config()
    config["audit"] = {"file": t.path("audit"), "checkpoint":
                       {"key": RSA, "passphrase": t.path("pin"), "selector": "t1", "every": 1}}
    with Daemon(config) as d:
        seals(d)
        d.syslog.wait("audit checkpoint: v=1")
    contains(run(TOOL, "audit", "verify", "--key", "t1=" + t.public(RSA), t.path("audit")),
             "signed up to record 1")


def test_a_policy_is_signed_in_the_tpm(t):
    certificate = t.path("signer.pem")
    run("openssl", "req", "-x509", "-provider", TPM2, "-provider", "default", "-key", EC, "-passin",
        "file:" + t.path("pin"), "-subj", "/CN=signer", "-days", "9", "-addext",
        "keyUsage=critical,digitalSignature,keyCertSign", "-addext",
        "extendedKeyUsage=emailProtection", "-out", certificate)
    policy = t.write("policy.yaml", "extends: crm-online.yaml\npolicy: p\nversion: 1\nserial: 1\n")
    sign = [TOOL, "policy", "sign", "--certificate", certificate, "--key", EC, "--provider", TPM2]
    run(*sign, "--passphrase", t.path("pin"), policy)
    contains(run(TOOL, "policy", "verify", "--anchors", certificate, "--signers", certificate,
                 "--policy-path", POLICIES, policy), "serial 1")
    done = subprocess.run(sign + [policy], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    equal(done.returncode, 78, done.stdout)


def test_what_is_wrong_is_said(t):
    t.write("wrong", "open barley\n")
    t.write("open", PIN + "\n", 0o644)
    t.write("empty", "\n")
    t.write("long", PIN * 100)
    for config, words in (
            (t.config(pin="open"), "mode 0644"),
            (t.config(pin="empty"), "no passphrase"),
            (t.config(pin="long"), "that is no passphrase"),
            (t.config(key="handle:0x810000ff"), "no private key there"),
            (t.config(key="nowhere:gate"), "no provider of OpenSSL opens this"),
            (t.config(providers=()), "no provider of OpenSSL opens this"),
            (t.config(providers=("nowhere",)), "provider nowhere cannot be loaded"),
            (t.config(key="pkcs11:token=gate?pin-value=1234"), "does not belong in the URI"),
            (t.config(key="file:" + t.path("absent")), "No such file"),
            (t.config(key="file:absent"), "has to be a path that begins with /")):
        status, text = start_failure(config)
        equal(status, 78, text)
        contains(text, words)
        check(PIN not in text and "1234" not in text.replace("crm-notice", ""), text)


def test_a_wrong_pin_seals_nothing(t):
    """A TPM looks at it only to sign: the daemon tries that at start."""
    for pin, words in (("wrong", "cannot sign"), (None, "no private key there, or the PIN")):
        status, text = start_failure(t.config(pin=pin))
        equal(status, 78, text)
        contains(text, words)
    run("tpm2", "dictionarylockout", "-Q", "--clear-lockout")


def test_a_change_of_providers_needs_a_restart(t):
    with Daemon(t.config()) as d:
        d.config["openssl"] = {"providers": [TPM2, "legacy"]}
        d.write_config()
        d.reload()
        contains(d.syslog.wait("in force after a restart only"), "openssl")
        t.verified(seals(d), t.public(RSA))


class Hsm(Folder):
    def __init__(self):
        need("softhsm2-util", "pkcs11-tool", PKCS11, SOFTHSM)
        super().__init__()
        os.mkdir(self.path("tokens"))
        os.environ["SOFTHSM2_CONF"] = self.write(
            "softhsm2.conf", "directories.tokendir = %s\n" % self.path("tokens"))
        run("softhsm2-util", "--module", SOFTHSM, "--init-token", "--free", "--label", "gate",
            "--pin", PIN, "--so-pin", "5678")
        # The provider finds the public half by the id.
        for number, (label, kind) in enumerate((
                ("rsa", "rsa:2048"), ("ed", "EC:edwards25519"), ("ec", "EC:prime256v1"),
                ("rsa2", "rsa:2048"))):
            self.tool("--keypairgen", "--key-type", kind, "--label", label, "--id", "0%d" % number)
        self.cnf = self.write("openssl.cnf", """\
openssl_conf = a
[a]
providers = b
[b]
default = c
pkcs11 = d
[c]
activate = 1
[d]
module = %s
pkcs11-module-path = %s
activate = 1
""" % (PKCS11, SOFTHSM))

    def tool(self, *arguments):
        return run("pkcs11-tool", "--module", SOFTHSM, "--login", "--pin", PIN, "--token-label",
                   "gate", *arguments)

    def public(self, label):
        return self.write("public.pem", run(TOOL, "key", "--openssl-config", self.cnf,
                                            "--passphrase", self.path("pin"),
                                            "pkcs11:token=gate;object=%s;type=private" % label))

    def config(self, label, pin="pin"):
        seal = {"key": "pkcs11:token=gate;object=%s;type=private" % label, "selector": "t1"}
        if pin:
            seal["passphrase"] = self.path(pin)
        return {"seal": seal, "openssl": {"config": self.cnf}}


def test_pkcs11(_):
    if "san" in os.environ.get("B", ""):
        raise tap.Skip("the provider loads modules in a way that sanitizers do not take")
    hsm = Hsm()
    try:
        pkcs11_seals(hsm)
        pkcs11_goes_to_the_background(hsm)
        pkcs11_faults(hsm)
    finally:
        hsm.close()


def pkcs11_seals(hsm):
    for label in ("rsa", "ed", "ec"):
        with Daemon(hsm.config(label)) as d:
            hsm.verified(seals(d), hsm.public(label))
            d.reload()
            hsm.verified(seals(d), hsm.public(label))


def pkcs11_goes_to_the_background(hsm):
    """What was told to a token before a fork does not hold after it."""
    daemon = Daemon(hsm.config("rsa"), start=False)
    log = Syslog(daemon.path("log.sock"))
    run(PROGRAM, "-c", daemon.path("crm-notice.yaml"), "-p", daemon.path("pid"),
        env=daemon.environment)
    with open(daemon.path("pid"), encoding="ascii") as f:
        pid = int(f.read())
    try:
        with Milter(daemon.socket) as m:
            m.negotiate()
            m.connect()
            hsm.verified(sealed(m), hsm.public("rsa"))
    finally:
        os.kill(pid, 15)
        log.wait(": stopped")
        log.close()
        shutil.rmtree(daemon.folder)


def pkcs11_faults(hsm):
    hsm.write("wrong", "4321\n")
    for config, words in ((hsm.config("absent"), "no private key there"),
                          (hsm.config("rsa", pin="wrong"), "no private key there"),
                          (hsm.config("rsa", pin=None), "no private key there")):
        status, text = start_failure(config)
        equal(status, 78, text)
        contains(text, words)
    config = hsm.config("rsa")
    config["seal"]["key"] = "pkcs11:token=gate;type=private"
    status, text = start_failure(config)
    equal(status, 78, text)
    contains(text, "4 private keys have this name")


if __name__ == "__main__":
    sys.exit(tap.run(globals(), Tpm, lambda t: t.close() if t is not None else None))
