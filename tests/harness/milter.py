"""The MTA's side of the milter protocol (version 6), as strict or as careless as a test wants.

The protocol is libmilter's: a packet is a 32-bit length, a command letter and its data. The
filter answers each command but those it asked not to; at the end of a message it first sends
what it wants changed.
"""

import socket
import struct

# Actions a filter may ask for, and steps it may leave out or leave unanswered (mfdef.h).
ADD_FIELDS, CHANGE_BODY, ADD_RCPT, DEL_RCPT, CHANGE_FIELDS, QUARANTINE = 1, 2, 4, 8, 16, 32
SET_MACROS = 0x100
ALL_ACTIONS = 0x1FF
ALL_STEPS = 0x1FFFFF
NO_STEP = {"C": 0x1, "H": 0x2, "M": 0x4, "R": 0x8, "B": 0x10, "L": 0x20, "N": 0x40, "U": 0x100,
           "T": 0x200}
NO_REPLY = {"L": 0x80, "C": 0x1000, "H": 0x2000, "M": 0x4000, "R": 0x8000, "T": 0x10000,
            "U": 0x20000, "N": 0x40000, "B": 0x80000}
LEADING_SPACE = 0x100000
CHUNK = 65535


class Closed(Exception):
    """The filter hung up."""


class Outcome:
    """What the filter said at the end of a message."""

    def __init__(self):
        self.status = None       # "continue", "accept", "reject", "tempfail", "discard"
        self.reply = None        # the text of a reply code packet
        self.inserted = []       # (index, name, value)
        self.added = []          # (name, value)
        self.changed = []        # (index, name, value): value "" deletes
        self.quarantined = None
        self.deleted_recipients = []

    def apply(self, fields):
        """The fields as an MTA sends them on: Postfix's way of counting (present fields only)."""
        fields = list(fields)
        for index, name, value in self.changed:
            at = [i for i, f in enumerate(fields) if f[0].lower() == name.lower()]
            if index <= len(at):
                if value == "":
                    del fields[at[index - 1]]
                else:
                    fields[at[index - 1]] = (fields[at[index - 1]][0], value)
        for index, name, value in self.inserted:
            fields.insert(max(0, index), (name, value))
        return fields + self.added


