"""Routing with very many prefixes: a decision alone, a switch that has them, a change among them, and what
five hundred gateways with all their rules cost a call."""

import json
import os
import subprocess
import threading
import time

from phases import signalling_us
from servers import CALLEE, Tandem, egress

GATEWAYS = 500


def alone(tools, prefixes):
    """The program measures itself: lookups, decisions, memory, a change."""
    done = subprocess.run([os.path.join(tools.build, "test", "bench", "routing_bench"), str(prefixes)],
                          capture_output=True, text=True, timeout=600, check=True)
    return json.loads(done.stdout)


def table(prefixes):
    """So many prefixes of 500 gateways that no call of the other windows begins with."""
    each = prefixes // GATEWAYS
    lines = ["name,remote_ips,prefix"]
    for gateway in range(GATEWAYS):
        lines.append(f"vendor-{gateway:03},127.0.10.9:{20000 + gateway},9{gateway}")
        first = gateway * 7919
        lines.extend(f"vendor-{gateway:03},,9{(first + i * 10007) % 10 ** 9}" for i in range(each - 1))
    return "\n".join(lines)


def among_many(tools, work, scale, say):
    """A switch with all of them: its start, its memory, and a change of one gateway while it is asked."""
    server = Tandem(tools, work, 28450)
    server.process.stop(30)
    path = os.path.join(work, "prefixes.csv")
    with open(path, "w") as file:
        file.write(table(scale.prefixes))
    say(f"importing {scale.prefixes:,} prefixes")
    begin = time.monotonic()
    server.command("import", "egress_gateways", path, "--json", seconds=1800)
    found = {"import_s": time.monotonic() - begin}
    os.remove(path)
    begin = time.monotonic()
    server.start()
    found["start_s"] = time.monotonic() - begin
    found["resident"] = server.process.resident_bytes()
    change = "name,prefix\n" + "\n".join(f"vendor-007,98{i}" for i in range(100))
    seconds = scale.change_seconds
    probes = {}
    prober = threading.Thread(target=lambda: probes.update(tools.probe(server.address, 500, seconds)))
    prober.start()
    found["change_ms"] = []
    for number in range(scale.changes):
        begin = time.monotonic()
        server.command("import", "egress_gateways", "-", "--mode", "add" if number % 2 == 0 else "remove",
                       "--json", text=change)
        found["change_ms"].append((time.monotonic() - begin) * 1000)
    prober.join()
    found["probes"] = probes
    found["resident_after"] = server.process.resident_bytes()
    server.stop()
    return found


class Dressed(Tandem):
    """The same switch with 500 gateways, dial plans on both sides and quality windows."""

    name = "tandem with 500 gateways, plans and quality"
    address = "127.0.10.1:25068"

    def dress(self):
        gateways = [egress(f"vendor-{i:03}", f"127.0.10.9:{20000 + i}", [f"9{i}", f"8{i}"])
                    for i in range(GATEWAYS)]
        plan = ",".join(f"00{i}:{i}" for i in range(20))
        gateways.append({**egress("callee", CALLEE, ["1"]), "plan_callee_in": plan, "plan_caller_in": plan})
        self.apply({"egress_gateways": gateways,
                    "ingress_gateways": [{"name": "caller", "plan_callee_out": plan, "plan_caller_out": plan}],
                    "parameters": {"SS_GATEWAY_QUALITY_CALCULATE": True,
                                   "SS_GATEWAY_ASR_ROUTE_SORT_CONFIG": "after_prefix"}})
        return self


def beside(tools, windows, work, scale):
    """us of a call, plain and dressed in turn."""
    plain, dressed = Tandem(tools, work, 28451), Dressed(tools, work, 28452).dress()
    rows = []
    for server in (plain, dressed):
        windows.take(server, scale.calls, 64)
    for _ in range(scale.rounds):
        rows.append({server.name: signalling_us(windows.take(server, scale.calls, 64))
                     for server in (plain, dressed)})
    plain.stop()
    dressed.stop()
    return [(row[plain.name], row[dressed.name]) for row in rows]


def routing(tools, windows, work, scale, say):
    say(f"decisions among {scale.prefixes:,} prefixes")
    found = {"prefixes": scale.prefixes, "alone": alone(tools, scale.prefixes)}
    found["switch"] = among_many(tools, work, scale, say)
    say("calls with and without 500 gateways, plans and quality")
    found["calls"] = beside(tools, windows, work, scale)
    return found
