"""Every command of `tandem` once as an operator gives it: with a switch that runs, and without one."""

import csv
import io
import json
import os
import signal
import subprocess

import sipp
from cases.life import answered
from stage import Program, at, check, equal, wait_for
from switch import Switch, gateways


def configure(switch, stage):
    """Gateways and parameters by their own commands; the same with and without a running switch."""
    switch.ask("gateway", "add", "ingress", "north", f"remote_ips={stage.caller_ip}", "capacity=100")
    switch.ask("gateway", "add", "egress", "south", f"remote_ips={at(stage.callee_ip, 5060)}", "prefix=44,33")
    equal([("ingress", "north"), ("egress", "south")],
          [(row["kind"], row["name"]) for row in switch.objects("gateway", "list")])
    table = switch.ask("gateway", "list")
    check("north" in table and "south" in table, table)
    equal(100, json.loads(switch.ask("gateway", "show", "north", "--json"))["capacity"])
    switch.ask("gateway", "set", "north", "capacity=7")
    check("7" in switch.ask("gateway", "show", "north"), "the new capacity is shown")
    said = switch.refused("gateway", "set", "north", "capacity=-7")
    check("capacity" in said and "-7" in said, said)
    switch.ask("gateway", "add", "egress", "west", "remote_ips=192.0.2.1", "prefix=1")
    switch.ask("gateway", "remove", "west")
    check("west" in switch.refused("gateway", "show", "west"), "what is gone is named")

    switch.ask("param", "set", "SS_SIP_SESSION_TTL", "900")
    check("900" in switch.ask("param", "get", "SS_SIP_SESSION_TTL"), "the new value is shown")
    check("SS_SIP_SESSION_TTL" in switch.ask("param", "list", "--changed"), "it is listed as changed")
    said = switch.refused("param", "set", "SS_SIP_SESSION_TTL", "1")
    check("SS_SIP_SESSION_TTL" in said and "60" in said and "86400" in said, said)
    switch.ask("param", "reset", "SS_SIP_SESSION_TTL")
    equal("", switch.ask("param", "list", "--changed", "--json"))


