#!/usr/bin/env python3
"""Makes go wrong what can go wrong around a running server with calls and PostgreSQL, and looks whether it matters.

    chaos.py [--seed N] [--rounds N] [fault ...]

A round starts a server, calls that listen and calls that come and go, lets one fault happen and undoes it, and then asks: did the calls
that it did not touch keep every frame, and are they still up; can a new call be placed; is the memory back within 5 %; does SIGTERM end
the server in time; does the history hold exactly what clients were told. Every fault once unless some are named, in an order drawn from
the seed; `--rounds` goes on drawing. What the machine does not allow is skipped with the reason. Five minutes. Exits 1 when something was
wrong.
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Sources/setup"))

import measure_database  # noqa: E402
from call_client import LONG_TALK, Ledger, Listener, Traffic  # noqa: E402
from chaos_server import ChaosServer  # noqa: E402
from faults import FAULTS, WITH_WARM_UP, Skipped, clock_environment  # noqa: E402

LISTENERS = 4
SETTLE_S = 30
MEMORY_PERCENT_MAX = 5
DATABASE_DISK = "500m"
LOG_DISK = "1m"
OWN_MOUNTS = "VOICEFORGE_CHAOS_MOUNTS"


class Round:
    """One server, its calls, one fault, and what must hold afterwards."""

    def __init__(self, name, seed, cluster, folder):
        self.name, self.seed, self.cluster, self.folder = name, seed, cluster, folder
        self.random = random.Random(seed)
        self.small_disk = folder / "log" if os.environ.get(OWN_MOUNTS) else None
        self.clock = folder / "clock"
        self.ledger = Ledger()
        self.found = []
        self.stored = None
        self.known = cluster.history()
        self.is_everything_known = True
        self.environment = clock_environment(self.clock) if name == "move-clock" else {}
        log = (self.small_disk or folder) / f"{name}-{seed}.log"
        self.server = ChaosServer(cluster.url, log, self.environment)
        self.log = log

    def run(self):
        """Everything from the first call to the last look."""
        self.begin_calls()
        fault = FAULTS[self.name]
        if self.name in WITH_WARM_UP:
            fault(self, share=0.2)
        time.sleep(2)
        before = self.server.memory()
        fault(self)
        self.check_calls()
        if self.name != "kill":
            most = before * (1 + MEMORY_PERCENT_MAX / 100)
            over = self.settles(lambda: max(0, self.server.memory() - most), SETTLE_S)
            self.check("memory is back", over == 0, f"{before:.0f} MB before, {self.server.memory():.0f} MB after")
        self.traffic.stop()
        fault_of_stop = self.server.stop()
        self.check("SIGTERM ends it in time", fault_of_stop is None, fault_of_stop or "exit 0")
        for listener in self.listeners:
            listener.join(5)
        self.check_history()

    def begin_calls(self):
        """Saves the long talk, and places the calls."""
        is_there = self.server.status("/api/flows/long-talk") == 200
        if not is_there and self.server.status("/api/flows?name=long-talk", LONG_TALK.encode()) not in (200, 201):
            raise RuntimeError("the long talk was not saved")
        self.listeners = [Listener(self.server.port, self.ledger) for _ in range(LISTENERS)]
        self.traffic = Traffic(self.server.port, self.ledger)
        self.settles(lambda: sum(listener.frames < 100 for listener in self.listeners), SETTLE_S)

    def restart(self):
        """A new server after the old one was killed, with calls of its own."""
        self.traffic.stop()
        for listener in self.listeners:
            listener.join(5)
        self.server = ChaosServer(self.cluster.url, self.log, self.environment)
        self.begin_calls()

    def check_calls(self):
        """Listeners go on, and a new call finds its way."""
        frames = [listener.frames for listener in self.listeners]
        still = self.settles(
            lambda: sum(listener.frames <= count for listener, count in zip(self.listeners, frames, strict=True)), SETTLE_S)
        faults = [listener.fault for listener in self.listeners if listener.fault]
        self.check("untouched calls kept their frames", not faults and not still, "; ".join(faults) or f"{sum(frames)} frames")
        failed = self.settles(self.new_call_fails, SETTLE_S)
        self.check("a new call is taken", not failed, failed or f"{self.traffic.refused} were refused meanwhile")

    def new_call_fails(self):
        """Why a call cannot be placed; empty when it can."""
        try:
            self.traffic.place_one()
            return ""
        except OSError as error:
            return str(error) or type(error).__name__

    def note_stored(self):
        """What REST shows now must be there after a crash; nothing is promised of what comes after it."""
        self.server.get("/api/calls?limit=1")  # waits for what was queued before
        self.stored = {call: turns for call, turns in self.cluster.history().items() if call not in self.known}

    def forget_strangers(self):
        """The fault placed calls of its own, which the ledger does not know."""
        self.is_everything_known = False

    def check_history(self):
        """The tables hold each acknowledged call with its turns, and no call that never began."""
        rows = {call: turns for call, turns in self.cluster.history().items() if call not in self.known}
        if self.stored is None:
            promised = self.ledger.ended
        else:
            promised = self.stored | {listener.call: self.ledger.ended.get(listener.call) for listener in self.listeners}
        missing = [call for call, turns in promised.items() if call not in rows or turns not in (None, rows[call])]
        strange = set(rows) - self.ledger.started if self.is_everything_known else set()
        text = f"{len(promised)} acknowledged, {len(rows)} kept"
        if missing or strange:
            text += f"; missing or other: {', '.join(missing[:3])}; never begun: {', '.join(sorted(strange)[:3])}"
        self.check("the history is what was acknowledged", not missing and not strange, text)

    def settles(self, rest, seconds):
        """Waits until `rest` gives nothing.

        - Returns: what it gave last.
        """
        end = time.monotonic() + seconds
        while (left := rest()) and time.monotonic() < end:
            time.sleep(0.2)
        return left

    def check(self, what, holds, figure):
        """Notes and prints one invariant."""
        self.found.append(holds)
        print(f"  {'ok  ' if holds else 'FAIL'} {what}: {figure}", flush=True)


class ChaosCluster(measure_database.Cluster):
    """PostgreSQL on the small file system."""

    def try_to(self, sql):
        """The statement's rows as text; none where it fails."""
        answer = subprocess.run(
            [measure_database.PROGRAMS[-1] / "psql", self.url, "--no-psqlrc", "--tuples-only", "--no-align", "--command", sql],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        return answer.stdout.split()

    def history(self):
        """Turns by the id of the call; empty before the first server made the tables."""
        rows = (line.split("|") for line in self.try_to("SELECT id, record->>'turns' FROM voiceforge_calls"))
        return {call: int(turns) for call, turns in rows}


def take_own_mounts():
    """Starts this program again where it may mount file systems of its own; goes on without where that is not allowed."""
    if os.environ.get(OWN_MOUNTS) is not None:
        return
    command = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount"]
    probe = subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    os.environ[OWN_MOUNTS] = "yes" if probe.returncode == 0 else ""
    if probe.returncode == 0:
        os.execvp(command[0], [*command, sys.executable, *sys.argv])


def mount(folder, size):
    """A small file system of our own; nobody else sees it, and it is gone with us."""
    folder.mkdir()
    if os.environ[OWN_MOUNTS]:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "none", folder], check=True)


