#!/usr/bin/env python3
"""Builds the documentation as a site: `Sources/Documentation.docc` and the Markdown files that it links to.

    make docs        writes .build/docs
    make lint-page   looks for links that lead nowhere (--check), and writes nothing of the site

The catalogue is Markdown with relative links, so that it can be read where it lies. DocC has links of its own, so a copy is made in which
a link to a page becomes one of DocC's, a linked Markdown file outside of the catalogue becomes a page, and a link to anything else becomes
its text. Exit code 1 when DocC warns, or when any Markdown file of the repository links to, or names between backquotes, a file that is not
there.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "Sources" / "Documentation.docc"
COPY = ROOT / ".build" / "VoiceForge.docc"
SITE = ROOT / ".build" / "docs"
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
FENCE = re.compile(r"^ *```")
# A file or folder in code font. Placeholders such as NAME stand for many.
PATH = re.compile(r"`((?:Sources|Tests|Samples|web|\.github)/[\w./+-]+)`")
PLACEHOLDER = re.compile(r"AREA|NAME")


def main():
    pages = {page: page.stem for page in sorted(CATALOGUE.glob("*.md"))}
    texts = {page: page.read_text() for page in pages}
    outside = sorted({target for page in pages for target in linked_files(page, texts[page]) if target not in pages})
    for page in outside:
        pages[page], texts[page] = name_of(page), page.read_text()
    faults = list(missing_files())
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for page, name in pages.items():
        text = rewritten(page, texts[page], pages, texts, faults)
        if page.name == "VoiceForge.md":
            text += "\n### Reference\n\n" + "".join(f"- <doc:{pages[other]}>\n" for other in outside)
        (COPY / f"{name}.md").write_text(text)
    if faults:
        sys.exit("\n".join(faults))
    if "--check" in sys.argv[1:]:
        return
    subprocess.run(
        [docc(), "convert", COPY, "--output-path", SITE, "--fallback-display-name", "VoiceForge",
         "--fallback-bundle-identifier", "voiceforge", "--warnings-as-errors"], check=True)
    shown = SITE.relative_to(ROOT)
    print(f"{len(pages)} pages in {shown}. To read them: python3 -m http.server 8000 --directory {shown}, then\n"
          "http://127.0.0.1:8000/documentation/voiceforge/")


def missing_files():
    """What a Markdown file of the repository names and what is not there."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    for page in (ROOT / name for name in listed):
        text = page.read_text() if page.exists() else ""
        for path in PATH.findall(text):
            if not PLACEHOLDER.search(path) and not (ROOT / path).exists():
                yield f"{page.relative_to(ROOT)}: {path} is not there"
        for _, target in LINK.findall(text):
            file = target.partition("#")[0]
            if file and ":" not in target and not (page.parent / file).exists():
                yield f"{page.relative_to(ROOT)}: {target} leads nowhere"


def docc():
    """DocC lies beside `swift`, wherever that is a link to."""
    swift = shutil.which("swift")
    beside = Path(swift).resolve().parent / "docc" if swift else None
    found = shutil.which("docc") or (str(beside) if beside and beside.exists() else None)
    return found or sys.exit("docc was not found beside swift: install a Swift toolchain of https://www.swift.org/install/linux/")


def linked_files(page, text):
    """The Markdown files that `page` links to."""
    targets = (target.partition("#")[0] for _, target in LINK.findall(text) if "://" not in target)
    found = {(page.parent / target).resolve() for target in targets if target.endswith(".md")}
    return {target for target in found if target.exists()}


def name_of(page):
    """A page name for a file outside of the catalogue, such as `FlowsReference` for `Samples/flows/README.md`."""
    if page.stem == "README":
        return page.parent.name.capitalize() + "Reference"
    return {"Rest": "RESTRoutes", "Report": "ReportJSON", "ARCHITECTURE": "Map"}.get(page.stem, page.stem.capitalize())


def rewritten(page, text, pages, texts, faults):
    def replaced(match):
        words, target = match.groups()
        if "://" in target or target.startswith("doc:"):
            return match.group()
        file, _, anchor = target.partition("#")
        aim = (page.parent / file).resolve() if file else page
        heading = heading_of(texts.get(aim, ""), anchor) if anchor else None
        if anchor and aim.suffix == ".md" and heading is None and aim in texts:
            faults.append(f"{page.relative_to(ROOT)}: {target} names no heading")
        if aim not in pages:
            return words
        return f"[{words}](doc:{pages[aim]}{'#' + fragment(heading) if heading else ''})"

    lines, fenced = [], False
    for line in text.splitlines():
        fenced ^= bool(FENCE.match(line))
        lines.append(line if fenced else LINK.sub(replaced, line))
    return "\n".join(lines) + "\n"


def heading_of(text, anchor):
    """The heading that `anchor` means where Markdown files are shown on the web."""
    fenced = False
    for line in text.splitlines():
        fenced ^= bool(FENCE.match(line))
        if not fenced and line.startswith("#"):
            words = line.lstrip("#").strip()
            if re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") == anchor:
                return words
    return None


def fragment(heading):
    """What DocC makes of a heading: blanks become hyphens, quotation marks go."""
    return re.sub(r"\s+", "-", re.sub(r"[`'\"]", "", heading))


if __name__ == "__main__":
    main()
