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
        with subprocess.Popen([stage.tandem, "numbers", "import", "big", lists[wanted]],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**switch.environment, "TANDEM_DATA": switch.data}) as client:
            time.sleep(took * draw.uniform(0.05, 1.1))  # not waited for: any moment will do
            switch.kill()
            client.wait(timeout=60)
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
