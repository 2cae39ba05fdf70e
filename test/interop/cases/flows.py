"""What parties do within a call, and how calls fail. Each ladder is played by a sipp on its side."""

import sipp
from stage import at, check, equal
from switch import Switch, gateways

# The beginning and the end that most flows here have in common.
CALLS = """
    > INVITE sdp
    < 100 ?
    < 180 ?
    < 200
    > ACK
"""
TAKES = """
    < INVITE
    > 180
    > 200 sdp
    < ACK
"""
HANGS_UP = """
    > BYE
    < 200
"""
IS_LEFT = """
    < BYE
    > 200
"""


def switch_of(stage, parameters=None, **more):
    switch = Switch(stage).start()
    document = gateways(stage.caller_ip, at(stage.callee_ip, 5060), **more)
    switch.apply({**document, "parameters": parameters or {}})
    return switch


def callee_hangs_up(stage):
    """The callee hangs up."""
    records = sipp.play(stage, switch_of(stage), CALLS + IS_LEFT, TAKES + "pause 100" + HANGS_UP)
    sipp.all_are(records, end_reason="callee_hangup", end_side="callee")


def busy(stage):
    """486 goes back to the caller, with the Reason of the peer in the record."""
    records = sipp.play(stage, switch_of(stage), """
        > INVITE sdp
        < 100 ?
        < 486 ~ Reason:
        > ACK failed
    """, """
        < INVITE
        > 486 | Reason: Q.850;cause=17;text="busy"
        < ACK
    """)
    sipp.all_are(records, end_reason="peer_sip_486", end_side="callee", sip_status=486, q850_cause=17,
                 answer_time=None, sip_reason_header='Q.850;cause=17;text="busy"')


def caller_cancels(stage):
    """No answer; the caller gives up, and the CANCEL reaches the callee with its reason."""
    records = sipp.play(stage, switch_of(stage), """
        > INVITE sdp
        < 100 ?
        < 180
        pause 300
        > CANCEL
        < 200
        < 487
        > ACK failed
    """, """
        < INVITE
        > 180
        < CANCEL ~ Reason:
        > 200
        > 487 INVITE
        < ACK
    """)
    sipp.all_are(records, end_reason="caller_cancel", end_side="caller", answer_time=None)
    for record in records:
        check(record["ring_time"], "it rang")


def no_answer(stage):
    """The callee rings for longer than timeout_ringing allows."""
    records = sipp.play(stage, switch_of(stage, timeout_ringing=1), """
        > INVITE sdp
        < 100 ?
        < 180
        < 480
        > ACK failed
    """, """
        < INVITE
        > 180
        < CANCEL
        > 200
        > 487 INVITE
        < ACK
    """)
    sipp.all_are(records, end_side="switch", answer_time=None)


def hunts(stage):
    """The first gateway refuses, the second takes the call; the record tells of both attempts."""
    switch = switch_of(stage)
    switch.apply({"egress_gateways": [
        {"name": "south", "priority": 2},
        {"name": "first", "remote_ips": [at(stage.other_ip, 5060)], "prefix": [""], "priority": 1}]})
    refusing = sipp.callee(stage, """
        < INVITE
        > 503
        < ACK
    """, stage.other_ip, name="refusing", calls=10)
    records = sipp.play(stage, switch, CALLS + HANGS_UP, TAKES + IS_LEFT)
    refusing.ends_well()
    sipp.all_are(records, callee_gateway="south", end_reason="caller_hangup")
    for record in records:
        equal([("first", 503), ("south", 200)],
              [(attempt["gateway"], attempt["sip_status"]) for attempt in record["attempts"]])


def early_media(stage):
    """183 with a body, then the answer."""
    records = sipp.play(stage, switch_of(stage), """
        > INVITE sdp
        < 100 ?
        < 183 ~ m=audio
        < 200 ~ m=audio
        > ACK
    """ + HANGS_UP, """
        < INVITE
        > 183 sdp
        pause 100
        > 200 INVITE sdp
        < ACK
    """ + IS_LEFT)
    for record in records:
        check(record["progress_time"], "there was progress")
        check(record["caller_pdd"] is not None, "and thus a PDD")


def late_offer(stage):
    """INVITE without a body: the offer is in the answer, its answer in the ACK."""
    records = sipp.play(stage, switch_of(stage), """
        > INVITE
        < 100 ?
        < 180 ?
        < 200 ~ m=audio
        > ACK sdp
    """ + HANGS_UP, """
        < INVITE
        > 180
        > 200 sdp
        < ACK ~ m=audio
    """ + IS_LEFT)
    sipp.all_are(records, caller_codec="PCMU", callee_codec="PCMU")


def reliable_provisional(stage):
    """100rel with PRACK on both sides, each with its own numbers."""
    sipp.play(stage, switch_of(stage), """
        > INVITE sdp | Supported: 100rel
        < 100 ?
        < 183 take:RSeq ~ Require: *100rel
        > PRACK | RAck: [$RSeq] 1 INVITE
        < 200
        < 200 ~ INVITE
        > ACK
    """ + HANGS_UP, """
        < INVITE ~ Supported:.*100rel
        > 183 sdp | Require: 100rel | RSeq: 7000
        < PRACK ~ RAck: *7000
        > 200
        > 200 INVITE
        < ACK
    """ + IS_LEFT)


