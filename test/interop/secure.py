"""SIP over TLS and WebSocket by hand, with nothing but the standard library, and certificates for it."""

import base64
import hashlib
import os
import re
import socket
import ssl
import struct
import subprocess

import raw
from stage import PATIENCE, Failed, at, check, equal

SDP = ("v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio 30000 RTP/AVP 0\r\n"
       "a=rtpmap:0 PCMU/8000\r\n")


class Authority:
    """Signs certificates; programs that take it for an authority believe them."""

    def __init__(self, stage):
        self.folder = stage.folder
        self.certificate = self.path("authority.pem")
        self.openssl("req", "-x509", *self.new_key("authority"), "-out", self.certificate, "-days", "2",
                     "-subj", "/CN=authority")

    def path(self, name):
        return os.path.join(self.folder, name)

    def new_key(self, name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.path(name + ".key"))

    def openssl(self, *words):
        done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
        check(done.returncode == 0, f"openssl {words[0]}: {done.stderr}")

    def issue(self, name, address):
        """Files with the certificate of this address, and with its key."""
        certificate, key, request, extension = (self.path(name + end) for end in (".pem", ".key", ".csr", ".ext"))
        self.openssl("req", *self.new_key(name), "-out", request, "-subj", "/CN=" + name)
        with open(extension, "w", encoding="ascii") as file:
            file.write(f"subjectAltName=IP:{address}\n")
        self.openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.path("authority.key"),
                     "-CAcreateserial", "-days", "2", "-extfile", extension, "-out", certificate)
        return certificate, key


class Line:
    """Messages on one connection."""

    transport = "TLS"

    def __init__(self, stage, connection):
        self.socket = connection
        self.socket.settimeout(5)
        self.me = at(*self.socket.getsockname()[:2])
        self.rest = b""
        stage.at_end(self.socket.close)

    def read(self):
        try:
            piece = self.socket.recv(65536)
        except TimeoutError:
            raise Failed("nothing came within 5 s") from None
        if not piece:
            raise Failed("the connection was closed")
        self.rest += piece

    def take(self, size):
        while len(self.rest) < size:
            self.read()
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def take_head(self):
        while b"\r\n\r\n" not in self.rest:
            self.read()
        return self.take(self.rest.index(b"\r\n\r\n") + 4).decode(errors="replace")

    def send(self, text):
        self.socket.sendall(text.encode())

    def receive(self):
        head = self.take_head()
        return head + self.take(int(value(head, "Content-Length"))).decode(errors="replace")

    def final(self, text=None):
        """Sends, and gives the final answer."""
        if text:
            self.send(text)
        while True:
            answer = self.receive()
            if not answer.startswith("SIP/2.0 1"):
                return answer

    def request(self, method, switch, **more):
        return raw.request(method, switch, self.me, **more).replace("SIP/2.0/UDP", "SIP/2.0/" + self.transport)

    def invite(self, switch, number, caller, **more):
        ip = self.me.rpartition(":")[0]
        return self.request("INVITE", switch, number=number, caller=caller, body=SDP.format(ip=ip),
                            Content_Type="application/sdp", **more)

    def expect(self, method):
        """The next request, which is this one."""
        request = self.receive()
        equal(method, request.split()[0], f"the request\n{request}")
        return request

    def in_dialog(self, method, invite, answer, cseq):
        """Of the caller of an answered call."""
        target = re.search("<([^>]*)>", value(answer, "Contact")).group(1)
        return "\r\n".join([f"{method} {target} SIP/2.0",
                            f"Via: SIP/2.0/{self.transport} {self.me};branch=z9hG4bK{method}{cseq};rport",
                            f"From: {value(invite, 'From')}", f"To: {value(answer, 'To')}",
                            f"Call-ID: {value(invite, 'Call-ID')}", f"CSeq: {cseq} {method}", "Max-Forwards: 70",
                            "Content-Length: 0", "", ""])

    def hang_up(self, invite, answer):
        self.send(self.in_dialog("ACK", invite, answer, 1))
        check(self.final(self.in_dialog("BYE", invite, answer, 2)).startswith("SIP/2.0 200"), "the answer to BYE")