def run_rounds(names, seed, cluster, folder):
    """- Returns: the rounds in which something was wrong, with their seeds."""
    bad = []
    for number, name in enumerate(names):
        own_seed = seed + number
        print(f"{name} (chaos.py --seed {own_seed} {name})", flush=True)
        current = None
        try:
            current = Round(name, own_seed, cluster, folder)
            current.run()
            if not all(current.found):
                bad.append(f"{name} --seed {own_seed}")
        except Skipped as reason:
            print(f"  skipped: {reason}", flush=True)
        except (OSError, RuntimeError, ValueError, AttributeError) as error:
            print(f"  FAIL the round could not go on: {type(error).__name__}: {error}", flush=True)
            bad.append(f"{name} --seed {own_seed}")
        finally:
            if current and current.server.process.poll() is None:
                current.server.process.kill()
                current.server.process.wait()
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("faults", nargs="*", metavar="fault", help=", ".join(FAULTS))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--rounds", type=int, help="as many as there are faults named")
    chosen = parser.parse_args()
    if strangers := set(chosen.faults) - set(FAULTS):
        parser.error(f"no fault {', '.join(strangers)}; there are {', '.join(FAULTS)}")
    take_own_mounts()
    luck = random.Random(chosen.seed)
    names = chosen.faults or luck.sample(sorted(FAULTS), len(FAULTS))
    while chosen.rounds and len(names) < chosen.rounds:
        names.append(luck.choice(sorted(chosen.faults or FAULTS)))
    with tempfile.TemporaryDirectory(prefix="vf-chaos-", ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        mount(folder / "log", LOG_DISK)
        mount(folder / "database", DATABASE_DISK)
        tempfile.tempdir = str(folder / "database")
        with ChaosCluster() as cluster:
            bad = run_rounds(names[:chosen.rounds], chosen.seed, cluster, folder)
    print(f"{len(names[:chosen.rounds])} rounds, {len(bad)} with something wrong" + "".join(f"\n  chaos.py {text}" for text in bad))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
