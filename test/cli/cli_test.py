#!/usr/bin/env python3
"""The program `tandem` as operators script it, against a switch it starts itself.

    cli_test.py PATH-TO-TANDEM
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

TANDEM = ""

DOCUMENT = {
    "ingress_gateways": [{"name": "north", "remote_ips": ["127.0.0.2"]}],
    "egress_gateways": [
        {"name": "south", "remote_ips": ["127.0.0.3:5080"], "prefix": [""], "priority": 1}
    ],
    "parameters": {"SS_SIP_SESSION_TTL": 900},
}


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Case(unittest.TestCase):
    """A data directory and a runtime directory of its own."""

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="tandem-cli-")
        self.data = os.path.join(self.root, "data")
        os.mkdir(self.data)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.root,
            "XDG_RUNTIME_DIR": self.root,
            "TZ": "UTC",
        }

    def tearDown(self):
        shutil.rmtree(self.root)

    def run_tandem(self, *arguments, text=None, **environment):
        return subprocess.run(
            [TANDEM, *arguments],
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            env={**self.environment, **environment},
            check=False,
        )

    def good(self, *arguments, **more):
        done = self.run_tandem(*arguments, **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def bad(self, *arguments, status=1, **more):
        done = self.run_tandem(*arguments, **more)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stderr


class WithoutSwitch(Case):
    """What works on the files of a data directory alone."""

    def test_a_document_is_shown_applied_and_exported(self):
        document = json.dumps(DOCUMENT)
        shown = self.good("apply", "--data", self.data, "--dry-run", "-", text=document)
        self.assertIn("+ egress gateway south", shown)
        self.assertIn("SS_SIP_SESSION_TTL: 600 -> 900", shown)
        self.assertIn("Nothing was changed", shown)
        self.assertEqual(json.loads(self.good("export", "--data", self.data)), {})

        self.assertIn("Applied", self.good("apply", "-", "--data", self.data, text=document))
        exported = json.loads(self.good("--data", self.data, "export"))
        self.assertEqual(exported, DOCUMENT)
        again = self.good("apply", "-", "--data", self.data, text=json.dumps(exported))
        self.assertEqual(again, "Nothing to change.\n")

    def test_every_wrong_value_of_a_document_is_named_and_nothing_applied(self):
        wrong = {
            "egress_gateways": [{"name": "west", "remote_ips": ["127.0.0.9"], "capacity": -1}],
            "ingress_gateways": [{"name": "east", "remote_ips": ["127.0.0.8"]}],
            "parameters": {"SS_SIP_SESSION_TTL": 1},
        }
        said = self.bad("apply", "-", "--data", self.data, text=json.dumps(wrong))
        self.assertIn("capacity: -1 is not allowed; it must be a whole number from 0", said)
        self.assertIn("SS_SIP_SESSION_TTL: 1 is not allowed", said)
        self.assertEqual(json.loads(self.good("export", "--data", self.data)), {})

    def test_what_is_no_json_is_told_with_its_place(self):
        said = self.bad("apply", "-", "--data", self.data, text='{\n "egress_gateways": [,]}')
        self.assertIn("line 2", said)

    def test_gateways_are_added_changed_shown_and_removed(self):
        data = ("--data", self.data)
        self.good("gateway", "add", "egress", "west", "remote_ips=192.0.2.1,192.0.2.2:5070",
                  "prefix=33,44", "capacity=30", *data)
        changed = json.loads(self.good("gateway", "set", "west", "capacity=5", "--json", *data))
        self.assertEqual((changed["capacity"], changed["prefix"]), (5, ["33", "44"]))
        self.assertIn("capacity                      5", self.good("gateway", "show", "west", *data))
        listed = [json.loads(line) for line in
                  self.good("gateway", "list", "--json", *data).splitlines()]
        self.assertEqual([(row["kind"], row["name"]) for row in listed], [("egress", "west")])
        self.assertIn("capacity: -5 is not allowed",
                      self.bad("gateway", "set", "west", "capacity=-5", *data))
        self.good("gateway", "remove", "west", *data)
        self.assertIn("there is no gateway west", self.bad("gateway", "show", "west", *data))

    def test_phones_are_added_changed_shown_and_removed(self):
        data = ("--data", self.data)
        made = json.loads(self.good("phone", "add", "1001", "capacity=2", "--secrets", "--json", *data))
        self.assertEqual(len(made["password"]), 16)
        self.assertNotIn("password", self.good("phone", "show", "1001", *data))
        changed = json.loads(self.good("phone", "set", "1001", "lock_type=outgoing", "--json", *data))
        self.assertEqual((changed["name"], changed["lock_type"]), ("1001", "outgoing"))
        self.assertNotIn(made["password"], self.good("phone", "list", "--json", *data))
        self.assertNotIn(made["password"], self.good("export", *data))
        self.assertIn(made["password"], self.good("export", "--secrets", *data))
        self.assertIn("lock_type: \"up\" is not allowed",
                      self.bad("phone", "set", "1001", "lock_type=up", *data))
        self.good("phone", "remove", "1001", *data)
        self.assertIn("there is no phone 1001", self.bad("phone", "show", "1001", *data))

    def test_numbers_are_edited_imported_found_and_exported(self):
        data = ("--data", self.data)
        self.good("numbers", "add", "staff", "entries=442071234567 Reception,4420799*", *data)
        self.good("numbers", "put", "staff", "4411", *data)
        listed = "number,memo\n+44 20 55,a\n33*\n77\n"
        told = self.good("numbers", "import", "staff", "-", *data, text=listed)
        self.assertIn("number group staff: 4 lines read, 3 numbers imported", told)
        self.assertIn("3312 is one of them", self.good("numbers", "find", "staff", "3312", *data))
        self.good("numbers", "take", "staff", "77", "4411", *data)
        self.assertEqual("442071234567\n4420799*\n33*\n442055\n",
                         self.good("numbers", "export", "staff", *data))
        self.assertIn("line 2, column 1: 2@",
                      self.bad("numbers", "import", "staff", "-", *data, text="1\n2@\n"))
        self.assertIn("staff", self.good("numbers", "list", *data))
        self.good("number-list", "add", "barred", "type=black", "entries=33", *data)
        self.assertIn("black", self.good("number-list", "list", *data))
        self.good("numbers", "remove", "staff", *data)
        self.assertIn("there is no number group staff",
                      self.bad("numbers", "find", "staff", *data))

    def test_passwords_of_gateways_and_registrations_are_shown_only_when_asked_for(self):
        data = ("--data", self.data)
        made = json.loads(self.good("gateway", "add", "ingress", "north", "register_type=dynamic",
                                    "--secrets", "--json", *data))
        self.assertEqual(len(made["password"]), 16)
        self.good("gateway", "add", "egress", "south", "remote_ips=192.0.2.1",
                  "auth_password=s3cret-of-south", *data)
        self.good("registration", "add", "platform", "server=192.0.2.9", "user=u",
                  "password=s3cret-of-platform", *data)
        for shown, secret in ((("gateway", "show", "north"), made["password"]),
                              (("gateway", "show", "south"), "s3cret-of-south"),
                              (("registration", "show", "platform"), "s3cret-of-platform")):
            self.assertNotIn(secret, self.good(*shown, *data))
            self.assertIn(secret, self.good(*shown, "--secrets", *data))
        for line in (self.good("changes", "list", *data), self.good("export", *data)):
            self.assertNotIn("s3cret", line)
        said = self.good("gateway", "set", "south", "auth_password=s3cret-again", *data)
        self.assertNotIn("s3cret", said)
        for mode in (("--dry-run",), ()):
            self.assertIn("auth_password: (secret) -> (secret)",
                          self.good("changes", "undo", "4", *mode, *data))
        self.assertIn("s3cret-of-south", self.good("gateway", "show", "south", "--secrets", *data))

    def test_parameters_are_read_set_and_set_back(self):
        data = ("--data", self.data)
        self.assertIn("SS_SIP_SESSION_TTL = 600",
                      self.good("param", "get", "SS_SIP_SESSION_TTL", *data))
        self.good("param", "set", "SS_SIP_SESSION_TTL", "900", *data)
        changed = json.loads(self.good("param", "list", "--changed", "--json", *data))
        self.assertEqual((changed["value"], changed["default"]), ("900", "600"))
        self.assertIn("from 60 to 86400",
                      self.bad("param", "set", "SS_SIP_SESSION_TTL", "5", *data))
        self.good("param", "reset", "SS_SIP_SESSION_TTL", *data)
        self.assertEqual(self.good("param", "list", "--changed", "--json", *data), "")

    def test_what_was_set_is_found_told_and_taken_back(self):
        data = ("--data", self.data)
        self.good("param", "set", "SS_SIP_SESSION_TTL", "900", "--comment", "as agreed", *data,
                  TANDEM_OPERATOR="anna")
        self.good("param", "set", "SS_SIP_SESSION_TTL", "1200", *data, TANDEM_OPERATOR="bert")
        shown = self.good("param", "show", "SS_SIP_SESSION_TTL", *data)
        self.assertIn("acts on calls that arrive from now on", shown)
        self.assertRegex(shown, r"changed  \S+ \S+ by bert, change 2")
        self.assertIn("SS_SIP_SESSION_TTL = 1200",
                      self.good("param", "search", "proves", "ALIVE", *data))
        self.assertIn("no parameter mentions frobnicate",
                      self.bad("param", "search", "frobnicate", *data))
        self.assertIn("SS_SIP_SESSION_TTL", self.good("param", "list", "--since", "-1h", *data))
        self.assertNotIn("SS_SIP_SESSION_TTL",
                         self.good("param", "list", "--since", "2099-01-01", *data))
        history = [json.loads(line) for line in self.good(
            "param", "history", "SS_SIP_SESSION_TTL", "--json", *data).splitlines()]
        self.assertEqual([(row["user"], row["after"], row["origin"]) for row in history],
                         [("bert", "1200", "cli"), ("anna", "900", "cli")])
        self.assertRegex(self.good("param", "history", *data), "1 .* anna .* 900 +as agreed")
        self.assertIn("SS_SIP_SESSION_TTL was changed again by change 2",
                      self.bad("param", "undo", "--change", "1", *data))
        self.assertIn("1200 -> 900", self.good("param", "undo", "SS_SIP_SESSION_TTL", *data))
        self.assertIn("900 -> 600", self.good("param", "undo", *data))
        self.assertIn("no parameter has a change", self.bad("param", "undo", *data))
        self.bad("param", "undo", "SS_SIP_SESSION_TTL", "--change", "1", *data, status=2)
        self.assertIn("undo of change 1", self.good("changes", "list", *data))
        self.assertIn("parameter SS_SIP_SESSION_TTL  value: 600 -> 900",
                      self.good("changes", "show", "1", *data))

    def test_several_parameters_are_reset_as_one_change(self):
        data = ("--data", self.data)
        self.good("apply", "-", *data, text=json.dumps(
            {"parameters": {"SS_SIP_SESSION_TTL": 900, "SS_SIP_T1": 250}}))
        reset = self.good("param", "reset", "SS_SIP_SESSION_TTL", "SS_SIP_T1", *data)
        self.assertIn("SS_SIP_T1: 250 -> 500; takes effect after a restart", reset)
        self.assertIn("Applied as change 2; `tandem changes undo 2` takes it back.", reset)
        self.good("changes", "undo", "2", *data)
        self.assertIn("SS_SIP_T1 = 250", self.good("param", "get", "SS_SIP_T1", *data))

    def test_the_list_of_parameters_is_exported_and_imported_again(self):
        data = ("--data", self.data)
        self.good("param", "set", "SS_SIP_SESSION_TTL", "900", *data)
        self.good("param", "set", "SS_SIP_USER_AGENT", "None", *data)
        exported = self.good("param", "export", *data)
        self.assertGreater(len(exported.splitlines()), 50)
        self.good("param", "reset", "SS_SIP_SESSION_TTL", "SS_SIP_USER_AGENT", *data)
        changed = self.good("param", "import", "-", *data, text=exported)
        self.assertIn("SS_SIP_SESSION_TTL: 600 -> 900", changed)
        self.assertIn("SS_SIP_USER_AGENT: Tandem -> None", changed)
        self.assertEqual(self.good("param", "import", "-", *data, text=exported),
                         "Nothing to change.\n")
        names = self.good("param", "export", "--changed", *data).splitlines()
        self.assertEqual([line.split("\t")[0] for line in names],
                         ["name", "SS_SIP_USER_AGENT", "SS_SIP_SESSION_TTL"])

    def test_a_pasted_list_is_taken_whole_or_not_at_all(self):
        data = ("--data", self.data)
        pasted = ("Parameter name                  Parameter value\n"
                  "SS_SIP_SESSION_TTL              900 s\n"
                  "SS_GATEWAY_SWITCH_LIMIT         None\n"
                  "SS_OLD_NAME                     5\n"
                  "SS_SIP_CANCEL_WAIT: 1\n")
        path = os.path.join(self.root, "pasted.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(pasted)
        said = self.bad("param", "import", path, *data)
        self.assertIn("2 faults, and nothing was changed:", said)
        self.assertIn("line 4: SS_OLD_NAME: there is no parameter of this name", said)
        self.assertIn("line 5: SS_SIP_CANCEL_WAIT: 1 is not allowed; it must be", said)
        self.assertEqual(self.good("changes", "list", *data), "")
        good = pasted.replace("WAIT: 1", "WAIT: 16")
        shown = self.good("param", "import", "-", "--skip-unknown", "--dry-run", *data, text=good)
        self.assertIn("? line 4: SS_OLD_NAME", shown)
        self.assertIn("dry run", shown)
        self.good("param", "import", "-", "--skip-unknown", *data, text=good)
        self.assertIn("SS_SIP_SESSION_TTL = 900",
                      self.good("param", "get", "SS_SIP_SESSION_TTL", *data))
        self.assertIn("by import", self.good("changes", "list", *data))

    def test_a_profile_shows_what_differs_before_it_is_applied(self):
        data = ("--data", self.data)
        self.assertIn("high-security", self.good("profile", "list", *data))
        self.assertRegex(self.good("profile", "show", "mobile", *data),
                         "SS_SIP_SESSION_TTL +300 +600  differs")
        shown = self.good("profile", "apply", "mobile", "--dry-run", *data)
        self.assertIn("SS_SIP_SESSION_TTL: 600 -> 300", shown)
        self.assertIn("add --yes to apply", self.bad("profile", "apply", "mobile", *data))
        self.assertEqual(self.good("changes", "list", *data), "")
        self.assertIn("Applied as change 1",
                      self.good("profile", "apply", "mobile", "--yes", *data))
        self.assertIn("SS_SIP_SESSION_TTL = 300",
                      self.good("param", "get", "SS_SIP_SESSION_TTL", *data))
        self.assertEqual(self.good("profile", "apply", "mobile", *data), "Nothing to change.\n")
        self.assertIn("There is no profile casino", self.bad("profile", "show", "casino", *data))

    def test_live_commands_say_how_to_start_a_switch(self):
        for command in (["calls"], ["status"], ["route", "44"], ["hangup", "1"], ["trace"],
                        ["cdr", "--follow"]):
            said = self.bad(*command, "--data", self.data)
            self.assertIn(f"no switch runs on {self.data}; start it with `tandem serve", said)
        port = free_port(socket.SOCK_STREAM)
        said = self.bad("calls", "--api", f"127.0.0.1:{port}")
        self.assertIn(f"no switch answers at 127.0.0.1:{port}; start it with `tandem serve", said)
        self.assertIn("--api nowhere is no address", self.bad("calls", "--api", "nowhere"))

    def test_the_doctor_works_on_the_files_alone(self):
        told = self.good("doctor", "--data", self.data)
        self.assertIn("No switch runs: counters and messages could not be looked at.", told)

    def test_wrong_usage_exits_with_2(self):
        for wrong in ([], ["frobnicate"], ["apply"], ["hangup", "x"], ["cdr", "--limit", "0"],
                      ["gateway"], ["completion", "csh"]):
            self.bad(*wrong, status=2)

    def test_a_data_directory_that_is_not_there_is_named(self):
        said = self.bad("export", "--data", os.path.join(self.root, "nowhere"))
        self.assertIn("there is no data directory", said)

    def test_completion_of_bash_knows_commands_options_and_parameters(self):
        script = self.good("completion", "bash")
        probe = script + """
