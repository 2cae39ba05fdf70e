#!/usr/bin/env python3
"""The programs of others call through the switch: sipp over UDP and TCP, IPv4 and IPv6, in both
directions; baresip to baresip; Kamailio in front.

    interop_test.py PATH-TO-TANDEM
"""

import os
import socket
import sys
import unittest

from parties import Baresip, Kamailio, Sipp, Stage, Switch, at, free_port

TANDEM = ""
SWITCH, CALLER, CALLEE, PROXY, OTHER = (f"127.0.0.{last}" for last in (1, 2, 3, 4, 5))


def gateways(callee, source=CALLER, **more):
    return {"ingress_gateways": [{"name": "north", "remote_ips": [source]}],
            "egress_gateways": [{"name": "south", "remote_ips": [callee], "prefix": [""], "priority": 1,
                                 **more}]}


class Case(unittest.TestCase):
    def setUp(self):
        self.stage = Stage()
        self.addCleanup(self.stage.close)

    def start(self, address=SWITCH):
        """A switch that listens on UDP and TCP of one port."""
        port = free_port(address, socket.SOCK_STREAM)
        self.where = at(address, port)
        self.switch = self.stage.add(
            Switch(TANDEM, self.stage.folder, [f"udp:{self.where}", f"tcp:{self.where}"]))
        return self.switch

    def callee(self, scenario="uas", address=CALLEE, transport="u1", name="callee", more=()):
        return self.stage.add(Sipp(name, self.stage.folder, scenario, address, transport=transport, more=more))

    def call(self, calls=20, **more):
        """Makes the calls, and is content only when each went as the scenario of the caller says."""
        address = more.pop("address", CALLER)
        target = more.pop("target", self.where)
        caller = self.stage.add(Sipp.caller("caller", self.stage.folder, address, target, calls, **more))
        self.assertEqual(0, caller.wait(), caller.explain())

    def settled(self, calls):
        """One record for each call, no call left; the records."""
        records = self.switch.records(calls)
        self.assertEqual(calls, len(records))
        self.assertEqual(0, self.switch.live_calls())
        return records


class WithSipp(Case):
    def go(self, caller, callee, switch=SWITCH, north=CALLER, south=CALLEE):
        self.start(switch)
        answering = self.callee(address=south, transport=callee)
        self.switch.apply(gateways(answering.where(), north, transport="tcp" if callee == "t1" else "udp"))
        self.call(transport=caller, address=north)
        for record in self.settled(20):
            self.assertEqual("caller_hangup", record["end_reason"])
            self.assertEqual(("north", "south"), (record["caller_gateway"], record["callee_gateway"]))
            self.assertEqual("442071234567", record["callee"])
            self.assertGreaterEqual(record["hold_time_ms"], 100)

    def test_udp_to_udp(self):
        self.go("u1", "u1")

    def test_tcp_to_tcp(self):
        self.go("t1", "t1")

    def test_udp_to_tcp(self):
        self.go("u1", "t1")

    def test_tcp_to_udp(self):
        self.go("t1", "u1")

    def test_over_ipv6(self):
        self.go("u1", "u1", "::1", "::1", "::1")

    def test_the_callee_hangs_up(self):
        self.start()
        answering = self.callee("callee_hangs_up", more=("-d", "100"))
        self.switch.apply(gateways(answering.where()))
        self.call(scenario="caller_waits")
        self.assertEqual({"callee_hangup"}, {record["end_reason"] for record in self.settled(20)})

    def test_the_second_gateway_takes_what_the_first_cannot(self):
        self.start()
        down = self.callee("unavailable", OTHER, name="down")
        answering = self.callee()
        document = gateways(answering.where())
        document["egress_gateways"][0]["priority"] = 2
        document["egress_gateways"].append(
            {"name": "first", "remote_ips": [down.where()], "prefix": [""], "priority": 1})
        self.switch.apply(document)
        self.call()
        for record in self.settled(20):
            self.assertEqual(["first", "south"], [attempt["gateway"] for attempt in record["attempts"]])
            self.assertEqual("south", record["callee_gateway"])

    def test_busy_is_busy(self):
        self.start()
        busy = self.callee("busy")
        self.switch.apply(gateways(busy.where()))
        caller = self.stage.add(Sipp.caller("caller", self.stage.folder, CALLER, self.where, 5))
        self.assertEqual(1, caller.wait())  # its scenario wants an answer
        for record in self.settled(5):
            self.assertEqual(486, record["sip_status"])

    def test_a_kill_under_load_loses_no_record_and_doubles_none(self):
        self.start()
        answering = self.callee()
        self.switch.apply(gateways(answering.where()))
        caller = self.stage.add(Sipp.caller("caller", self.stage.folder, CALLER, self.where, 5000, talk=10,
                                            rate=200))
        self.switch.records(200)
        self.switch.kill()
        ended = caller.successes_for_good()
        caller.end()

        self.switch.start(self.stage.folder)
        flows = [record["flow_no"] for record in self.switch.records(ended)]
        self.assertGreaterEqual(len(flows), ended)
        self.assertEqual(len(flows), len(set(flows)))


class WithBaresip(Case):
    def test_two_telephones_talk_and_the_caller_hangs_up(self):
        self.start()
        called = self.stage.add(Baresip("called", self.stage.folder, CALLEE,
                                        "<sip:442071234567@{where}>;regint=0"))
        calling = self.stage.add(Baresip(
            "calling", self.stage.folder, CALLER,
            f'<sip:33123456789@{{where}}>;regint=0;outbound="sip:{self.where}"'))
        self.switch.apply(gateways(at(CALLEE, called.port)))

        calling.command("dial", f"sip:442071234567@{self.where}")
        called.wait_event("CALL_INCOMING")
        called.command("accept")
        calling.wait_event("CALL_ESTABLISHED")
        called.wait_event("CALL_ESTABLISHED")
        self.assertEqual(1, self.switch.live_calls())
        calling.command("hangup")
        called.wait_event("CALL_CLOSED")

        record, = self.settled(1)
        self.assertEqual(("33123456789", "442071234567"), (record["caller"], record["callee"]))
        self.assertEqual("caller_hangup", record["end_reason"])
        self.assertTrue(record["caller_rtp_ip"] and record["callee_rtp_ip"])


class WithKamailio(Case):
    def go(self, callee, caller):
        self.start()
        proxy = self.stage.add(Kamailio(self.stage.folder, PROXY, self.where))
        answering = self.callee(callee, more=("-d", "100") if callee != "uas" else ())
        self.switch.apply(gateways(answering.where(), PROXY))
        self.call(scenario=caller, target=proxy.where())
        return self.settled(20)

    def test_requests_of_the_caller_find_their_way_through_it(self):
        records = self.go("uas", "through_proxy")
        self.assertEqual({"caller_hangup"}, {record["end_reason"] for record in records})

    def test_requests_to_the_caller_find_their_way_back_through_it(self):
        records = self.go("callee_hangs_up", "caller_waits")
        self.assertEqual({"callee_hangup"}, {record["end_reason"] for record in records})


if __name__ == "__main__":
    TANDEM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
