"""A real mail server with its gate."""

import re

from harness.daemon import Daemon
from harness.keys import Keys


class Site:
    """server makes the mail server of a milter's address; it has client(), sink and close()."""

    def __init__(self, server, policy=None):
        self.policy = policy
        self.keys = Keys(owner="nobody")
        self.gate = Daemon({"socket_group": "mail", "socket_mode": "0660",
                            "seal": self.keys.seal(), "audit": {"ordinary_mail": True}},
                           policy=policy, user="nobody")
        try:
            self.server = server(self.gate.socket)
        except BaseException:
            self.gate.__exit__(1)
            self.keys.close()
            raise

    def send(self, message, **options):
        """The reply to one message in a session of its own."""
        with self.server.client() as client:
            return client.send(message, **options)

    def arrived(self, message, seconds=15):
        """The message as it left the server."""
        return self.server.sink.wait(message_id(message), seconds)[2]

    def set_policy(self, text):
        self.gate.write("policy.yaml", text)
        self.gate.reload()

    def close(self):
        self.server.close()
        self.gate.__exit__(None)
        self.keys.close()


def message_id(message):
    return re.search(rb"Message-ID: (<[^>]+>)", message).group(1)


def head_and_body(message):
    head, _, body = message.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def fields_of(message, prefix="x-crm-"):
    return [l for l in head_and_body(message)[0].split("\r\n") if l.lower().startswith(prefix)]
