"""Requests that are not taken, and bytes that are no requests."""

import os
import random
import socket

import raw
import sipp
from stage import at, check, equal, wait_for
from switch import Switch, gateways

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\n"


def known(stage, **parameters):
    switch = Switch(stage).start()
    switch.apply({"ingress_gateways": [{"name": "north", "remote_ips": [stage.caller_ip]}],
                  "egress_gateways": [{"name": "south", "remote_ips": [at(stage.callee_ip, 5060)],
                                       "prefix": ["44"]}], "parameters": parameters})
    return switch


def unknown_prefix(stage):
    """404 for a number that no gateway serves, with one record."""
    switch = known(stage)
    north = raw.Udp(stage, stage.caller_ip)
    equal(404, north.status("INVITE", switch, number="4930123456", body=SDP, Content_Type="application/sdp"))
    record, = switch.settled(1)
    sipp.all_are([record], end_reason="callee_not_found", end_side="switch", callee="4930123456", attempts=[])


def unknown_source(stage):
    """403 for a stranger, and silence after too many attempts; those who are known go on."""
    switch = known(stage, SS_SCANNER_BAN_COUNT=5)
    stranger = raw.Udp(stage, stage.stranger_ip)
    for _ in range(5):
        equal(403, stranger.status("INVITE", switch, body=SDP, Content_Type="application/sdp"))
    stranger.send(raw.request("INVITE", switch, stranger.me), switch)
    stranger.silence()
    equal(404, raw.Udp(stage, stage.caller_ip).status("INVITE", switch, number="1"))


def silent_for_strangers(stage):
    """Strangers get no answer at all when SS_REPLY_UNAUTHORIZED is off."""
    switch = known(stage, SS_REPLY_UNAUTHORIZED="Off")
    stranger = raw.Udp(stage, stage.stranger_ip)
    stranger.send(raw.request("INVITE", switch, stranger.me), switch)
    stranger.silence()


def options(stage):
    """OPTIONS of a known peer is answered with what we can do, over UDP and TCP."""
    switch = known(stage)
    north = raw.Udp(stage, stage.caller_ip)
    answer = north.final(raw.request("OPTIONS", switch, north.me), switch)
    check(answer.startswith("SIP/2.0 200") and "Allow:" in answer, answer)
    line = raw.Tcp(stage, stage.caller_ip, switch)
    line.send(raw.request("OPTIONS", switch, line.me).replace("/UDP", "/TCP"))
    check(line.receive().startswith("SIP/2.0 200"), "over TCP")


def wrong_requests(stage):
    """Unknown methods, exhausted hops, unknown extensions and stray requests get their 4xx."""
    switch = known(stage)
    north = raw.Udp(stage, stage.caller_ip)
    for method, change, expected in (
            ("INVITE", ("Max-Forwards: 70", "Max-Forwards: 0"), (483,)),
            ("INVITE", ("Max-Forwards: 70", "Require: teleport\r\nMax-Forwards: 70"), (420,)),
            ("OPTIONS", ("OPTIONS", "FLY"), (405, 501)),
            ("OPTIONS", ("CSeq: 1 OPTIONS", "CSeq: 1 BYE"), (400,)),
            ("OPTIONS", ("sip:442071234567@", "http://442071234567@"), (400, 416)),
            ("OPTIONS", ("To: ", "X-To: "), (400,)),
            ("BYE", ("", ""), (481,)),
            ("CANCEL", ("", ""), (481,))):
        answer = north.final(raw.request(method, switch, north.me).replace(*change), switch)
        check(int(answer.split()[1]) in expected, f"{method} {change}: {answer.splitlines()[0]}")
    switch.is_well()


def invite_text(switch, me):
    return raw.request("INVITE", switch, me, body=SDP, Content_Type="application/sdp")


def calls_still_work(stage, switch, count=20):
    already = len(switch.records(0))
    sipp.caller(stage, switch, calls=count, rate=100, talk=10).ends_well()
    records = switch.settled(already + count)
    equal(count, len([record for record in records if record["end_reason"] == "caller_hangup"]), "calls that went well")


