"""What a case plays on: a folder, loopback addresses that nobody else uses, and the programs it starts,
which are all ended with it, each by its own handle."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

PATIENCE = 30  # s; how long a condition may take to come true


class Failed(Exception):
    """The case does not hold; the text says why."""


def check(condition, why):
    if not condition:
        raise Failed(why)


def equal(expected, found, what=""):
    if expected != found:
        raise Failed(f"{what or 'it'}: expected {expected!r}, found {found!r}")


def wait_for(what, condition, patience=PATIENCE):
    """Asks `condition` until it answers something true, and answers that."""
    end = time.monotonic() + patience
    while True:
        if answer := condition():
            return answer
        if time.monotonic() > end:
            raise Failed(f"waited {patience} s for {what}")
        time.sleep(0.02)


def at(address, port):
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def free_port(address, kind=socket.SOCK_DGRAM):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, kind) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


class Program:
    """A process of ours, with its output in a file."""

    def __init__(self, name, folder, command, **more):
        self.name, self.folder = name, folder
        self.output = os.path.join(folder, name + ".out")
        with open(self.output, "ab") as file:
            self.begun = file.tell()  # what it says itself comes behind what others of its name said
            self.process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, cwd=folder,
                                            **{"stdin": subprocess.DEVNULL, **more})

    def said(self, since=0):
        with open(self.output, "rb") as file:
            file.seek(since)
            return file.read().decode("utf-8", errors="replace")

    def runs(self):
        return self.process.poll() is None

    def wait(self, patience=PATIENCE):
        """Its exit status, once it ends by itself."""
        try:
            return self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} does not end within {patience} s") from None

    def tell(self, number):
        self.process.send_signal(number)

    def end(self, how=signal.SIGTERM):
        if self.runs():
            self.process.send_signal(how)
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Network:
    """127.0.N.x, where N is ours as long as we hold its last address: several runs do not meet."""

    taken = threading.Lock()

    def __init__(self):
        with Network.taken:
            for number in range(10, 250):
                self.lock = socket.socket()
                try:
                    self.lock.bind((f"127.0.{number}.254", 4999))
                    self.number = number
                    return
                except OSError:
                    self.lock.close()
        raise Failed("no loopback network is free")

    def address(self, host):
        return f"127.0.{self.number}.{host}"

    def close(self):
        self.lock.close()


class Stage:
    SWITCH, CALLER, CALLEE, OTHER, PROXY, STRANGER = range(1, 7)

    def __init__(self, tandem):
        self.tandem = tandem
        self.folder = tempfile.mkdtemp(prefix="tandem-interop-")
        os.chmod(self.folder, 0o755)
        self.network = Network()
        self.programs, self.to_close = [], []
        self.switch_ip, self.caller_ip, self.callee_ip, self.other_ip, self.proxy_ip, self.stranger_ip = (
            self.network.address(host) for host in range(1, 7))

    def add(self, program):
        self.programs.append(program)
        return program

    def at_end(self, function):
        self.to_close.append(function)

    def close(self, keep=False):
        for program in reversed(self.programs):
            program.end()
        for function in reversed(self.to_close):
            function()
        self.network.close()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
