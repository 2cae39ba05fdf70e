"""Telephones (baresip, linphone) and a proxy (Kamailio)."""

import json
import os
import socket
import subprocess

from stage import PATIENCE, Failed, Program, at, check, wait_for

HERE = os.path.dirname(os.path.abspath(__file__))


class Baresip(Program):
    """A telephone without sound hardware: what it hears is what it says. It is told what to
    do, and tells what happens, over its control connection: netstrings of JSON."""

    def __init__(self, stage, name, address, account, more=""):
        self.address, self.events, self.bytes = address, [], b""
        home = os.path.join(stage.folder, name)
        os.mkdir(home)
        modules = "".join(f"module {module}.so\n" for module in ("g711", "aubridge"))
        applications = "".join(f"module_app {module}.so\n" for module in ("account", "menu", "ctrl_tcp"))
        with open(os.path.join(home, "config"), "w", encoding="utf-8") as file:
            file.write(f"sip_listen {address}:5060\nctrl_tcp_listen {address}:4444\n"
                       "module_path /usr/lib/baresip/modules\naudio_source aubridge,none\n"
                       "audio_player aubridge,none\naudio_alert aubridge,none\n" + more + modules + applications)
        with open(os.path.join(home, "accounts"), "w", encoding="utf-8") as file:
            file.write(account + "\n")
        super().__init__(name, stage.folder, ["baresip", "-4", "-f", home])
        stage.add(self)
        self.connection = wait_for(f"{name} to listen", self.connect)

    def connect(self):
        check(self.runs(), f"{self.name} ended: {self.said()[-1000:]}")
        try:
            return socket.create_connection((self.address, 4444), timeout=PATIENCE)
        except OSError:
            return None

    def command(self, name, parameters=""):
        text = json.dumps({"command": name, "params": parameters, "token": name}).encode()
        self.connection.sendall(b"%d:%s," % (len(text), text))

    def read(self):
        self.connection.settimeout(0.2)
        try:
            self.bytes += self.connection.recv(65536)
        except TimeoutError:
            return
        while b":" in self.bytes:
            head, _, rest = self.bytes.partition(b":")
            if len(rest) <= int(head):
                return
            self.events.append(json.loads(rest[:int(head)]))
            self.bytes = rest[int(head) + 1:]

    def event(self, kind):
        """Waits for an event of this type."""
        def come():
            self.read()
            return any(event.get("type") == kind for event in self.events)
        try:
            wait_for(f"{kind} at {self.name}", come)
        except Failed as fault:
            raise Failed(f"{fault}\nevents: {self.events}\n{self.said()[-2000:]}") from None

    def end(self, **how):
        if getattr(self, "connection", None):
            self.connection.close()
        super().end(**how)


class Linphone(Program):
    """A telephone that registers, answers by itself, and is told what to do on its standard input."""

    ACCOUNT = """
[sip]
bind_address={address}
sip_port=5060
sip_tcp_port=0
sip_tls_port=0
default_proxy=0
guess_hostname=0
contact=sip:{user}@{address}
use_ipv6=0
[net]
auto_net_state_mon=0
[rtp]
audio_rtp_port=22000
[proxy_0]
reg_proxy=<sip:{server}>
reg_identity=sip:{user}@{server}
reg_expires=60
reg_sendregister=1
publish=0
[auth_info_0]
username={user}
userid={user}
passwd={password}
"""

    def __init__(self, stage, name, address, **account):
        home = os.path.join(stage.folder, name)
        os.makedirs(os.path.join(home, ".local/share/linphone"))
        with open(os.path.join(home, "account"), "w", encoding="utf-8") as file:
            file.write(self.ACCOUNT.format(address=address, **account))
        super().__init__(name, stage.folder, ["linphonec", "-c", os.path.join(home, "account"), "-a"],
                         stdin=subprocess.PIPE, env={"HOME": home, "PATH": os.environ["PATH"]})
        stage.add(self)

    def command(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def end(self, **how):
        self.process.stdin.close()
        super().end(**how)


class Kamailio(Program):
    """A proxy that puts itself into the route of every call, and passes what comes from outside to `target`.
    With another configuration: what that says."""

    def __init__(self, stage, address, target, configuration="kamailio.cfg", **words):
        self.address = address
        with open(os.path.join(HERE, configuration), encoding="utf-8") as file:
            text = file.read().replace("LISTEN", at(address, 5060)).replace("TARGET", target)
        for word, value in words.items():
            text = text.replace(word, value)
        path = os.path.join(stage.folder, "kamailio.cfg")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        super().__init__("kamailio", stage.folder, [
            "kamailio", "-DD", "-E", "-f", path, "-m", "64", "-M", "8", "-Y", stage.folder,
            "-P", os.path.join(stage.folder, "kamailio.pid")])
        stage.add(self)
        wait_for("kamailio to answer", self.answers)

    def where(self):
        return at(self.address, 5060)

    def answers(self):
        check(self.runs(), "kamailio ended: " + self.said()[-2000:])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((self.address, 0))
            probe.settimeout(0.5)
            me = at(*probe.getsockname())
            probe.sendto((f"OPTIONS sip:{self.where()} SIP/2.0\r\nVia: SIP/2.0/UDP {me};branch=z9hG4bKprobe\r\n"
                          f"From: <sip:probe@{me}>;tag=1\r\nTo: <sip:{self.where()}>;tag=2\r\nCall-ID: probe\r\n"
                          "CSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n").encode(),
                         (self.address, 5060))
            try:
                return probe.recv(4096).startswith(b"SIP/2.0")
            except OSError:
                return False
