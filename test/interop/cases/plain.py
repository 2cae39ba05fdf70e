"""Calls as most calls are, over every transport."""

import socket

import sipp
from stage import at, check, equal, free_port
from switch import Switch, gateways, start_ipv6


def go(stage, calling, answering, calls=100, rate=100):
    switch = Switch(stage).start()
    south = at(stage.callee_ip, 5060)
    switch.apply(gateways(stage.caller_ip, south, transport="tcp" if answering == "t1" else "udp"))
    callee = sipp.callee(stage, transport=answering)
    caller = sipp.caller(stage, switch, calls=calls, rate=rate, transport=calling)
    caller.ends_well()
    records = switch.settled(calls)
    sipp.all_are(records, caller_gateway="north", callee_gateway="south", end_reason="caller_hangup",
                 end_side="caller", callee="442071234567", callee_in="442071234567", callee_out="442071234567",
                 callee_ip=south, caller_codec="PCMU", callee_codec="PCMU", q850_cause=16,
                 caller_rtp_ip=at(stage.caller_ip, 20000), callee_rtp_ip=at(stage.callee_ip, 21000))
    equal({f"33123{number}" for number in range(1, calls + 1)}, {record["caller"] for record in records}, "callers")
    for record in records:
        check(record["caller_ip"].startswith(stage.caller_ip + ":"), f"caller_ip {record['caller_ip']}")
        check(record["hold_time_ms"] >= 90, f"hold_time_ms {record['hold_time_ms']}")
        check(record["ring_time"] and record["answer_time"], "rang and was answered")
        equal(1, len(record["attempts"]), "attempts")
        check(record["caller_call_id"] != record["callee_call_id"], "the Call-ID is hidden")
    check(callee.runs(), "the callee is content")
    return switch


def udp_to_udp(stage):
    """500 calls over UDP, each with one exact record."""
    go(stage, "u1", "u1", calls=500, rate=200)


def tcp_to_tcp(stage):
    """Calls over TCP on both sides."""
    go(stage, "t1", "t1")


def udp_to_tcp(stage):
    """Calls from UDP to TCP."""
    go(stage, "u1", "t1")


def tcp_to_udp(stage):
    """Calls from TCP to UDP."""
    go(stage, "t1", "u1")


def over_ipv6(stage):
    """Calls from [::1] to [::1], over UDP and over TCP."""
    switch = start_ipv6(stage)
    for count, transport in ((50, "u1"), (100, "t1")):
        kind = socket.SOCK_STREAM if transport == "t1" else socket.SOCK_DGRAM
        south = free_port("::1", kind)
        switch.apply(gateways("::1", at("::1", south), transport="tcp" if transport == "t1" else "udp"))
        sipp.callee(stage, address="::1", port=south, transport=transport, name="callee-" + transport)
        sipp.caller(stage, switch, calls=50, address="::1", port=free_port("::1", kind), transport=transport,
                    name="caller-" + transport).ends_well()
        for record in switch.settled(count):
            check(record["caller_ip"].startswith("[::1]:"), f"caller_ip {record['caller_ip']}")
            equal("caller_hangup", record["end_reason"])


def lost_packets(stage):
    """One packet in twelve is lost on either side: every call has one record, and none stays up."""
    switch = Switch(stage).start()
    switch.apply({**gateways(stage.caller_ip, at(stage.callee_ip, 5060)),
                  "parameters": {"SS_SIP_TIMEOUT_NON_INVITE": 4, "SS_SIP_TIMEOUT_ACK": 4}})
    sipp.callee(stage, more=("-lost", "8"))
    caller = sipp.caller(stage, switch, calls=100, rate=100, more=("-lost", "8"))
    caller.wait(90)
    successes = caller.count("SuccessfulCall(C)")
    check(successes > 50, f"only {successes} of 100 calls went well: {caller.explain()}")
    # What a caller takes for success may have another end here, when ACK or answers were lost too often.
    records = switch.records(successes)
    answered = [record for record in records if record["answer_time"]]
    check(len(answered) >= successes, f"{successes} calls went well, {len(answered)} records say so")
    ends = {record["end_reason"] for record in answered}
    check(ends <= {"caller_hangup", "ack_timeout"}, f"ends of answered calls: {ends}")
    switch.settled(len(switch.records(len(records))))
