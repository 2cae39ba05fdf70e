"""Processes under measurement: started on one core, their processor time and memory, ended by their id."""

import os
import signal
import subprocess
import time


def cores():
    """The core of the servers and the core of the generators."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


started = []


def stop_all():
    """What a run that failed has left."""
    for process in list(started):
        process.stop()


class Process:
    """A program with its children. What else the machine does must not take its core away: it gets a
    high priority where that is allowed, and its processor time is counted, not the time of the clock."""

    def __init__(self, command, core, log, stdin=None, stdout=None):
        def prepare():
            os.sched_setaffinity(0, {core})
            try:
                os.setpriority(os.PRIO_PROCESS, 0, -15)
                with open("/proc/self/autogroup", "w") as group:
                    group.write("-15")
            except OSError:
                pass

        self.name = os.path.basename(command[0])
        with open(log, "ab") as errors:
            self.child = subprocess.Popen(
                command,
                preexec_fn=prepare,
                start_new_session=True,
                stdin=stdin if stdin is not None else subprocess.DEVNULL,
                stdout=stdout if stdout is not None else errors,
                stderr=errors,
                text=True,
            )
        self.log = log
        started.append(self)

    @property
    def pid(self):
        return self.child.pid

    def tree(self):
        """The ids of the process and its children."""
        found, pending = [], [self.pid]
        while pending:
            pid = pending.pop()
            found.append(pid)
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/children") as children:
                        pending += [int(child) for child in children.read().split()]
            except OSError:
                pass
        return found

    def cpu_us(self):
        """Processor time, user and system, of all threads, also of those that have ended."""
        total = 0.0
        for pid in self.tree():
            try:
                # The CPU-time clock of another process, as clock_getcpuclockid(3) makes it.
                total += time.clock_gettime((~pid << 3) | 2) * 1e6
            except OSError:
                pass
        return total

    def thread_us(self):
        """Processor time by the name of the thread."""
        times = {}
        for task in os.listdir(f"/proc/{self.pid}/task"):
            try:
                with open(f"/proc/{self.pid}/task/{task}/comm") as comm:
                    name = comm.read().strip()
                with open(f"/proc/{self.pid}/task/{task}/schedstat") as stat:
                    times[name] = times.get(name, 0.0) + int(stat.read().split()[0]) / 1e3
            except OSError:
                pass
        return times

    def resident_bytes(self):
        total = 0
        for pid in self.tree():
            with open(f"/proc/{pid}/status") as status:
                total += sum(int(l.split()[1]) * 1024 for l in status if l.startswith("VmRSS:"))
        return total

    def running(self):
        return self.child.poll() is None

    def wait_for_line(self, wanted, seconds=30):
        """Until the program prints `wanted`; its output must be a pipe."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            line = self.child.stdout.readline()
            if line.strip() == wanted:
                return
            if not line:
                break
        raise SystemExit(f"{self.name} did not say '{wanted}':\n{self.last_words()}")

    def last_words(self):
        with open(self.log, errors="replace") as log:
            return log.read()[-1500:]

    def stop(self, seconds=10):
        """Asks it to end; what is left of it and its children after that is killed."""
        if self.running():
            left = self.tree()
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                for pid in left:
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except OSError:
                        pass
                self.child.wait(seconds)
        started.remove(self)
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe:
                pipe.close()
