"""What others say about where a call goes: 3xx of gateways, the redirect server, ported numbers."""

import http.server
import json
import os
import threading

import sipp
from stage import at, check, equal
from switch import Switch, gateways

REDIRECTS = """
    < INVITE
    > {status} | Contact: {contacts}
    < ACK
"""
NAMED = """
    < INVITE ~ INVITE sip:{user}@
    > 180
    > 200 sdp
    < ACK
    < BYE
    > 200
"""
CALLS = 10


def document(stage, *more, parameters=None, **ingress):
    """north, the gateways south (port 5060) and west (5062), and whatever the case is about."""
    south = gateways(stage.caller_ip, at(stage.callee_ip, 5060))
    west = dict(south["egress_gateways"][0], name="west", remote_ips=[at(stage.callee_ip, 5062)], prefix=["331", "44331"])
    south["egress_gateways"].append(west)
    south["ingress_gateways"][0].update(ingress)
    if parameters:
        south["parameters"] = parameters
    return south


def gateway_redirects_to_another(stage):
    """302 of a gateway: sipp answers where else to go, and the call goes there."""
    switch = Switch(stage).start()
    switch.apply(document(stage))
    first = sipp.callee(stage, REDIRECTS.format(
        status=302, contacts=f"<sip:77@{at(stage.callee_ip, 5062)}>;q=0.9, <sip:78@127.0.0.9>"), calls=CALLS)
    second = sipp.callee(stage, NAMED.format(user="77"), port=5062, name="second", calls=CALLS)
    sipp.caller(stage, switch, calls=CALLS).ends_well()
    first.ends_well()
    second.ends_well()
    for record in switch.settled(CALLS):
        equal("west", record["callee_gateway"], "the gateway that answered")
        equal("442071234567", record["callee"], "the number that is billed")
        equal(["peer_sip_302", "caller_hangup"], [each["end_reason"] for each in record["attempts"]], "attempts")


def redirect_server_is_asked(stage):
    """A redirect server decides for each call: sipp as one that names another number, and one that is silent."""
    switch = Switch(stage).start()
    server = stage.callee_ip
    asked = {"SS_EXTERNAL_REDIRECT_SERVER_IP": server, "SS_EXTERNAL_REDIRECT_SERVER_PORT": 5070}
    switch.apply(document(stage, parameters=asked, external_redirect=True))
    oracle = sipp.callee(stage, """
        < INVITE ~ X-Tandem-Ingress: north ~ Content-Length: 0 ~ !Content-Type
        > 100
        > 302 | Contact: <sip:33199@%s>
        < ACK
    """ % switch.where(), port=5070, name="oracle", calls=CALLS)
    west = sipp.callee(stage, NAMED.format(user="33199"), port=5062, name="west", calls=CALLS)
    sipp.caller(stage, switch, calls=CALLS).ends_well()
    oracle.ends_well()
    west.ends_well()
    switch.settled(CALLS)

    # Nobody is there any more: one wait, then south as ever.
    south = sipp.callee(stage, calls=CALLS)
    sipp.caller(stage, switch, calls=CALLS, name="again").ends_well()
    south.ends_well()
    equal({"west", "south"}, {record["callee_gateway"] for record in switch.settled(2 * CALLS)}, "who answered")


class Lookup(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        number = self.path.partition("number=")[2]
        self.server.asked.append(number)
        body = json.dumps({"lrn": "3315550199", "state": "NY", "ocn": "1"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def number_is_looked_up_over_http(stage):
    """An LRN server over HTTP: candidates are searched with the routing number, the dialled one is sent."""
    server = http.server.ThreadingHTTPServer((stage.callee_ip, 8090), Lookup)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        switch = Switch(stage).start()
        found = {"SS_LRN_SERVER_IP": stage.callee_ip, "SS_LRN_SERVER_PORT": 8090, "SS_LRN_SERVER_PROTOCOL": "http"}
        switch.apply(document(stage, parameters=found, lrn_enable=True))
        west = sipp.callee(stage, NAMED.format(user="442071234567"), port=5062, name="west", calls=CALLS)
        sipp.caller(stage, switch, calls=CALLS).ends_well()
        west.ends_well()
        for record in switch.settled(CALLS):
            equal("3315550199", record["callee"][-10:], "the number that is billed")
        check(server.asked and set(server.asked) == {"2071234567"}, f"asked for {server.asked}")
    finally:
        server.shutdown()
        server.server_close()


def number_is_looked_up_in_the_imported_table(stage):
    """tandem lrn import: a faulty list changes nothing, a good one is used by the next call."""
    switch = Switch(stage).start()
    switch.apply(document(stage, parameters={"SS_LRN_SERVER_PROTOCOL": "local"}, lrn_enable=True))
    path = os.path.join(stage.folder, "numbers.csv")
    with open(path, "w", encoding="ascii") as file:
        file.write("number,lrn\n2071234567,3315550199\n207x,1\n")
    check("numbers.csv:3:1: the number must be" in switch.refused("lrn", "import", path), "the fault is named")
    equal([{"rows": 0, "bytes": 0, "fault": ""}], switch.objects("lrn", "show"), "the table")
    with open(path, "w", encoding="ascii") as file:
        file.write("number,lrn,state\n2071234567,3315550199,NY\n207*,,NY\n")
    equal([{"rows": 2, "routes": 2}], [{k: v for k, v in row.items() if k != "bytes"}
                                       for row in switch.objects("lrn", "import", path)], "the import")
    equal("3315550199", switch.objects("lrn", "lookup", "2071234567")[0]["lrn"], "the routing number")
    check("ported to" in switch.ask("route", "442071234567", "--caller", "33123", "--ingress", "north"), "explained")
    west = sipp.callee(stage, NAMED.format(user="442071234567"), port=5062, name="west", calls=CALLS)
    sipp.caller(stage, switch, calls=CALLS).ends_well()
    west.ends_well()
    switch.settled(CALLS)
