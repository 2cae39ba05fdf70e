"""The programs that make the load, and the figures of a window."""

import json
import os
import statistics
import subprocess

from processes import Process, cores
from servers import CALLEE, CALLER, HOLD_CALLEE, HOLD_CALLER, PROBE, REGISTRAR_OWN


class Tools:
    def __init__(self, build, work):
        load = os.path.join(build, "test", "bench", "load")
        self.build = build
        self.load_directory = load
        self.load = os.path.join(load, "sip_load")
        self.relay = os.path.join(load, "bare_relay")
        self.prober = os.path.join(load, "sip_probe")
        self.register = os.path.join(load, "sip_register")
        self.parsing = os.path.join(build, "test", "bench", "sip_bench")
        self.tandem = os.path.join(build, "src", "app", "tandem")
        self.work = work

    def log(self):
        return os.path.join(self.work, "generator.log")

    def start(self, command, **pipes):
        return Process(command, cores()[1], self.log(), stdout=subprocess.PIPE, **pipes)

    def calls(self, server, calls, window, rate=0, prefix="1", caller=CALLER, callee=CALLEE):
        """Starts a run of calls that hang up at once."""
        command = [self.load, "--server", server.address, "--caller", caller, "--callee", callee,
                   "--calls", str(calls), "--window", str(window), "--rate", str(rate),
                   "--prefix", prefix]
        return self.start(command + (["--hidden"] if server.hidden else []))

    def registrations(self, server, first, count, window, contacts=1, rate=0):
        """Registers so many users, and waits for it; rate 0: one when another is done."""
        return finish(self.start([self.register, server.address, REGISTRAR_OWN, server.domain, str(first),
                                  str(count), str(window), str(contacts), str(rate)]))

    def probe(self, address, per_second, seconds):
        """What the prober waits for a processor would count against the server: it goes first where it may."""
        first = ["chrt", "--rr", "1"] if os.geteuid() == 0 else []
        return finish(self.start([*first, self.prober, address, PROBE, str(per_second), str(seconds)]))


def finish(process):
    """The JSON object that a program prints in the end."""
    output = process.child.stdout.read()
    process.child.wait()
    process.stop()
    try:
        return json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        raise SystemExit(f"{process.name} failed:\n{process.last_words()}") from None


class Holder:
    """Calls that stay up."""

    def __init__(self, tools, server, most, rate, group_size):
        self.process = tools.start(
            [tools.load, "--server", server.address, "--caller", HOLD_CALLER, "--callee", HOLD_CALLEE,
             "--calls", str(most), "--window", "500", "--rate", str(rate), "--prefix", "2",
             "--group-size", str(group_size), "--limit", "1800", "--hold", "--hidden"],
            stdin=subprocess.PIPE)

    def ask(self, command):
        self.process.child.stdin.write(command + "\n")
        self.process.child.stdin.flush()
        line = self.process.child.stdout.readline()
        if not line:
            raise SystemExit("the generator ended:\n" + self.process.last_words())
        return json.loads(line)

    def stop(self):
        self.process.child.stdin.close()
        self.process.child.stdin = None
        return finish(self.process)


class Windows:
    """Processor time per call, of windows of calls in a closed loop. A window in which a message was
    lost, repeated or wrong does not count and is taken again."""

    def __init__(self, tools):
        self.tools = tools
        self.discarded = []

    def take(self, server, calls, window):
        """One clean window: {"us": per call, "threads": {name: us per call}, ...}."""
        for _ in range(4):
            before, threads = server.process.cpu_us(), server.process.thread_us()
            result = finish(self.tools.calls(server, calls, window))
            after = server.process.thread_us()
            spent = (server.process.cpu_us() - before) / calls
            if result["clean"] and result["completed"] == calls:
                return {
                    "us": spent,
                    "threads": {n: (t - threads.get(n, 0.0)) / calls for n, t in after.items()},
                    "rate": calls / result["seconds"],
                    "ringing_us": result["ringing_us"],
                }
            self.discarded.append(f"{server.name}, {window} calls in set-up: {result['faults']}"
                                  f" {result['refusals'] or ''}")
        raise SystemExit("no clean window in four; the last ones:\n" + "\n".join(self.discarded[-4:]))


def median(values):
    return statistics.median(values)


def spread(values, digits=1):
    """min / median / max"""
    values = list(values)
    return " / ".join(f"{v:.{digits}f}" for v in (min(values), median(values), max(values)))
