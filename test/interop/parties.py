"""Programs of others that call through the switch, each on a loopback address of its own: sipp, baresip
and Kamailio; and the switch itself. Every one is ended by its own handle."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

SCENARIOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scenarios")
PATIENCE = 30  # s; how long a condition may take to come true


def free_port(address, kind=socket.SOCK_DGRAM):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, kind) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def at(address, port):
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def wait_for(what, condition):
    """Asks `condition` until it answers something true, and answers that."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


class Program:
    """A process of ours, with its own folder and its output in a file."""

    def __init__(self, name, folder, *command, **more):
        self.name = name
        self.output = os.path.join(folder, name + ".out")
        with open(self.output, "wb") as file:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file,
                                            stderr=subprocess.STDOUT, cwd=folder, **more)

    def said(self):
        with open(self.output, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait(self):
        """Its exit status, once it ends by itself."""
        return self.process.wait(timeout=PATIENCE * 2)

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode


class Switch:
    def __init__(self, tandem, folder, listen):
        self.tandem, self.data = tandem, os.path.join(folder, "data")
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder, "XDG_RUNTIME_DIR": folder}
        os.mkdir(self.data)
        api = at("127.0.0.1", free_port("127.0.0.1", socket.SOCK_STREAM))
        words = [word for each in listen for word in ("--listen", each)]
        self.command = [tandem, "serve", "--data", self.data, *words, "--api", api]
        self.start(folder)

    def start(self, folder):
        self.program = Program("switch", folder, *self.command, env=self.environment)
        wait_for("the switch to be ready", self.ready)

    def kill(self):
        self.program.end(signal.SIGKILL)

    def ready(self):
        if self.program.process.poll() is not None:
            raise AssertionError("the switch ended: " + self.program.said())
        return "ready\n" in self.program.said()

    def ask(self, *words, text=None):
        done = subprocess.run([self.tandem, *words, "--data", self.data], input=text, text=True,
                              capture_output=True, timeout=60, check=False, env=self.environment)
        if done.returncode != 0:
            raise AssertionError(f"tandem {' '.join(words)}: {done.stderr}")
        return done.stdout

    def apply(self, document):
        self.ask("apply", "-", text=json.dumps(document))

    def records(self, count):
        """The call records, once there are `count` of them."""
        def enough():
            lines = self.ask("cdr", "--json", "--limit", "10000").splitlines()
            return lines if len(lines) >= count else None
        return [json.loads(line) for line in wait_for(f"{count} call records", enough)]

    def live_calls(self):
        return len(self.ask("calls", "--json").splitlines())

    def end(self):
        return self.program.end()


class Sipp(Program):
    """One sipp: the scenario is a built-in one ("uac", "uas") or a file of scenarios/."""

    def __init__(self, name, folder, scenario, address, target=None, transport="u1", port=None, more=()):
        self.address = address
        self.port = port or free_port(address, socket.SOCK_STREAM if transport == "t1" else socket.SOCK_DGRAM)
        which = ["-sn", scenario] if scenario in ("uac", "uas") else [
            "-sf", os.path.join(SCENARIOS, scenario + ".xml")]
        media = ["-mi", address, "-mp", str(free_port(address))]
        super().__init__(name, folder, "sipp", *which, "-i", address, "-p", str(self.port), "-t", transport,
                         *media, "-nostdin", "-timeout", "60s", "-timeout_error", "-trace_err", "-error_file",
                         name + ".err", *more, *([target] if target else []))

    @staticmethod
    def caller(name, folder, address, target, calls=20, scenario="uac", transport="u1", talk=100, rate=50):
        return Sipp(name, folder, scenario, address, target, transport,
                    more=("-s", "442071234567", "-m", str(calls), "-r", str(rate), "-d", str(talk),
                          "-trace_stat", "-fd", "1", "-stf", name + ".csv"))

    def where(self):
        return at(self.address, self.port)

    def successes(self):
        """How many calls went to their end, at each look of sipp's own, once a second."""
        with open(os.path.join(os.path.dirname(self.output), self.name + ".csv"), encoding="utf-8") as file:
            rows = [line.split(";") for line in file]
        column = rows[0].index("SuccessfulCall(C)")
        return [int(row[column]) for row in rows[1:] if len(row) == len(rows[0])]

    def successes_for_good(self):
        """The same at last, when nobody answers any more."""
        looks = len(self.successes())
        wait_for("two more looks of sipp", lambda: len(self.successes()) >= looks + 2)
        return self.successes()[-1]

    def explain(self):
        error = os.path.join(os.path.dirname(self.output), self.name + ".err")
        if os.path.exists(error):
            with open(error, encoding="utf-8", errors="replace") as file:
                return file.read()[-3000:]
        return self.said()[-3000:]


