"""The switch registers at other platforms, and calls go over that."""

import signal

import sipp
from phones import Kamailio
from stage import at, check, equal, wait_for
from switch import Switch

USER, PASSWORD = "4420", "open sesame"


def platform(stage, target):
    return Kamailio(stage, stage.proxy_ip, target, "kamailio-registrar.cfg", USER=USER, PASSWORD=PASSWORD)


def document(stage, password=PASSWORD):
    return {
        "ingress_gateways": [{"name": "north", "remote_ips": [stage.caller_ip]}],
        "outbound_registrations": [{"name": "platform", "server": stage.proxy_ip, "user": USER,
                                    "password": password, "host": "platform", "expire": 60,
                                    "ingress_gateway": "north"}],
        "egress_gateways": [{"name": "south", "prefix": ["44"], "register_type": "outbound",
                             "outbound_registration": "platform"}],
    }


def state(switch):
    one, = switch.objects("registration", "status")
    return one


def registered(switch):
    wait_for("the switch to be registered", lambda: state(switch)["registered"])


# Nothing secret is shown, whoever looks.
def keeps_secrets(switch):
    for words in (["export"], ["registration", "show", "platform"], ["registration", "list", "--json"],
                  ["trace", "--number", USER]):
        check(PASSWORD not in switch.ask(*words), f"tandem {' '.join(words)} shows the password")
    check(PASSWORD not in switch.program.said(), "the log shows the password")


def switch_registers_at_kamailio_and_calls_through_it(stage):
    """Registered with digest at Kamailio, which asks for credentials with every request of a call."""
    called = sipp.Sipp(stage, "called", "callee", sipp.ANSWERS, stage.callee_ip)
    platform(stage, called.where())
    switch = Switch(stage).start()
    switch.apply(document(stage))
    registered(switch)
    equal((200, "registered"), (state(switch)["answer"], state(switch)["state"]), "its state")
    calling = sipp.Sipp(stage, "calling", "caller", sipp.CALLS.format(talk=50), stage.caller_ip, "-m", "5", "-r", "5",
                        "-s", "442071234567", target=switch.where())
    calling.ends_well()
    records = switch.settled(5)
    sipp.all_are(records, end_reason="caller_hangup", callee_gateway="south")
    equal([1] * 5, [len(record["attempts"]) for record in records], "attempts of each call")
    keeps_secrets(switch)
    switch.tell(signal.SIGTERM)
    equal(0, switch.program.wait(), "exit status")


def kamailio_calls_the_contact_of_the_switch(stage):
    """A call to the registered user comes to the switch, as from the gateway that the registration names."""
    called = sipp.Sipp(stage, "called", "callee", sipp.ANSWERS, stage.callee_ip)
    kamailio = platform(stage, called.where())
    switch = Switch(stage).start()
    switch.apply({**document(stage), "egress_gateways": [
        {"name": "south", "prefix": [""], "remote_ips": [called.where()]}]})
    registered(switch)
    calling = sipp.Sipp(stage, "calling", "caller", sipp.CALLS.format(talk=50), stage.caller_ip, "-m", "2", "-r", "5",
                        "-s", USER, target=kamailio.where())
    calling.ends_well()
    records = switch.settled(2)
    sipp.all_are(records, end_reason="caller_hangup", caller_gateway="north", callee=USER)
    for record in records:
        check(record["caller_ip"].startswith(stage.proxy_ip), f"came from {record['caller_ip']}")


def wrong_password_is_told_and_can_be_mended(stage):
    """A platform refuses us: it is said once, no call goes there, and a change is tried at once."""
    platform(stage, at(stage.callee_ip, 5060))
    switch = Switch(stage).start()
    switch.apply(document(stage, "wrong"))
    wait_for("the refusal", lambda: state(switch)["state"] == "suspended")
    check("wrong password" in switch.program.said(), "the log says why")
    check("gateway_offline" in switch.ask("route", "442071234567", "--ingress", "north"), "no call goes there")
    switch.ask("registration", "set", "platform", f"password={PASSWORD}")
    registered(switch)
    switch.ask("registration", "set", "platform", "enabled=off")
    wait_for("the switch to have left", lambda: state(switch)["state"] == "idle")
    check("gateway_offline" in switch.ask("route", "442071234567", "--ingress", "north"), "no call goes there")
