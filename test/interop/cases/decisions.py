"""Decisions that were made, and those another configuration would make."""

import json

import sipp
from stage import at, check, equal
from switch import Switch


def decisions_of_the_past(stage):
    """A call of the records is decided anew under its own configuration, and under one only thought of."""
    switch = Switch(stage).start()
    switch.ask("gateway", "add", "ingress", "north", f"remote_ips={stage.caller_ip}", "plan_callee_out=9:")
    switch.ask("gateway", "add", "egress", "south", f"remote_ips={at(stage.callee_ip, 5060)}", "prefix=44")
    sipp.callee(stage)
    sipp.caller(stage, switch, calls=3, talk=100).ends_well()
    switch.settled(3)
    records = [json.loads(line) for line in switch.ask("cdr", "--json").splitlines()]
    flow_no = str(records[0]["flow_no"])

    # What comes later does not change what was.
    switch.ask("gateway", "set", "south", "lock_type=all")
    switch.ask("gateway", "add", "egress", "east", "remote_ips=192.0.2.1", "prefix=44")
    told = json.loads(switch.ask("route", "--call", flow_no, "--json"))
    equal((True, ["south"]), (told["accepted"], told["egress"]), "the decision as it was")
    equal(records[0]["config_snapshot"], told["configuration"])
    check(told["in_force"] > told["configuration"], "another configuration is in force")
    equal(["south"], [attempt["gateway"] for attempt in told["recorded_attempts"]])
    words = switch.ask("route", "--call", flow_no)
    check(f"It was sent to south as {records[0]['callee_out']}" in words, words)
    check("normal_clearing" in words or records[0]["end_reason"] in words, words)

    # A change is tried on the records before it is made.
    before = switch.ask("export")
    document = json.dumps({"egress_gateways": [{"name": "south", "lock_type": "none", "priority": 1}]})
    told = json.loads(switch.ask("simulate", "-", "--json", text=document))
    equal((3, 3), (told["calls"], told["different"]))
    equal([{"from": "east", "to": "south", "calls": 3}], told["moves"])
    equal((["east"], ["south", "east"]), (told["items"][0]["before"]["egress"], told["items"][0]["after"]["egress"]))
    words = switch.ask("simulate", "-", text=document)
    check("3 of 3 calls would be decided otherwise. Nothing was changed." in words, words)
    equal(before, switch.ask("export"), "the configuration after it")
    told = json.loads(switch.ask("simulate", "-", "--json", text="{}"))
    equal((3, 0), (told["calls"], told["different"]), "a document that changes nothing")
    wrong = switch.refused("simulate", "-", text='{"egress_gateways":[{"name":"south","priority":"first"}]}')
    check("priority" in wrong, wrong)
    check("There is no record 1" in switch.refused("route", "--call", "1"), "a call nobody made")
