"""SIP by hand: single requests, written and read as text, and bytes that are no SIP at all."""

import itertools
import re
import socket

from stage import Failed, at

numbers = itertools.count(1)


def request(method, switch, me, number="442071234567", caller="33123", body="", **headers):
    """One request outside a dialog, as text."""
    once = next(numbers)
    lines = [f"{method} sip:{number}@{switch.where()} SIP/2.0",
             f"Via: SIP/2.0/UDP {me};branch=z9hG4bKraw{once};rport",
             f"From: <sip:{caller}@{me}>;tag=raw{once}", f"To: <sip:{number}@{switch.where()}>",
             f"Call-ID: raw{once}@{me}", f"CSeq: 1 {method}", f"Contact: <sip:{caller}@{me}>", "Max-Forwards: 70",
             *[f"{name.replace('_', '-')}: {value}" for name, value in headers.items()],
             f"Content-Length: {len(body)}", "", body]
    return "\r\n".join(lines)


def acknowledgement(invite, answer):
    """The ACK of a refusal."""
    to = re.search(r"^To:.*$", answer, re.MULTILINE).group(0).rstrip("\r")
    head = re.sub(r"^To:.*$", to, invite.split("\r\n\r\n")[0], flags=re.MULTILINE)
    head = head.replace("INVITE", "ACK")
    return re.sub(r"Content-(Type|Length):.*(\r\n|$)", "", head).rstrip() + "\r\nContent-Length: 0\r\n\r\n"


class Udp:
    def __init__(self, stage, address, port=0):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.socket.settimeout(5)
        self.me = at(*self.socket.getsockname()[:2])
        stage.at_end(self.socket.close)

    def send(self, data, switch):
        self.socket.sendto(data if isinstance(data, bytes) else data.encode(), (switch.address, switch.port))

    def receive(self):
        try:
            return self.socket.recv(65536).decode(errors="replace")
        except TimeoutError:
            raise Failed("no answer within 5 s") from None

    def final(self, text, switch):
        """Sends, and gives the final answer, which it acknowledges."""
        self.send(text, switch)
        while True:
            answer = self.receive()
            if not answer.startswith("SIP/2.0 1"):
                if text.startswith("INVITE") and not answer.startswith("SIP/2.0 2"):
                    self.send(acknowledgement(text, answer), switch)
                return answer

    def status(self, method, switch, **more):
        """The status of the final answer to one request."""
        return int(self.final(request(method, switch, self.me, **more), switch).split()[1])

    def silence(self, seconds=0.5):
        self.socket.settimeout(seconds)
        try:
            raise Failed("unexpected: " + self.socket.recv(65536).decode(errors="replace"))
        except TimeoutError:
            return
        finally:
            self.socket.settimeout(5)


class Tcp:
    def __init__(self, stage, address, switch):
        self.socket = socket.create_connection((switch.address, switch.port), timeout=5, source_address=(address, 0))
        self.me = at(*self.socket.getsockname()[:2])
        self.rest = b""
        stage.at_end(self.socket.close)

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def receive(self):
        """One message without a body."""
        while b"\r\n\r\n" not in self.rest:
            try:
                piece = self.socket.recv(65536)
            except TimeoutError:
                raise Failed("no answer within 5 s") from None
            if not piece:
                raise Failed("the connection was closed")
            self.rest += piece
        message, _, self.rest = self.rest.partition(b"\r\n\r\n")
        return message.decode(errors="replace")

    def closed(self, patience=5):
        """Whether the other side closes it within this time."""
        self.socket.settimeout(patience)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False