class Milter:
    def __init__(self, address, timeout=60):
        kind, rest = address.split(":", 1)
        if kind in ("unix", "local"):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(timeout)
            self.socket.connect(rest)
        else:
            port, host = rest.split("@")
            family = socket.AF_INET6 if kind == "inet6" else socket.AF_INET
            self.socket = socket.socket(family)
            self.socket.settimeout(timeout)
            self.socket.connect((host, int(port)))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.steps = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def close(self):
        self.socket.close()

    def send(self, command, data=b""):
        self.socket.sendall(struct.pack("!I", len(data) + 1) + command.encode() + data)

    def _exactly(self, n):
        data = b""
        while len(data) < n:
            piece = self.socket.recv(n - len(data))
            if not piece:
                raise Closed
            data += piece
        return data

    def receive(self):
        try:
            n = struct.unpack("!I", self._exactly(4))[0]
            data = self._exactly(n)
        except (ConnectionResetError, BrokenPipeError):
            raise Closed from None
        return chr(data[0]), data[1:]

    def negotiate(self, actions=ALL_ACTIONS, steps=ALL_STEPS, version=6):
        self.send("O", struct.pack("!III", version, actions, steps))
        command, data = self.receive()
        if command != "O":
            raise Closed(command)
        self.version, self.actions, self.steps = struct.unpack("!III", data[:12])
        self.macro_lists = data[12:]
        return self

    def macros(self, command, **values):
        data = command.encode()
        for name, value in values.items():
            name = name if len(name) == 1 else "{%s}" % name
            data += name.encode() + b"\0" + value.encode() + b"\0"
        self.send("D", data)

    def step(self, command, data=b""):
        """Sends a command unless the filter does not want it; its answer, or None."""
        if self.steps & NO_STEP.get(command, 0):
            return None
        self.send(command, data)
        if self.steps & NO_REPLY.get(command, 0):
            return None
        return self.receive()

    def connect(self, host="client.example", address="192.0.2.7", daemon_name="smtpd"):
        self.macros("C", j="mx.example", daemon_name=daemon_name)
        if address is None:
            return self.step("C", host.encode() + b"\0U")
        family = b"6" if ":" in address else b"4"
        return self.step("C", host.encode() + b"\0" + family + struct.pack("!H", 4711) +
                         address.encode() + b"\0")

    def helo(self, name="client.example"):
        return self.step("H", name.encode() + b"\0")

    def mail(self, sender="notices@crm.example", sasl=None):
        if sasl:
            self.macros("M", auth_authen=sasl)
        return self.step("M", b"<" + sender.encode() + b">\0")

    def rcpt(self, recipient="ada@contoso.example", queue_id="4Fz1"):
        if queue_id:
            self.macros("R", i=queue_id)
        return self.step("R", b"<" + recipient.encode() + b">\0")

    def field(self, name, value):
        if not self.steps & LEADING_SPACE and value[:1] in (" ", "\t"):
            value = value[1:]
        return self.step("L", name.encode("utf-8", "surrogateescape") + b"\0" +
                         value.encode("utf-8", "surrogateescape") + b"\0")

    def body(self, data):
        for at in range(0, len(data), CHUNK):
            self.step("B", data[at:at + CHUNK])

    def end(self, queue_id="4Fz1"):
        if queue_id:
            self.macros("E", i=queue_id)
        self.send("E")
        return self.outcome()

    def outcome(self):
        result = Outcome()
        final = {"c": "continue", "a": "accept", "r": "reject", "t": "tempfail", "d": "discard"}
        while result.status is None:
            command, data = self.receive()
            if command in final:
                result.status = final[command]
            elif command == "y":
                result.reply = undouble(data.rstrip(b"\0").decode())
                result.status = "reject" if result.reply[0] == "5" else "tempfail"
            elif command in "im":
                index = struct.unpack("!I", data[:4])[0]
                name, value = data[4:].split(b"\0")[:2]
                (result.inserted if command == "i" else result.changed).append(
                    (index, name.decode(), value.decode()))
            elif command == "h":
                name, value = data.split(b"\0")[:2]
                result.added.append((name.decode(), value.decode()))
            elif command == "q":
                result.quarantined = data.rstrip(b"\0").decode()
            elif command == "-":
                result.deleted_recipients.append(data.rstrip(b"\0").decode())
            elif command != "p":
                raise ValueError("unexpected %r %r" % (command, data))
        return result

    def abort(self):
        self.send("A")

    def quit(self):
        self.send("Q")
        self.close()

    def message(self, message, sender="notices@crm.example", recipients=("ada@contoso.example",),
                sasl=None, queue_id="4Fz1"):
        """One whole message from its bytes; lines end in CRLF or LF."""
        fields, body = split(message)
        self.mail(sender, sasl)
        for recipient in recipients:
            self.rcpt(recipient, queue_id)
        self.step("T")
        for name, value in fields:
            self.field(name, value)
        self.step("N")
        self.body(body)
        return self.end(queue_id)


def undouble(text):
    """A reply is a printf format on its way: as MTAs do, a lone % is an error."""
    if "%" in text.replace("%%", ""):
        raise ValueError("a lone %% in %r" % text)
    return text.replace("%%", "%")


def split(message):
    """Fields as an MTA hands them on (folds as LF), and the body with CRLF line ends."""
    if b"\r\n" not in message:
        message = message.replace(b"\n", b"\r\n")
    head, _, body = message.partition(b"\r\n\r\n")
    fields = []
    for line in head.decode("utf-8", "surrogateescape").split("\r\n"):
        if line[:1] in (" ", "\t") and fields:
            fields[-1][1] += "\n" + line
        else:
            name, _, value = line.partition(":")
            fields.append([name, value])
    return [tuple(f) for f in fields], body
