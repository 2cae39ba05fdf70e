"""Writes sipp scenarios from ladders, so that a case shows the flow it is about:

    > INVITE sdp                  we send it, with a body
    < 100 ?                       may come
    < 200
    > ACK
    pause 200                     ms
    > BYE | Reason: SIP;cause=1   with a header more
    < 200 ~ Contact: <sip:        comes, and holds this (a regular expression); more may follow
    < 200 ~ !Require:             and does not hold this
    > 200 INVITE sdp              the answer to the INVITE, though other messages came since
    > ACK failed                  of a refused INVITE
    > INVITE sdp again            the refused call once more
    < INVITE again                the caller repeats the call that we refused
    > 180 INVITE tag:other        of another dialog
    > INFO body:Signal=5          a body of one line, whose type is given as a header
    < 183 take:RSeq               its number is [$RSeq] from now on
    log ended                     a line in the log of sipp: "ended NUMBER-OF-CALL"

A body is `sdp`, or `sdp:sendonly` and the like. Requests of the callee go to the Contact of the INVITE, with
its From and To turned round.
"""

import re
from xml.sax.saxutils import escape

SDP = """v=0
o={side} 1 {version} IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
"""

REASONS = {100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted", 403: "Forbidden",
           404: "Not Found", 486: "Busy Here", 487: "Request Terminated", 491: "Request Pending",
           500: "Server Error", 503: "Service Unavailable", 603: "Decline"}

CONTACT = "Contact: <sip:[local_ip]:[local_port];transport=[transport]>"

# What the callee needs of the INVITE later on.
CAPTURE = """<action>
  <ereg regexp=":[ ]*(.*)" search_in="hdr" header="From" assign_to="w1,from"/>
  <ereg regexp=":[ ]*(.*)" search_in="hdr" header="To" assign_to="w2,to"/>
  <ereg regexp=":[ ]*(.*)" search_in="hdr" header="Via" assign_to="w3,via"/>
  <ereg regexp=":[ ]*(.*)" search_in="hdr" header="CSeq" assign_to="w4,cseq"/>
  {more}
</action>"""


