#!/usr/bin/env python3
"""Measures how many calls a core carries over foreign wires, and how many a bot on Pipecat does that speaks the same one.

    measure_wires.py [media] [generator] [whole] [pipecat]

The answering program gets the first core that there is to itself, the callers the second; other programs on the machine spoil the figures.
Needs what `make bench` builds; `pipecat` also needs what `make test-counterparts` installs, named in COUNTERPART_PYTHON. Takes 10 minutes.
Everything is written to reports/wires.json.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

from measure_load import ROOT, SERVER_CORE, STORY, STORY_CASE, Server, full_seconds, late_percent, load, mean, on

LATE_PERCENT_MAX = 1
# Calls without recognition and synthesis that one core is to hold, by wire and the path where it is answered.
MEDIA = {"twilio": ("/twilio/stream", 400), "realtime": ("/v1/realtime", 150)}
WHOLE_CALLS = 60
# Callers at once whose cost is compared, and what one over a telephone wire may cost of one over our own.
GENERATOR_CALLS = 150
GENERATOR_RATIO_MAX = 1.5
# Calls at once that a bot is tried with, until it is late.
PIPECAT_CALLS = [2, 4, 6, 8, 10, 12, 16, 20]
BOT = ROOT / "Samples/targets/pipecat_bot.py"
# What callers say to both: a day, a time, and then they hang up.
CLIPS = """
cases:
  - id: clips
    flow: appointment
    turns:
      - say: I would like to book an appointment.
      - say: On Thursday, please.
      - say: At ten in the morning.
      - hang-up: true
    max-duration: 120s
"""


def address(server, wire, path):
    return f"{wire}+{server.address.replace('http', 'ws')}{path}"


def media(_):
    """Calls that only carry sound, over each wire."""
    rows, reports = [], {}
    for wire, (path, calls) in MEDIA.items():
        with Server(*STORY) as server:
            report = reports[wire] = load(
                server, "--calls", calls, "--ramp", "10/s", "--hold", "30s", "--canaries", 0,
                "--target-process", server.process.pid, cases=[STORY_CASE], target=address(server, wire, path))
        rows += [
            (f"media plane over {wire}: calls on one core", report["calls"]["activeMax"], f">= {calls}"),
            (f"media plane over {wire}: agent frames late", f"{late_percent(report):.2f} %", "< 1 %"),
            (f"media plane over {wire}: server", f"{mean(second['serverCores'] for second in full_seconds(report)):.2f} cores", ""),
        ]
    return rows, reports


def generator(_):
    """What a caller costs the program that places the calls, over our own wire and over others."""
    cores, reports = {}, {}
    for wire, path in {"voiceforge": "/v1/call", **{wire: path for wire, (path, _) in MEDIA.items()}}.items():
        with Server(*STORY) as server:
            report = reports[wire] = load(
                server, "--calls", GENERATOR_CALLS, "--ramp", "10/s", "--hold", "20s", "--canaries", 0,
                *([] if wire == "voiceforge" else ["--target-process", server.process.pid]), cases=[STORY_CASE],
                target=server.calls if wire == "voiceforge" else address(server, wire, path))
        cores[wire] = mean(second["generatorCores"] for second in full_seconds(report))
    limits = {"twilio": f"<= {GENERATOR_RATIO_MAX} x"}
    return [(f"callers over {wire}, {GENERATOR_CALLS} at once: {used:.2f} cores, of our own wire", f"{used / cores['voiceforge']:.2f} x",
             limits.get(wire, "")) for wire, used in cores.items()], reports


def figures(name, report):
    latency = report["turnLatency"]
    return [
        (f"{name}: calls on one core", report["calls"]["activeMax"], ""),
        (f"{name}: agent frames late", f"{late_percent(report):.2f} %", "< 1 %"),
        (f"{name}: turn latency p50 / p95", f"{latency['p50Ms']} / {latency['p95Ms']} ms", ""),
        (f"{name}: cores", f"{mean(second['serverCores'] for second in full_seconds(report)):.2f}", ""),
    ]


def whole(clips):
    """Whole calls with our own agent, over Twilio's wire."""
    with Server() as server:
        target = address(server, "twilio", "/twilio/stream")
        options = ["--canaries", 0, "--target-process", server.process.pid]
        load(server, "--calls", 20, "--ramp", "5/s", "--hold", "15s", *options, cases=[clips], target=target)  # fills the cache
        report = load(server, "--calls", WHOLE_CALLS, "--ramp", "5/s", "--hold", "40s", *options, cases=[clips], target=target)
    return figures("whole calls over twilio, our agent", report), report


class Bot:
    """The sample bot on the server's core, with a server of ours on the same core as its ears and voice."""

    def __init__(self, speech):
        python = pathlib.Path(os.environ.get("COUNTERPART_PYTHON", pathlib.Path.home() / ".cache/voiceforge/counterparts/bin/python3"))
        if not python.exists():
            sys.exit(f"{python} is missing: run `make test-counterparts` once, or name it in COUNTERPART_PYTHON")
        self.process = subprocess.Popen(
            [python, "-m", "uvicorn", "pipecat_bot:app", "--port", "0"], cwd=BOT.parent, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
            preexec_fn=on(SERVER_CORE),  # noqa: PLW1509 - no thread runs yet
            env={**os.environ, "OPENAI_BASE_URL": f"{speech.address}/v1", "OPENAI_API_KEY": "none", "LOGURU_LEVEL": "ERROR"})
        for line in self.process.stdout:
            if found := re.search(r"running on http://(\S+)", line):
                break
        else:
            sys.exit("the bot did not start")
        self.target = f"twilio+ws://{found.group(1)}/ws"
        # Its log is read on, so that it never waits for that.
        self.reader = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.reader.wait()


def pipecat(clips):
    """Whole calls with the sample bot, more and more until its audio is late."""
    best, reports = None, {}
    with Server() as speech:
        for calls in PIPECAT_CALLS:
            with Bot(speech) as bot:
                report = reports[calls] = load(
                    speech, "--calls", calls, "--ramp", "2/s", "--hold", "30s", "--canaries", 0, "--target-process", bot.process.pid,
                    cases=[clips], target=bot.target)
            if late_percent(report) >= LATE_PERCENT_MAX or report["calls"]["failed"] > 0:
                break
            best = report
    if best is None:
        sys.exit(f"the bot was late with {PIPECAT_CALLS[0]} calls already")
    return figures("whole calls over twilio, a bot on Pipecat", best), reports


PARTS = {"media": media, "generator": generator, "whole": whole, "pipecat": pipecat}


def main():
    names = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        sys.exit(f"there is no {unknown[0]}; there are {', '.join(PARTS)}")
    reports = {}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(CLIPS)
        file.flush()
        for name in names:
            rows, reports[name] = PARTS[name](file.name)
            for what, value, limit in rows:
                print(f"{what:<72} {value!s:>20} {limit:>12}", flush=True)
    folder = ROOT / "reports"
    folder.mkdir(exist_ok=True)
    (folder / "wires.json").write_text(json.dumps(reports))


if __name__ == "__main__":
    main()
