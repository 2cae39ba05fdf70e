"""Calls and registrations over TLS and WebSocket."""

import os
import re
import signal
import socket
import ssl
import subprocess

import secure
import sipp
from cases.registration import SECRET, digest, is_online
from phones import Baresip
from stage import Failed, at, check, equal, wait_for
from switch import Switch


def start(stage, document=None, **parameters):
    """A switch with TLS at 5061 and secure WebSocket at 8443, as parameters say, and who signed for it."""
    authority = secure.Authority(stage)
    certificate, key = authority.issue("switch", stage.switch_ip)
    switch = Switch(stage).start()
    switch.apply({**(document or {}),
                  "parameters": {"SS_SIP_LOCAL_IP": stage.switch_ip, "SS_SIP_PORT": "5060",
                                 "SS_SIP_TLS_CERTIFICATE": certificate, "SS_SIP_TLS_PRIVATE_KEY": key,
                                 "SS_SIP_WS_PORT": 8443, **parameters}})
    switch.tell(signal.SIGTERM)
    switch.program.wait()
    switch.listen = []
    switch.environment["SSL_CERT_FILE"] = authority.certificate
    return switch.start(), authority


def gateways(stage, **egress):
    return {"ingress_gateways": [{"name": "north", "remote_ips": [stage.caller_ip]}],
            "egress_gateways": [{"name": "south", "remote_ips": [at(stage.callee_ip, 5061)], "prefix": [""],
                                 **egress}]}


def calls_over_tls(stage):
    """A call over TLS on both sides: each knows the other's certificate, and Via and Contact say TLS."""
    switch, authority = start(stage, gateways(stage, transport="tls"), SS_SIP_TLS_VERIFY_PEER="required")
    server = secure.Server(stage, authority, stage.callee_ip)
    north = secure.tls(stage, switch, authority, stage.caller_ip, authority.issue("north", stage.caller_ip))
    invite = north.invite(switch, "442071234567", "33123")
    north.send(invite)
    south = server.accept()
    taken = south.expect("INVITE")
    check(secure.value(taken, "Via").startswith(f"SIP/2.0/TLS {at(switch.address, 5061)};"), taken)
    check(f"{at(switch.address, 5061)};transport=tls>" in secure.value(taken, "Contact"), taken)
    contact = f"<sip:south@{at(stage.callee_ip, 5061)};transport=tls>"
    south.send(secure.answer_to(taken, 200, contact, secure.SDP.format(ip=stage.callee_ip)))
    answer = north.final()
    check(answer.startswith("SIP/2.0 200"), answer)
    check(f"{at(switch.address, 5061)};transport=tls>" in secure.value(answer, "Contact"), answer)
    south.expect("ACK")
    north.hang_up(invite, answer)
    south.send(secure.answer_to(south.expect("BYE"), 200))
    sipp.all_are(switch.settled(1), end_reason="caller_hangup", caller_gateway="north", callee_gateway="south",
                 callee_ip=at(stage.callee_ip, 5061))
    counters = switch.status()["counters"]
    equal(2, counters["tls_sessions"], "TLS sessions")
    equal(0, counters["tls_peers_unverified"], "peers that nobody vouches for")


def servers_that_nobody_vouches_for(stage):
    """A gateway whose certificate is of somebody else gets no call while certificates are required."""
    switch, authority = start(stage, gateways(stage, transport="tls"), SS_SIP_TLS_VERIFY_PEER="required")
    server = secure.Server(stage, authority, stage.callee_ip)
    server.context.load_cert_chain(*authority.issue("other", stage.other_ip))
    north = secure.tls(stage, switch, authority, stage.caller_ip, authority.issue("north", stage.caller_ip))
    north.send(north.invite(switch, "442071234567", "33123"))
    try:
        south = server.accept()
        raise Failed("a request went to a stranger: " + south.receive())
    except (ssl.SSLError, ConnectionError, Failed) as fault:
        check("stranger" not in str(fault), fault)
    check(not north.final().startswith("SIP/2.0 2"), "the call has failed")
    record, = switch.records(1)
    check(not record["answer_time"], f"answered by a stranger: {record}")


