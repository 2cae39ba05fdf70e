"""Session timers (RFC 4028): each row of the negotiation as sipp sees it, and as `tandem call show` tells it."""

import json
import re
from dataclasses import dataclass

import raw
import sipp
from cases.strangers import SDP
from phones import Kamailio
from stage import at, check, equal, wait_for
from switch import Switch

TTL, MIN_SE, CEILING = 600, 90, 3600  # s

LISTS = "Supported: timer"


def asks(interval):
    return f"Session-Expires: {interval}"


@dataclass
class Row:
    """One row of the negotiation: what the peer says, what it is to hear, what comes of it."""
    name: str
    says: tuple = ()        # headers of its INVITE or 2xx
    hears: tuple = ()       # patterns in our answer or INVITE; "!..." is not there
    rule: str = ""          # as the page of the call names it
    interval: int = 0       # 0 = no timer
    refresher: str | None = None
    refused: tuple = ()     # (status, pattern) before, with which the peer or we try again
    says_first: tuple = ()  # headers of the INVITE that is refused
    end: int = 0            # the status that ends the call
    reason: str = ""        # and its end reason
    timer: bool = True      # sip_timer of the device
    one_sided: bool = False


def says(refresher, interval):
    return asks(f"{interval};refresher={refresher}")


NO_TIMER = ("!Session-Expires:", "!Require:")
REQUIRED = r"Require: timer"

# The peer calls (rows A1 to A14). Patterns are of our final answer.
CALLING = [
    Row("A1", (), NO_TIMER, "A1"),
    Row("A2", (asks(300),), (says("uas", 300), "!Require:"), "A2", 300, "switch", one_sided=True),
    Row("A3", (asks(60),), (says("uas", 60), "!Require:"), "A3", 60, "switch", one_sided=True),
    Row("A3 below 32", (asks(31),), NO_TIMER, "A3"),
    Row("A4", (LISTS,), (says("uas", TTL), REQUIRED), "A4", TTL, "switch"),
    Row("A4 with Min-SE", (LISTS, "Min-SE: 900"), (says("uas", 900), REQUIRED), "A4", 900, "switch"),
    Row("A5", (LISTS, asks(300)), (says("uas", 300), REQUIRED), "A5", 300, "switch"),
    Row("A6", (LISTS, says("uac", 300)), (says("uac", 300), REQUIRED), "A6", 300, "peer"),
    Row("A7", (LISTS, says("uas", 300)), (says("uas", 300), REQUIRED), "A7", 300, "switch"),
    Row("A8", (LISTS, asks(MIN_SE), f"Min-SE: {MIN_SE}"), (says("uas", MIN_SE), REQUIRED), "A5", MIN_SE, "switch",
        refused=(422, f"Min-SE: {MIN_SE}"), says_first=(LISTS, asks(60))),
    Row("A8 given up", (LISTS, asks(60)), (f"Min-SE: {MIN_SE}",), end=422, reason="session_interval_too_small"),
    Row("A9", ("Require: timer", says("uac", 300)), (says("uac", 300), REQUIRED), "A6", 300, "peer"),
    Row("A10", ("Require: timer",), ("Unsupported: timer",), end=420, reason="unsupported_extension", timer=False),
    Row("A11", (LISTS, asks(300)), NO_TIMER, "A11", timer=False),
    Row("A12", (LISTS, asks("soon")), end=400, reason="bad_request"),
    Row("A12 Min-SE", (LISTS, asks(300), "Min-SE: -1"), end=400, reason="bad_request"),
    Row("A13", (LISTS, asks(300), "Min-SE: 400"), (says("uas", 300), REQUIRED), "A5", 300, "switch"),
    Row("A14", (LISTS, asks(7200)), (says("uas", CEILING), REQUIRED), "A14", CEILING, "switch"),
    Row("A14 peer wins", (LISTS, asks(7200), "Min-SE: 5000"), (says("uas", 5000), REQUIRED), "A14", 5000, "switch"),
]