class Writer:
    def __init__(self, side, caller):
        self.side, self.caller = side, caller
        self.out, self.index, self.cseq, self.versions = [], 0, 0, 0
        self.invite_index, self.invite_cseq, self.target = 0, 0, None
        self.received, self.checks = "", 0

    def body(self, words):
        for word in words:
            if word.startswith("sdp"):
                self.versions += 1
                text = SDP.format(side=self.side, version=self.versions)
                direction = word.partition(":")[2]
                return text + (f"a={direction}\n" if direction else "")
            if word.startswith("body:"):
                return word[5:]
        return ""

    def message(self, first, headers, words):
        body = self.body(words)
        kind = ["Content-Type: application/sdp"] if body.startswith("v=0") else []
        lines = [first, *headers, *kind, "Content-Length: [len]", "", body.rstrip("\n")]
        return "\n".join(line for line in lines)

    def request(self, method, words, extra):
        if method in ("ACK", "CANCEL"):
            cseq = self.invite_cseq
        else:
            self.cseq += 1
            cseq = self.cseq
        branch = "[branch]"
        if method == "INVITE":
            self.invite_index, self.invite_cseq = self.index, cseq
        if method == "CANCEL" or (method == "ACK" and "failed" in words):
            branch = f"[branch-{self.index - self.invite_index}]"
        first = method == "INVITE" and self.side == "caller" and (cseq == 1 or "again" in words)
        same_target = first or method == "CANCEL" or (method == "ACK" and "failed" in words)
        uri = "sip:[service]@[remote_ip]:[remote_port]" if same_target else "[next_url]"
        headers = [f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}"]
        if not same_target:
            headers.append("[routes]")
        if self.side == "caller":
            tag = "" if first or method == "CANCEL" else "[peer_tag_param]"
            headers += [f"From: <sip:{self.caller}@[local_ip]:[local_port]>;tag=caller[call_number]",
                        f"To: <sip:[service]@[remote_ip]:[remote_port]>{tag}"]
        else:
            headers += ["From: [$to];tag=callee[call_number]", "To: [$from]"]
        headers += ["Call-ID: [call_id]", f"CSeq: {cseq} {method}", "Max-Forwards: 70"]
        if method in ("INVITE", "UPDATE"):
            headers.append(CONTACT)
        text = self.message(f"{method} {uri} SIP/2.0", headers + extra, words)
        self.send(text, "" if method == "ACK" else ' retrans="500"')

    def answer(self, status, words, extra):
        to_invite = "INVITE" in words
        mine = next((word[4:] for word in words if word.startswith("tag:")), "callee") + "[call_number]"
        if to_invite:
            headers = ["Via: [$via]", "[last_Record-Route:]", "From: [$from]", f"To: [$to];tag={mine}",
                       "Call-ID: [call_id]", "CSeq: [$cseq]"]
        else:
            tag = "" if self.received not in ("first INVITE", "CANCEL") or self.side == "caller" else f";tag={mine}"
            headers = ["[last_Via:]", "[last_Record-Route:]", "[last_From:]", f"[last_To:]{tag}",
                       "[last_Call-ID:]", "[last_CSeq:]"]
        if status < 300:
            headers.append(CONTACT)
        text = self.message(f"SIP/2.0 {status} {REASONS.get(status, 'Other')}", headers + extra, words)
        again = status >= 200 and (to_invite or self.received.endswith("INVITE"))
        self.send(text, ' retrans="500"' if again else "")

    def send(self, text, retrans):
        self.out.append(f"<send{retrans}><![CDATA[\n\n{text}\n\n]]></send>")
        self.index += 1

    def receive(self, what, words, patterns):
        attributes = f'response="{what}"' if what.isdigit() else f'request="{what}"'
        if "?" in words:
            attributes += ' optional="true"'
        if what in ("200", "INVITE", "183", "180"):
            attributes += ' rrs="true"'
        actions = ""
        for pattern in patterns:
            self.checks += 1
            kind = "check_it_inverse" if pattern.startswith("!") else "check_it"
            actions += (f'<ereg regexp="{escape(pattern.removeprefix("!"), {chr(34): "&quot;"})}" search_in="msg" '
                        f'{kind}="true" assign_to="c{self.checks}"/>')
        last = self.checks
        for name in (word[5:] for word in words if word.startswith("take:")):
            actions += f'<ereg regexp="[0-9]+" search_in="hdr" header="{name}:" check_it="true" assign_to="{name}"/>'
        if not what.isdigit():
            self.received = what
        if what == "INVITE" and self.side == "callee" and (not self.target or "again" in words):
            self.target, self.received = "taken", "first INVITE"
            self.out.append(f"<recv {attributes}>{CAPTURE.format(more=actions)}</recv>")
            self.out.append('<Reference variables="w1,w2,w3,w4,from,to,via,cseq"/>')
        else:
            self.out.append(f"<recv {attributes}>{f'<action>{actions}</action>' if actions else ''}</recv>")
        for number in range(last - len(patterns) + 1, last + 1):
            self.out.append(f'<Reference variables="c{number}"/>')
        self.index += 1

    def step(self, line):
        if line.startswith("pause "):
            self.out.append(f'<pause milliseconds="{line.split()[1]}"/>')
            self.index += 1
        elif line.startswith("log "):
            self.out.append(f'<nop><action><log message="{line[4:]}"/></action></nop>')
            self.index += 1
        elif line.startswith("> "):
            head, *extra = [part.strip() for part in line[2:].split(" | ")]
            what, *words = head.split()
            if what.isdigit():
                self.answer(int(what), words, extra)
            else:
                self.request(what, words, extra)
        elif line.startswith("< "):
            head, *patterns = line[2:].split(" ~ ")
            what, *words = head.split()
            self.receive(what, words, [pattern.strip() for pattern in patterns])
        else:
            raise ValueError(f"no step of a ladder: {line}")


def write(side, ladder, caller="33123[call_number]"):
    """The XML of `side` ("caller" or "callee")."""
    writer = Writer(side, caller)
    for line in ladder.strip().splitlines():
        line = re.sub(r"\s+#.*", "", line.strip())
        if line:
            writer.step(line)
    return ('<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
            f'<scenario name="{side}">\n' + "\n".join(writer.out) + "\n</scenario>\n")
