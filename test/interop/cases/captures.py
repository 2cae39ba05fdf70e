"""What the switch traced, opened by the programs people open captures with."""

import os
import subprocess

import raw
import sipp
from stage import at, check, equal
from switch import Switch, gateways


def tshark(capture, *words):
    done = subprocess.run(["tshark", "-n", "-r", capture, *words], capture_output=True, text=True, timeout=60,
                          check=False)
    check(done.returncode == 0, f"tshark: {done.stderr}")
    return done.stdout.splitlines()


def fields(capture, condition, *names):
    words = [word for name in names for word in ("-e", name)]
    return [line.split("\t") for line in tshark(capture, "-Y", condition, "-T", "fields", *words)]


def captures_open_in_tshark(stage):
    """tshark decodes every SIP message of a capture, over UDP and TCP, and finds the checksums right."""
    switch = Switch(stage).start()
    south = at(stage.callee_ip, 5060)
    switch.apply(gateways(stage.caller_ip, south, transport="tcp"))
    switch.ask("trace", "start", "--gateway", "south", "--file")
    callee = sipp.callee(stage, transport="t1")
    sipp.caller(stage, switch, calls=20, rate=20).ends_well()
    switch.settled(20)
    check(callee.runs(), "the callee is content")
    switch.ask("trace", "stop", "1")

    capture = os.path.join(stage.folder, "out.pcapng")
    switch.ask("trace", "export", "1", capture)
    trace = switch.objects("trace", "list")[0]
    equal(20, trace["calls"], "calls of the trace")
    sip = fields(capture, "sip", "frame.number", "sip.Call-ID", "sip.Method", "ip.src", "udp.length", "tcp.len")
    equal(trace["messages"], len(sip), "SIP messages that tshark decodes")
    check({line[4] != "" for line in sip} == {True, False}, "both UDP and TCP are there")
    equal({stage.caller_ip, stage.callee_ip, stage.switch_ip}, {line[3] for line in sip}, "senders")
    invites = [line for line in sip if line[2] == "INVITE"]
    equal(40, len({line[1] for line in invites}), "Call-IDs of both legs")
    malformed = tshark(capture, "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
                       "-o", "ip.check_checksum:TRUE", "-Y",
                       "_ws.malformed || tcp.checksum.status == 0 || udp.checksum.status == 0 || "
                       "ip.checksum.status == 0 || tcp.analysis.flags")
    equal([], malformed, "packets tshark complains about")

    written = trace["files"]
    equal(1, len(written), "files")
    equal(len(sip), len(fields(written[0], "sip", "frame.number")), "messages in the file")
    comments = fields(capture, "frame.comment", "frame.comment")
    check(any(line[0].startswith("call ") for line in comments), "the number of the call is a comment")


def long_messages_are_reassembled(stage):
    """A message longer than a segment is one SIP message to tshark, and holds no secret any more."""
    switch = Switch(stage).start()
    switch.apply(gateways(stage.caller_ip, at(stage.callee_ip, 5060), transport="tcp"))
    switch.ask("trace", "start", "--method", "OPTIONS", "--until-stopped")
    line = raw.Tcp(stage, stage.caller_ip, switch)
    credentials = 'Digest username="ann", realm="r", nonce="n", uri="sip:x", response="%s"' % ("0123456789abcdef" * 2)
    line.send(raw.request("OPTIONS", switch, line.me, X_Long="y" * 4000, Authorization=credentials)
              .replace("/UDP", "/TCP"))
    check(line.receive().startswith("SIP/2.0 200"), "OPTIONS is answered")
    switch.ask("trace", "stop", "1")

    capture = os.path.join(stage.folder, "out.pcapng")
    switch.ask("trace", "export", "1", capture)
    sip = fields(capture, "sip", "sip.Method", "sip.auth.username", "sip.auth.digest.response", "tcp.segment.count")
    equal(["OPTIONS", '"ann"', '"%s"' % ("x" * 32), "4"], sip[0], "the request")
    equal(2, len(sip), "the request and its answer")
