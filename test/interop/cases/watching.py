"""Peers that are kept reachable, and peers that are asked whether they live."""

import json

from raw import Udp, request
from stage import at, check, equal, wait_for
from switch import Switch

PERIOD = 10  # s, the shortest there is


def take_all(devices, into):
    """What has come so far."""
    for device in devices:
        device.socket.setblocking(False)
        try:
            while True:
                into.setdefault(device.me, []).append(device.socket.recv(65536))
        except BlockingIOError:
            pass
    return into


def keep_alive_reaches_everybody(stage):
    """Devices that do not register get one keep-alive in each period, and what they send back is a sign of life."""
    switch = Switch(stage).start()
    devices = [Udp(stage, stage.callee_ip) for _ in range(20)]
    switch.apply({
        "egress_gateways": [{"name": "devices", "keep_alive": True, "prefix": [],
                             "remote_ips": [device.me for device in devices]}],
        "parameters": {"SS_SIP_NAT_KEEP_ALIVE_PERIOD": PERIOD, "SS_SIP_NAT_KEEP_ALIVE_MESSAGE": r"hello\r\n"}})
    got = {}
    wait_for("a keep-alive at every device",
             lambda: sum(map(len, take_all(devices, got).values())) >= len(devices), PERIOD + 20)
    equal({device.me: [b"hello\r\n"] for device in devices}, got, "what came in the first cycle")
    for device in devices:
        device.send("no SIP at all", switch)
    wait_for("the second keep-alive at every device",
             lambda: sum(map(len, take_all(devices, got).values())) >= 2 * len(devices), PERIOD + 20)
    equal({device.me: 2 for device in devices}, {me: len(texts) for me, texts in got.items()}, "keep-alives")
    page = json.loads(switch.ask("keepalive", "--json"))
    equal(len(devices), page["contacts"], "contacts")
    equal(len(devices), page["answers"], "answers")
    check(page["sent"] >= 2 * len(devices), f"sent {page['sent']}")
    check("20, 0 offline" in switch.ask("keepalive"), "the page for people")


def dead_address_is_left_out(stage):
    """OPTIONS finds the address that does not answer, calls go to the other one, and it comes back by itself."""
    switch = Switch(stage).start()
    alive = Udp(stage, stage.callee_ip)
    dead = Udp(stage, stage.callee_ip)
    switch.apply({
        "ingress_gateways": [{"name": "north", "remote_ips": [stage.caller_ip]}],
        "egress_gateways": [{"name": "south", "options_check": True, "prefix": [""],
                             "remote_ips": [dead.me, alive.me]}],
        "parameters": {"SS_SIP_OPTIONS_CHECK_PERIOD": 5, "SS_SIP_OPTIONS_CHECK_FAIL_COUNT": 1,
                       "SS_SIP_TIMEOUT_NON_INVITE": 4}})
    answering = {alive}

    def answer_options():
        """By whoever answers; what `south` is known to be then."""
        for device in (alive, dead):
            for asked in take_all([device], {}).get(device.me, []):
                if device in answering and asked.startswith(b"OPTIONS "):
                    device.send(answer_to(asked), switch)
        [south] = switch.objects("gateway", "online", "south")
        return {address["address"]: address["state"] for address in south["addresses"]}

    wait_for("both addresses to be known", lambda: answer_options() == {dead.me: "dead", alive.me: "alive"})
    told = switch.ask("route", "44123", "--ingress", "north")
    check("1 address down" in told, told)
    answering.add(dead)
    wait_for("the dead one to come back", lambda: answer_options() == {dead.me: "alive", alive.me: "alive"})
    answering.clear()
    wait_for("both to be dead", lambda: answer_options() == {dead.me: "dead", alive.me: "dead"})
    told = switch.ask("route", "44123", "--ingress", "north")
    check("gateway_offline" in told, told)


def gateway_that_asks_for_a_pause_gets_one(stage):
    """503 with Retry-After: no calls until then, with a countdown that an operator can end."""
    switch = Switch(stage).start()
    south = Udp(stage, stage.callee_ip)
    caller = Udp(stage, stage.caller_ip)
    switch.apply({"ingress_gateways": [{"name": "north", "remote_ips": [stage.caller_ip]}],
                  "egress_gateways": [{"name": "south", "remote_ips": [south.me], "prefix": [""]}]})
    caller.send(request("INVITE", switch, caller.me), switch)
    invite = south.socket.recv(65536)
    south.send(answer_to(invite, "503 Busy Now", "Retry-After: 300"), switch)

    def resting():
        [found] = switch.objects("gateway", "online", "south")
        return found if found["state"] == "resting" else None

    found = wait_for("the pause to begin", resting)
    check(290_000 < found["retry_after_ms"] <= 300_000, f"left: {found['retry_after_ms']} ms")
    equal(503, found["retry_after_status"], "asked for by")
    check("left" in switch.ask("gateway", "online"), "the countdown for people")
    check("retry_after_ban" in switch.ask("route", "44123", "--ingress", "north"), "the reason")
    equal("south gets calls again\n", switch.ask("gateway", "unban", "south"))
    equal("south did not rest\n", switch.ask("gateway", "unban", "south"))
    check("there is no egress gateway nobody" in switch.refused("gateway", "unban", "nobody").lower(), "the refusal")


def answer_to(request, status="200 OK", *more):
    """The answer to a request, as bytes."""
    head = request.decode().split("\r\n\r\n")[0].split("\r\n")
    kept = [line for line in head if line.split(":")[0] in ("Via", "From", "Call-ID", "CSeq")]
    to = next(line for line in head if line.startswith("To:")) + ";tag=there"
    return "\r\n".join([f"SIP/2.0 {status}", *kept, to, *more, "Content-Length: 0", "", ""])


keep_alive_reaches_everybody.seconds = 25
dead_address_is_left_out.seconds = 20
