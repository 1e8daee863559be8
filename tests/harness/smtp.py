"""A plain SMTP client: every reply whole, nothing retried."""

import socket


class Client:
    def __init__(self, port, timeout=60):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.file = self.socket.makefile("rb")
        self.read()
        self.command("EHLO client.example")

    def read(self):
        """The reply's lines, joined by LF."""
        lines = []
        while True:
            line = self.file.readline().decode("utf-8", "replace").rstrip("\r\n")
            if not line:
                raise ConnectionError("the server hung up")
            lines.append(line)
            if line[3:4] != "-":
                return "\n".join(lines)

    def command(self, text):
        self.socket.sendall(text.encode() + b"\r\n")
        return self.read()

    def send(self, message, sender="notices@crm.example", recipients=("ada@contoso.example",)):
        """The reply that decided: to the message, or to the first command that failed."""
        for command in ["MAIL FROM:<%s>" % sender] + ["RCPT TO:<%s>" % r for r in recipients]:
            reply = self.command(command)
            if reply[0] != "2":
                self.command("RSET")
                return reply
        reply = self.command("DATA")
        if reply[0] != "3":
            return reply
        stuffed = message.replace(b"\r\n.", b"\r\n..")
        if stuffed.startswith(b"."):
            stuffed = b"." + stuffed
        if not stuffed.endswith(b"\r\n"):
            stuffed += b"\r\n"
        self.socket.sendall(stuffed + b".\r\n")
        return self.read()

    def close(self):
        try:
            self.socket.sendall(b"QUIT\r\n")
        except OSError:
            pass
        self.file.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
