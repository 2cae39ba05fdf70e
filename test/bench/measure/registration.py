"""Registration: processor time beside Kamailio, memory of many contacts, and their adoption."""

import os
import signal
import time

from servers import Kamailio, Tandem

FIRST = 100_000_000  # number of the first phone
WINDOW = 64   # open at a time, saturated
OPEN = 1_000  # and at a fixed rate, at most
RATE = 1_000  # a second


def phones(count):
    return {"phones": [{"name": str(FIRST + i), "password": f"pw-{FIRST + i}"} for i in range(count)]}


def with_phones(tools, work, port, count, **parameters):
    """A switch that knows so many phones; they are applied while it does not run."""
    server = Tandem(tools, work, port)
    server.process.stop(30)
    server.apply({**phones(count), "parameters": {"SS_SIP_AUTHENTICATION_REALM": "bench.local", **parameters}})
    begin = time.monotonic()
    server.start()
    server.started_in = time.monotonic() - begin
    return server


def window(tools, server, first, count, contacts=1, rate=0):
    """Processor time of one registration, and how many failed."""
    before = server.process.cpu_us()
    result = tools.registrations(server, first, count, OPEN if rate else WINDOW, contacts, rate)
    return (server.process.cpu_us() - before) / count, count - result["registered"]


def comparison(tools, work, scale, found):
    for number in range(scale.rounds):
        # Kamailio sends no keep-alives here either.
        kinds = [("tandem", lambda: with_phones(tools, work, 28470 + number, scale.registrations,
                                                SS_SIP_NAT_KEEP_ALIVE_MESSAGE=""))]
        if Kamailio.installed():
            kinds.append(("kamailio", lambda: Kamailio(tools, work, "kamailio-register.cfg")))
        for kind, start in kinds:
            server = start()
            window(tools, server, FIRST, scale.registrations)  # the first time: tables grow
            for rate, rows in found["at"].items():
                us, failed = window(tools, server, FIRST, scale.registrations, rate=rate)
                rows[kind].append(us)
                found["failed"] += failed if kind == "tandem" else 0
            server.stop()


def measure(tools, work, scale, say):
    found = {"at": {rate: {"tandem": [], "kamailio": []} for rate in (RATE, 0)}, "failed": 0}
    say("registrations through tandem and Kamailio in turn")
    comparison(tools, work, scale, found)
    say(f"{scale.registered * scale.contacts_each:,} contacts")
    server = with_phones(tools, work, 28469, scale.registered)
    found["empty"], found["start"] = server.process.resident_bytes(), server.started_in
    _, failed = window(tools, server, FIRST, scale.registered, scale.contacts_each)
    found["failed"] += failed
    found["kept"] = server.status()["counters"]["registrations"]
    found["resident"] = server.process.resident_bytes()
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.child.wait()
    server.process.stop()
    begin = time.monotonic()
    server.start()
    found["restart"] = time.monotonic() - begin
    found["adopted"] = server.status()["counters"]["registrations"]
    server.stop()
    return found
