#!/usr/bin/env python3
"""Measures how many calls a core carries, and what they cost: each figure beside the limit that was measured in the same run.

    measure_load.py [media] [full] [generator] [memory] [overload] [soak] [--minutes N]

Without names: media, full, generator and memory (6 minutes). overload takes 5 minutes and a little, soak 10, or as long as --minutes says.
The server gets the first core that there is to itself, the callers the second; other programs on the machine spoil the figures, and a
run whose callers were themselves late is called invalid. Needs what `make bench` builds. Everything is written to reports/load.json.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("VOICEFORGE_BINARY", ROOT / ".build/release/voiceforge"))
FRAME_PATH = ROOT / ".build/release/frame-path"
SERVER_CORE, CALLER_CORE = (sorted(os.sched_getaffinity(0)) * 2)[:2]
MEDIA_CALLS = 500
STORY = ["--flows", str(ROOT / "Samples/load/flows")]
STORY_CASE = str(ROOT / "Samples/load/media-plane.yaml")
PLAIN_CASE = str(ROOT / "Samples/load/uncompressed.yaml")


def on(core):
    """Runs in a child: keeps it to one core."""
    return lambda: os.sched_setaffinity(0, {core})


class Server:
    """A server on a core of its own, and its figures."""

    def __init__(self, *options, **settings):
        self.process = subprocess.Popen(
            [BINARY, "serve", "--no-demo", "--port", "0", "--calls", "5000", *options], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
            preexec_fn=on(SERVER_CORE),  # noqa: PLW1509 - no thread runs yet
            env={**os.environ, **settings})
        for line in self.process.stdout:
            if found := re.search(r"serves on (http://\S+)", line):
                break
        else:
            sys.exit("the server did not start; try `voiceforge serve`")
        self.address = found.group(1)
        while self.status("/readyz") != 200:
            time.sleep(0.1)
        time.sleep(5)  # the first sentences of the flows are being made

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    @property
    def calls(self):
        return self.address.replace("http", "ws") + "/v1/call"

    def status(self, path):
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def figures(self):
        with urllib.request.urlopen(self.address + "/metrics", timeout=10) as page:
            lines = [line.rsplit(" ", 1) for line in page.read().decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def resident(self):
        """Bytes in memory."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) * 1024


def load(server, *arguments, cases=(), target=None):
    """Runs a load to its end, against the server if no other target is named. Returns its report."""
    run = subprocess.run(
        [BINARY, "load", *cases, "--target", target or server.calls, "--json", *map(str, arguments)], capture_output=True,
        text=True, check=False, preexec_fn=on(CALLER_CORE))
    if run.returncode not in (0, 1, 3):
        sys.exit(f"voiceforge load ended with {run.returncode}:\n{run.stderr[-2000:]}")
    report = json.loads(run.stdout)
    if run.returncode == 3:
        print("  invalid: the callers themselves were late; close other programs and try again", file=sys.stderr)
    return report


