"""A crm-notice-milter of our own: its configuration, its log, its end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from harness.milter import Closed, Milter
from harness.tap import wait_for

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("B", "build"))
PROGRAM = os.environ.get("CRM_NOTICE_MILTER", os.path.join(BUILD, "crm-notice-milter"))
TOOL = os.environ.get("CRM_NOTICE", os.path.join(BUILD, "crm-notice"))
POLICIES = os.path.join(ROOT, "policy")

DIRECTORY = """\
organizations:
  - id: contoso
    name: Contoso Ltd
    purchased: 2026-02-01
    timezone: Europe/Berlin
    instances:
      - {id: contoso-prod, url: "https://contoso.crm4.example.com", region: EMEA}
    contacts:
      - {address: ada@contoso.example, role: system-administrator}
      - {address: list@contoso.example, role: notification-list}
      - {address: uwe@contoso.example, role: user}
"""


class Syslog:
    """A /dev/log of our own."""

    def __init__(self, path, read=True):
        self.path = path
        self.lines = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        os.chmod(path, 0o666)
        self.socket.settimeout(0.1)
        self.stopping = False
        self.thread = threading.Thread(target=self._read, daemon=True)
        if read:
            self.thread.start()

    def start(self):
        self.thread.start()

    def _read(self):
        while not self.stopping:
            try:
                self.lines.append(self.socket.recv(65536).decode("utf-8", "replace"))
            except TimeoutError:
                continue
            except OSError:
                return

    def close(self):
        self.stopping = True
        if self.thread.is_alive():
            self.thread.join()
        self.socket.close()
        if os.path.exists(self.path):
            os.unlink(self.path)

    def find(self, *parts):
        return [line for line in self.lines if all(p in line for p in parts)]

    def wait(self, *parts, seconds=10):
        return wait_for(lambda: self.find(*parts), seconds, "a log line with %r" % (parts,))[-1]


class Daemon:
    """Runs in the foreground in a directory of its own; use as a context."""

    def __init__(self, config=None, policy=None, directory=DIRECTORY, socket_text=None,
                 user=None, start=True, environment=None, program=PROGRAM):
        self.folder = tempfile.mkdtemp(prefix="crm-notice-")
        os.chmod(self.folder, 0o755)
        self.program = program
        # The daemon may have become a user who cannot look into the checkout.
        shutil.copytree(POLICIES, self.path("policies"),
                        ignore=lambda _, names: [n for n in names if n.endswith((".c", ".h"))])
        self.environment = dict(os.environ, CRM_NOTICE_POLICY_PATH=self.path("policies"),
                                **(environment or {}))
        self.socket = socket_text or "unix:" + self.path("milter.sock")
        self.config = {"audit": {"socket": self.path("log.sock")}}
        self.config.update(config or {})
        self.config.setdefault("audit", {}).setdefault("socket", self.path("log.sock"))
        self.user = user
        self.process = None
        self.syslog = None
        if policy is not None:
            self.write("policy.yaml", policy)
        if directory is not None:
            self.write("directory.yaml", directory)
        self.write_config()
        if start:
            self.start()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)

    def write_config(self):
        """JSON is YAML, and needs no library."""
        config = {"socket": self.socket}
        for key in ("policy", "directory"):
            if os.path.exists(self.path(key + ".yaml")):
                config[key] = self.path(key + ".yaml")
        if self.user:
            config["user"] = self.user
        config.update(self.config)
        lines = []
        for key, value in config.items():
            text = value if key == "socket_mode" else json.dumps(value)
            lines.append("%s: %s\n" % (key, text))
        self.write("crm-notice.yaml", "".join(lines))

    def start(self):
        if self.syslog is None:
            self.syslog = Syslog(self.path("log.sock"))
        self.errors = open(self.path("stderr"), "ab")
        self.process = subprocess.Popen(
            [self.program, "-f", "-c", self.path("crm-notice.yaml")], stdin=subprocess.DEVNULL,
            stdout=self.errors, stderr=self.errors, env=self.environment, cwd=self.folder)
        self.wait_ready()
        return self

    def wait_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError("the daemon ended with %d: %s" %
                                     (self.process.returncode, self.stderr()))
            # It listens before it is what it will be: only an answer says that it serves.
            try:
                with Milter(self.socket, timeout=2) as m:
                    m.negotiate()
                    m.quit()
                return True
            except (OSError, Closed):
                return False
        wait_for(ready, 15, "the daemon's socket")

    def stderr(self):
        with open(self.path("stderr"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def session(self, **options):
        """A session that has negotiated and connected."""
        milter = Milter(self.socket)
        milter.negotiate(**options)
        milter.connect()
        return milter

    def reload(self, wait="reloaded:"):
        before = len(self.syslog.find(wait))
        self.process.send_signal(signal.SIGUSR1)
        wait_for(lambda: len(self.syslog.find(wait)) > before, 15, "a reload")

    def status(self):
        """The counters as a dictionary."""
        before = len(self.syslog.find("status:"))
        self.process.send_signal(signal.SIGUSR2)
        wait_for(lambda: len(self.syslog.find("status:")) > before, 10, "a status line")
        words = self.syslog.find("status:")[-1].split("status: ", 1)[1].split()
        return dict(w.split("=", 1) for w in words)

    def rss_kib(self):
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as f:
            return int(next(l for l in f if l.startswith("VmRSS")).split()[1])

    def stop(self, number=signal.SIGTERM, seconds=40):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError("the daemon did not stop: " + self.stderr()) from None
        status = self.process.returncode
        self.process = None
        return status

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            status = self.stop()
        finally:
            errors = self.stderr() if os.path.exists(self.path("stderr")) else ""
            if self.syslog:
                self.syslog.close()
            shutil.rmtree(self.folder, ignore_errors=True)
        if kind is None:
            for mark in ("AddressSanitizer", "runtime error:", "ThreadSanitizer"):
                if mark in errors:
                    raise AssertionError(errors[-4000:])
            if status not in (0, None):
                raise AssertionError("the daemon ended with %s: %s" % (status, errors[-2000:]))


def start_failure(config, **options):
    """Exit status and words of a daemon that does not start. Its socket may be there for a moment,
    so that waiting for that would not do."""
    daemon = Daemon(config, start=False, **options)
    try:
        done = subprocess.run([daemon.program, "-f", "-c", daemon.path("crm-notice.yaml")],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=30, check=False,
                              env=daemon.environment, cwd=daemon.folder)
        return done.returncode, done.stdout.decode()
    finally:
        shutil.rmtree(daemon.folder)


def stamp(seconds):
    """A time from now on, as notices write it."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(time.time() + seconds))
