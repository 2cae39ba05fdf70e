"""Terminals that register: a telephone, sipp, and requests by hand."""

import hashlib
import os
import re

import raw
import sipp
from phones import Baresip, Linphone
from stage import Program, at, check, equal, wait_for
from switch import Switch

SECRET = "s3cret word"

REGISTER = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="register">
  <send retrans="500"><![CDATA[

    REGISTER sip:[remote_ip] SIP/2.0
    Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch];rport
    From: <sip:1001@[remote_ip]>;tag=[call_number]
    To: <sip:1001@[remote_ip]>
    Call-ID: [call_id]
    CSeq: 1 REGISTER
    Contact: <sip:1001@[local_ip]:[local_port]>;expires=60
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[

    REGISTER sip:[remote_ip] SIP/2.0
    Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch];rport
    From: <sip:1001@[remote_ip]>;tag=[call_number]
    To: <sip:1001@[remote_ip]>
    Call-ID: [call_id]
    CSeq: 2 REGISTER
    Contact: <sip:1001@[local_ip]:[local_port]>;expires=60
    [authentication username=1001 password=SECRET]
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <recv response="200"/>
</scenario>
"""


def phones(stage, algorithms="SHA-256,MD5"):
    switch = Switch(stage).start()
    switch.apply({"ingress_gateways": [{"name": "north", "remote_ips": [stage.caller_ip]}],
                  "phones": [{"name": "1001", "password": SECRET}, {"name": "1002", "password": SECRET}],
                  "parameters": {"SS_SIP_AUTHENTICATION_ALGORITHMS": algorithms}})
    return switch


def digest(challenge, user, password, method, uri):
    """Credentials that answer a challenge (RFC 7616)."""
    asked = dict(re.findall(r'(\w+)="?([^",\r\n]*)"?', challenge))
    kind = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}[asked["algorithm"]]

    def hashed(text):
        return hashlib.new(kind, text.encode()).hexdigest()
    proof = hashed(":".join([hashed(f"{user}:{asked['realm']}:{password}"), asked["nonce"], "00000001", "c", "auth",
                             hashed(f"{method}:{uri}")]))
    return (f'Digest username="{user}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="{uri}", '
            f'response="{proof}", algorithm={asked["algorithm"]}, qop=auth, nc=00000001, cnonce="c"')


def register(peer, switch, user, password, **headers):
    """Both transactions; the last answer."""
    first = peer.final(raw.request("REGISTER", switch, peer.me, number=user, caller=user, **headers), switch)
    challenge = re.search("WWW-Authenticate: (.*)", first)
    if not challenge:
        return first
    credentials = digest(challenge.group(1), user, password, "REGISTER", f"sip:{user}@{switch.where()}")
    return peer.final(raw.request("REGISTER", switch, peer.me, number=user, caller=user,
                                  Authorization=credentials, **headers), switch)


def is_online(switch, number):
    wait_for(f"{number} to register",
             lambda: number in [each["user"] for each in switch.objects("phone", "online")])


def telephones_register_and_call_each_other(stage):
    """Two telephones register with digest; one calls the other by its number."""
    switch = phones(stage, "MD5")
    account = '<sip:{user}@{switch}>;auth_user={user};auth_pass="' + SECRET + '";regint=60;outbound="sip:{switch}"'
    called = Baresip(stage, "called", stage.callee_ip, account.format(user="1002", switch=switch.where()))
    is_online(switch, "1002")
    calling = Baresip(stage, "calling", stage.caller_ip, account.format(user="1001", switch=switch.where()))
    is_online(switch, "1001")
    online = {each["user"]: each for each in switch.objects("phone", "online")}
    equal({"1001", "1002"}, set(online), "who is online")
    check("baresip" in online["1002"]["user_agent"], f"what it is: {online['1002']}")

    calling.command("dial", f"sip:1002@{switch.where()}")
    called.event("CALL_INCOMING")
    called.command("accept")
    calling.event("CALL_ESTABLISHED")
    calling.command("hangup")
    called.event("CALL_CLOSED")
    record, = switch.settled(1)
    sipp.all_are([record], caller="1001", callee="1002", caller_type="phone", callee_type="phone",
                 end_reason="caller_hangup")

    switch.ask("phone", "unregister", "1002")
    check("called_not_online" in switch.ask("route", "1002", "--phone", "1001"), "it is gone")


def telephones_are_called_through_the_keep_alive(stage):
    """A baresip and a linphone are kept reachable by line ends (RFC 5626), and call each other.

    A linphone reads text without a line end as the beginning of the next message.
    """
    switch = phones(stage, "MD5")
    switch.apply({"parameters": {"SS_SIP_NAT_KEEP_ALIVE_PERIOD": 10,
                                 "SS_SIP_NAT_KEEP_ALIVE_METHOD": "crlf"}})
    baresip = Baresip(stage, "baresip", stage.caller_ip,
                      f'<sip:1001@{switch.where()}>;auth_user=1001;auth_pass="{SECRET}";regint=60;'
                      f'outbound="sip:{switch.where()}"')
    linphone = Linphone(stage, "linphone", stage.callee_ip, user="1002", server=switch.where(), password=SECRET)
    wait_for("a keep-alive to both", lambda: {
        each["user"] for each in switch.objects("phone", "online") if each["kept_alive"]} == {"1001", "1002"})
    states = {each["user"]: (each["state"], each["nat"]) for each in switch.objects("phone", "online")}
    equal({"1001": ("online", False), "1002": ("online", False)}, states, "how they stand")

    baresip.command("dial", f"sip:1002@{switch.where()}")
    baresip.event("CALL_ESTABLISHED")
    baresip.command("hangup")
    sipp.all_are(switch.settled(1), caller="1001", callee="1002", end_reason="caller_hangup")
    linphone.command(f"call sip:1001@{switch.where()}")
    baresip.event("CALL_INCOMING")
    baresip.command("accept")
    wait_for("the second call to be answered", lambda: [call for call in switch.calls() if call["answer_time"]])
    linphone.command("terminate all")
    sipp.all_are(switch.settled(2)[1:], caller="1002", callee="1001", end_reason="caller_hangup")
    equal(0, switch.status()["counters"]["messages_malformed"], "what they sent and nobody can read")


def egress_gateway_registers_and_is_called(stage):
    """Calls go where a gateway is registered, also after kill -9: to its address, or by its Contact."""
    switch = Switch(stage).start()
    switch.apply({"ingress_gateways": [{"name": "north", "remote_ips": [stage.caller_ip]}],
                  "egress_gateways": [{"name": "branch", "prefix": ["44"], "register_type": "dynamic",
                                       "password": SECRET, "plan_callee_in": "44:0"}]})

    def state():
        return {each["name"]: each["state"] for each in switch.objects("gateway", "online")}["branch"]
    check("gateway_offline" in switch.ask("route", "442071234567", "--ingress", "north"), "no call goes there")
    equal("offline", state(), "before it registers")
    branch = raw.Udp(stage, stage.callee_ip)
    check(register(branch, switch, "branch", "wrong").startswith("SIP/2.0 401"), "a wrong password")
    check(register(branch, switch, "branch", SECRET).startswith("SIP/2.0 200"), "it registers")
    equal("up", state(), "registered")
    one, = switch.objects("phone", "online")
    equal(("egress", "branch"), (one["kind"], one["user"]), "who is registered")

    caller = raw.Udp(stage, stage.caller_ip)

    def called():
        text = raw.request("INVITE", switch, caller.me)
        caller.send(text, switch)
        invite = branch.receive()
        while not invite.startswith("INVITE"):  # keep-alives
            invite = branch.receive()
        head = [line for line in invite.split("\r\n\r\n")[0].split("\r\n")[1:] if not line.startswith("Content-")]
        lines = [f"{line};tag=b" if line.startswith("To:") else line for line in head]
        branch.send("\r\n".join(["SIP/2.0 486 Busy Here", *lines, "Content-Length: 0", "", ""]), switch)
        refused = caller.receive()
        while refused.startswith("SIP/2.0 1"):
            refused = caller.receive()
        caller.send(raw.acknowledgement(text, refused), switch)
        return (re.match(r"INVITE sip:(\S+?)(?:;\S+)? ", invite)[1], re.search(r"(?m)^To: <sip:(.*?)[@>]", invite)[1])
    equal((f"02071234567@{branch.me}", "02071234567"), called(), "the number at its address")
    switch.kill()
    switch.start()
    equal("up", state(), "the next process knows")
    switch.ask("param", "set", "SS_SIP_ROUTING_GATEWAY_INVITE_USE_CONTACT", "On")
    equal((f"02071234567@{branch.me}", "442071234567"), called(), "its Contact, and the number as it came")
    sipp.all_are(switch.settled(2), callee_gateway="branch", end_reason="peer_sip_486")
    switch.ask("phone", "unregister", "branch")
    equal("offline", state(), "unregistered")


def connection_of_a_registration_stays_open(stage):
    """A phone that registered over TCP is called on that connection however long it said nothing; others are closed."""
    switch = phones(stage)
    switch.apply({"parameters": {"SS_SIP_TCP_IDLE_TIMEOUT": 10, "SS_SIP_NAT_KEEP_ALIVE_MESSAGE": ""}})
    phone, stranger = raw.Tcp(stage, stage.callee_ip, switch), raw.Tcp(stage, stage.caller_ip, switch)

    def register_over_tcp(**headers):
        text = raw.request("REGISTER", switch, phone.me, number="1001", caller="1001", **headers)
        phone.send(text.replace("SIP/2.0/UDP", "SIP/2.0/TCP").replace(f"{phone.me}>", f"{phone.me};transport=tcp>"))
        return phone.receive() + "\r\n"
    challenge = re.search("WWW-Authenticate: (.*)\r", register_over_tcp()).group(1)
    answer = register_over_tcp(Authorization=digest(challenge, "1001", SECRET, "REGISTER",
                                                    f"sip:1001@{switch.where()}"))
    check(answer.startswith("SIP/2.0 200"), answer)
    check(stranger.closed(patience=20), "the connection of nobody stays open")
    wait_for("the time of the phone to be over", lambda: not phone.closed(patience=2))
    calling = sipp.caller(stage, switch, "> INVITE sdp\n< 100 ?\n< 486\n> ACK failed", calls=1, number="1001")
    invite = phone.receive()
    check(invite.startswith("INVITE sip:1001@"), invite)
    kept = [line for line in invite.split("\r\n") if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
    phone.send("\r\n".join(["SIP/2.0 486 Busy Here", *kept, "Content-Length: 0", "", ""]))
    calling.ends_well()


def sipp_registers(stage):
    """sipp registers twenty times with its own digest."""
    switch = phones(stage, "MD5")
    path = os.path.join(stage.folder, "register.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(REGISTER.replace("SECRET", SECRET.replace(" ", "")))
    switch.ask("phone", "set", "1001", "password=" + SECRET.replace(" ", ""))
    program = stage.add(Program("register", stage.folder, [
        "sipp", "-sf", path, "-i", stage.callee_ip, "-p", "5070", "-m", "20", "-r", "50", "-nostdin",
        "-timeout", "60s", "-timeout_error", switch.where()]))
    equal(0, program.wait(60), "status of sipp: " + program.said()[-1000:])
    online, = switch.objects("phone", "online")
    equal(("1001", f"udp:{at(stage.callee_ip, 5070)}"), (online["user"], online["source"]), "who is online")
    equal(20, switch.status()["counters"]["registers_accepted"], "registrations")


def registration_survives_kill(stage):
    """kill -9 after the 200: the registration is there again, and calls reach it."""
    switch = phones(stage)
    peer = raw.Udp(stage, stage.callee_ip, 5060)
    contact = f"<sip:1001@{peer.me}>;expires=600"
    answer = register(peer, switch, "1001", SECRET, Expires="600")
    check(answer.startswith("SIP/2.0 200"), answer)
    check(contact[:-3] in answer, answer)
    before = switch.objects("phone", "online")
    peer.socket.close()

    switch.kill()
    switch.start()

    after = switch.objects("phone", "online")
    equal([each["expires"] for each in before], [each["expires"] for each in after], "when it is over")
    sipp.callee(stage, calls=1)
    sipp.caller(stage, switch, calls=1, number="1001").ends_well()
    record, = switch.settled(1)
    sipp.all_are([record], callee_gateway="1001", callee_type="phone", end_reason="caller_hangup")


def guessing_is_suspended(stage):
    """Six wrong passwords; told once in the log, without the password; another address is not concerned."""
    switch = phones(stage)
    switch.apply({"parameters": {"SS_SCANNER_BAN_COUNT": 0}})
    thief, owner = raw.Udp(stage, stage.caller_ip), raw.Udp(stage, stage.callee_ip)
    answers = [register(thief, switch, "1001", f"guess{i}").split("\r\n")[0] for i in range(8)]
    equal(["SIP/2.0 401 Unauthorized"] * 5 + ["SIP/2.0 403 Forbidden"] * 3, answers, "answers to guesses")
    check(register(owner, switch, "1001", SECRET).startswith("SIP/2.0 200"), "the owner is not locked out")
    said = switch.program.said()
    equal(1, said.count("terminal_suspended"), "lines in the log")
    trace = switch.ask("trace", "--json")
    for secret in (SECRET, "guess5", 'response="'):
        check(secret not in said and secret not in trace, f"{secret} is told")


def passwords_are_shown_to_who_asks(stage):
    """Made up, sealed in the database, kept when a document without them is applied again."""
    switch = Switch(stage).start()
    made = switch.objects("phone", "add", "1001", "--secrets")[0]["password"]
    equal(16, len(made), "length of the password")
    for words in (("phone", "list"), ("phone", "show", "1001"), ("export",)):
        check(made not in switch.ask(*words), f"{words} shows it")
    check(made in switch.ask("export", "--secrets"), "export --secrets")
    switch.ask("apply", "-", text=switch.ask("export"))
    equal(made, switch.objects("phone", "show", "1001", "--secrets")[0]["password"], "password")
    switch.ask("phone", "set", "1001", "capacity=2")
    equal(made, switch.objects("phone", "show", "1001", "--secrets")[0]["password"], "password")
    wait_for("the database to be written", lambda: os.path.exists(os.path.join(switch.data, "tandem.db")))
    for name in os.listdir(switch.data):
        path = os.path.join(switch.data, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                check(made.encode() not in file.read(), f"it stands in {name}")


telephones_are_called_through_the_keep_alive.seconds = 14
connection_of_a_registration_stays_open.seconds = 14
