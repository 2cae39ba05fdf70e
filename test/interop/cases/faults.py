"""A switch that cannot start says why in one sentence; a full disk costs no record."""

import os
import re
import socket
import sqlite3
import subprocess

import sipp
from cases.life import answered, invite_is_refused
from stage import Failed, at, check, equal, wait_for
from switch import Switch, gateways

NOBODY = 65534


def refusal(switch, options=(), **more):
    """What `tandem serve` says when it ends with status 1: one sentence."""
    done = subprocess.run([*switch.command(), *options], capture_output=True, text=True, timeout=30, check=False,
                          env=switch.environment, **more)
    equal(1, done.returncode, f"exit status ({done.stdout}{done.stderr})")
    check("ready" not in done.stdout, "it said ready")
    lines = [line for line in done.stderr.splitlines() if line.startswith("tandem: ")]
    equal(1, len(lines), f"sentences in {done.stderr!r}")
    return lines[0]


def busy_port(stage):
    """A port that is taken, for SIP over UDP, over TCP, and for the API: status 1 and a sentence with it."""
    for kind, address in ((socket.SOCK_DGRAM, at(stage.switch_ip, 5060)), (socket.SOCK_STREAM, at(stage.switch_ip, 5060)),
                          (socket.SOCK_STREAM, at(stage.switch_ip, 8080))):
        with socket.socket(socket.AF_INET, kind) as holder:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            host, port = address.split(":")
            holder.bind((host, int(port)))
            if kind == socket.SOCK_STREAM:
                holder.listen()
            check(address in refusal(Switch(stage)), f"{address} is named")


def foreign_address(stage):
    """An address that is not ours."""
    check("192.0.2.1" in refusal(Switch(stage, listen=["udp:192.0.2.1:5060"])), "the address is named")


def wrong_listen(stage):
    """What is no address to listen on."""
    for wrong in ("udp:nowhere", "sctp:127.0.0.1:5060", "5060", "udp:127.0.0.1:99999", ""):
        check(not wrong or wrong in refusal(Switch(stage, listen=[wrong])), f"{wrong} is named")


def unwritable_data(stage):
    """A data directory that may not be written."""
    switch = Switch(stage)
    os.chmod(switch.data, 0o555)
    more = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    check(switch.data in refusal(switch, **more), "the directory is named")


def data_is_a_file(stage):
    """A data directory that is a file."""
    path = os.path.join(stage.folder, "file")
    with open(path, "w", encoding="utf-8") as file:
        file.write("x")
    switch = Switch(stage)
    switch.data = path
    check(path in refusal(switch), "the path is named")


def second_switch(stage):
    """Two switches on one data directory."""
    first = Switch(stage).start()
    second = Switch(stage, listen=[f"udp:{stage.other_ip}:5060"])
    second.api = at(stage.other_ip, 8080)
    check(first.data in refusal(second), "the directory is named")
    first.is_well()


def newer_database(stage):
    """Databases that a newer version has changed are left alone."""
    switch = Switch(stage).start()
    switch.kill()
    for name in ("tandem.db", "cdr.db"):
        path = os.path.join(switch.data, name)
        with sqlite3.connect(path) as database:
            version, = database.execute("PRAGMA user_version").fetchone()
            database.execute("PRAGMA user_version = 9999")
        check(version > 0, f"{name} has no version")
        sentence = refusal(switch)
        check("newer" in sentence and name in sentence, sentence)
        with sqlite3.connect(path) as database:
            database.execute(f"PRAGMA user_version = {version}")
    switch.start()


def damaged_database(stage):
    """A configuration that is no database."""
    switch = Switch(stage)
    with open(os.path.join(switch.data, "tandem.db"), "wb") as file:
        file.write(b"this is no database" * 1000)
    check("tandem.db" in refusal(switch), "the file is named")


def wrong_api(stage):
    """What is no address for the API."""
    switch = Switch(stage)
    switch.api = "nowhere"
    check("nowhere" in refusal(switch), "it is named")


def full_disk(stage):
    """A full disk: new calls are refused with an alarm, those that are up get their records, and it heals."""
    data = os.path.join(stage.folder, "small")
    os.mkdir(data)
    size = 160  # MiB; the switch wants 64 of them to be free
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", data], check=False,
                             capture_output=True, text=True)
    if mounted.returncode != 0:
        # Without the right to mount, the limit on the size of files does the same to the journal.
        raise Failed("this case mounts a small disk; run it as root: " + mounted.stderr)
    stage.at_end(lambda: subprocess.run(["umount", data], check=False))
    switch = Switch(stage, data=data).start()
    switch.apply(gateways(stage.caller_ip, at(stage.callee_ip, 5060)))
    sipp.callee(stage)
    caller = sipp.caller(stage, switch, calls=50, rate=100, talk=4000)
    answered(switch, 50)
    ballast = os.path.join(data, "ballast")
    fill(ballast)
    wait_for("the alarm", lambda: switch.status()["alarm"])
    check(re.search(r"ALARM: .+", switch.ask("status")), "tandem status shows it")
    invite_is_refused(stage, switch)
    caller.ends_well()  # the calls that are up end as ever
    os.unlink(ballast)
    wait_for("the alarm to clear", lambda: not switch.status()["alarm"])
    ended = [record for record in switch.records(50) if record["end_reason"] == "caller_hangup"]
    equal(50, len(ended), "records of the calls that were up")
    already = len(switch.records(50))
    sipp.caller(stage, switch, calls=10, rate=100, talk=10, name="later", port=5070).ends_well()
    switch.settled(already + 10)


def fill(path):
    """Takes all that is left."""
    with open(path, "wb", buffering=0) as file:
        piece = b"x" * 65536
        while piece:
            try:
                file.write(piece)
            except OSError:
                piece = piece[:len(piece) // 2]