complete_line() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _tandem; echo "${COMPREPLY[@]}"
}
complete_line tandem st
complete_line tandem gateway s
complete_line tandem --data x apply --dr
complete_line tandem param get SS_SIP_T1
complete_line tandem param undo SS_SIP_T1
complete_line tandem profile apply mo
"""
        done = subprocess.run(["bash", "-c", probe], capture_output=True, text=True, timeout=60,
                              check=True)
        self.assertEqual(done.stdout.splitlines(), ["status", "show set", "--dry-run",
                                                     "SS_SIP_T1", "SS_SIP_T1", "mobile"])
        for shell in ("zsh", "fish"):
            self.assertIn("gateway", self.good("completion", shell))


class WithSwitch(Case):
    """Commands that find and ask a switch that runs."""

    def setUp(self):
        super().setUp()
        self.api = f"127.0.0.1:{free_port(socket.SOCK_STREAM)}"
        self.sip = f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}"
        self.switch = subprocess.Popen(
            [TANDEM, "serve", "--data", self.data, "--listen", f"udp:{self.sip}", "--api", self.api],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment)
        self.assertEqual(self.switch.stdout.readline(), "ready\n")

    def tearDown(self):
        self.switch.send_signal(signal.SIGTERM)
        self.assertEqual(self.switch.wait(timeout=30), 0)
        self.switch.stdout.close()
        super().tearDown()

    def test_the_switch_is_found_by_its_data_directory_and_by_its_address(self):
        document = json.dumps(DOCUMENT)
        self.good("apply", "--data", self.data, "-", text=document)
        self.assertEqual(self.good("apply", "-", "--api", self.api, text=document),
                         "Nothing to change.\n")
        by_environment = self.good("export", TANDEM_DATA=self.data)
        self.assertEqual(json.loads(by_environment), DOCUMENT)
        self.assertEqual(json.loads(self.good("export", TANDEM_API=self.api)), DOCUMENT)

    def test_an_applied_document_is_in_force_at_once(self):
        self.good("apply", "--data", self.data, "-", text=json.dumps(DOCUMENT))
        told = self.good("route", "442071234567", "--caller", "33123456789", "--data", self.data)
        self.assertIn("The call would be sent to south.", told)
        told = json.loads(self.good("route", "442071234567", "--source", "127.0.0.9", "--json",
                                    "--data", self.data))
        self.assertFalse(told["accepted"])
        status = json.loads(self.good("status", "--json", "--data", self.data))
        self.assertEqual(status["directory_number"], 1)
        self.assertEqual([gateway["name"] for gateway in status["gateways"]], ["north", "south"])
        self.assertIn(f"udp:{self.sip}", self.good("status", "--data", self.data))

    def test_nothing_is_live_and_nothing_recorded_yet(self):
        self.assertIn("0 of 0 calls", self.good("calls", "--data", self.data))
        self.assertEqual(self.good("calls", "--json", "--data", self.data), "")
        self.assertEqual(self.good("cdr", "--json", "--data", self.data), "")
        self.assertIn("flow_no,", self.good("cdr", "--csv", "--data", self.data))
        self.assertIn("There is no live call 1.", self.bad("hangup", "1", "--data", self.data))

    def test_gateways_and_keep_alive_are_shown_as_they_stand(self):
        data = ("--data", self.data)
        self.good("gateway", "add", "egress", "watched", "remote_ips=127.0.0.7", "options_check=on", *data)
        [watched] = [json.loads(line) for line in
                     self.good("gateway", "online", "watched", "--json", *data).splitlines()]
        self.assertEqual([watched["state"], watched["addresses"][0]["address"]], ["up", "127.0.0.7:5060"])
        self.assertIn("127.0.0.7:5060", self.good("gateway", "online", *data))
        self.assertEqual(self.good("gateway", "unban", "watched", *data), "watched did not rest\n")
        self.assertIn("there is no gateway nobody", self.bad("gateway", "online", "nobody", *data))
        self.good("gateway", "remove", "watched", *data)
        self.assertIn("0, 0 offline", self.good("keepalive", *data))
    def test_debug_traces_are_started_shown_exported_and_stopped(self):
        data = ("--data", self.data)
        host, port = self.sip.split(":")
        said = self.good("trace", "start", "--method", "OPTIONS", "--header", "X-Mark=7", "--for", "15m",
                         "--file", *data)
        self.assertIn("debug trace 1 runs until 2", said)
        self.good("trace", "start", "--until-stopped", "--keep-alive", *data)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            for mark in ("7", "8"):
                peer.sendto((
                    f"OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{mark};rport\r\n"
                    f"From: <sip:a@x>;tag=a\r\nTo: <sip:b@x>\r\nCall-ID: {mark}\r\nCSeq: 1 OPTIONS\r\n"
                    f"X-Mark: {mark}\r\nMax-Forwards: 70\r\n\r\n").encode(), (host, int(port)))
            peer.sendto(b"HELLO", (host, int(port)))
            while json.loads(self.good("trace", "list", "--json", *data).splitlines()[0])["messages"] == 0:
                pass
        self.assertIn("debug trace 1 has ended with 1 messages", self.good("trace", "stop", "1", *data))
        listed = [json.loads(line) for line in self.good("trace", "list", "--json", *data).splitlines()]
        self.assertEqual([(row["id"], row["state"], row["messages"]) for row in listed],
                         [(2, "running", 1), (1, "ended", 1)])
        self.assertIn("method=OPTIONS header=X-Mark=7", self.good("trace", "list", *data))
        self.assertIn("X-Mark: 7", self.good("trace", "show", "1", *data))
        self.assertIn("> OPTIONS", self.good("trace", "show", "1", "--ladder", *data))
        self.assertIn("HELLO", self.good("trace", "show", "2", *data))
        capture = os.path.join(self.root, "out.pcapng")
        self.good("trace", "export", "1", capture, *data)
        with open(capture, "rb") as file, open(listed[1]["files"][0], "rb") as kept:
            content = file.read()
            self.assertEqual(content, kept.read())
        self.assertTrue(content.startswith(b"\x0a\x0d\x0d\x0a"))
        self.assertEqual(len(self.good("trace", "export", "1", "-", "--format", "json", *data).splitlines()), 1)
        self.good("trace", "forget", "1", *data)
        self.assertIn("There is no debug trace 1.", self.bad("trace", "show", "1", *data))
        self.assertFalse(os.path.exists(listed[1]["files"][0]))
        self.assertIn("must be from 1 to 1800", self.bad("trace", "start", "--for", "31m", *data))
        self.assertIn("--for soon is no time", self.bad("trace", "start", "--for", "soon", *data))
        self.assertIn("there is no gateway", self.bad("trace", "start", "--gateway", "west", *data))
        self.bad("trace", "start", "--for", "10m", "--until-stopped", *data, status=2)

    def test_the_doctor_says_what_it_looked_at_when_nothing_is_wrong(self):
        data = ("--data", self.data)
        told = self.good("doctor", *data)
        self.assertIn("Nothing was found. Looked at:", told)
        self.assertIn("Calls drop after about 30 seconds: end reason ack_timeout", told)
        diagnosis = json.loads(self.good("doctor", "--since", "7d", "--json", *data))
        self.assertEqual((diagnosis["findings"], len(diagnosis["symptoms"])), ([], 9))
        self.assertIn("since", self.bad("doctor", "--since", "soon", *data))
        self.assertIn("There is no call 1, neither live nor recorded.", self.bad("call", "show", "1", *data))

    def test_a_second_switch_on_the_same_directory_is_refused(self):
        said = self.bad("serve", "--data", self.data, "--listen", "udp:127.0.0.1:0", "--api",
                        "127.0.0.1:0")
        self.assertIn("another process", said)

    def test_a_busy_port_is_told_in_one_sentence(self):
        other = os.path.join(self.root, "other")
        said = self.bad("serve", "--data", other, "--listen", "udp:127.0.0.1:0", "--api", self.api)
        self.assertIn(f"cannot listen on {self.api}: another program uses this port", said)

    def test_a_wrong_token_is_told(self):
        said = self.bad("calls", "--api", self.api, TANDEM_TOKEN="0" * 64)
        self.assertIn("token", said)


if __name__ == "__main__":
    TANDEM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
