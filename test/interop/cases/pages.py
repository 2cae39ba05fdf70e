"""What the switch says of calls: the page of one, and what the doctor finds."""

import json

import raw
import sipp
from stage import at, check, equal, wait_for
from switch import Switch, gateways

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\n"


def page_of(switch, flow_no):
    return json.loads(switch.ask("call", "show", str(flow_no), "--json"))


def page_of_a_call(stage):
    """A call is shown with both legs and the rules of their timers while it is up and after its end."""
    switch = Switch(stage).start()
    switch.apply(gateways(stage.caller_ip, at(stage.callee_ip, 5060)))
    sipp.callee(stage)
    calling = sipp.caller(stage, switch, calls=1, talk=3000)
    call = wait_for("a call to be answered",
                    lambda: next((each for each in switch.calls() if each["state"] == "answered"), None))
    live = page_of(switch, call["flow_no"])
    equal(("answered", None), (live["state"], live["record"]), "the page of a live call")
    equal(["caller", "callee"], [leg["side"] for leg in live["legs"]], "legs")
    equal(["A1", "B1"], [leg["timer"]["rule"] for leg in live["legs"]], "rules of the timers")
    check(all(leg["dialog"]["local_tag"] and leg["dialog"]["remote_tag"] for leg in live["legs"]), "tags")
    check("INVITE 442071234567" in live["ladder"], "the ladder")
    check(any(line["step"] == "source" for line in live["decision"]["lines"]), "the decision")
    equal([call["flow_no"]], [each["flow_no"] for each in switch.objects("calls", "--without-timer")],
          "calls without timer")
    calling.ends_well()
    record, = switch.settled(1)
    over = page_of(switch, record["flow_no"])
    equal(("ended", None), (over["state"], over["call"]), "the page of an ended call")
    equal(record["end_reason"], over["record"]["end_reason"], "the record on the page")
    equal(["A1", "B1"], [leg["timer"]["rule"] for leg in over["legs"]], "rules of the timers")
    text = switch.ask("call", "show", str(record["flow_no"]))
    for words in ("is over", "Calling leg", "Called leg", "caller_hangup by the caller", "why            A1"):
        check(words in text, f"{words!r} on the page: {text}")
    check("There is no call 1" in switch.refused("call", "show", "1"), "a call that never was")


def doctor_finds_missing_acks(stage):
    """A caller that never sends its ACK is told as such, and nothing is found where nothing is wrong."""
    switch = Switch(stage).start()
    switch.apply({**gateways(stage.caller_ip, at(stage.callee_ip, 5060)), "parameters": {"SS_SIP_TIMEOUT_ACK": 4}})
    check("Nothing was found" in switch.ask("doctor"), "a switch without calls is well")
    sipp.callee(stage, ladder="""
        < INVITE
        > 200 sdp
        < ACK
        < BYE
        > 200
    """)
    north = raw.Udp(stage, stage.caller_ip)
    north.send(raw.request("INVITE", switch, north.me, body=SDP, Content_Type="application/sdp"), switch)
    record, = switch.records(1)
    equal("ack_timeout", record["end_reason"], "end reason")
    told = switch.ask("doctor", "--gateway", "north", "--since", "1h", "--histogram")
    check("1 of 1 answered calls of north ended as ack_timeout" in " ".join(told.split()), told)
    check("How long answered calls lasted" in told, told)
    found = json.loads(switch.ask("doctor", "--json"))["findings"]
    check(any(each["symptom"] == "drops_after_30_seconds" and each["gateway"] == "north" for each in found),
          f"finding: {found}")
    check("gateway: there is no gateway or phone of this name" in switch.refused("doctor", "--gateway", "west"), "refusal")


def refused_method_is_learned(stage):
    """A callee that refuses re-INVITE is refreshed by UPDATE: told once in the log, and by the doctor."""
    switch = Switch(stage).start()
    switch.apply({**gateways(stage.caller_ip, at(stage.callee_ip, 5060)),
                  "parameters": {"SS_SIP_SESSION_TTL": 90, "SS_SIP_SESSION_UPDATE_SEGMENT": 10}})
    sipp.callee(stage, ladder="""
        < INVITE
        > 200 sdp | Session-Expires: 90;refresher=uac
        < ACK
        < INVITE
        > 405
        < ACK
        < UPDATE
        > 200 | Session-Expires: 90;refresher=uac
        < BYE
        > 200
    """)
    sipp.caller(stage, switch, calls=2, talk=10000).ends_well()
    switch.settled(2)
    said = switch.program.said()
    told = "south answered 405 to re-INVITE: its sessions are refreshed by UPDATE"
    equal(1, said.count(told), f"lines in the log: {said}")
    check("refreshed by           UPDATE" in switch.ask("gateway", "show", "south"), "what was learned of it")
    found = json.loads(switch.ask("doctor", "--json"))["findings"]
    check(any(each["symptom"] == "reinvite_refused" and each["gateway"] == "south" for each in found), f"{found}")
