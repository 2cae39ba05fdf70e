"""The page of results, and the row of it that is kept."""

import os
import platform
import subprocess
import time

from phases import WINDOWS, ratio, rounds_of, signalling_us
from refresh import METHODS
from tools import median, spread

NAMES = {"batch": "bare relay, recvmmsg/sendmmsg", "one": "bare relay, recvfrom/sendto",
         "tandem": "tandem", "kamailio": "Kamailio 5.6, dialog + CDR to log"}


def machine():
    model = ""
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{os.cpu_count()} cores, {model}, Linux {platform.release().split('-')[0]}"


def commit(root):
    done = subprocess.run(["git", "-C", root, "describe", "--always", "--dirty", "--abbrev=9"],
                          capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


class Page:
    """Lines of text, with a verdict on each bar."""

    def __init__(self, root):
        self.root = root
        self.lines = []
        self.history = {}
        self.missed = 0
        self.broken = 0  # of `missed`: what no other load of the machine explains

    def add(self, text=""):
        self.lines.append(text)

    def bar(self, what, value, most, unit="", digits=2):
        kept = value <= most
        self.missed += 0 if kept else 1
        self.broken += 0 if kept or most > 0 else 1
        verdict = "reached" if kept else "MISSED"
        self.add(f"  {what:<52} {value:>9.{digits}f}{unit:<4} at most {most}{unit:<4} {verdict}")

    def text(self):
        head = [f"Tandem {commit(self.root)}, {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC",
                f"{machine()}; load of the machine in the end {os.getloadavg()[0]:.1f}",
                "Processor time, user and system; ratios are of one round, side by side.", ""]
        return "\n".join(head + self.lines) + "\n"

    def comparison(self, found):
        rows = found["rounds"]
        kinds = [k for k in NAMES if k in rows[0]]
        self.add("1. A call, INVITE to BYE, both legs, answered, record journaled: us of processor time")
        self.add(f"   saturated, {len(rows)} rounds; calls in set-up:      "
                 + "".join(f"{w:>24}" for w in WINDOWS))
        for kind in kinds:
            self.add(f"   {NAMES[kind]:<44}"
                     + "".join(f"{spread(rounds_of(rows, kind, w)):>24}" for w in WINDOWS))
        whole = "".join(
            f"{spread([row['tandem'][w]['us'] for row in rows]):>24}" for w in WINDOWS)
        self.add(f"   {'tandem with loading the database':<44}{whole}")
        self.threads(rows)
        self.add()
        for other in kinds:
            if other != "tandem":
                self.add(f"   tandem / {NAMES[other]:<35}" + "".join(
                    f"{ratio(rows, 'tandem', other, w):>24.2f}" for w in WINDOWS))
        against_relay = median(ratio(rows, "tandem", "batch", w) for w in WINDOWS)
        self.bar("tandem / bare relay of the same datagrams", against_relay, 2.0)
        self.history["us/call"] = spread(rounds_of(rows, "tandem", 64))
        self.history["/ relay"] = f"{against_relay:.2f}"
        self.history["/ Kamailio"] = "-"
        if "kamailio" in kinds:
            against = median(ratio(rows, "tandem", "kamailio", w) for w in WINDOWS)
            self.bar("tandem / Kamailio", against, 0.333, digits=3)
            self.history["/ Kamailio"] = f"{against:.3f}"
        else:
            self.add("  Kamailio is not installed: not compared")
        calls = sum(r["calls"] for r in found["records"])
        lost = calls - sum(r["different"] for r in found["records"])
        twice = sum(r["records"] - r["different"] for r in found["records"])
        self.bar(f"records lost or double of {calls:,} calls", lost + twice, 0, digits=0)
        self.add()

    def threads(self, rows):
        names = {n for row in rows for n in row["tandem"][64]["threads"]}
        shares = {n: median(row["tandem"][64]["threads"].get(n, 0.0) for row in rows) for n in names}
        text = ", ".join(f"{n} {us:.1f}" for n, us in sorted(shares.items(), key=lambda s: -s[1])
                         if us >= 0.05)
        self.add(f"   threads of tandem, 64 in set-up: {text}")

    def memory(self, found):
        self.add("2. Memory of an answered call that is idle: resident set, difference by calls")
        for level, size in found.items():
            self.add(f"   {level:>9,} calls {size / 1024:>8.2f} KiB")
        level, size = list(found.items())[-1]
        self.bar(f"KiB per call at {level:,}", size / 1024, 6.0, " KiB")
        self.history["KiB/call"] = f"{size / 1024:.2f}"
        self.add()

    def growth(self, levels):
        self.add("3. Cost of a call beside calls that are up: us, 64 in set-up; ratio to the relay beside it")
        ratios = {}
        for level, rows in levels.items():
            us = [signalling_us(r["tandem"]) for r in rows]
            ratios[level] = median(signalling_us(r["tandem"]) / r["relay"]["us"] for r in rows)
            self.add(f"   {level:>9,} calls up {spread(us):>24}   {ratios[level]:.2f} x relay")
        few, many = list(ratios)[0], list(ratios)[-1]
        worst = max(ratios.values()) / ratios[few]
        self.bar(f"dearer than beside {few:,}, at most, up to {many:,}", worst, 1.15)
        self.history["growth"] = f"{worst:.2f}"
        self.add()

    def registration(self, found, scale):
        self.add("6. REGISTER with digest, two transactions: us of processor time, bindings journaled")
        for rate, rows in found["at"].items():
            self.add(f"   at {rate:,} a second:" if rate else "   saturated, 64 at a time:")
            for kind, name in (("tandem", "tandem"), ("kamailio", "Kamailio 5.6, all in memory")):
                if rows[kind]:
                    self.add(f"     {name:<42}{spread(rows[kind]):>24}")
            if not rows["kamailio"]:
                continue
            against = median(a / b for a, b in zip(rows["tandem"], rows["kamailio"]))
            where = f"at {rate:,} a second" if rate else "saturated"
            self.bar(f"tandem / Kamailio {where}", against, 0.333, digits=3)
            self.history["register / Kamailio"] = f"{against:.3f}"  # of the last, which is saturated
        self.bar("registrations that failed", found["failed"], 0, digits=0)
        contacts = scale.registered * scale.contacts_each
        self.add(f"   {contacts:,} contacts of {scale.registered:,} phones: resident set "
                 f"{found['resident'] / 2**20:.0f} MiB, without them {found['empty'] / 2**20:.0f} MiB; "
                 f"{(found['resident'] - found['empty']) / contacts:.0f} bytes a contact")
        self.bar("MiB in all", found["resident"] / 2**20, 1024, " MiB", digits=0)
        self.add(f"   after kill -9: {found['adopted']:,} of {found['kept']:,} contacts adopted; ready after "
                 f"{found['restart']:.2f} s, without contacts {found['start']:.2f} s")
        self.bar("contacts lost", found["kept"] - found["adopted"], 0, digits=0)
        self.bar("s that a start takes longer with them", found["restart"] - found["start"], 3.0, " s")
        self.add()

    def parsing(self, found):
        self.add(f"4. Parsing an INVITE of {found['bytes']} bytes: ns {spread(found['ns'], 0)}")
        self.bar("ns", median(found["ns"]), 500, " ns", digits=0)
        self.bar("allocations", found["allocations"], 0, digits=0)
        self.history["parse ns"] = f"{median(found['ns']):.0f}"
        self.add()

    def storm(self, found):
        self.add(f"5. {found['calls']:,} calls end by their longest talk time in the same second")
        self.add(f"   ended {found['ended']:,} at the caller, {found['callee_ended']:,} at the callee, "
                 f"the last one {found['seconds']:.2f} s after the first; faults {found['faults'] or 'none'}")
        options, calls = found["options"], found["new_calls"]
        self.add(f"   OPTIONS meanwhile: {options['answered']:,} of {options['asked']:,} answered; us "
                 f"{delays(options['delay_us'])}")
        self.add(f"   new calls meanwhile: {calls['completed']:,} of {calls['offered']:,} completed; us to 180 "
                 f"{delays(calls['ringing_us'])}")
        self.add(f"   the switch's own watchdog: {late_loops(found['after']) or 'not shown'}")
        unanswered = options["asked"] - options["answered"]
        unended = 2 * found["calls"] - found["ended"] - found["callee_ended"]
        self.bar("inputs unanswered, ends unseen", unanswered + unended, 0, digits=0)
        late = options["delay_us"]["max"] / 1000 if options["delay_us"] else float("inf")
        self.bar("latest answer to an input, ms", late, 100, " ms", digits=1)
        records = found["records"]
        wrong = abs(records["calls"] - records["different"]) + records["records"] - records["different"]
        self.bar(f"records lost or double of {records['calls']:,} calls", wrong, 0, digits=0)
        self.history["storm max ms"] = f"{late:.1f}"
        self.add()

    def keepalive(self, found):
        counted, contacts = found["counted"], found["contacts"]
        share = contacts / (found["period"] * 100)
        each = found["us"] / max(counted["datagrams"], 1)
        floor = found["floor_us"] / contacts
        self.add(f"7. NAT keep-alive of {contacts:,} contacts in {found['period']} s: one whole period")
        self.add(f"   {counted['datagrams']:,} datagrams; us each {each:.2f}; sendmmsg alone {floor:.2f}; "
                 f"slots of 10 ms: share {share:.1f}, median {counted['median']}, p99 {counted['p99']}, "
                 f"largest {counted['largest']}")
        self.bar("per cent of one core", found["us"] / found["seconds"] / 1e4, 10.0, " %")
        if share >= 10:
            self.bar("largest slot of 10 ms against its share", counted["largest"] / share, 1.2)
        self.bar("contacts without their datagram, or with two",
                 counted["missing"] + counted["doubled"], 0, digits=0)
        self.add()

    def refresh(self, found):
        calls = found["auto"]["calls"]
        self.add(f"8. Session refresh of {calls:,} calls, both legs by the switch: us of processor time each")
        for method, row in found.items():
            self.add(f"   {METHODS[method]:<10} {row['us']:6.1f}; bare relay of its datagrams "
                     f"{row['relay_us']:6.1f}; {row['refreshes']:,} refreshes, {row['rate']:,} a second")
        for method, row in found.items():
            against = row["us"] / row["relay_us"] if row["relay_us"] else 0.0
            self.bar(f"{METHODS[method]} / bare relay of its datagrams", against, 2.5)
        self.bar("KiB per idle call with timers", found["auto"]["bytes"] / 1024, 6.0, " KiB")
        self.bar("refreshes lost or wrong, calls ended", sum(r["wrong"] for r in found.values()), 0, digits=0)
        missing = sum(1 for r in found.values() if r["refreshes"] < 2 * r["calls"])
        self.bar("methods without a refresh of each leg", missing, 0, digits=0)
        self.add()

    def routing(self, found):
        alone, switch = found["alone"], found["switch"]
        self.add(f"9. Routing: {found['prefixes']:,} prefixes over {alone['gateways']} gateways, "
                 f"{alone['candidates']} candidates a number")
        self.add(f"   a lookup {alone['lookup_ns']:.0f} ns, after a change {alone['lookup_after_ns']:.0f} ns; "
                 f"index made in {alone['compile_s']:.1f} s; lists {alone['lists_mib']:.0f} MiB, "
                 f"index {alone['index_mib']:.0f} MiB; a change compiled in "
                 f"{alone['change_ms']:.0f} ms")
        self.bar("a decision, median, us", alone["decision_us"], 5.0, " us")
        self.bar("a decision, 99th percentile, us", alone["decision_p99_us"], 20.0, " us")
        self.bar("allocations of a decision beyond its result", alone["allocations"], 0, digits=1)
        delays_found = switch["probes"].get("delay_us") or {"max": float("inf")}
        self.add(f"   imported in {switch['import_s']:.1f} s; OPTIONS while {len(switch['change_ms'])} changes "
                 f"were made: us {delays(switch['probes'].get('delay_us'))}; resident after them "
                 f"{switch['resident_after'] / 2 ** 20:,.0f} MiB")
        self.bar("start of the switch, s", switch["start_s"], 10.0, " s", digits=1)
        self.bar("resident, MiB", switch["resident"] / 2 ** 20, 1536, " MiB", digits=0)
        self.bar("a change of one gateway, command to command, ms, median", median(switch["change_ms"]), 50, " ms",
                 digits=0)
        self.bar("latest answer meanwhile, ms", delays_found["max"] / 1000, 5, " ms", digits=1)
        ratios = [dressed / plain for plain, dressed in found["calls"]]
        self.add(f"   us a call: plain {spread(p for p, _ in found['calls'])}, with 500 gateways, plans and "
                 f"quality {spread(d for _, d in found['calls'])}")
        self.bar("a call with 500 gateways, plans and quality / without", median(ratios), 1.25)
        self.add()

    def instructions(self, count):
        self.add(f"10. User instructions per call (callgrind, whole process): {count:,.0f}")
        self.history["instructions"] = f"{count:,.0f}"
        self.add()

    def discarded(self, windows):
        if windows.discarded:
            self.add(f"Windows that did not count, taken again: {len(windows.discarded)}")
            for what in windows.discarded[:10]:
                self.add(f"   {what}")
        else:
            self.add("Every window counted: no message was lost, repeated or wrong.")


def delays(found):
    return "none" if not found else f"median {found['p50']:,}, p99 {found['p99']:,}, max {found['max']:,}"


def late_loops(status):
    """What the status says of rounds of the loop that took too long, wherever it says it."""
    found = {}

    def look(value, name):
        if isinstance(value, dict):
            for key, inner in value.items():
                look(inner, key)
        elif name.startswith("loop_"):
            found[name] = value

    look(status, "")
    return found
