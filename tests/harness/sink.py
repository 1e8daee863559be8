"""An SMTP server that takes everything and keeps it, byte for byte."""

import socketserver
import threading

from harness.tap import wait_for


class Handler(socketserver.StreamRequestHandler):
    def reply(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        sender, recipients = None, []
        self.reply("220 sink ESMTP")
        while True:
            line = self.rfile.readline()
            word = line[:4].upper()
            if not line or word == b"QUIT":
                self.reply("221 bye")
                return
            if word == b"EHLO":
                self.reply("250-sink\r\n250-8BITMIME\r\n250 SIZE 100000000")
            elif word == b"MAIL":
                sender, recipients = line[line.index(b"<") + 1:line.index(b">")].decode(), []
                self.reply("250 ok")
            elif word == b"RCPT":
                recipients.append(line[line.index(b"<") + 1:line.index(b">")].decode())
                self.reply("250 ok")
            elif word == b"DATA":
                self.reply("354 go on")
                self.server.messages.append((sender, recipients, self.data()))
                self.reply("250 kept")
            else:
                self.reply("250 ok")

    def data(self):
        lines = []
        while True:
            line = self.rfile.readline()
            if line in (b".\r\n", b""):
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        self.messages = []
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    def wait(self, part, seconds=15):
        """The first message kept that contains part."""
        part = part.encode() if isinstance(part, str) else part
        return wait_for(lambda: next((m for m in self.messages if part in m[2]), None), seconds,
                        "delivery of %r" % part)

    def handle_error(self, request, client_address):
        """A mail server that is killed hangs up in the middle."""

    def close(self):
        self.shutdown()
        self.server_close()
