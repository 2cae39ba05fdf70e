"""sipp as caller and as callee, each playing a ladder (scenario.py) or one of sipp's own scenarios."""

import csv
import os
import signal

import scenario
from stage import Failed, Program, at, check, equal, free_port, wait_for

MEDIA = {"caller": 20000, "callee": 21000}  # ports

# The plainest call, from both ends.
CALLS = """
    > INVITE sdp
    < 100 ?
    < 180 ?
    < 200
    > ACK
    pause {talk}
    > BYE
    < 200
"""
ANSWERS = """
    < INVITE
    > 180
    > 200 sdp
    < ACK
    < BYE
    > 200
"""


class Sipp(Program):
    def __init__(self, stage, name, side, ladder, address, *more, port=5060, target=None, transport="u1",
                 caller="33123[call_number]"):
        self.address, self.port = address, port
        # On the one address of IPv6 any free port, elsewhere one that cases can name.
        media = free_port(address) if ":" in address else MEDIA[side] + 10 * (port - 5060)
        self.path = os.path.join(stage.folder, name)
        with open(self.path + ".xml", "w", encoding="utf-8") as file:
            file.write(scenario.write(side, ladder, caller))
        super().__init__(name, stage.folder, [
            "sipp", "-sf", self.path + ".xml", "-i", address, "-p", str(port), "-t", transport, "-mi", address,
            "-mp", str(media), "-nostdin", "-trace_err", "-error_file", self.path + ".err",
            "-trace_logs", "-log_file", self.path + ".log", "-trace_stat", "-fd", "1", "-stf", self.path + ".csv",
            *more, *([target] if target else [])])
        stage.add(self)

    def where(self):
        return at(self.address, self.port)

    def file(self, kind):
        try:
            with open(self.path + "." + kind, encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def logged(self):
        return self.file("log").split("\n")

    def count(self, column):
        """A cumulative figure of sipp's own statistics, as it last wrote them."""
        rows = list(csv.DictReader(self.file("csv").splitlines(), delimiter=";"))
        return int(rows[-1][column]) if rows else 0

    def ends_well(self, patience=60):
        status = self.wait(patience)
        if status != 0:
            raise Failed(f"{self.name} ended with status {status}: {self.explain()}")

    def explain(self):
        return (self.file("err") or self.said())[-1500:]

    def leave(self):
        """Ends by itself when its calls are over."""
        if self.runs():
            self.tell(signal.SIGUSR1)


def caller(stage, switch, ladder=None, calls=20, rate=50, talk=100, address=None, target=None, transport="u1",
           port=5060, number="442071234567", name="caller", numbers="33123[call_number]", more=()):
    return Sipp(stage, name, "caller", ladder or CALLS.format(talk=talk), address or stage.caller_ip,
                "-s", number, "-m", str(calls), "-r", str(rate), "-timeout", "90s", "-timeout_error", *more,
                port=port, target=target or switch.where(), transport=transport, caller=numbers)


def callee(stage, ladder=None, address=None, transport="u1", port=5060, name="callee", calls=None, more=()):
    """Takes calls for as long as the case lasts, or `calls` of them."""
    limit = ["-m", str(calls)] if calls else []
    sipp = Sipp(stage, name, "callee", ladder or ANSWERS, address or stage.callee_ip, *limit, *more,
                port=port, transport=transport)
    wait_for(f"{name} to listen", lambda: listens(sipp, transport))
    return sipp


def listens(sipp, transport):
    """As the kernel lists it: to send something would disturb the scenario."""
    check(sipp.runs(), f"{sipp.name} ended: {sipp.said()[-1000:]}")
    kind = "tcp" if transport.startswith("t") else "udp"
    family = "6" if ":" in sipp.address else ""
    port = f":{sipp.port:04X}"
    with open(f"/proc/net/{kind}{family}", encoding="ascii") as file:
        rows = [line.split() for line in file][1:]
    wanted = "00000000000000000000000001000000" if family else "".join(
        f"{int(byte):02X}" for byte in reversed(sipp.address.split(".")))
    return any(row[1] == wanted + port and (kind == "udp" or row[3] == "0A") for row in rows)


def play(stage, switch, calling, answering, calls=10, **more):
    """Both sides play their ladders in each of the calls; the records, in order."""
    taking = callee(stage, answering, calls=calls)
    going = caller(stage, switch, calling, calls=calls, **more)
    going.ends_well()
    taking.ends_well()
    return switch.settled(calls)


def all_are(records, **expected):
    for record in records:
        for name, value in expected.items():
            equal(value, record[name], f"{name} of call {record['flow_no']}")