def caller_holds(stage):
    """re-INVITE of the caller: hold and back."""
    sipp.play(stage, switch_of(stage), CALLS + """
        > INVITE sdp:sendonly
        < 100 ?
        < 200 ~ a=recvonly
        > ACK
        pause 50
        > INVITE sdp:sendrecv
        < 100 ?
        < 200 ~ a=sendrecv
        > ACK
        pause 50
    """ + HANGS_UP, TAKES + """
        < INVITE ~ a=sendonly
        > 200 sdp:recvonly
        < ACK
        < INVITE ~ a=sendrecv
        > 200 sdp:sendrecv
        < ACK
    """ + IS_LEFT)


def callee_holds(stage):
    """re-INVITE of the callee: hold and back; then the caller hangs up."""
    sipp.play(stage, switch_of(stage), CALLS + """
        < INVITE ~ a=sendonly
        > 200 sdp:recvonly
        < ACK
        < INVITE ~ a=sendrecv
        > 200 sdp:sendrecv
        < ACK
        pause 50
    """ + HANGS_UP, TAKES + """
        pause 50
        > INVITE sdp:sendonly
        < 100 ?
        < 200 ~ a=recvonly
        > ACK
        pause 50
        > INVITE sdp:sendrecv
        < 100 ?
        < 200 ~ a=sendrecv
        > ACK
    """ + IS_LEFT)


def hold_is_refused(stage):
    """A re-INVITE that the callee refuses: the call goes on."""
    sipp.play(stage, switch_of(stage), CALLS + """
        > INVITE sdp:sendonly
        < 100 ?
        < 488
        > ACK failed
        pause 50
    """ + HANGS_UP, TAKES + """
        < INVITE
        > 488
        < ACK
    """ + IS_LEFT)


def update(stage):
    """UPDATE with a body in an answered call."""
    sipp.play(stage, switch_of(stage), """
        > INVITE sdp | Allow: INVITE, ACK, CANCEL, BYE, UPDATE, PRACK, INFO
        < 100 ?
        < 180 ?
        < 200 ~ UPDATE
        > ACK
        > UPDATE sdp:sendonly
        < 200 ~ a=recvonly
    """ + HANGS_UP, """
        < INVITE
        > 180
        > 200 sdp | Allow: INVITE, ACK, CANCEL, BYE, UPDATE, PRACK, INFO
        < ACK
        < UPDATE ~ a=sendonly
        > 200 sdp:recvonly
    """ + IS_LEFT)


def info(stage):
    """INFO with a digit passes in both directions."""
    digit = "> INFO body:Signal=5 | Content-Type: application/dtmf-relay"
    sipp.play(stage, switch_of(stage), CALLS + digit + """
        < 200
        < INFO ~ Signal=5
        > 200
        pause 50
    """ + HANGS_UP, TAKES + """
        < INFO ~ Signal=5
        > 200
        pause 50
    """ + digit + """
        < 200
    """ + IS_LEFT)


def options_within_a_call(stage):
    """OPTIONS within a dialog is answered."""
    sipp.play(stage, switch_of(stage), CALLS + """
        > OPTIONS
        < 200 ~ Allow:
    """ + HANGS_UP, TAKES + IS_LEFT)


def nothing_of_the_other_side(stage):
    """Each side sees our own dialog only: no address, Call-ID, tag or product of the other in any header."""
    switch = switch_of(stage)
    records = sipp.play(stage, switch, """
        > INVITE sdp | User-Agent: SecretCaller
        < 100 ?
        < 180 ?
        < 200
        > ACK
    """ + HANGS_UP, """
        < INVITE ~ User-Agent: *Tandem
        > 180 | Server: SecretCallee
        > 200 sdp | Server: SecretCallee
        < ACK
    """ + IS_LEFT)
    for record in records:
        for message in switch.objects("trace", "--call", str(record["flow_no"])):
            other, call_id = (stage.callee_ip, "callee_call_id") if message["peer"].startswith(stage.caller_ip) else (
                stage.caller_ip, "caller_call_id")
            if message["direction"] == "sent":
                head = message["message"].split("\r\n\r\n")[0]
                for secret in (other, record[call_id], "Secret"):
                    check(secret not in head, f"{secret} is in\n{head}")
    sipp.all_are(records, caller_product="SecretCaller", callee_product="SecretCallee")


def longest_talk(stage):
    """The longest talk time ends the call on both sides."""
    records = sipp.play(stage, switch_of(stage, {"SS_MAX_CALL_DURATION": 1}), CALLS + """
        < BYE ~ Reason:
        > 200
    """, TAKES + IS_LEFT)
    sipp.all_are(records, end_reason="max_call_duration", end_side="switch", hold_time=1)


def parallel_answers(stage):
    """Two 180 of different dialogs, then an answer of the second (the callee forks)."""
    records = sipp.play(stage, switch_of(stage), """
        > INVITE sdp
        < 100 ?
        < 180
        < 183 ?
        < 200
        > ACK
        pause 50
    """ + HANGS_UP, """
        < INVITE
        > 180 INVITE tag:other
        > 183 INVITE sdp
        pause 50
        > 200 INVITE sdp
        < ACK ~ tag=callee
    """ + IS_LEFT)
    sipp.all_are(records, end_reason="caller_hangup")
