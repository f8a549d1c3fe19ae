#!/usr/bin/env python3
"""Feeds strangers' bytes to everything that reads them: libFuzzer with the address sanitizer.

    fuzz.py [--minutes 10] [target ...]

Builds the program in `.build-fuzz`, shares the minutes over the targets (all of them unless some are named), one after another at nice 10,
and prints for each how many inputs were run and what they reached. An input that ends the process, takes more than 30 s or more than 2 GB
is kept in `.build-fuzz/crashes` with the command that repeats it; the exit code is then 1. What was learned stays in `.build-fuzz/corpus`,
so that the next run continues from there. A crash that is mended becomes a test of the code that it was in.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build-fuzz"
PROGRAM = BUILD / "release/fuzz"
SEEDS = ROOT / "Tests/Fuzz/Seeds"
COVERAGE = "edge,indirect-calls,trace-cmp,inline-8bit-counters,pc-table"
# libFuzzer stops at a crash and is started again; a target that always crashes need not crash for minutes.
CRASHES_MAX = 5
INPUT_SECONDS_MAX = 30
MEMORY_MB_MAX = 2048
# Longest input in bytes. What a parser reads needs no more to reach every line of it, and shorter inputs are many more.
INPUT_BYTES_MAX = {
    "calls": 2048, "flows": 3072, "cases": 3072, "sounds": 4096, "realtime": 3072, "realtime-caller": 10_240, "rtvi": 3072,
    "json-wire": 2048, "bot-messages": 2048, "words": 200, "expressions": 200, "packets": 64}
INPUT_BYTES_OTHERS = 1024
# The texts that the readers compare with: Swift's comparisons tell the fuzzer nothing.
DICTIONARIES = {
    "bot-messages": ["Sources/Wires/Telephony"],
    "calls": ["Sources/Wires"],
    "cases": ["Sources/Formats/Cases", "Sources/Formats/Files", "Sources/CallCore/Cases"],
    "flows": ["Sources/Formats/Flow/Reading", "Sources/Formats/Files", "Sources/CallCore/Flow"],
    "http": ["Sources/WebSockets/HTTP"],
    "json": ["Sources/Wires", "Sources/Formats/Rest", "Sources/Formats/Archive", "Sources/Formats/Speech"],
    "json-wire": ["Sources/Wires/Legacy", "Sources/Wires/Media"],
    "media-streams": ["Sources/Wires/Telephony", "Sources/Wires/Media"],
    "multipart": ["Sources/Formats/Speech"],
    "realtime": ["Sources/Wires/Realtime"],
    "realtime-caller": ["Sources/Wires/Realtime/Caller"],
    "rtvi": ["Sources/Wires/RTVI"],
    "twiml": ["Sources/Wires/Telephony"],
    "speech-texts": ["Sources/CallCore/Flow/Speaking", "Sources/CallCore/Call"],
    "words": ["Sources/CallCore/Flow/Hearing"],
}
ENVIRONMENT = {
    **os.environ,
    "SWIFT_BACKTRACE": "enable=no",  # or a trap is kept from libFuzzer
    "ASAN_OPTIONS": "detect_leaks=0:quarantine_size_mb=16",
}


def fuzzer_archive():
    """libFuzzer without a `main`, in the folder of the toolchain's other runtimes."""
    told = json.loads(subprocess.run(["swift", "-print-target-info"], check=True, capture_output=True).stdout)
    name = f"libclang_rt.fuzzer_no_main-{platform.machine()}.a"
    archive = pathlib.Path(told["paths"]["runtimeResourcePath"], "clang/lib/linux", name)
    if not archive.exists():
        sys.exit(f"{archive} is missing: this Swift has no libFuzzer")
    return archive


def build():
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "fuzz", "--scratch-path", BUILD, "--sanitize=address",
         "-Xswiftc", f"-sanitize-coverage={COVERAGE}", "-Xcc", "-fsanitize=fuzzer-no-link"],
        check=True, cwd=ROOT, env={**ENVIRONMENT, "VOICEFORGE_FUZZ": str(fuzzer_archive())})


def known_targets():
    told = subprocess.run([PROGRAM], check=True, capture_output=True, text=True, env={**ENVIRONMENT, "FUZZ_TARGET": "list"})
    return told.stdout.split()


def prepare_corpus(target):
    """The inputs of earlier runs, the texts of the seeds' folder, and the binary seeds, which the target makes."""
    corpus = BUILD / "corpus" / target
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in (SEEDS / target).glob("*"):
        shutil.copy(seed, corpus)
    subprocess.run([PROGRAM], check=True, env={**ENVIRONMENT, "FUZZ_TARGET": target, "FUZZ_SEEDS": str(corpus)})
    return corpus


