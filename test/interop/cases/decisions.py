"""Decisions that were made, and those another configuration would make."""

import json
import os

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
    # The same calls out of a file, and one nobody made.
    path = os.path.join(stage.folder, "calls.csv")
    with open(path, "w", encoding="ascii") as file:
        file.write(switch.ask("cdr", "--csv") + "\n")
    told = json.loads(switch.ask("simulate", "-", "--records", path, "--json", text=document))
    equal((3, 3), (told["calls"], told["different"]), "calls of a file")
    equal([{"from": "east", "to": "south", "calls": 3}], told["moves"])
    with open(path, "w", encoding="ascii") as file:
        file.write(f"callee_in,caller_ip,start\n9331,{stage.caller_ip},2026-01-31\n")
    told = json.loads(switch.ask("simulate", "-", "--records", path, "--json", text=document))
    equal((1, 0), (told["calls"], told["different"]), "a number that nobody serves")
    with open(path, "a", encoding="ascii") as file:
        file.write(",127.0.0.1,\n")
    wrong = switch.refused("simulate", "-", "--records", path, text=document)
    check("line 3, column 1" in wrong, wrong)
    # The same number on another day.
    switch.ask("calendar", "add", "office", "time_zone=Europe/Berlin", "weekly=mon-fri 08:00-18:00")
    switch.ask("gateway", "set", "east", "calendar=office")
    working = json.loads(switch.ask("route", "9442071234567", "--at", "2026-12-22T09:00:00+01:00", "--json"))
    closed = json.loads(switch.ask("route", "9442071234567", "--at", "2026-12-22T19:00:00+01:00", "--json"))
    equal((["east"], "no_available_router"), (working["egress"], closed["end_reason"]), "inside and outside of its hours")

    wrong = switch.refused("simulate", "-", text='{"egress_gateways":[{"name":"south","priority":"first"}]}')
    check("priority" in wrong, wrong)
    check("There is no record 1" in switch.refused("route", "--call", "1"), "a call nobody made")