def frame_path(*arguments, core=None):
    run = subprocess.run(
        [FRAME_PATH, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True,
        preexec_fn=None if core is None else on(core))
    return [int(word) for word in run.stdout.split()]


def full_seconds(report):
    """The seconds of a report in which all calls were up."""
    return [second for second in report["seconds"] if second["isFull"] and second["serverCores"] is not None]


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0


def late_percent(report):
    frames = report["agentFrames"]
    return frames["late"] * 100 / max(frames["received"], 1)


def media(_):
    """Calls without recognition and synthesis, and the plain C loop for the same frames."""
    nanoseconds, = frame_path("limit", MEDIA_CALLS, 10)
    with Server(*STORY) as server:
        report = load(
            server, "--calls", MEDIA_CALLS, "--ramp", "10/s", "--hold", "30s", "--canaries", 0, cases=[STORY_CASE])
    cores = mean(second["serverCores"] for second in full_seconds(report))
    limit = MEDIA_CALLS * 50 * nanoseconds / 1e9
    return [
        ("media plane: calls on one core", report["calls"]["activeMax"], f">= {MEDIA_CALLS}"),
        ("media plane: agent frames late", f"{late_percent(report):.2f} %", "< 1 %"),
        ("media plane: server", f"{cores:.2f} cores", ""),
        ("media plane: plain C loop", f"{limit:.2f} cores ({nanoseconds / 1000:.1f} us a frame)", ""),
        ("media plane: CPU against the C loop", f"{cores / limit:.2f} x", "<= 1.5 x"),
    ], report


def full(_):
    """Whole calls on one core, and the engines alone for the same turns."""
    silence, turn = frame_path("engines", core=SERVER_CORE)
    with Server() as server:
        load(server, "--calls", 20, "--ramp", "5/s", "--hold", "15s", "--canaries", 0)  # what is said is in the cache then
        before = server.figures()
        report = load(server, "--calls", 60, "--ramp", "5/s", "--hold", "40s")
        after = server.figures()
    spent = {name: after[name] - before[name] for name in after if name in before}
    seconds, turns = spent["voiceforge_call_seconds_total"], spent["voiceforge_turns_total"]
    cpu = spent["process_cpu_seconds_total"]
    engines = (seconds * silence + turns * turn) / 1e9
    latency = report["turnLatency"]
    return [
        ("whole calls on one core", report["calls"]["activeMax"], ">= 60"),
        ("whole calls: turn latency p50", f"{latency['p50Ms']} ms", ""),
        ("whole calls: turn latency p95", f"{latency['p95Ms']} ms", "< 1200 ms"),
        ("whole calls: agent frames late", f"{late_percent(report):.2f} %", "< 1 %"),
        ("whole calls: server", f"{mean(second['serverCores'] for second in full_seconds(report)):.2f} cores", ""),
        ("whole calls: CPU of a call-second", f"{cpu / seconds * 1000:.2f} ms", ""),
        ("engines alone: CPU of the same", f"{engines / seconds * 1000:.2f} ms ({turn / 1e6:.1f} ms a turn)", ""),
        ("whole calls: CPU against the engines alone", f"{cpu / engines:.2f} x", "<= 1.25 x"),
        ("whole calls: recognitions for a turn", f"{spent['voiceforge_recognitions_total'] / turns:.2f}", ""),
    ], report


def generator(_):
    """1,000 calls by one core of callers, to a server that does as little as can be for each."""
    # More speech threads than cores: admission sets some of their time aside for each new call, and these calls never speak.
    with Server(*STORY, "--workers", "8", VOICEFORGE_LOOP_SHARE_MAX="95") as server:
        report = load(server, "--calls", 1000, "--ramp", "40/s", "--hold", "25s", "--canaries", 0, cases=[PLAIN_CASE])
    own = report["generator"]
    late = own["framesSentLate"] * 100 / max(own["framesSent"], 1)
    return [
        ("generator: calls on one core", report["calls"]["activeMax"], ">= 1000"),
        ("generator: own frames late", f"{late:.2f} %", "< 1 %"),
        ("generator: cores at most", f"{own['coresMax']:.2f}", "<= 1"),
    ], report


def memory(_):
    """What a call costs while it is up, and what is left of 2,000."""
    with Server(*STORY) as server:
        load(server, "--calls", 60, "--ramp", "10/s", "--hold", "20s", "--canaries", 0, cases=[STORY_CASE])
        settled(server)
        with Watch(server) as watch:
            load(server, "--calls", 300, "--ramp", "10/s", "--hold", "20s", "--canaries", 0, cases=[STORY_CASE])
    _, each, second = fit(watch.samples)
    with Server() as server:
        load(server, "--calls", 60, "--ramp", "5/s", "--hold", "30s", "--canaries", 0)
        report = load(server, "--calls", 40, "--ramp", "5/s", "--hold", "20s", "--canaries", 0)
        begin = settled(server)
        report = load(
            server, "--plan", "constant", "--ramp", "9/s", "--calls", 200, "--hold", "230s", "--canaries", 0,
            cases=["opening-hours"])
        end = settled(server)
    return [
        ("memory of an active call, its recording excluded", f"{each / 1000:.0f} KB", "<= 120 KB"),
        ("memory of an active call's recording, for each second", f"{second / 1000:.1f} KB", ""),
        (f"memory after {report['calls']['accepted']} calls, history excluded",
         f"{end / 1e6:.1f} MB, {(end - begin) * 100 / begin:+.1f} %", "within 5 %"),
    ], report


def overload(options):
    """Half as many calls again as a core carries, for five minutes, and how soon calls are taken afterwards."""
    with Server() as server:
        load(server, "--calls", 20, "--ramp", "5/s", "--hold", "15s", "--canaries", 0)
        report = load(server, "--calls", 150, "--ramp", "5/s", "--hold", f"{options.minutes or 5}m")
        begin = time.monotonic()
        while server.status("/v1/call") != 426 and time.monotonic() - begin < 60:
            time.sleep(0.1)
        recovery = time.monotonic() - begin
    calls, latency = report["calls"], report["turnLatency"]
    return [
        ("overload: calls offered at once, and up on average",
         f"150, {mean(second['active'] for second in report['seconds'][40:-1]):.0f}", ""),
        ("overload: refused with 503", calls["refused"], "> 0"),
        ("overload: failed", calls["failed"], "0"),
        ("overload: agent frames late", f"{late_percent(report):.2f} %", "< 1 %"),
        ("overload: turn latency p95", f"{latency['p95Ms']} ms", "< 1200 ms"),
        ("overload: calls are taken again after", f"{recovery:.1f} s", "<= 5 s"),
    ], report


def soak(options):
    """Half of what a core carries, for a long time: memory and lateness may not drift."""
    minutes = options.minutes or 10
    # A history that is full before the measure begins: from then on as much is forgotten as is added.
    with Server(VOICEFORGE_HISTORY_MEGABYTES="8", VOICEFORGE_HISTORY_CALLS="30") as server:
        load(server, "--calls", 30, "--ramp", "5/s", "--hold", "60s", "--canaries", 0)
        with Watch(server) as watch:
            report = load(server, "--plan", "soak", "--calls", 30, "--ramp", "5/s", "--hold", f"{minutes}m")
    samples = [sample for sample in watch.samples if sample["calls"] >= 25]
    fifth = len(samples) // 5
    early, late = samples[fifth:2 * fifth], samples[-fifth:]
    drift = mean(s["resident"] for s in late) / mean(s["resident"] for s in early) * 100 - 100
    ticks = [mean(sample["tick"] for sample in part) * 1000 for part in (early, late)]
    return [
        (f"soak of {minutes} minutes: calls", report["calls"]["accepted"], ""),
        ("soak: memory, last fifth against second", f"{drift:+.1f} %", "within 2 %"),
        ("soak: p99 of tick lateness, second fifth and last", f"{ticks[0]:.2f}, {ticks[1]:.2f} ms", "no drift"),
        ("soak: turn latency p95", f"{report['turnLatency']['p95Ms']} ms", "< 1200 ms"),
        ("soak: agent frames late", f"{late_percent(report):.2f} %", "< 1 %"),
        ("soak: failed", report["calls"]["failed"], "0"),
    ], report


class Watch:
    """Looks at a server once a second: bytes in memory without the history, calls, lateness of ticks."""

    def __init__(self, server):
        self.server, self.samples, self.ends = server, [], threading.Event()
        self.thread = threading.Thread(target=self.look)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()

    def look(self):
        while not self.ends.wait(1):
            figures, resident = self.server.figures(), self.server.resident()
            self.samples.append({
                "at": time.monotonic(), "calls": figures["voiceforge_calls_active"], "resident": resident,
                "bytes": resident - figures["voiceforge_history_bytes"],
                "tick": max(value for name, value in figures.items() if "tick_lateness" in name and '0.99"' in name)})


def settled(server):
    """Waits until what the last calls used was given back. Returns the bytes in memory without the history."""
    while server.figures()["voiceforge_calls_active"] > 0:
        time.sleep(0.2)
    time.sleep(5)
    return server.resident() - server.figures()["voiceforge_history_bytes"]


def fit(samples):
    """Least squares: bytes = base + each * calls + second * seconds that calls were up. Returns the three."""
    held, last, rows = 0.0, None, []
    for sample in samples:
        if last and sample["calls"] < last["calls"]:
            break  # hung up, and only the ramp and the full load count
        held += sample["calls"] * (sample["at"] - last["at"]) if last else 0
        last = sample
        rows.append(([1.0, sample["calls"], held], sample["bytes"]))
    matrix = [[sum(x[i] * x[j] for x, _ in rows) for j in range(3)] + [sum(x[i] * y for x, y in rows)] for i in range(3)]
    for i in range(3):
        for k in range(3):
            if k != i:
                factor = matrix[k][i] / matrix[i][i]
                matrix[k] = [a - factor * b for a, b in zip(matrix[k], matrix[i], strict=True)]
    return [matrix[i][3] / matrix[i][i] for i in range(3)]


PARTS = {"media": media, "full": full, "generator": generator, "memory": memory, "overload": overload, "soak": soak}


def rows_of(name, options):
    """Runs one part. Returns its rows: what, figure, goal."""
    return PARTS[name](options)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n", 1)[1].split("\n")[0].strip(), description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--minutes", type=int, default=0)
    options = parser.parse_args()
    if SERVER_CORE == CALLER_CORE:
        print("one core only: server and callers share it, and the figures are worse for it", file=sys.stderr)
    found = {}
    for name in options.parts or ["media", "full", "generator", "memory"]:
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows, report = rows_of(name, options)
        report.pop("seconds", None)
        found[name] = {"rows": rows, "report": report}
        for what, figure, goal in rows:
            print(f"{what:60} {figure!s:>26}   {goal}", flush=True)
    path = ROOT / "reports/load.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
