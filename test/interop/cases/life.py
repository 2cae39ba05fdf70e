"""Start, change, drain, stop of a running switch, with calls up."""

import json
import os
import signal

import raw
import sipp
from cases.strangers import SDP
from stage import at, check, equal, wait_for
from switch import Switch, gateways


def with_calls(stage, parameters=None, calls=20, talk=60000):
    """A switch with this many answered calls, whose parties hang up after `talk` ms."""
    switch = Switch(stage).start()
    switch.apply({**gateways(stage.caller_ip, at(stage.callee_ip, 5060)), "parameters": parameters or {}})
    callee = sipp.callee(stage)
    caller = sipp.caller(stage, switch, calls=calls, rate=100, talk=talk)
    answered(switch, calls)
    return switch, caller, callee


def answered(switch, count):
    wait_for(f"{count} answered calls",
             lambda: len([call for call in switch.calls() if call["answer_time"]]) == count)


def invite_is_refused(stage, switch, expected=503):
    peer = raw.Udp(stage, stage.caller_ip)
    answer = peer.final(raw.request("INVITE", switch, peer.me, body=SDP, Content_Type="application/sdp"), switch)
    equal(expected, int(answer.split()[1]), "answer to a new INVITE")
    return answer


def drain(stage):
    """SIGTERM: no new calls, those that are up end as they will, then exit status 0."""
    switch, caller, _ = with_calls(stage, {"SS_STOP_GRACE_TIME": 60}, talk=3000)
    switch.tell(signal.SIGTERM)
    wait_for("draining", lambda: switch.status()["draining"])
    check("draining" in switch.ask("status"), "tandem status says so")
    invite_is_refused(stage, switch)
    equal(20, len(switch.calls()), "calls that are up")
    caller.ends_well()
    equal(0, switch.program.wait(), "exit status")
    records = switch.settled_on_disk()
    equal(20, len([record for record in records if record["end_reason"] == "caller_hangup"]), "calls that ended well")


def stop_releases(stage):
    """SIGTERM without a grace time: both sides get a BYE, and the records say why."""
    switch, _, _ = with_calls(stage)
    switch.tell(signal.SIGTERM)
    equal(0, switch.program.wait(), "exit status")
    records = switch.settled_on_disk()
    equal(["server_shutdown"] * 20, [record["end_reason"] for record in records])


def second_signal(stage):
    """A second SIGTERM ends calls that the first one waits for."""
    switch, _, _ = with_calls(stage, {"SS_STOP_GRACE_TIME": 600})
    switch.tell(signal.SIGTERM)
    wait_for("draining", lambda: switch.status()["draining"])
    switch.tell(signal.SIGTERM)
    equal(0, switch.program.wait(), "exit status")
    records = switch.settled_on_disk()
    equal(["server_shutdown"] * 20, [record["end_reason"] for record in records])


def reload(stage):
    """SIGHUP reads the configuration again; calls that are up stay."""
    switch, _, _ = with_calls(stage)
    # Written behind its back: whoever does not find its address writes to the files.
    address = os.path.join(switch.data, "api-address")
    os.rename(address, address + ".hidden")
    switch.ask("gateway", "remove", "south")
    os.rename(address + ".hidden", address)
    adopted = switch.program.said().count("configuration_adopted")
    switch.tell(signal.SIGHUP)
    wait_for("the new configuration", lambda: switch.program.said().count("configuration_adopted") > adopted)
    invite_is_refused(stage, switch, 404)
    answered(switch, 20)
    switch.is_well()


def change_under_calls(stage):
    """tandem apply while calls run: they go on, new ones follow the new configuration."""
    switch, caller, _ = with_calls(stage, talk=4000)
    second = sipp.callee(stage, address=stage.other_ip, name="second", calls=10)
    for round_number in range(20):
        switch.apply({"egress_gateways": [{"name": "south", "remote_ips": [at(stage.other_ip, 5060)],
                                           "memo": f"round {round_number}"}]})
    sipp.caller(stage, switch, calls=10, rate=50, talk=10, port=5070, name="new").ends_well()
    second.ends_well()
    switch.ask("gateway", "remove", "south")
    invite_is_refused(stage, switch, 404)
    caller.ends_well()
    records = switch.settled(31)
    numbers = [record["config_snapshot"] for record in records]
    check(min(numbers) < max(numbers), "the records name the configuration they were decided under")
    equal(30, len([record for record in records if record["end_reason"] == "caller_hangup"]), "calls that went well")


def hang_up(stage):
    """tandem hangup ends one call on both sides, and no other."""
    switch = Switch(stage).start()
    switch.apply(gateways(stage.caller_ip, at(stage.callee_ip, 5060)))
    sipp.callee(stage)
    sipp.caller(stage, switch, """
        > INVITE sdp
        < 100 ?
        < 180 ?
        < 200
        > ACK
        < BYE
        > 200
    """, calls=5)
    answered(switch, 5)
    victim = switch.calls()[2]
    switch.ask("hangup", str(victim["flow_no"]))
    record, = switch.records(1)
    equal((victim["flow_no"], "switch"), (record["flow_no"], record["end_side"]))
    answered(switch, 4)
    check("999999999" in switch.refused("hangup", "999999999"), "a call that is not there is named")


def resumes_calls(stage):
    """A clean stop and a start on the same data: numbers of calls go on, records are there once."""
    switch, caller, callee = with_calls(stage, talk=1500)
    caller.ends_well()
    first = switch.settled(20)
    switch.tell(signal.SIGTERM)
    equal(0, switch.program.wait(), "exit status")
    switch.start()
    sipp.caller(stage, switch, calls=20, rate=100, talk=10, name="later").ends_well()
    records = switch.settled(40)
    check(max(record["flow_no"] for record in first) < max(record["flow_no"] for record in records), "new numbers")
    check(os.path.exists(os.path.join(switch.data, "cdr.db")), "cdr.db")
    check(callee.runs(), "the callee is content")


def log_as_json(stage):
    """--log-format json: every line of the log is an object."""
    switch = Switch(stage, options=["--log-format", "json", "--log-level", "debug"]).start()
    switch.tell(signal.SIGTERM)
    equal(0, switch.program.wait(), "exit status")
    lines = [line for line in switch.program.said().splitlines() if line != "ready"]
    check(lines, "a log")
    for line in lines:
        json.loads(line)
