"""kill -9 in the middle of an import: afterwards what was there before is whole, or what was imported is."""

import os
import random
import subprocess
import time

from stage import check
from switch import Switch

NUMBERS = 1_000_000
TURNS = 8


def write_list(stage, beginning):
    path = os.path.join(stage.folder, f"{beginning}.txt")
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{beginning}{number:07}\n" for number in range(NUMBERS))
    return path


def kill_in_import(stage):
    """A number group of a million numbers is the old one or the new one, and nothing else is left."""
    switch = Switch(stage).start()
    switch.ask("numbers", "add", "big")
    lists = {beginning: write_list(stage, beginning) for beginning in ("44", "45")}
    begun = time.monotonic()
    switch.ask("numbers", "import", "big", lists["44"])
    took = time.monotonic() - begun
    draw = random.Random(20264)
    held, seen = "44", set()
    for turn in range(TURNS):
        wanted = "45" if held == "44" else "44"
        interrupt(stage, switch, took * draw.uniform(0.05, 1.1),
                  ("numbers", "import", "big", lists[wanted]))
        switch.start()
        found = [each for each in ("44", "45") if is_whole(stage, switch, each)]
        check(len(found) == 1 and found[0] in (held, wanted), f"turn {turn}: whole are {found}")
        seen.add(found[0] == wanted)
        held = found[0]
        drafts = [name for name in os.listdir(os.path.join(switch.data, "numbers")) if "draft" in name]
        check(not drafts, f"turn {turn}: left over: {drafts}")
    check(False in seen, "no import was interrupted: nothing is proven")


kill_in_import.seconds = 30


# Every number with this beginning, and none besides.
def is_whole(stage, switch, beginning):
    path = os.path.join(stage.folder, "all.txt")
    switch.ask("numbers", "export", "big", path)
    with open(path, encoding="ascii") as file:
        numbers = [line.strip() for line in file if line.strip().isdigit()]
    return len(numbers) == NUMBERS and all(number.startswith(beginning) for number in numbers)


# At a moment nobody knows beforehand; who imports falls over too.
def interrupt(stage, switch, after, words):
    with subprocess.Popen([stage.tandem, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          env={**switch.environment, "TANDEM_DATA": switch.data}) as client:
        time.sleep(after)
        switch.kill()
        client.kill()
        client.wait(timeout=60)


def kill_in_import_of_gateways(stage):
    """Two thousand gateways have all their old priorities or all their new ones."""
    switch = Switch(stage).start()
    tables = {}
    for priority in (1, 2):
        tables[priority] = os.path.join(stage.folder, f"{priority}.csv")
        with open(tables[priority], "w", encoding="ascii") as file:
            file.write("name,remote_ips,prefix,priority\n")
            file.writelines(f"g{number},198.51.100.7,44{number},{priority}\n" for number in range(2000))
    begun = time.monotonic()
    switch.ask("import", "egress_gateways", tables[1])
    took = time.monotonic() - begun
    draw = random.Random(20265)
    held, kept = 1, 0
    for turn in range(TURNS):
        wanted = 3 - held
        interrupt(stage, switch, took * draw.uniform(0.05, 0.8), ("import", "egress_gateways", tables[wanted]))
        switch.start()
        priorities = {gateway["priority"] for gateway in switch.objects("gateway", "list")}
        check(len(priorities) == 1 and priorities <= {held, wanted}, f"turn {turn}: priorities {priorities}")
        kept += priorities == {held}
        held = priorities.pop()
    check(kept > 0, "no import was interrupted: nothing is proven")


kill_in_import_of_gateways.seconds = 20


def kill_in_import_of_ported_numbers(stage):
    """The local table of ported numbers is the old one or the new one, and nothing else is left."""
    switch = Switch(stage).start()
    lists = {}
    for ending in ("1", "2"):
        lists[ending] = os.path.join(stage.folder, f"ported{ending}.csv")
        with open(lists[ending], "w", encoding="ascii") as file:
            file.writelines(f"21255{number:05},310555000{ending},CA,1\n" for number in range(100_000))
    begun = time.monotonic()
    switch.ask("lrn", "import", lists["1"])
    took = time.monotonic() - begun
    draw = random.Random(20266)
    before = sorted(os.listdir(switch.data))
    held, kept = "1", 0
    for turn in range(TURNS):
        wanted = "2" if held == "1" else "1"
        interrupt(stage, switch, took * draw.uniform(0.05, 0.9), ("lrn", "import", lists[wanted]))
        switch.start()
        found = {switch.ask("lrn", "lookup", f"21255{number:05}").count(f"310555000{wanted}") for number in
                 (0, 1, 50_000, 99_998, 99_999)}
        check(len(found) == 1, f"turn {turn}: some numbers are new, and some are not")
        whole = switch.ask("lrn", "lookup", "2125500000")
        check(f"310555000{held}" in whole or f"310555000{wanted}" in whole, f"turn {turn}: {whole}")
        kept += found == {0}
        held = held if found == {0} else wanted
        now = sorted(name for name in os.listdir(switch.data) if not name.endswith(("-wal", "-shm")))
        left = [name for name in now if name not in before]
        check(not left, f"turn {turn}: left over: {left}")
    check(kept > 0, "no import was interrupted: nothing is proven")


kill_in_import_of_ported_numbers.seconds = 15
