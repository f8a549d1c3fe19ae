#!/usr/bin/env python3
"""Counts the processor instructions of one frame of a call with callgrind, and compares them with what is recorded; and those of
understanding the longest lines.

Instructions do not depend on how busy a machine is, so a frame that became dearer shows on any. Fails on more than 5 % growth.
Write new figures down with --record, and say in the commit why they changed.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = ".build/release/frame-path"
RECORDED = "Tests/FramePath/instructions.json"
SCENES = ("listening", "agent", "caller", "telephone", "keys")
# The difference of two runs leaves the start-up out; 205 frames are one round of the reader's packets.
FRAMES = (100, 305)
GROWTH_MAX = 0.05
# Lines that grammars are slow with, mean of ten kinds: 120 words are the most that are read. 9 million take under 2 ms.
LINE_WORDS = (60, 120)
LINE_MAX = 9_000_000
# Of twice the words; four times would be a grammar that looks from each word at all others.
LINE_GROWTH_MAX = 2.6
LINE_KINDS = 10
LINE_TIMES = (10, 30)


def instructions(program, folder, *arguments):
    """All instructions of one run."""
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/{'.'.join(arguments)}", program, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    collected = re.search(r"Collected : (\d+)", run.stdout)
    if run.returncode or not collected:
        sys.exit(f"callgrind failed:\n{run.stdout[-3000:]}")
    return int(collected[1])


def count():
    """Instructions of one frame in each scene, and of one line by its words."""
    with tempfile.TemporaryDirectory() as folder:
        # Debian's valgrind cannot read the debug information of Swift; the names of functions stay.
        program = f"{folder}/frame-path"
        subprocess.run(["strip", "--strip-debug", "-o", program, PROGRAM], check=True)
        with concurrent.futures.ThreadPoolExecutor(max_workers=len(os.sched_getaffinity(0))) as pool:
            def difference(few, many, *what):
                runs = [pool.submit(instructions, program, folder, *what, str(times)) for times in (few, many)]
                return lambda: (runs[1].result() - runs[0].result()) / (many - few)

            frames = {scene: difference(*FRAMES, scene) for scene in SCENES}
            lines = {words: difference(*LINE_TIMES, "understand", str(words)) for words in LINE_WORDS}
            return (
                {scene: round(each()) for scene, each in frames.items()},
                {words: round(each() / LINE_KINDS) for words, each in lines.items()})


def main():
    with open("/proc/cpuinfo") as info:
        flags = set(re.search(r"^flags\s*:(.*)$", info.read(), re.MULTILINE)[1].split())
    if not {"avx2", "fma"} <= flags:
        print("skipped: the figures are recorded for processors with AVX2 and FMA, which this one has not")
        return
    figures, lines = count()
    if "--record" in sys.argv:
        with open(RECORDED, "w") as file:
            json.dump(figures, file, indent=2)
            file.write("\n")
    with open(RECORDED) as file:
        recorded = json.load(file)
    if missing := [scene for scene in SCENES if scene not in recorded]:
        sys.exit(f"{', '.join(missing)}: not in {RECORDED} yet; run {sys.argv[0]} --record")
    worse = False
    for scene in SCENES:
        growth = figures[scene] / recorded[scene] - 1
        worse |= growth > GROWTH_MAX
        print(f"instructions a frame, {scene:<9} {figures[scene]:>8}, recorded {recorded[scene]:>8} ({growth:+.1%})")
    few, many = (lines[words] for words in LINE_WORDS)
    print(
        f"instructions of a line of {LINE_WORDS[1]} words {many}, at most {LINE_MAX}; "
        f"{many / few:.2f} times those of {LINE_WORDS[0]} words")
    if many > LINE_MAX or many > LINE_GROWTH_MAX * few:
        sys.exit(f"understanding a line of {LINE_WORDS[1]} words takes too long: it must not hold up other calls")
    if worse:
        sys.exit(f"a frame takes over {GROWTH_MAX:.0%} more instructions; if that has to be, run {sys.argv[0]} --record")


if __name__ == "__main__":
    main()
