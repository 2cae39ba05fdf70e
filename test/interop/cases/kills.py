"""kill -9 while calls come and go, and while they are up: no record of an ended call is lost, none is there
twice, and calls that are up go on."""

import glob
import os
import random
import re
import signal
import time

import sipp
from stage import at, check, equal, wait_for
from switch import Switch, gateways

# Each side says in its log when it knows that the call has ended.
CALLS = """
    > INVITE sdp
    < 100 ?
    < 180 ?
    < 200
    > ACK
    pause 200
    > BYE
    < 200
    log ended {base}[call_number]
"""
TAKES = """
    < INVITE
    > 180
    > 200 sdp
    < ACK
    < BYE ~ From:.*sip:33123
    > 200
"""
HANGS_UP = """
    < INVITE
    > 180
    > 200 sdp
    < ACK
    pause 200
    > BYE
    < 200
    log ended [$from]
"""
IS_LEFT = """
    > INVITE sdp
    < 100 ?
    < 180 ?
    < 200
    > ACK
    < BYE
    > 200
    log ended {base}[call_number]
"""


def kill_under_load(stage):
    """Eight kills at 200 calls a second, restarts on the same data: each ended call has one record."""
    switch = Switch(stage).start()
    switch.apply({"ingress_gateways": [{"name": "north", "remote_ips": [stage.caller_ip]}],
                  "egress_gateways": [
                      {"name": "south", "remote_ips": [at(stage.callee_ip, 5060)], "prefix": ["44"]},
                      {"name": "west", "remote_ips": [at(stage.other_ip, 5060)], "prefix": ["33"]}]})
    draw = random.Random(20263)
    ended = set()
    for turn in range(8):
        ended |= one_kill(stage, switch, turn, draw)
        if turn == 3:
            tear_tail(switch, draw)
        switch.start()
        compare(switch, ended)
    check(len(ended) > 300, f"only {len(ended)} calls ended before the kills: nothing is proven")


kill_under_load.seconds = 60


def one_kill(stage, switch, turn, draw):
    """The callers of the calls that ended, as the parties know it."""
    parties = [
        sipp.callee(stage, TAKES, name=f"callee{turn}"),
        sipp.callee(stage, HANGS_UP, stage.other_ip, name=f"hanging{turn}"),
        sipp.caller(stage, switch, CALLS.format(base=f"3310{turn}"), 5000, 100, number="442071234567",
                    name=f"caller{turn}", numbers=f"3310{turn}[call_number]"),
        sipp.caller(stage, switch, IS_LEFT.format(base=f"3320{turn}"), 5000, 100, number="33123456789", port=5070,
                    name=f"left{turn}", numbers=f"3320{turn}[call_number]")]
    wanted = draw.randrange(40, 160)
    wait_for(f"{wanted} ended calls", lambda: len(endings(parties)) >= wanted)
    switch.kill()
    wait_for("the parties to read what was sent", lambda: not unread(parties))
    for party in parties:
        party.end(signal.SIGKILL)
    return endings(parties)


def endings(parties):
    return {number for party in parties for number in
            re.findall(r"ended (?:.*sip:)?(33[12]0\d+)", party.file("log"))}


def unread(parties):
    """Whether bytes wait in one of their sockets."""
    with open("/proc/net/udp", encoding="ascii") as file:
        rows = [line.split() for line in file][1:]
    places = {"".join(f"{int(byte):02X}" for byte in reversed(party.address.split("."))) + f":{party.port:04X}"
              for party in parties}
    return any(row[1] in places and not row[4].endswith(":00000000") for row in rows)


def tear_tail(switch, draw):
    """As when power fails in the middle of a write: the last bytes of the journal are no whole record."""
    newest = max(glob.glob(os.path.join(switch.data, "journal", "*.log")))
    with open(newest, "rb") as file:
        used = len(file.read().rstrip(b"\0"))
    with open(newest, "r+b") as file:
        file.seek(used)
        file.write(draw.randbytes(40))


def compare(switch, ended):
    """Every ended call once, no call twice."""
    def loaded():
        return switch.status()["cdr_queue"] == 0
    wait_for("all records to be loaded", loaded)
    records = switch.objects("cdr")
    lost = ended - {record["caller"] for record in records}
    check(not lost, f"{len(lost)} ended calls have no record: {sorted(lost)[:10]}")
    equal(len(records), len({record["flow_no"] for record in records}), "different flow numbers")
    equal(len(records), len({record["caller"] for record in records}), "different calls")


TALKS = """
    > INVITE sdp
    < 100 ?
    < 180 ?
    < 200
    > ACK
    < INFO
    > 200
    > BYE
    < 200
"""
ASKS_AND_IS_LEFT = """
    < INVITE
    > 180
    > 200 sdp
    < ACK
    pause 6000
    > INFO
    < 200
    < BYE
    > 200
"""
WAITS_FOR_BYE = """
    > INVITE sdp
    < 100 ?
    < 180 ?
    < 200
    > ACK
    < BYE
    > 200
"""
HANGS_UP_LATER = """
    < INVITE
    > 180
    > 200 sdp
    < ACK
    pause 6000
    > BYE
    < 200
"""


def calls_survive(stage):
    """Killed while calls are up: either side's requests and BYE reach the other after the restart."""
    switch = Switch(stage).start()
    switch.apply({"ingress_gateways": [{"name": "north", "remote_ips": [stage.caller_ip]}],
                  "egress_gateways": [
                      {"name": "south", "remote_ips": [at(stage.callee_ip, 5060)], "prefix": ["44"]},
                      {"name": "west", "remote_ips": [at(stage.other_ip, 5060)], "prefix": ["33"]}]})
    parties = [sipp.callee(stage, ASKS_AND_IS_LEFT, calls=5),
               sipp.callee(stage, HANGS_UP_LATER, stage.other_ip, name="hanging", calls=5),
               sipp.caller(stage, switch, TALKS, 5, number="442071234567"),
               sipp.caller(stage, switch, WAITS_FOR_BYE, 5, number="33123456789", port=5070, name="left")]
    wait_for("ten calls to be up", lambda: len([1 for call in switch.calls() if call["state"] == "answered"]) == 10)
    killed = time.time() * 1000
    switch.kill()
    switch.start()
    started = time.time() * 1000
    equal(10, len(switch.calls()), "calls that go on")
    for party in parties:
        party.ends_well()
    for record in switch.settled(10):
        check(record["answer_time"] < killed < started < record["stop"], f"times of the record: {record}")
        equal("caller_hangup" if record["callee"].startswith("44") else "callee_hangup", record["end_reason"])


calls_survive.seconds = 15
