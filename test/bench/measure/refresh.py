"""Session timers of very many calls: what a refresh of ours costs beside a bare relay of its datagrams, and
what an idle call with timers on both legs takes in memory."""

import os
import time

from servers import CALLEE, CALLER, Relay, Tandem
from tools import Holder, finish

# Sizes of what the switch and the generator send here, headers and all.
SIZES = {"auto": (560, 430), "reinvite": (900, 760)}
METHODS = {"auto": "UPDATE", "reinvite": "re-INVITE"}
SEGMENT = 10  # each tenth of the interval: many refreshes in little time


def refresh(tools, work, scale, say):
    """By method: processor time of a refresh and of its pair of datagrams, lost ones, memory of a call."""
    return {method: of_method(tools, work, scale, method, 28530 + n, say)
            for n, method in enumerate(METHODS)}


def of_method(tools, work, scale, method, port, say):
    server, relay = Tandem(tools, work, port), Relay(tools, work, "batch")
    server.apply({"parameters": {"SS_SIP_SESSION_TTL": scale.session, "SS_SIP_SESSION_UPDATE_SEGMENT": SEGMENT,
                                 "SS_SIP_SESSION_REFRESH_METHOD": method}})
    empty = server.process.resident_bytes()
    say(f"{scale.timed_calls:,} calls go up, refreshed by {METHODS[method]}")
    holder = Holder(tools, server, scale.timed_calls, scale.rate, scale.group)
    up = holder.ask(f"up {scale.timed_calls}")
    # Until the set-up is over and every leg was refreshed once.
    legs = 2 * scale.timed_calls
    end = time.monotonic() + 2 * scale.session / SEGMENT + scale.settle
    while holder.ask("status")["refreshes"] < legs and time.monotonic() < end:
        time.sleep(0.2)
    before, cpu = holder.ask("status"), server.process.cpu_us()
    time.sleep(scale.refresh_seconds)
    after, spent = holder.ask("status"), server.process.cpu_us() - cpu
    refreshed = after["refreshes"] - before["refreshes"]
    size = (server.process.resident_bytes() - empty) / scale.timed_calls
    ended = after["completed"]
    faults = holder.stop()["faults"]
    server.stop()
    rate = max(1, round(refreshed / scale.refresh_seconds))
    pairs, relayed = pairs_through(tools, relay, rate, scale.refresh_seconds, SIZES[method])
    relay.stop()
    return {"calls": scale.timed_calls, "up": up["answered"], "refreshes": refreshed, "rate": rate,
            "us": spent / max(refreshed, 1), "relay_us": relayed / max(pairs["pairs"], 1),
            "bytes": size, "wrong": ended + pairs["lost"] + sum(faults.values())}


def pairs_through(tools, relay, rate, seconds, sizes):
    before = relay.process.cpu_us()
    pairs = finish(tools.start([os.path.join(tools.load_directory, "datagram_pairs"), relay.address, CALLER,
                                CALLEE, str(rate), str(round(seconds)), *map(str, sizes)]))
    return pairs, relay.process.cpu_us() - before
