#!/usr/bin/env python3
"""Measures a server that keeps its calls in PostgreSQL against one that keeps them in memory, and takes the database away from it.

    measure_database.py [writes] [outage] [footprint]

writes: some 200 whole calls on each; every call, turn, event and recording must be in the tables, and ticks as punctual. outage: 50 calls
at once, the database stopped for 30 s, later killed among its writes; every call must go on and be kept once. footprint: memory and time
to start. Eight minutes for all three. Needs what `make bench` builds, and PostgreSQL, of which it starts a server of its own in a
temporary folder. Everything is written to reports/database.json.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import measure_load
from measure_load import Server, Watch, late_percent, load, mean

PROGRAMS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
AS_POSTGRES = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []


class Cluster:
    """A PostgreSQL server on a socket of its own. It writes to the disk as any other does."""

    def __init__(self):
        if not PROGRAMS:
            sys.exit("PostgreSQL is needed; make setup-test installs it")
        self.folder = tempfile.mkdtemp(prefix="vf-pg-")
        os.chmod(self.folder, 0o755)
        if AS_POSTGRES:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "--pgdata", self.data, "--username=voiceforge", "--auth=trust", "--encoding=UTF8", "--locale=C")
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)

    @property
    def data(self):
        return f"{self.folder}/data"

    @property
    def url(self):
        return f"postgresql://voiceforge@/postgres?host={self.folder}"

    def run(self, program, *arguments):
        subprocess.run([*AS_POSTGRES, PROGRAMS[-1] / program, *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self):
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "--pgdata", self.data, "--log", f"{self.folder}/log", "--options", options, "--wait", "start")

    def stop(self):
        self.run("pg_ctl", "--pgdata", self.data, "--mode=fast", "--wait", "stop")

    def kill(self):
        """The whole server at once, as when the machine loses its power."""
        postmaster = int(pathlib.Path(self.data, "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)  # so that it does not restart what is killed
        children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in [*map(int, children), postmaster]:
            os.kill(process, signal.SIGKILL)
        while pathlib.Path(f"/proc/{postmaster}").exists():
            time.sleep(0.01)
        pathlib.Path(self.data, "postmaster.pid").unlink()

    def ask(self, sql):
        """One row of numbers."""
        answer = subprocess.run(
            [PROGRAMS[-1] / "psql", self.url, "--no-psqlrc", "--tuples-only", "--no-align", "--command", sql], check=True,
            stdout=subprocess.PIPE, text=True)
        return [int(word) for word in answer.stdout.strip().split("|")]


def with_database(cluster):
    return {"USE_DATABASE": "true", "DATABASE_URL": cluster.url}


KEPT = """
SELECT count(*), count(DISTINCT id), coalesce(sum((record->>'turns')::int), 0),
  coalesce(sum(jsonb_array_length(course->'timeline')), 0), count(*) FILTER (WHERE has_recording),
  (SELECT count(*) FROM voiceforge_recordings)
