"""What is measured, a function each. Each returns plain figures; page.py says what they mean."""

import json
import os
import subprocess
import time

from processes import cores
from servers import SECOND_CALLEE, SECOND_CALLER, Kamailio, Relay, Tandem, egress, HOLD_CALLEE, PROBE
from tools import Holder, finish, median

WARM_UP = 300
WINDOWS = (16, 64, 256)  # calls in set-up at any time
# Threads of the switch that are not signalling: they bring journaled records into the database.
LOADER = "cdr-loader"


def parsing(tools, scale):
    """Nanoseconds and allocations of parsing the INVITE of the bench."""
    done = subprocess.run(
        ["taskset", "-c", str(cores()[0]), tools.parsing, "--benchmark_filter=parse_invite",
         f"--benchmark_min_time={scale.parse_seconds}", "--benchmark_repetitions=5",
         "--benchmark_format=json"],
        capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise SystemExit("sip_bench failed:\n" + done.stderr)
    rows = [r for r in json.loads(done.stdout)["benchmarks"] if r["run_type"] == "iteration"]
    return {
        "ns": [r["cpu_time"] for r in rows],
        # An average over the whole run: what is allocated once rounds to none.
        "allocations": round(max(r["allocations"] for r in rows), 3),
        "bytes": round(rows[0]["bytes_per_second"] * rows[0]["cpu_time"] / 1e9),
    }


def signalling_us(window):
    """All threads but the one that loads the database behind the journal."""
    return window["us"] - window["threads"].get(LOADER, 0.0)


def comparison(tools, windows, work, scale):
    """The servers in turn, each newly started in each round, with the same calls."""
    kinds = [("batch", lambda n: Relay(tools, work, "batch")),
             ("one", lambda n: Relay(tools, work, "one")),
             ("tandem", lambda n: Tandem(tools, work, 28480 + n))]
    if Kamailio.installed():
        kinds.append(("kamailio", lambda n: Kamailio(tools, work)))
    rows, records = [], []
    for number in range(scale.rounds):
        row = {}
        for kind, start in kinds:
            server = start(number)
            calls = scale.calls_of_kamailio if kind == "kamailio" else scale.calls
            windows.take(server, WARM_UP, 16)
            taken = {w: windows.take(server, calls, w) for w in WINDOWS}
            row[kind] = taken
            if kind == "tandem":
                records.append(records_of(server, windows, len(WINDOWS) * calls + WARM_UP))
            server.stop()
        rows.append(row)
    return {"rounds": rows, "records": records}


def records_of(server, windows, calls):
    """That every call left its record once, also those of windows that did not count."""
    expected = calls if not windows.discarded else server.status()["counters"]["calls_ended"]
    there = server.wait_for_records(expected)
    return {"calls": expected, "records": there[0], "different": there[1]}


def growth(tools, windows, server, relay, scale):
    """Windows of the switch and the relay in turn, with the calls that are up in the background."""
    rows = []
    for _ in range(scale.rounds):
        rows.append({
            "tandem": windows.take(server, scale.calls, 64),
            "relay": windows.take(relay, scale.calls, 64),
        })
    return rows


def small_growth(tools, windows, work, scale):
    """Cost per call with the smaller numbers of calls up."""
    server, relay = Tandem(tools, work, 28490), Relay(tools, work, "batch")
    holder = Holder(tools, server, scale.levels[-2], scale.rate, scale.group)
    found = {}
    windows.take(server, scale.calls, 64)
    for level in scale.levels[:-1]:
        expect_up(holder.ask(f"up {level}"), level)
        found[level] = growth(tools, windows, server, relay, scale)
    holder.stop()
    relay.stop()
    server.stop()
    return found


def held(tools, windows, work, scale, say):
    """Memory per call that is up, cost per call beside the largest number of them, and their end, all in
    the same second: each group of calls gets the longest talk time that ends it then."""
    server, relay = Tandem(tools, work, 28491), Relay(tools, work, "batch")
    windows.take(server, WARM_UP, 16)
    holder = Holder(tools, server, scale.levels[-1], scale.rate, scale.group)
    memory, empty, below = {}, server.process.resident_bytes(), 0
    end = time.monotonic() + scale.seconds_to_end
    for level in scale.levels:
        say(f"{level:,} calls go up")
        server.apply({"egress_gateways": gateways_ending_at(end, below, level, scale)})
        wait_until(end - int(end - time.monotonic() - 0.2))
        expect_up(holder.ask(f"up {level}"), level)
        time.sleep(scale.settle)  # the transactions of their set-up end (RFC 3261, 64*T1)
        memory[level] = (server.process.resident_bytes() - empty) / level
        below = level
    say(f"windows beside {level:,} calls")
    rows = growth(tools, windows, server, relay, scale) if end - time.monotonic() > 3 else []
    relay.stop()
    say(f"{level:,} calls end in {end - time.monotonic():.0f} s")
    storm = end_all(tools, server, holder, end, scale)
    server.stop()
    return {"memory": memory, "growth": rows, "storm": storm}


def expect_up(answer, level):
    if answer["answered"] - answer["failed"] < level or not answer["clean"]:
        raise SystemExit(f"{level} calls should be up: {answer}")


def wait_until(instant):
    time.sleep(max(0.0, instant - time.monotonic()))


def gateways_ending_at(end, below, level, scale):
    """One gateway for each group of numbers, so that its calls end at `end` when they start now: the
    whole second is exact because the calls are started a whole number of seconds before `end`."""
    start = int(end - time.monotonic() - 0.2)
    rows = []
    for group in range(below // scale.group, (level + scale.group - 1) // scale.group):
        later = (group * scale.group - below) // scale.rate
        rows.append(egress(f"held-{group:03}", HOLD_CALLEE, [f"2{group:03}"], start - later))
    return rows


def end_all(tools, server, holder, end, scale):
    """The calls end. Meanwhile OPTIONS and new calls, whose answers show how late the switch is."""
    wait_until(end - 2)
    before = server.status()
    probe = tools.start([tools.prober, server.address, PROBE, "500", str(scale.storm_seconds)])
    others = tools.calls(server, scale.storm_calls, 50, rate=scale.storm_rate, prefix="3",
                         caller=SECOND_CALLER, callee=SECOND_CALLEE)
    wait_until(end + 1)
    total, ended = scale.levels[-1], {}
    while time.monotonic() < end + scale.storm_seconds + 60:
        time.sleep(0.5)
        ended = holder.ask("status")
        if ended["completed"] >= total and ended["callee_ended"] >= total:
            break
    asked, called = finish(probe), finish(others)
    holder.stop()
    after = server.status()
    calls = after["counters"]["calls_ended"]
    there = server.wait_for_records(calls)
    return {
        "calls": total, "ended": ended["completed"], "callee_ended": ended["callee_ended"],
        "seconds": ended["end_seconds"], "faults": ended["faults"],
        "options": asked, "new_calls": called,
        "records": {"calls": calls, "records": there[0], "different": there[1]},
        "before": before, "after": after,
    }


def instructions(tools, work, scale):
    """User instructions per call, which do not depend on what else the machine does."""
    totals = []
    for number, calls in enumerate(scale.instruction_calls):
        out = os.path.join(work, f"callgrind-{calls}")
        server = Tandem(tools, work, 28495 + number,
                        prefix=["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"])
        result = finish(tools.calls(server, calls, 8))
        server.stop()
        if result["completed"] != calls:
            raise SystemExit(f"calls under callgrind failed: {result}")
        with open(out) as lines:
            totals.append(sum(int(l.split()[1]) for l in lines if l.startswith("totals:")))
    few, many = scale.instruction_calls
    return (totals[1] - totals[0]) / (many - few)


def rounds_of(rows, kind, window):
    return [signalling_us(row[kind][window]) for row in rows]


def ratio(rows, kind, other, window):
    """Median of the ratios of each round."""
    return median(a / b for a, b in zip(rounds_of(rows, kind, window), rounds_of(rows, other, window)))