# We call (rows B1 to B8). Patterns are of our last INVITE.
OFFER = (asks(TTL) + "[^;]", f"Min-SE: {MIN_SE}", "Supported: [a-z0-9, ]*timer", "!Require:")
CALLED = [
    Row("B1", ("Allow: INVITE, ACK, BYE, CANCEL",), OFFER, "B1"),
    Row("B1 one-sided", ("Allow: INVITE, ACK, BYE, CANCEL, UPDATE",), OFFER, "B1", TTL, "switch", one_sided=True),
    Row("B2", (says("uas", 300), "Require: timer"), OFFER, "B2", 300, "peer"),
    Row("B3", (says("uac", 300),), OFFER, "B3", 300, "switch"),
    Row("B4", (asks(300),), OFFER, "B4", 300, "switch"),
    Row("B5", (says("uac", 60),), OFFER, "B5", 60, "switch"),
    Row("B5 below 32", (says("uac", 31),), OFFER, "B1"),
    Row("B6", (says("uac", 1200),), OFFER, "B6", TTL, "switch"),
    Row("B7", (says("uac", 900),), (asks(900), "Min-SE: 900"), "B3", 900, "switch", refused=(422, "Min-SE: 900")),
    Row("B7 no Min-SE", end=422, reason="peer_sip_422"),
    Row("B7 too much", ("Min-SE: 3601",), end=422, reason="peer_sip_422"),
    Row("B8", (), ("!Session-Expires:", "!Min-SE:", "!timer"), "B8", refused=(420, "Unsupported: timer")),
    Row("off", (says("uac", 300),), ("!Session-Expires:", "!Min-SE:", "!timer"), "off", timer=False),
]


def joined(mark, parts):
    return "".join(f" {mark} {part}" for part in parts)


def calls(row):
    """The ladder of a peer that calls."""
    lines = []
    if row.refused:
        status, pattern = row.refused
        lines += ["> INVITE sdp" + joined("|", row.says_first), "< 100 ?", f"< {status} ~ {pattern}", "> ACK failed"]
    lines += ["> INVITE sdp" + (" again" if row.refused else "") + joined("|", row.says), "< 100 ?"]
    if row.end:
        lines += [f"< {row.end}" + joined("~", row.hears), "> ACK failed"]
    else:
        lines += ["< 200" + joined("~", row.hears), "> ACK", "< BYE", "> 200"]
    return "\n".join(lines)


def takes(row):
    """The ladder of a peer that is called."""
    if row.end:
        return "\n".join(["< INVITE", f"> {row.end}" + joined("|", row.says), "< ACK"])
    lines = []
    if row.refused:
        status, header = row.refused
        lines = ["< INVITE" + joined("~", OFFER), f"> {status} | {header}", "< ACK"]
    lines += ["< INVITE" + (" again" if row.refused else "") + joined("~", row.hears),
              "> 200 sdp" + joined("|", row.says), "< ACK", "< BYE", "> 200"]
    return "\n".join(lines)


PLAIN = "> INVITE sdp\n< 100 ?\n< 200\n> ACK\n< BYE\n> 200"
REFUSED = "> INVITE sdp\n< 100 ?\n< {status}\n> ACK failed"


def pages(switch, rows, side):
    """Of each answered call, by its row: what `tandem call show` tells of the timer of that leg."""
    answered = {number_of(row, rows): row for row in rows if not row.end}

    def all_answered():
        up = [call for call in switch.calls() if call["answer_time"]]
        return up if {call["callee"] for call in up} == set(answered) else None
    live = wait_for("every row that has an answer", all_answered)
    told = {}
    for call in live:
        page = json.loads(switch.ask("call", "show", str(call["flow_no"]), "--json"))
        leg, = [leg for leg in page["legs"] if leg["side"] == side]
        told[answered[call["callee"]].name] = leg["timer"]
    return live, told


def number_of(row, rows):
    return f"44{rows.index(row):02}00"


def judge(switch, rows, side, programs, refused=0):
    """What is told of every row is what the table says; then the calls are ended."""
    live, told = pages(switch, rows, side)
    for row in rows:
        if not row.end:
            timer = told[row.name]
            equal((row.rule, row.interval, row.refresher, row.one_sided),
                  (timer["rule"], timer["interval"] or 0, timer["refresher"], bool(timer["one_sided"])),
                  f"row {row.name}")
    switch.ask("hangup", *[str(call["flow_no"]) for call in live])
    for program in programs:
        program.ends_well()
    records = {record["callee"]: record for record in switch.settled(len(rows) + refused)}
    for row in rows:
        if row.end:
            record = records[number_of(row, rows)]
            equal((row.reason, None), (record["end_reason"], record["answer_time"]), f"record of row {row.name}")


def switch_of(stage, **document):
    switch = Switch(stage).start()
    switch.apply({"parameters": {"SS_SIP_SESSION_TTL_CEILING": CEILING}, **document})
    return switch


def seen_of(switch, gateway):
    """What was seen of the timers of this gateway."""
    return {each["name"]: each["timer"] for each in switch.status()["gateways"]}[gateway]