def old_tls_is_refused(stage):
    """TLS 1.2 and 1.3 are spoken, 1.1 is not, and plain text is not taken for TLS."""
    switch, authority = start(stage)
    for version, spoken in (("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)):
        done = subprocess.run(["openssl", "s_client", "-connect", at(switch.address, 5061), version, "-cipher",
                               "DEFAULT@SECLEVEL=0", "-CAfile", authority.certificate, "-verify_return_error"],
                              input="", capture_output=True, text=True, timeout=30, check=False)
        equal(spoken, done.returncode == 0, f"{version}: {done.stderr}")
    plain = socket.create_connection((switch.address, 5061), timeout=5)
    stage.at_end(plain.close)
    plain.sendall(b"OPTIONS sip:a@b SIP/2.0\r\n\r\n")
    while plain.recv(1000):
        pass
    equal(2, switch.status()["counters"]["tls_sessions_failed"], "handshakes that failed")


def options(line, switch):
    return line.final(line.request("OPTIONS", switch)).split()[1]


def client_certificates(stage):
    """Required: only who shows a certificate is heard; the policy changes while the switch runs."""
    switch, authority = start(stage, gateways(stage), SS_SIP_TLS_VERIFY_PEER="required")
    try:
        options(secure.tls(stage, switch, authority, stage.caller_ip), switch)
        raise Failed("it was heard without a certificate")
    except (ssl.SSLError, ConnectionError):
        pass
    known = authority.issue("north", stage.caller_ip)
    equal("200", options(secure.tls(stage, switch, authority, stage.caller_ip, known), switch), "with a certificate")
    switch.ask("param", "set", "SS_SIP_TLS_VERIFY_PEER", "optional")

    def heard():
        try:
            return options(secure.tls(stage, switch, authority, stage.caller_ip), switch) == "200"
        except (ssl.SSLError, ConnectionError):
            return False
    wait_for("the new policy", heard)
    equal(1, switch.status()["counters"]["tls_peers_unverified"], "peers without a certificate")


def keep_alive_over_tls(stage):
    """A double line break is answered with a single one, over TLS as over TCP (RFC 5626)."""
    switch, authority = start(stage, gateways(stage))
    line = secure.tls(stage, switch, authority, stage.caller_ip)
    equal("200", options(line, switch), "OPTIONS")
    line.send("\r\n\r\n")
    equal(b"\r\n", line.take(2), "the answer")


def registered(line, switch, user):
    """Registers with digest; the last answer."""
    text = line.request("REGISTER", switch, number=user, caller=user, Expires="600")
    first = line.final(text)
    check(first.startswith("SIP/2.0 401"), first)
    challenge = secure.value(first, "WWW-Authenticate")
    credentials = digest(challenge, user, SECRET, "REGISTER", f"sip:{user}@{switch.where()}")
    return line.final(line.request("REGISTER", switch, number=user, caller=user, Expires="600",
                                   Authorization=credentials))


def browsers_register_and_call(stage):
    """A client of secure WebSocket registers, is called on its connection, and calls a gateway over UDP."""
    switch, authority = start(stage, {**gateways(stage, remote_ips=[stage.callee_ip]),
                                      "phones": [{"name": "1001", "password": SECRET}]})
    browser = secure.websocket(stage, switch, authority, stage.other_ip)
    answer = registered(browser, switch, "1001")
    check(answer.startswith("SIP/2.0 200") and browser.contact in answer, answer)
    is_online(switch, "1001")
    equal(f"wss:{browser.me}", switch.objects("phone", "online")[0]["source"], "where it is")

    calling = sipp.caller(stage, switch, calls=1, number="1001")
    invite = browser.expect("INVITE")
    check(secure.value(invite, "Via").startswith(f"SIP/2.0/WSS {at(switch.address, 8443)};"), invite)
    check(f"{at(switch.address, 8443)};transport=ws>" in secure.value(invite, "Contact"), invite)
    browser.send(secure.answer_to(invite, 200, browser.contact, secure.SDP.format(ip=stage.other_ip)))
    browser.expect("ACK")
    browser.send(secure.answer_to(browser.expect("BYE"), 200))
    calling.ends_well()

    sipp.callee(stage)
    invite = browser.invite(switch, "442071234567", "1001")
    answer = browser.final(invite)
    check(answer.startswith("SIP/2.0 200"), answer)
    browser.hang_up(invite, answer)
    records = switch.settled(2)
    equal([("phone", "1001"), ("egress", "south")],
          [(record["callee_type"], record["callee_gateway"]) for record in records], "who was called")


def frames_of_a_websocket(stage):
    """Fragments and pings are understood; a frame without mask, or too large a message, ends it."""
    switch, authority = start(stage, gateways(stage))
    line = secure.websocket(stage, switch, authority, stage.caller_ip)
    text = line.request("OPTIONS", switch).encode()
    line.frame(1, text[:50], last=False)
    line.frame(9, b"there?")
    line.frame(0, text[50:])
    equal((10, b"there?"), line.read_frame(), "the answer to a ping")
    check(line.final().startswith("SIP/2.0 200"), "OPTIONS in fragments")
    line.send("\r\n\r\n")
    equal("\r\n", line.receive(), "the answer to a double line break")
    line.frame(8, b"\x03\xe8")
    equal((8, b"\x03\xe8"), line.read_frame(), "the answer to a close")

    for wrong, code in ((b"\x81\x05Hello", 1002), (b"\x82\xff" + (1 << 30).to_bytes(8, "big") + b"mask", 1009)):
        line = secure.websocket(stage, switch, authority, stage.caller_ip)
        line.socket.sendall(wrong)
        equal((8, code.to_bytes(2, "big")), line.read_frame(), "how it is ended")
        equal(b"", line.socket.recv(100), "what follows")


def requests_that_open_no_websocket(stage):
    """A browser that asks for a page is told that there is none, and plain ws: serves without certificate."""
    switch, authority = start(stage)
    connection = secure.connect(stage, switch, authority, stage.caller_ip, 8443)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    check(connection.recv(1000).startswith(b"HTTP/1.1 426 "), "an answer of HTTP")
    equal(1, switch.status()["counters"]["websockets_refused"], "refused requests")
    switch.ask("param", "reset", "SS_SIP_TLS_CERTIFICATE")
    switch.ask("param", "set", "SS_SIP_WS_PORT", "8081")
    switch.tell(signal.SIGTERM)
    switch.program.wait()
    switch.start()
    line = secure.WebSocket(stage, socket.create_connection((switch.address, 8081), timeout=5), "a")
    line.transport = "WS"
    check(line.final(line.request("OPTIONS", switch)).startswith("SIP/2.0 "), "OPTIONS over ws")


def certificates_that_cannot_be_read(stage):
    """A start with a certificate or key that cannot be used names the parameter and the file."""
    switch, authority = start(stage)
    switch.ask("param", "set", "SS_SIP_TLS_PRIVATE_KEY", authority.path("authority.key"))
    switch.tell(signal.SIGTERM)
    switch.program.wait()
    said = switch.run(*switch.command()[1:]).stderr
    check(re.search(r"SS_SIP_TLS_PRIVATE_KEY: \S*authority.key is not the key of the certificate in \S*switch.pem",
                    said), said)
    os.unlink(authority.path("switch.pem"))
    said = switch.run(*switch.command()[1:]).stderr
    check(re.search(r"SS_SIP_TLS_CERTIFICATE: cannot read \S*switch.pem: No such file", said), said)


def telephones_over_tls(stage):
    """Two telephones register over TLS, and one calls the other on the connections they came on."""
    switch, authority = start(stage, {"phones": [{"name": name, "password": SECRET} for name in ("1001", "1002")]},
                              SS_SIP_AUTHENTICATION_ALGORITHMS="MD5")
    account = ('<sip:{user}@{switch};transport=tls>;auth_user={user};auth_pass="' + SECRET +
               '";regint=60;outbound="sip:{switch};transport=tls"')
    where = at(switch.address, 5061)
    more = f"sip_cafile {authority.certificate}\n"
    called = Baresip(stage, "called", stage.callee_ip, account.format(user="1002", switch=where), more)
    is_online(switch, "1002")
    calling = Baresip(stage, "calling", stage.caller_ip, account.format(user="1001", switch=where), more)
    is_online(switch, "1001")
    for each in switch.objects("phone", "online"):
        check(each["source"].startswith("tls:"), f"over TLS: {each}")
    calling.command("dial", f"sip:1002@{where};transport=tls")
    called.event("CALL_INCOMING")
    called.command("accept")
    calling.event("CALL_ESTABLISHED")
    calling.command("hangup")
    called.event("CALL_CLOSED")
    sipp.all_are(switch.settled(1), caller="1001", callee="1002", end_reason="caller_hangup")
