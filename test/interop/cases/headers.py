"""What gateways get to see of a caller, and which codecs they may use."""

import sipp
from cases.others import telephones
from stage import at, check, equal
from switch import Switch, gateways

CALLS = """
    > INVITE sdp{more}
    < 100 ?
    < 486{expected}
    > ACK failed
"""
REFUSES = """
    < INVITE ~ {expected}
    > 486{more}
    < ACK
"""


def with_fields(stage, ingress=None, egress=None, parameters=None):
    switch = Switch(stage).start()
    document = gateways(stage.caller_ip, at(stage.callee_ip, 5060))
    document["ingress_gateways"][0].update(ingress or {})
    document["egress_gateways"][0].update(egress or {})
    switch.apply({**document, "parameters": parameters or {}})
    return switch


def heads_sent(switch, record, method, address):
    """The heads of the requests of a call that went to an address."""
    messages = switch.objects("trace", "--call", str(record["flow_no"]))
    return [message["message"].split("\r\n\r\n")[0] for message in messages
            if message["direction"] == "sent" and message["peer"].startswith(address)
            and message["message"].startswith(method)]


def identity_is_told(stage):
    """A caller that asks to be hidden: a gateway that is told so by Privacy: id learns its number."""
    switch = with_fields(stage, egress={"sip_pai": "caller", "sip_rpid": True, "sip_display": False})
    records = sipp.play(stage, switch, CALLS.format(more=" | Privacy: id", expected=""),
                        REFUSES.format(expected="P-Asserted-Identity: <sip:33123", more=""))
    for record in records:
        head, = heads_sent(switch, record, "INVITE", stage.callee_ip)
        check("Privacy: id\r\n" in head and "privacy=full" in head and "<sip:33123" in head, head)


def identity_is_kept(stage):
    """A caller that asks to be hidden: a gateway that is not told so (sip_privacy none) learns nothing."""
    switch = with_fields(stage, egress={"sip_pai": "caller", "sip_privacy": "none"})
    records = sipp.play(stage, switch, CALLS.format(more=" | Privacy: id", expected=""),
                        REFUSES.format(expected="sip:anonymous@anonymous.invalid", more=""))
    for record in records:
        head, = heads_sent(switch, record, "INVITE", stage.callee_ip)
        check("P-Asserted" not in head and "Privacy" not in head and "33123" not in head, head)
    sipp.all_are(records, end_reason="peer_sip_486")


def answers_as_the_customer_wants(stage):
    """Refusals of a gateway are told by the lists of the caller's gateway, with the cause as the Reason."""
    switch = with_fields(stage, ingress={"failed_sip_codes": ["503:486"], "failed_q931_causes": ["34:17"]})
    records = sipp.play(stage, switch, CALLS.format(more="", expected=" ~ Reason: Q.850;cause=17"),
                        REFUSES.format(expected="INVITE", more="").replace("486", "503 | Reason: Q.850;cause=34"))
    sipp.all_are(records, end_reason="peer_sip_503", sip_status=503, q850_cause=34)


def codecs_of_telephones(stage):
    """Telephones that know two codecs use the one that the gateway may have."""
    switch, calling, called = telephones(stage)
    called.command("hangup")
    calling.event("CALL_CLOSED")
    switch.settled(1)
    switch.apply({"egress_gateways": [{"name": "south", "sip_codec_assign": True, "sip_codecs": ["PCMA"]}]})
    calling.events.clear()
    called.events.clear()
    calling.command("dial", f"sip:442071234567@{switch.where()}")
    called.event("CALL_INCOMING")
    called.command("accept")
    calling.event("CALL_ESTABLISHED")
    called.event("CALL_ESTABLISHED")
    calling.command("hangup")
    called.event("CALL_CLOSED")
    record = switch.settled(2)[-1]
    equal(("PCMA", "PCMA"), (record["caller_codec"], record["callee_codec"]), "the codec in use")


def codec_nobody_has(stage):
    """A gateway that may use none of the codecs offered is not called: 488 and codec_mismatch."""
    switch = with_fields(stage, egress={"sip_codec_assign": True, "sip_codecs": ["audio/G729"]})
    calls = CALLS.format(more="", expected="").replace("486", "488")
    party = sipp.caller(stage, switch, calls, calls=3)
    party.ends_well()
    records = switch.settled(3)
    sipp.all_are(records, end_reason="codec_mismatch", end_side="switch", q850_cause=65)
