"""The program under test: `tandem serve`, and its commands as an operator gives them."""

import json
import os
import signal
import socket
import subprocess

from stage import Failed, Program, at, check, equal, free_port, wait_for


class Switch:
    def __init__(self, stage, listen=None, options=(), data=None):
        self.stage = stage
        self.address, self.port = stage.switch_ip, 5060
        self.data = data or os.path.join(stage.folder, "data")
        os.makedirs(self.data, exist_ok=True)
        self.environment = {"PATH": os.environ["PATH"], "HOME": stage.folder, "XDG_RUNTIME_DIR": stage.folder,
                            "TZ": "UTC"}
        self.listen = listen or [f"udp:{self.where()}", f"tcp:{self.where()}"]
        self.api = at(stage.switch_ip, 8080)
        self.options = list(options)
        self.program = None

    def where(self):
        return at(self.address, self.port)

    def command(self):
        words = [word for each in self.listen for word in ("--listen", each)]
        return [self.stage.tandem, "serve", "--data", self.data, *words, "--api", self.api, *self.options]

    def start(self, **more):
        self.program = self.stage.add(
            Program("switch", self.stage.folder, self.command(), env=self.environment, **more))
        wait_for("the switch to be ready", self.is_ready)
        return self

    def is_ready(self):
        ended = not self.program.runs()
        ready = "ready\n" in self.program.said(self.program.begun)
        if ended and not ready:
            raise Failed("the switch ended: " + self.program.said()[-1000:])
        return ready

    def kill(self):
        self.program.end(signal.SIGKILL)

    def tell(self, number):
        self.program.tell(number)

    def run(self, *words, text=None, **environment):
        return subprocess.run([self.stage.tandem, *words], input=text, text=True, capture_output=True, timeout=60,
                              check=False, env={**self.environment, "TANDEM_DATA": self.data, **environment})

    def ask(self, *words, text=None):
        done = self.run(*words, text=text)
        check(done.returncode == 0, f"tandem {' '.join(words)}: status {done.returncode}: {done.stderr}")
        return done.stdout

    def refused(self, *words, text=None, status=1):
        """The sentence of a command that is to fail."""
        done = self.run(*words, text=text)
        equal(status, done.returncode, f"status of tandem {' '.join(words)} ({done.stdout}{done.stderr})")
        return done.stderr

    def apply(self, document):
        return self.ask("apply", "-", text=json.dumps(document))

    def objects(self, *words):
        return [json.loads(line) for line in self.ask(*words, "--json").splitlines()]

    def records(self, count, patience=30):
        """The call records, once there are `count` of them."""
        def enough():
            records = self.objects("cdr")
            return records if len(records) >= count else None
        return wait_for(f"{count} call records", enough, patience) if count else self.objects("cdr")

    def calls(self):
        return self.objects("calls")

    def status(self):
        return json.loads(self.ask("status", "--json"))

    def settled(self, count):
        """One record of each call, in order, no call left, and all of them consistent."""
        records = self.records(count)
        equal(count, len(records), "call records")
        equal(len(records), len({record["flow_no"] for record in records}), "different flow numbers")
        wait_for("the last call to be gone", lambda: not self.calls())
        for record in records:
            lawful(record)
        return records

    def settled_on_disk(self):
        """The records that a switch which has ended left behind."""
        records = self.objects("cdr")
        for record in records:
            lawful(record)
        return records

    def memory(self):
        """Resident, in bytes."""
        with open(f"/proc/{self.program.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def is_well(self):
        check(self.program.runs(), "the switch has ended: " + self.program.said()[-1000:])


def lawful(record):
    """What holds of every call record."""
    who = f"call {record['flow_no']} ({record['end_reason']})"
    times = [record[name] for name in ("start", "progress_time", "ring_time", "answer_time", "stop")]
    check(record["start"] and record["stop"], f"{who}: without start or stop")
    for time in times:
        check(not time or record["start"] <= time <= record["stop"], f"{who}: times out of order: {times}")
    if record["answer_time"]:
        equal(record["stop"] - record["answer_time"], record["hold_time_ms"], f"{who}: hold_time_ms")
    else:
        check(not record["hold_time_ms"], f"{who}: talked without an answer")
    equal((record["hold_time_ms"] or 0) // 1000, record["hold_time"] or 0, f"{who}: hold_time")
    check(record["caller_pdd"] is None or record["caller_pdd"] >= 0, f"{who}: negative PDD")
    check(record["end_reason"] and record["end_side"], f"{who}: ended for no reason")
    for attempt in record["attempts"]:
        check(record["start"] <= attempt["start"] <= attempt["end"] <= record["stop"],
              f"{who}: attempt out of order: {attempt}")


def gateways(north, south, **more):
    """A document with one gateway of each kind."""
    return {"ingress_gateways": [{"name": "north", "remote_ips": [north]}],
            "egress_gateways": [{"name": "south", "remote_ips": [south], "prefix": [""], "priority": 1, **more}]}


def start_ipv6(stage):
    """A switch on [::1], with free ports."""
    switch = Switch(stage)
    switch.address, switch.port = "::1", free_port("::1", socket.SOCK_STREAM)
    switch.listen = [f"udp:{switch.where()}", f"tcp:{switch.where()}"]
    return switch.start()