def value(message, name):
    found = re.search(rf"^{name}: *(.*?)\r$", message, re.MULTILINE | re.IGNORECASE)
    check(found, f"there is no {name} in\n{message}")
    return found.group(1)


def answer_to(request, status, contact="", body=""):
    """An answer of the called side."""
    kept = [line for line in request.split("\r\n\r\n")[0].split("\r\n")[1:]
            if re.match("(Via|From|Call-ID|CSeq|Record-Route):", line)]
    to = value(request, "To")
    kept.append("To: " + (to if ";tag=" in to else to + ";tag=callee"))
    kind = ["Content-Type: application/sdp"] if body else []
    return "\r\n".join([f"SIP/2.0 {status} OK", *kept, *([f"Contact: {contact}"] if contact else []), *kind,
                        f"Content-Length: {len(body)}", "", body])


def connect(stage, switch, authority, address, port, certificate=None):
    """A TLS connection to the switch, whose certificate is checked."""
    context = ssl.create_default_context(cafile=authority.certificate)
    if certificate:
        context.load_cert_chain(*certificate)
    connection = socket.create_connection((switch.address, port), timeout=5, source_address=(address, 0))
    stage.at_end(connection.close)
    return context.wrap_socket(connection, server_hostname=switch.address)


def tls(stage, switch, authority, address, certificate=None, port=5061):
    return Line(stage, connect(stage, switch, authority, address, port, certificate))


class Server:
    """Somebody who takes TLS connections, and asks who comes."""

    def __init__(self, stage, authority, address, port=5061):
        self.stage = stage
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.certificate)
        self.context.load_cert_chain(*authority.issue("server", address))
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.socket = socket.create_server((address, port))
        self.socket.settimeout(PATIENCE)
        stage.at_end(self.socket.close)

    def accept(self):
        connection, _ = self.socket.accept()
        connection.settimeout(5)
        return Line(self.stage, self.context.wrap_socket(connection, server_side=True))


class WebSocket(Line):
    """A client of SIP over WebSocket (RFC 7118)."""

    transport = "WSS"

    def __init__(self, stage, connection, host):
        super().__init__(stage, connection)
        self.contact = f"<sip:client@{os.urandom(5).hex()}.invalid;transport=ws>"
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nOrigin: https://example.com\r\n"
                             "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        answer = self.take_head()
        check(answer.startswith("HTTP/1.1 101 "), answer)
        proof = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        equal(base64.b64encode(proof).decode(), value(answer, "Sec-WebSocket-Accept"), "the proof of the server")
        equal("sip", value(answer, "Sec-WebSocket-Protocol"), "what it speaks")

    def frame(self, opcode, payload, last=True):
        mask = os.urandom(4)
        size = len(payload)
        head = struct.pack("!BB", (0x80 if last else 0) | opcode, 0x80 | (size if size < 126 else 126))
        head += struct.pack("!H", size) if size >= 126 else b""
        self.socket.sendall(head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload)))

    def send(self, text):
        self.frame(1, text.encode())

    def read_frame(self):
        first, size = struct.unpack("!BB", self.take(2))
        check(size < 0x80, "a server does not mask")
        if size == 126:
            size, = struct.unpack("!H", self.take(2))
        return first & 0x0f, self.take(size)

    def receive(self):
        opcode, payload = self.read_frame()
        equal(1, opcode, "the opcode of a message")
        return payload.decode()

    def request(self, method, switch, **more):
        text = super().request(method, switch, **more)
        return re.sub(r"(?m)^Contact:.*\r$", f"Contact: {self.contact}\r", text)


def websocket(stage, switch, authority, address, port=8443):
    return WebSocket(stage, connect(stage, switch, authority, address, port), at(switch.address, port))