def garbage_on_udp(stage):
    """Random bytes, cut and changed SIP, huge datagrams: dropped or refused; memory stays; calls go on."""
    switch = known(stage, SS_SCANNER_BAN_COUNT=0, SS_TRACE_MEGABYTES=1)
    sipp.callee(stage)
    calls_still_work(stage, switch)
    before = switch.memory()
    draw = random.Random(20261)
    senders = [raw.Udp(stage, address) for address in (stage.other_ip, stage.stranger_ip)]
    for sender in senders:
        sender.socket.setblocking(False)
        good = invite_text(switch, sender.me).encode()
        for _ in range(2500):
            drain(sender.socket)
            kind = draw.randrange(4)
            if kind == 0:
                data = draw.randbytes(draw.randrange(1, 1500))
            elif kind == 1:
                data = good[:draw.randrange(1, len(good))]
            elif kind == 2:
                data = bytearray(good)
                for _ in range(draw.randrange(1, 12)):
                    data[draw.randrange(len(data))] = draw.randrange(256)
            else:
                data = good[:200] + b"X-Long: " + b"a" * draw.randrange(60000) + b"\r\n" + good[200:]
            sender.send(bytes(data), switch)
    # The same from a peer that is known, so that more of the switch sees it.
    north = raw.Udp(stage, stage.caller_ip)
    north.socket.setblocking(False)
    good = raw.request("OPTIONS", switch, north.me).encode()
    for _ in range(2500):
        drain(north.socket)
        data = bytearray(good)
        for _ in range(draw.randrange(1, 6)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        north.send(bytes(data), switch)
    north.socket.settimeout(5)
    drain_all(north)
    equal(200, north.status("OPTIONS", switch))
    grown = switch.memory() - before
    check(grown < 32 << 20, f"memory grew by {grown >> 20} MiB")
    switch.is_well()
    sipp_records_only_grow(switch)
    sipp.caller(stage, switch, calls=20, rate=100, talk=10, name="again").ends_well()
    switch.is_well()


def sipp_records_only_grow(switch):
    for record in switch.records(20):
        check(record["end_reason"], "a record without a reason")


def drain(line):
    try:
        while True:
            line.recv(65536)
    except BlockingIOError:
        return


def drain_all(peer):
    """Until nothing more comes."""
    peer.socket.settimeout(0.3)
    try:
        while True:
            peer.socket.recv(65536)
    except TimeoutError:
        peer.socket.settimeout(5)


def garbage_on_tcp(stage):
    """Garbage closes its connection; a request that trickles in is understood; pipelined ones too."""
    switch = known(stage)
    draw = random.Random(20262)
    before = switch.memory()
    for _ in range(50):
        line = raw.Tcp(stage, stage.stranger_ip, switch)
        try:
            line.send(draw.randbytes(2000) + b"\r\n\r\n" + draw.randbytes(70000))
        except ConnectionError:
            continue
        check(line.closed(), "the connection with garbage stays open")
        line.socket.close()

    slow = raw.Tcp(stage, stage.caller_ip, switch)
    slow.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in raw.request("OPTIONS", switch, slow.me).replace("/UDP", "/TCP").encode():
        slow.send(bytes([byte]))
    check(slow.receive().startswith("SIP/2.0 200"), "the request in pieces")

    many = raw.Tcp(stage, stage.caller_ip, switch)
    many.send("".join(raw.request("OPTIONS", switch, many.me).replace("/UDP", "/TCP") for _ in range(20)))
    for _ in range(20):
        check(many.receive().startswith("SIP/2.0 200"), "pipelined requests")

    endless = raw.Tcp(stage, stage.stranger_ip, switch)
    piece = b"X-Endless: " + b"a" * 8000 + b"\r\n"
    sent = 0
    try:
        endless.send(b"OPTIONS sip:a@b SIP/2.0\r\n")
        while sent < (16 << 20):
            endless.send(piece)
            sent += len(piece)
        check(endless.closed(), "16 MiB of one header were taken")
    except (ConnectionError, TimeoutError):
        pass
    grown = switch.memory() - before
    check(grown < 32 << 20, f"memory grew by {grown >> 20} MiB")
    sipp.callee(stage)
    calls_still_work(stage, switch)


def many_connections(stage):
    """1,000 idle connections, some with half a request: calls go on, memory stays, they go away."""
    switch = known(stage)
    sipp.callee(stage)
    before = switch.memory()
    lines = []
    for number in range(1000):
        try:
            line = socket.create_connection((switch.address, switch.port), timeout=5,
                                            source_address=(stage.network.address(10 + number % 200), 0))
            if number % 2:
                line.sendall(b"INVITE sip:1@2 SIP/2.0\r\nVia: SIP/2.0/TCP ")
            lines.append(line)
        except ConnectionError:  # refused politely: there is a limit
            continue
    calls_still_work(stage, switch)
    grown = switch.memory() - before
    check(grown < 64 << 20, f"memory grew by {grown >> 20} MiB")
    known_line = raw.Tcp(stage, stage.caller_ip, switch)
    known_line.send(raw.request("OPTIONS", switch, known_line.me).replace("/UDP", "/TCP"))
    check(known_line.receive().startswith("SIP/2.0 200"), "a known peer still gets a connection")
    for line in lines:
        line.close()
    wait_for("the connections to be forgotten", lambda: sockets_of(switch) < 60)


def sockets_of(switch):
    return len(os.listdir(f"/proc/{switch.program.process.pid}/fd"))
