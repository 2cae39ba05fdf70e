"""Telephones that call each other through the switch, and a proxy in front of it."""

import json

import sipp
from phones import Baresip, Kamailio
from stage import at, check, equal, wait_for
from switch import Switch, gateways


def telephones(stage):
    switch = Switch(stage).start()
    called = Baresip(stage, "called", stage.callee_ip, f"<sip:442071234567@{stage.callee_ip}:5060>;regint=0")
    calling = Baresip(stage, "calling", stage.caller_ip,
                      f'<sip:33123456789@{stage.caller_ip}:5060>;regint=0;outbound="sip:{switch.where()}"')
    switch.apply(gateways(stage.caller_ip, at(stage.callee_ip, 5060)))
    calling.command("dial", f"sip:442071234567@{switch.where()}")
    called.event("CALL_INCOMING")
    return switch, calling, called


def telephone_calls_telephone(stage):
    """A call of two telephones is seen live, traced, and has its record."""
    switch, calling, called = telephones(stage)
    ringing, = switch.calls()
    equal(("33123456789", "442071234567", "north", "south"),
          tuple(ringing[name] for name in ("caller", "callee", "caller_gateway", "callee_gateway")), "the live call")
    called.command("accept")
    calling.event("CALL_ESTABLISHED")
    called.event("CALL_ESTABLISHED")
    answered = wait_for("the call to be answered", lambda: [call for call in switch.calls() if call["answer_time"]])
    flow_no = str(answered[0]["flow_no"])
    check(flow_no in switch.ask("calls"), "tandem calls lists it")
    ladder = switch.ask("trace", "--call", flow_no, "--ladder")
    for word in ("INVITE", "180", "200", "ACK"):
        check(word in ladder, f"{word} is not in the ladder:\n{ladder}")
    calling.command("hangup")
    called.event("CALL_CLOSED")
    record, = switch.settled(1)
    sipp.all_are([record], caller="33123456789", callee="442071234567", end_reason="caller_hangup",
                 caller_codec="PCMU", callee_codec="PCMU")
    check("baresip" in record["caller_product"] and "baresip" in record["callee_product"], "who they are")
    check("BYE" in switch.ask("trace", "--number", "442071234567", "--ladder"), "the end is in the trace")


def telephone_refuses(stage):
    """A telephone that rejects a call."""
    switch, calling, called = telephones(stage)
    called.command("hangup")
    calling.event("CALL_CLOSED")
    record, = switch.settled(1)
    sipp.all_are([record], end_side="callee", answer_time=None)
    check(record["sip_status"] >= 400, f"status {record['sip_status']}")


def telephone_holds(stage):
    """A telephone puts the other on hold and takes it back; the callee hangs up."""
    switch, calling, called = telephones(stage)
    called.command("accept")
    calling.event("CALL_ESTABLISHED")
    for command in ("hold", "resume"):
        calling.command(command)
    wait_for("both re-INVITEs to reach the other side", lambda: offers(switch, stage.callee_ip) >= 3)
    called.command("hangup")
    calling.event("CALL_CLOSED")
    record, = switch.settled(1)
    sipp.all_are([record], end_reason="callee_hangup")


# INVITEs that the switch has sent to this address.
def offers(switch, to):
    # Repetitions are left out.
    seen = set()
    for line in switch.ask("trace", "--number", "442071234567", "--json").splitlines():
        message = json.loads(line)
        text = message["message"]
        if text.startswith("INVITE") and message["direction"] == "sent" and message["peer"].startswith(to):
            seen.add(text.split("CSeq:")[1].split("\r\n")[0])
    return len(seen)


# By the routes that the answer names: the switch sits behind the proxy.
HANGS_UP = """
    > INVITE sdp
    < 100 ?
    < 180 ?
    < 200 ~ Record-Route:
    > ACK
    pause 50
    > BYE
    < 200
"""


def behind(stage, calling, answering):
    switch = Switch(stage).start()
    proxy = Kamailio(stage, stage.proxy_ip, switch.where())
    switch.apply(gateways(stage.proxy_ip, at(stage.callee_ip, 5060)))
    return sipp.play(stage, switch, calling, answering, target=proxy.where())


def caller_hangs_up_through_a_proxy(stage):
    """Kamailio in front: requests of the caller keep to the route."""
    records = behind(stage, HANGS_UP, sipp.ANSWERS)
    sipp.all_are(records, end_reason="caller_hangup")
    for record in records:
        check(record["caller_ip"].startswith(stage.proxy_ip), f"came from {record['caller_ip']}")


def callee_hangs_up_through_a_proxy(stage):
    """Kamailio in front: requests to the caller keep to the route."""
    records = behind(stage, """
        > INVITE sdp
        < 100 ?
        < 180 ?
        < 200
        > ACK
        < BYE
        > 200
    """, """
        < INVITE
        > 180
        > 200 sdp
        < ACK
        pause 50
        > BYE
        < 200
    """)
    sipp.all_are(records, end_reason="callee_hangup")


def proxy_on_the_other_side(stage):
    """Kamailio behind the switch: its route is kept to in both directions."""
    switch = Switch(stage).start()
    Kamailio(stage, stage.proxy_ip, at(stage.callee_ip, 5060))
    switch.apply(gateways(stage.caller_ip, at(stage.proxy_ip, 5060)))
    records = sipp.play(stage, switch, """
        > INVITE sdp
        < 100 ?
        < 180 ?
        < 200
        > ACK
        > INVITE sdp:sendonly
        < 100 ?
        < 200
        > ACK
        < BYE
        > 200
    """, """
        < INVITE ~ Record-Route:
        > 180
        > 200 sdp
        < ACK
        < INVITE
        > 200 sdp:recvonly
        < ACK
        pause 50
        > BYE
        < 200
    """)
    sipp.all_are(records, end_reason="callee_hangup", callee_gateway="south")
