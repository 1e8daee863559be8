"""A server of a test's own: a process group in a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile

from harness.sink import Sink
from harness.smtp import Client
from harness.tap import wait_for


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """What is derived from it says by answers() whether it serves."""

    def __init__(self, name):
        self.folder = tempfile.mkdtemp(prefix="crm-notice-%s-" % name)
        os.chmod(self.folder, 0o755)
        self.process = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def launch(self, command, seconds=20, **options):
        """What it says goes to the file "log"."""
        with open(self.path("log"), "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True, **options)

        def ready():
            if self.process.poll() is not None:
                raise AssertionError("%s ended: %s" % (command[0], self.log()))
            return self.answers()
        try:
            wait_for(ready, seconds, "the server of " + self.folder)
        except BaseException:
            self.close()
            raise

    def log(self):
        with open(self.path("log"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def kill(self):
        if self.process is not None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class MailServer(Server):
    """On a port of its own; whatever it takes goes to a sink."""

    def __init__(self, name):
        super().__init__(name)
        self.port, self.sink = free_port(), Sink()

    def answers(self):
        try:
            Client(self.port, 5).close()
            return True
        except OSError:
            return False

    def client(self):
        return Client(self.port)

    def close(self):
        super().close()
        self.sink.close()
