"""The servers that stand side by side: the switch, the bare relay, Kamailio. All listen at once, each at
its own address; the one that is not measured sleeps."""

import json
import os
import shutil
import sqlite3
import subprocess
import time

from processes import Process, cores

CALLER = "127.0.10.2:25070"
CALLEE = "127.0.10.3:25080"
HOLD_CALLER = "127.0.10.2:25071"
HOLD_CALLEE = "127.0.10.4:25080"
PROBE = "127.0.10.2:25072"
SECOND_CALLER = "127.0.10.2:25073"
SECOND_CALLEE = "127.0.10.5:25080"
REGISTRAR_OWN = "127.0.10.6:25090"

# The longest there is: a held call must not be refreshed while something else is measured.
SESSION_TTL = 86400


class Relay:
    def __init__(self, tools, work, kind):
        self.name = f"bare relay, {'batches' if kind == 'batch' else 'one by one'}"
        self.address = f"127.0.10.1:{25064 if kind == 'batch' else 25065}"
        self.hidden = False
        self.process = Process(
            [tools.relay, self.address, CALLER, CALLEE, kind, "1800"],
            cores()[0], os.path.join(work, "relay.log"), stdout=subprocess.PIPE)
        self.process.wait_for_line("ready")

    def stop(self):
        self.process.stop()


class Kamailio:
    """Dialog state and call records into its log; the allocator is the fast one of its own."""

    name = "Kamailio, dialog + CDR to log"
    address = "127.0.10.1:25062"
    domain = "bench.local"
    hidden = False

    def __init__(self, tools, work, template_name="kamailio.cfg"):
        with open(os.path.join(os.path.dirname(__file__), template_name)) as template:
            text = template.read()
        configuration = os.path.join(work, "kamailio.cfg")
        with open(configuration, "w") as out:
            out.write(text.replace("@SERVER@", self.address).replace("@CALLEE@", CALLEE))
        self.process = Process(
            ["kamailio", "-DD", "-E", "-f", configuration, "-n", "2", "-m", "2048", "-M", "16",
             "-x", "fm", "-X", "fm", "-Y", work, "-P", os.path.join(work, "kamailio.pid")],
            cores()[0], os.path.join(work, "kamailio.log"))
        for _ in range(100):
            if self.process.running() and tools.probe(self.address, 10, 1)["answered"]:
                return
        raise SystemExit("Kamailio does not answer:\n" + self.process.last_words())

    @staticmethod
    def installed():
        return shutil.which("kamailio") is not None

    def stop(self):
        self.process.stop()


class Tandem:
    name = "tandem"
    address = "127.0.10.1:25060"
    domain = "bench.local"
    hidden = True

    def __init__(self, tools, work, api_port=28480, prefix=()):
        self.program = tools.tandem
        self.data = os.path.join(work, f"data-{api_port}")
        self.work = work
        os.makedirs(self.data)
        self.apply({
            "ingress_gateways": [{"name": "caller", "remote_ips": ["127.0.10.2"], "sip_100rel": False}],
            "egress_gateways": [
                egress("callee", CALLEE, ["1"]),
                egress("second", SECOND_CALLEE, ["3"]),
                egress("held", HOLD_CALLEE, ["2"]),
            ],
            "parameters": {"SS_SIP_SESSION_TTL": SESSION_TTL},
        })
        self.serve = [*prefix, self.program, "serve", "--data", self.data, "--listen",
                      f"udp:{self.address}", "--api", f"127.0.10.1:{api_port}"]
        self.start()

    def start(self):
        self.process = Process(self.serve, cores()[0], os.path.join(self.work, "tandem.log"),
                               stdout=subprocess.PIPE)
        self.process.wait_for_line("ready", 120)

    def command(self, *arguments, text=None, seconds=120):
        done = subprocess.run([self.program, *arguments, "--data", self.data], input=text,
                              capture_output=True, text=True, timeout=seconds, check=False)
        if done.returncode != 0:
            raise SystemExit(f"tandem {arguments[0]}: {done.stderr}{done.stdout}")
        return done.stdout

    def apply(self, document):
        self.command("apply", "-", text=json.dumps(document))

    def keepalive(self):
        return json.loads(self.command("keepalive", "--json"))

    def status(self):
        return json.loads(self.command("status", "--json"))

    def records(self):
        """(all records, different calls) that are in the database."""
        path = os.path.join(self.data, "cdr.db")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30) as database:
            return database.execute("SELECT count(*), count(DISTINCT flow_no) FROM cdr").fetchone()

    def wait_for_records(self, count, seconds=120):
        """Until the loader has brought `count` records into the database; what is there then."""
        end = time.monotonic() + seconds
        there = self.records()
        while there[0] < count and time.monotonic() < end:
            time.sleep(0.2)
            there = self.records()
        return there

    def stop(self):
        self.process.stop(30)
        shutil.rmtree(self.data, ignore_errors=True)


def egress(name, address, prefix, duration=-1):
    return {"name": name, "remote_ips": [address], "prefix": prefix, "sip_100rel": False,
            "max_call_duration_lower": duration, "max_call_duration_upper": duration}