def document_commands(switch, stage):
    document = json.dumps({"egress_gateways": [{"name": "east", "remote_ips": ["192.0.2.7"], "prefix": ["7"]}],
                           "parameters": {"SS_SIP_MAX_FORWARDS": 50}})
    before = switch.ask("export")
    shown = switch.ask("apply", "--dry-run", "-", text=document)
    check("+ egress gateway east" in shown and "SS_SIP_MAX_FORWARDS: 70 -> 50" in shown, shown)
    equal(before, switch.ask("export"), "the configuration after a dry run")
    path = os.path.join(stage.folder, "document.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(document)
    check("Applied" in switch.ask("apply", path), "applied")
    exported = switch.ask("export")
    equal("Nothing to change.\n", switch.ask("apply", "-", text=exported), "applying the export")
    wrong = switch.refused("apply", "-", text='{"egress_gateways":[{"name":"bad","priority":"first"}],"nonsense":1}')
    check("bad: priority" in wrong and "nonsense" in wrong, wrong)
    equal(exported, switch.ask("export"), "the configuration after a refused document")
    switch.ask("gateway", "remove", "east")
    return exported


def route_commands(switch):
    check("south" in switch.ask("route", "442071234567", "--caller", "33123"), "the gateway is named")
    told = json.loads(switch.ask("route", "4930123", "--json"))
    equal(False, told["accepted"], "a call to where no gateway leads")
    told = switch.ask("route", "442071234567", "--source", "192.0.2.99")
    check("would be" in told or "refused" in told, told)


def commands_without_a_switch(stage):
    """Configuration and records are reached through the files when no switch runs."""
    switch = Switch(stage)
    configure(switch, stage)
    exported = document_commands(switch, stage)
    equal("", switch.ask("cdr", "--json"))
    for command in (("calls",), ("hangup", "1"), ("route", "44"), ("trace",), ("status",), ("cdr", "--follow")):
        check("tandem serve" in switch.refused(*command), f"{command} tells how to start one")
    # What was configured without a switch is in force when one starts.
    switch.start()
    equal({"north", "south"}, {gateway["name"] for gateway in switch.status()["gateways"]})
    other = Switch(stage, data=os.path.join(stage.folder, "other"))
    other.ask("apply", "-", text=exported)
    equal(exported, other.ask("export"), "the export of an export")


def commands_with_a_switch(stage):
    """The same with a switch that runs, and what only it can tell: calls, status, trace, new records."""
    switch = Switch(stage).start()
    configure(switch, stage)
    document_commands(switch, stage)
    route_commands(switch)
    sipp.callee(stage)
    follower = stage.add(Program("follower", stage.folder, [stage.tandem, "cdr", "--follow", "--json"],
                                 env={**switch.environment, "TANDEM_DATA": switch.data}))
    caller = sipp.caller(stage, switch, calls=5, talk=1500)
    answered(switch, 5)
    live = switch.calls()
    table = switch.ask("calls")
    check("5 of 5 calls" in table and str(live[0]["flow_no"]) in table, table)
    equal(5, len(switch.objects("calls", "--gateway", "south")))
    equal([live[0]["caller"]], [call["caller"] for call in switch.objects("calls", "--number", live[0]["caller"])])
    status = switch.status()
    equal([("north", 5), ("south", 5)], [(gateway["name"], gateway["calls"]) for gateway in status["gateways"]])
    check("north" in switch.ask("status"), "tandem status shows gateways")
    caller.ends_well()
    switch.settled(5)
    wait_for("five records in the stream", lambda: follower.said().count("\n") >= 5)
    equal({"33123"}, {json.loads(line)["caller"][:5] for line in follower.said().splitlines()})
    follower.end(signal.SIGINT)
    # An exhausted capacity ends with its own reason, and is found by it.
    switch.ask("gateway", "set", "north", "capacity=1")
    holder = sipp.caller(stage, switch, calls=1, talk=1500, name="holder", port=5070)
    answered(switch, 1)
    sipp.caller(stage, switch, """
        > INVITE sdp
        < 100 ?
        < 503 ~ Retry-After
        > ACK failed
    """, calls=3, name="refused", port=5071).ends_well()
    holder.ends_well()
    switch.settled(9)
    records(switch)
    traces(switch)


def records(switch):
    """The filters and forms of tandem cdr."""
    everything = switch.objects("cdr")
    equal(sorted(record["flow_no"] for record in everything), [record["flow_no"] for record in everything], "order")
    equal(3, len(switch.objects("cdr", "--end-reason", "ingress_capacity")), "records of refused calls")
    equal(6, len(switch.objects("cdr", "--answered")))
    equal(3, len(switch.objects("cdr", "--unanswered")))
    equal(2, len(switch.objects("cdr", "--limit", "2")))
    equal(9, len(switch.objects("cdr", "--ingress", "north", "--callee", "4420")))
    equal(6, len(switch.objects("cdr", "--egress", "south", "--caller", "33123")))
    equal(9, len(switch.objects("cdr", "--from", "-15m")))
    equal(0, len(switch.objects("cdr", "--until", "2020-01-01")))
    one = everything[3]
    equal([one], switch.objects("cdr", "--call", str(one["flow_no"])))
    rows = list(csv.DictReader(io.StringIO(switch.ask("cdr", "--csv"))))
    equal(list(one), list(rows[0]), "the columns of CSV")
    equal([record["caller_call_id"] for record in everything], [row["caller_call_id"] for row in rows])
    table = switch.ask("cdr")
    check("caller_hangup" in table and "ingress_capacity" in table, table)
    check("from" in switch.refused("cdr", "--from", "yesterday-ish"), "a wrong time is named")


def traces(switch):
    """tandem trace of one call, by its number, its Call-ID and the number that was called."""
    record = switch.objects("cdr", "--answered")[0]
    text = switch.ask("trace", "--call", str(record["flow_no"]))
    for word in (record["caller_call_id"], record["callee_call_id"], "INVITE sip:442071234567@", "BYE "):
        check(word in text, f"{word} is not in the trace")
    ladder = switch.ask("trace", "--call-id", record["callee_call_id"], "--ladder")
    check("INVITE" in ladder and "BYE" in ladder, ladder)
    messages = switch.objects("trace", "--number", record["caller"])
    check(len(messages) >= 10, f"{len(messages)} messages")


def completion(stage):
    """The shell completes commands, options and the names of parameters."""
    switch = Switch(stage)
    for shell in ("bash", "zsh", "fish"):
        check("SS_SIP_SESSION_TTL" in switch.ask("completion", shell), f"{shell} knows the parameters")
    script = ("source <(\"$0\" completion bash); COMP_WORDS=(tandem gat); COMP_CWORD=1; COMP_LINE='tandem gat'; "
              "COMP_POINT=10; $(complete -p tandem | sed 's/.*-F \\([^ ]*\\).*/\\1/') tandem gat tandem; "
              "echo \"${COMPREPLY[@]}\"")
    done = subprocess.run(["bash", "-c", script, stage.tandem], capture_output=True, text=True, timeout=30,
                          check=False, env=switch.environment)
    equal("gateway", done.stdout.strip(), f"completion of gat ({done.stderr})")


def help_and_mistakes(stage):
    """Every command explains itself; wrong words end with status 2 and a hint."""
    switch = Switch(stage)
    for command in ("serve", "apply", "export", "gateway", "param", "calls", "hangup", "cdr", "route", "trace", "status",
                    "completion"):
        check(command in switch.ask("--help"), f"{command} is in the help")
        check("--help" in switch.ask(command, "--help"), f"help of {command}")
    check(switch.ask("--version").strip(), "a version")
    for wrong in (("fly",), ("cdr", "--fly"), ("gateway", "fly"), ("route",), ()):
        check(switch.refused(*wrong, status=2), f"{wrong} is explained")
