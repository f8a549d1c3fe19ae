#!/usr/bin/env python3
"""Measures the program in a short form: start-up, memory, simulated calls, turn latency, what a core carries, allocations per frame.

Prints a table with the goal beside each figure and writes everything to reports/bench.json. Needs what `make test` builds.
"""
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import measure_load

BINARY = ".build/release/voiceforge"
SUITES = "LatencyTests|LoadTests|AllocationTests"


def resident_mb(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1000


def answer(port, path):
    with socket.create_connection(("127.0.0.1", port), timeout=1) as peer:
        peer.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return peer.recv(64)


def start(port, engines, until_ready=False):
    """Starts a server. Returns milliseconds to the first answer and megabytes resident then or, if asked, once all is loaded."""
    environment = dict(os.environ, **({"VOICEFORGE_ENGINES": engines} if engines else {}))
    begin = time.perf_counter()
    server = subprocess.Popen(
        [BINARY, "serve", "--no-demo", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        while time.perf_counter() - begin < 30:
            try:
                if b" 200 " in answer(port, "/healthz"):
                    break
            except OSError:
                time.sleep(0.0005)
        milliseconds = (time.perf_counter() - begin) * 1000
        while until_ready and b" 200 " not in answer(port, "/readyz"):
            time.sleep(0.1)
        if until_ready:
            time.sleep(5)  # the prompts are being made
        return milliseconds, resident_mb(server.pid)
    finally:
        server.terminate()
        server.wait()


def simulate(*arguments):
    """Runs test cases on one core. Returns the report and the seconds that the whole program took."""
    begin = time.perf_counter()
    run = subprocess.run(
        [BINARY, "simulate", "--jobs", "1", "--json", *arguments], capture_output=True, check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}))
    seconds = time.perf_counter() - begin
    if run.returncode:
        print(run.stderr.decode(), file=sys.stderr)
        sys.exit(f"simulate {' '.join(arguments)} ended with {run.returncode}")
    return json.loads(run.stdout), seconds


def simulator():
    """How fast simulated calls are: figures on one core, in milliseconds and in seconds of call held in a second."""
    text, _ = simulate("--text", "--id", "book/tomorrow", "--repeat", "1000")
    fresh, fresh_seconds = simulate()
    again, again_seconds = simulate("--repeat", "4")
    cases = len(fresh["cases"])
    held = fresh["figures"]["durationMs"] / 1000
    held_again = again["figures"]["durationMs"] / 1000 - held
    return [
        ("test case without sound, mean of 1,000 seeds", f"{text['wallMs'] / 1000:.2f} ms", "<= 1 ms"),
        (f"virtual time, {cases} calls, start-up included", f"{held / fresh_seconds:.0f} x real time", ">= 20 x"),
        ("virtual time, once utterances repeat", f"{held_again / (again_seconds - fresh_seconds):.0f} x real time", ">= 60 x"),
    ]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def suites():
    """Runs the measuring tests and gives back what they print."""
    run = subprocess.run(
        ["swift", "test", "-c", "release", "--skip-build", "--no-parallel", "--filter", SUITES], text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = [line for line in run.stdout.splitlines() if re.match(r"(turn latency|load|allocations|caller's minus)", line)]
    if run.returncode:
        print(run.stdout[-3000:], file=sys.stderr)
        sys.exit("a measuring test failed")
    return lines


def main():
    with tempfile.TemporaryDirectory() as empty:
        starts = [start(free_port(), empty) for _ in range(5)]
    _, loaded = start(free_port(), None, until_ready=True)
    simulated = simulator()
    lines = suites()
    median = next((re.search(r"p50 (\d+), p95 (\d+)", line) for line in lines if line.startswith("turn latency, all")), None)
    rows = [
        ("exec to first HTTP 200, median of 5", f"{statistics.median(s[0] for s in starts):.0f} ms", "<= 50 ms"),
        ("RSS idle, without models", f"{statistics.median(s[1] for s in starts):.1f} MB", "<= 25 MB"),
        ("RSS idle, all models and prompts", f"{loaded:.0f} MB", "<= 250 MB"),
    ]
    rows += simulated
    if median:
        rows.append(("turn latency of one call, p50 / p95", f"{median[1]} / {median[2]} ms", "<= 620 / 750 ms"))
    for part in (measure_load.media, measure_load.full):
        rows += part(None)[0]
    width = max(len(row[0]) for row in rows)
    for name, figure, goal in rows:
        print(f"{name:<{width}}  {figure!s:>26}  {goal and 'goal ' + goal}")
    print("\n".join(lines))
    os.makedirs("reports", exist_ok=True)
    with open("reports/bench.json", "w") as report:
        json.dump({"rows": [dict(zip(("figure", "value", "goal"), row, strict=True)) for row in rows], "lines": lines}, report, indent=1)


if __name__ == "__main__":
    main()