class Baresip(Program):
    """A telephone; its events are read from its control connection, one netstring of JSON each."""

    def __init__(self, name, folder, address, account):
        self.port, self.control = free_port(address), free_port(address, socket.SOCK_STREAM)
        self.address, self.events, self.bytes = address, [], b""
        home = os.path.join(folder, name)
        os.mkdir(home)
        modules = "".join(f"module {module}.so\n" for module in ("g711", "aubridge"))
        applications = "".join(f"module_app {module}.so\n" for module in ("account", "menu", "ctrl_tcp"))
        with open(os.path.join(home, "config"), "w", encoding="utf-8") as file:
            file.write(f"sip_listen {address}:{self.port}\nnet_interface {address}\n"
                       f"ctrl_tcp_listen {address}:{self.control}\n"
                       "module_path /usr/lib/baresip/modules\naudio_source aubridge,none\n"
                       "audio_player aubridge,none\naudio_alert aubridge,none\n" + modules + applications)
        with open(os.path.join(home, "accounts"), "w", encoding="utf-8") as file:
            file.write(account.format(where=f"{address}:{self.port}") + "\n")
        super().__init__(name, folder, "baresip", "-f", home)
        self.connection = wait_for(f"{name} to listen", self.connect)

    def connect(self):
        try:
            return socket.create_connection((self.address, self.control), timeout=PATIENCE)
        except OSError:
            return None

    def command(self, name, parameters=""):
        text = json.dumps({"command": name, "params": parameters, "token": name}).encode()
        self.connection.sendall(b"%d:%s," % (len(text), text))

    def wait_event(self, kind):
        """Reads until the event of this type has come."""
        def come():
            self.connection.settimeout(0.2)
            try:
                self.bytes += self.connection.recv(65536)
            except TimeoutError:
                pass
            while b":" in self.bytes:
                head, _, rest = self.bytes.partition(b":")
                size = int(head)
                if len(rest) <= size:
                    break
                self.events.append(json.loads(rest[:size]))
                self.bytes = rest[size + 1:]
            return any(event.get("type") == kind for event in self.events)
        try:
            wait_for(f"{kind} at {self.name}", come)
        except AssertionError as fault:
            raise AssertionError(f"{fault}\nevents: {self.events}\n{self.said()[-3000:]}") from None

    def end(self, how=signal.SIGTERM):
        self.connection.close()
        return super().end(how)


class Kamailio(Program):
    """A proxy that puts itself into the route of every call it passes to `target`."""

    CONFIGURATION = """#!KAMAILIO
debug=1
log_stderror=yes
children=1
listen=udp:{where}
disable_tcp=yes
auto_aliases=no
dns=no
rev_dns=no
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
request_route {{
  if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
  if (has_totag()) {{
    if (loose_route()) {{ t_relay(); exit; }}
    if (is_method("ACK")) {{ if (t_check_trans()) t_relay(); exit; }}
    sl_send_reply("404", "Not here"); exit;
  }}
  if (is_method("CANCEL")) {{ if (t_check_trans()) t_relay(); exit; }}
  t_check_trans();
  record_route();
  $du = "sip:{target}";
  t_relay();
}}
"""

    def __init__(self, folder, address, target):
        self.port, self.address = free_port(address), address
        path = os.path.join(folder, "kamailio.cfg")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.CONFIGURATION.format(where=f"{address}:{self.port}", target=target))
        super().__init__("kamailio", folder, "kamailio", "-DD", "-E", "-f", path, "-m", "64", "-M", "8",
                         "-Y", folder, "-P", os.path.join(folder, "kamailio.pid"))
        wait_for("kamailio to listen", self.answers_or_ended)

    def answers_or_ended(self):
        if self.process.poll() is not None:
            raise AssertionError("kamailio ended: " + self.said())
        return self.answers()

    def answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((self.address, 0))
            probe.settimeout(0.5)
            me = f"{self.address}:{probe.getsockname()[1]}"
            probe.sendto((f"OPTIONS sip:{self.where()} SIP/2.0\r\nVia: SIP/2.0/UDP {me};branch=z9hG4bKprobe\r\n"
                          f"From: <sip:probe@{me}>;tag=1\r\nTo: <sip:{self.where()}>;tag=2\r\nCall-ID: probe\r\n"
                          "CSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n").encode(),
                         (self.address, self.port))
            try:
                return probe.recv(4096).startswith(b"SIP/2.0")
            except OSError:
                return False

    def where(self):
        return at(self.address, self.port)


class Stage:
    """A folder and the programs in it; all are ended, whatever happened."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="tandem-interop-")
        self.programs = []

    def add(self, program):
        self.programs.append(program)
        return program

    def close(self):
        for program in reversed(self.programs):
            program.end()
        shutil.rmtree(self.folder)