def write_dictionary(target):
    """Every short text literal of the sources that the target tests.

    - Returns: the file; `None` where there are none.
    """
    path = BUILD / f"{target}.dict"
    words = set()
    for folder in DICTIONARIES.get(target, []):
        for source in (ROOT / folder).rglob("*.swift"):
            words |= set(re.findall(r'"([ !#-\[\]-~]{2,30})"', source.read_text()))
    path.write_text("".join(f'"{word}"\n' for word in sorted(words)))
    return path if words else None


def forget(crash, corpus):
    """An input that is known to crash would end every further process of its target at once."""
    content = crash.read_bytes()
    for known in corpus.iterdir():
        if known.stat().st_size == len(content) and known.read_bytes() == content:
            known.unlink()


def run_once(target, corpus, dictionary, crashes, seconds):
    """One process of libFuzzer.

    - Returns: its exit code and its output.
    """
    limit = INPUT_BYTES_MAX.get(target, INPUT_BYTES_OTHERS)
    done = subprocess.run(
        [PROGRAM, corpus, f"-max_total_time={seconds}", f"-max_len={limit}", f"-timeout={INPUT_SECONDS_MAX}",
         f"-rss_limit_mb={MEMORY_MB_MAX}", f"-artifact_prefix={crashes}/", "-print_final_stats=1", "-detect_leaks=0",
         "-reload=0", *([f"-dict={dictionary}"] if dictionary else [])],
        capture_output=True, env={**ENVIRONMENT, "FUZZ_TARGET": target}, preexec_fn=lambda: os.nice(10), check=False)
    return done.returncode, done.stderr.decode(errors="replace")


def reason(output):
    """The line of the output that says why the process ended."""
    found = re.search(r"Fatal error: .*|ERROR: (?:Addr|libFuzzer).*", output)
    return found.group()[:160] if found else "ended without a word"


def fuzz(target, seconds):
    """Runs a target for its share of the time.

    - Returns: how many inputs it ran, the edges reached, and for each crash its reason and the file of its input.
    """
    corpus = prepare_corpus(target)
    crashes = BUILD / "crashes" / target
    crashes.mkdir(parents=True, exist_ok=True)
    dictionary = write_dictionary(target)
    inputs, edges, found = 0, 0, []
    end = time.monotonic() + seconds
    while len(found) < CRASHES_MAX and (left := round(end - time.monotonic())) > 0:
        code, output = run_once(target, corpus, dictionary, crashes, left)
        inputs += int((re.findall(r"number_of_executed_units: (\d+)", output) or [0])[-1])
        edges = max([edges, *map(int, re.findall(r" cov: (\d+) ", output))])
        if not code:
            continue
        kept = re.search(r"Test unit written to (\S+)", output)
        if not kept:
            sys.exit(f"{target} ended with {code} and kept no input:\n{output[-2000:]}")
        crash = pathlib.Path(kept.group(1))
        crash.with_name(f"{crash.name}.log").write_text(output)
        forget(crash, corpus)
        found.append((reason(output), crash.relative_to(ROOT)))
    return inputs, edges, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--no-build", action="store_true", help="take the program that is there")
    chosen = parser.parse_args()
    if not chosen.no_build:
        build()
    targets = known_targets()
    if strangers := set(chosen.targets) - set(targets):
        parser.error(f"no target {', '.join(strangers)}; there are {', '.join(targets)}")
    targets = chosen.targets or targets
    total, crashed = 0, []
    print(f"{'target':14} {'inputs':>12} {'per second':>11} {'edges':>7}  crashes", flush=True)
    for target in targets:
        begun = time.monotonic()
        inputs, edges, found = fuzz(target, chosen.minutes * 60 / len(targets))
        total += inputs
        crashed += [(target, *crash) for crash in found]
        rate = inputs / (time.monotonic() - begun)
        print(f"{target:14} {inputs:12,} {rate:11,.0f} {edges:7,}  {len(found)}", flush=True)
    print(f"{'in all':14} {total:12,} {'':11} {'':7}  {len(crashed)}")
    for target, why, path in crashed:
        print(f"\n{target}: {why}\n  SWIFT_BACKTRACE=enable=no FUZZ_TARGET={target} {PROGRAM.relative_to(ROOT)} {path}")
    sys.exit(1 if crashed else 0)


if __name__ == "__main__":
    main()