FROM voiceforge_calls
"""


def ended(figures):
    return sum(int(value) for name, value in figures.items() if name.startswith("voiceforge_calls_ended_total"))


def drained(server):
    """Waits until nothing is up and nothing waits for the database. Returns the figures then."""
    for _ in range(600):
        figures = server.figures()
        if figures["voiceforge_calls_active"] == 0 and figures["voiceforge_history_waiting"] == 0:
            time.sleep(1)
            return server.figures()
        time.sleep(0.1)
    sys.exit("records still wait for the database after a minute")


def events_over_rest(server):
    """Events of all calls as REST tells them, one call after the other."""
    count, cursor = 0, ""
    while True:
        page = get(server, f"/api/calls?limit=200{cursor}")
        for call in page["calls"]:
            count += len(get(server, f"/api/calls/{call['id']}")["timeline"])
        if not page["nextCursor"]:
            return count
        cursor = f"&cursor={page['nextCursor']}"


def get(server, path):
    with urllib.request.urlopen(server.address + path, timeout=10) as answer:
        return json.load(answer)


def crowd(server):
    """Some 200 whole calls, 40 at once. Returns the report and the mean of the 99th percentiles of tick lateness, in ms."""
    load(server, "--calls", 20, "--ramp", "5/s", "--hold", "15s", "--canaries", 0)  # what is said is in the cache then
    with Watch(server) as watch:
        report = load(server, "--calls", 40, "--ramp", "4/s", "--hold", "120s", "--canaries", 0)
    return report, mean(sample["tick"] for sample in watch.samples if sample["calls"] >= 30) * 1000


def writes(cluster):
    with Server() as server:
        plain, plain_tick = crowd(server)
    with Server(**with_database(cluster)) as server:
        report, tick = crowd(server)
        figures = drained(server)
        events = events_over_rest(server)
    calls, ids, turns, rows, flagged, recordings = cluster.ask(KEPT)
    return [
        ("writes: calls that ended, rows, different ids", f"{ended(figures)}, {calls}, {ids}", "equal"),
        ("writes: turns that callers took, turns in the rows", f"{int(figures['voiceforge_turns_total'])}, {turns}", "equal"),
        ("writes: events over REST, events in the rows", f"{events}, {rows}", "equal"),
        ("writes: recordings that should be there, recordings", f"{flagged}, {recordings}", "equal"),
        ("writes: records lost", int(figures["voiceforge_history_lost_total"]), "0"),
        ("writes: failed calls, in memory and with the database", f"{plain['calls']['failed']}, {report['calls']['failed']}", "0, 0"),
        ("writes: p99 of tick lateness, in memory and with the database", f"{plain_tick:.2f}, {tick:.2f} ms", "equal within noise"),
        ("writes: agent frames late", f"{late_percent(plain):.2f}, {late_percent(report):.2f} %", "< 1 %"),
        ("writes: turn latency p95", f"{plain['turnLatency']['p95Ms']}, {report['turnLatency']['p95Ms']} ms", "< 1200 ms"),
    ]


def outage(cluster):
    """30 s without the database, and a minute later it is killed while it writes."""
    notes = []

    def trouble(server):
        time.sleep(40)
        cluster.stop()
        time.sleep(30)
        notes.append(("waiting", int(server.figures()["voiceforge_history_waiting"]), get(server, "/readyz")["status"]))
        cluster.start()
        time.sleep(40)
        before = server.figures()["voiceforge_history_calls"]
        while server.figures()["voiceforge_history_calls"] == before:  # a batch was just written, others follow
            time.sleep(0.01)
        cluster.kill()
        time.sleep(5)
        cluster.start()

    before = cluster.ask("SELECT count(*) FROM voiceforge_calls")[0]
    with Server(**with_database(cluster)) as server:
        thread = threading.Thread(target=trouble, args=[server])
        thread.start()
        report = load(server, "--calls", 50, "--ramp", "5/s", "--hold", "150s", "--canaries", 0)
        thread.join()
        figures = drained(server)
    calls, ids, _, _, flagged, recordings = cluster.ask(KEPT)
    waiting = notes[0]
    return [
        ("outage: records that waited after 30 s, /readyz", f"{waiting[1]}, {waiting[2]}", "degraded"),
        ("outage: calls that ended, rows, different ids", f"{ended(figures)}, {calls - before}, {ids - before}", "equal"),
        ("outage: recordings that should be there, recordings", f"{flagged}, {recordings}", "equal"),
        ("outage: records lost", int(figures["voiceforge_history_lost_total"]), "0"),
        ("outage: calls taken, failed", f"{report['calls']['accepted']}, {report['calls']['failed']}", "none failed"),
        ("outage: agent frames late", f"{late_percent(report):.2f} %", "< 1 %"),
    ]


def started_after(**settings):
    """Seconds until a server says that it serves; it is stopped again."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [measure_load.BINARY, "serve", "--no-demo", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, **settings})
    for line in process.stdout:
        if re.search(r"serves on (http://\S+)", line):
            break
    seconds = time.monotonic() - begun
    process.send_signal(signal.SIGTERM)
    process.wait()
    return seconds


def footprint(cluster):
    settings = with_database(cluster)
    started_after(**settings)  # makes the tables
    times = [sorted(started_after(**chosen) for _ in range(5))[2] for chosen in ({}, settings)]
    sizes = []
    for chosen in ({}, settings):
        with Server(**chosen) as server:
            load(server, "--calls", 10, "--ramp", "5/s", "--hold", "20s", "--canaries", 0)
            drained(server)
            time.sleep(5)
            sizes.append(server.resident() / 1e6)
    return [
        ("footprint: start in memory, with a migrated database", f"{times[0] * 1000:.0f}, {times[1] * 1000:.0f} ms", "<= 200 ms"),
        ("footprint: memory after 10 calls, in memory, with a database", f"{sizes[0]:.1f}, {sizes[1]:.1f} MB", "<= 10 MB more"),
    ]


PARTS = {"writes": writes, "outage": outage, "footprint": footprint}


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n", 1)[1].split("\n")[0].strip(), description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    found = {}
    with Cluster() as cluster:
        for name in parser.parse_args().parts or PARTS:
            print(f"{name} ...", file=sys.stderr, flush=True)
            found[name] = PARTS[name](cluster)
            for what, figure, goal in found[name]:
                print(f"{what:70} {figure!s:>26}   {goal}", flush=True)
    path = measure_load.ROOT / "reports/database.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
