#!/usr/bin/env python3
"""Writes `Sources/CPage/embedded_files.c`: which files of `web/` and `Samples/` are inside the program.

    Sources/setup/embed.py            writes it
    Sources/setup/embed.py --check    exit code 1 when it is not what this would write

The compiler notices when an embedded file changes, but not that there is a new one: run this then (`RulesTests` asks for it).
Markdown is for readers of the repository and stays outside.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "Sources" / "CPage" / "embedded_files.c"
FOLDERS = ["Samples", "web"]


def paths():
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    return sorted(
        path.relative_to(ROOT).as_posix()
        for path in found
        if path.is_file() and path.suffix != ".md" and not any(part.startswith(".") for part in path.parts)
    )


def source():
    files = paths()
    lines = ["// Written by Sources/setup/embed.py; run it when there is a new file.", '#include "CPage.h"', ""]
    for index, path in enumerate(files):
        lines += [f"static const unsigned char file{index}[] = {{", f'#embed "../../{path}"', "};"]
    lines += ["", "static const struct embedded_file files[] = {"]
    lines += [f'  {{"{path}", file{index}, sizeof file{index}}},' for index, path in enumerate(files)]
    lines += ["};", ""]
    lines += ["const struct embedded_file *embedded_files(void) { return files; }"]
    lines += ["size_t embedded_files_count(void) { return sizeof files / sizeof files[0]; }", ""]
    return "\n".join(lines)


def main():
    text = source()
    if sys.argv[1:] == ["--check"]:
        if not TARGET.exists() or TARGET.read_text() != text:
            sys.exit(f"{TARGET.relative_to(ROOT)} does not name every file: run Sources/setup/embed.py")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        TARGET.write_text(text)


if __name__ == "__main__":
    main()