def every_row_of_a_calling_peer(stage):
    """A1 to A14: what the answer says of the timer, which rule is told, how the call ends."""
    switch = switch_of(
        stage,
        ingress_gateways=[{"name": "north", "remote_ips": [stage.caller_ip]},
                          {"name": "plain", "remote_ips": [stage.other_ip], "sip_timer": False}],
        egress_gateways=[{"name": "south", "remote_ips": [at(stage.callee_ip, 5060)], "prefix": [""],
                          "sip_timer": False}])
    taking = sipp.callee(stage, "< INVITE ~ !Session-Expires: ~ !timer\n> 200 sdp\n< ACK\n< BYE\n> 200")
    programs = [
        sipp.caller(stage, switch, calls(row), calls=1, number=number_of(row, CALLING), name=f"row-{i}",
                    address=stage.caller_ip if row.timer else stage.other_ip, port=5060 + i)
        for i, row in enumerate(CALLING)]
    judge(switch, CALLING, "caller", programs)
    equal(1, seen_of(switch, "north")["min_se_above_interval"], "contradictions (A13)")
    check(taking.runs(), "the callee never saw what the caller asked for: " + taking.explain())


def every_row_of_a_called_peer(stage):
    """B1 to B8: what the INVITE says of the timer, which rule is told, how the call ends."""
    switch = switch_of(
        stage, ingress_gateways=[{"name": "north", "remote_ips": [stage.caller_ip]}],
        egress_gateways=[{"name": f"south-{i}", "remote_ips": [at(stage.callee_ip, 5060 + i)],
                          "prefix": [number_of(row, CALLED)], "sip_timer": row.timer}
                         for i, row in enumerate(CALLED)])
    programs = [sipp.callee(stage, takes(row), port=5060 + i, name=f"row-{i}", calls=1)
                for i, row in enumerate(CALLED)]
    for i, row in enumerate(CALLED):
        programs.append(sipp.caller(stage, switch, REFUSED.format(status=row.end) if row.end else PLAIN, calls=1,
                                    number=number_of(row, CALLED), name=f"caller-{i}", port=5060 + i))
    judge(switch, CALLED, "callee", programs)
    short = f"south-{[row.name for row in CALLED].index('B5')}"
    equal(1, seen_of(switch, short)["interval_below_min_se"], "answers below our Min-SE (B5)")


def kamailio_and_the_switch_agree(stage):
    """Kamailio and the switch refuse the same intervals with the same Min-SE; one that Kamailio puts in is kept."""
    least = 120
    switch = switch_of(
        stage, ingress_gateways=[{"name": "north", "remote_ips": [stage.proxy_ip, stage.caller_ip]}],
        egress_gateways=[{"name": "south", "remote_ips": [at(stage.callee_ip, 5060)], "prefix": [""]}])
    switch.apply({"parameters": {"SS_SIP_SESSION_MIN_SE": least}})
    proxy = Kamailio(stage, stage.proxy_ip, switch.where(), "kamailio-sst.cfg", LEAST=str(least))
    for asked in (least - 1, 90):
        answers = [refusal(stage, where, asked) for where in (switch, Peer(proxy))]
        equal([(422, least)] * 2, answers, f"answers of both to {asked} s")

    taking = sipp.callee(stage, calls=2, ladder="< INVITE\n> 200 sdp\n< ACK\n< BYE\n> 200")
    rows = [Row("put in by the proxy", (), (says("uas", least), "!Require:"), "A2", least, "switch",
                one_sided=True),
            Row("asked for by the caller", (LISTS, asks(300)), (says("uas", 300), REQUIRED), "A5", 300, "switch")]
    programs = [taking, *[
        sipp.caller(stage, switch, calls(row), calls=1, number=number_of(row, rows), name=f"row-{i}", port=5070 + i,
                    target=proxy.where()) for i, row in enumerate(rows)]]
    judge(switch, rows, "caller", programs, refused=2)


class Peer:
    """Where raw requests go instead of to the switch."""
    def __init__(self, program):
        self.address, self.port, self.where = program.address, 5060, program.where


def refusal(stage, where, interval):
    """Status and Min-SE of the answer to an INVITE that asks for this interval."""
    peer = raw.Udp(stage, stage.caller_ip)
    answer = peer.final(raw.request("INVITE", where, peer.me, body=SDP, Content_Type="application/sdp",
                                    Supported="timer", Session_Expires=str(interval)), where)
    least = re.search(r"Min-SE: *(\d+)", answer)
    return int(answer.split()[1]), int(least.group(1)) if least else None


every_row_of_a_calling_peer.seconds = 6
every_row_of_a_called_peer.seconds = 6
