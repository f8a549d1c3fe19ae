"""The files of web/ themselves: names, references to each other, and which folder may import which. No browser is needed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
# What a report carries within it.
REPORTS = [ROOT / "Sources/Simulation/Report/ReportAssets.swift", ROOT / "Sources/LoadTest/Report/LoadHTML.swift"]
FILES = sorted(path.relative_to(WEB) for path in WEB.rglob("*") if path.is_file())
SOURCES = [path for path in FILES if path.suffix in (".html", ".css", ".js")]
# `import … from './x.js'`, `new URL('./x.js', import.meta.url)`, `href="/css/x.css"`
REFERENCE = re.compile(r"""["'`](\.{1,2}/[\w/.-]+\.js|/[\w/.-]+\.(?:js|css|svg|html))["'`]""")


def references(path):
    """The files that a file names, below web/."""
    for text in REFERENCE.findall((WEB / path).read_text()):
        place = WEB / text.lstrip("/") if text.startswith("/") else (WEB / path).parent / text
        yield place.resolve().relative_to(WEB)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_names_are_plain(path):
    """They become names in C when they are embedded."""
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?", part) for part in path.parts)


def test_every_reference_leads_to_a_file_and_every_file_is_referred_to():
    found = {path: set(references(path)) for path in SOURCES}
    assert {path: named - set(FILES) for path, named in found.items() if named - set(FILES)} == {}
    pages = {path for path in FILES if path.suffix == ".html"}
    reports = {Path(text) for source in REPORTS for text in re.findall(r'"web/(report/[^"]+)"', source.read_text())}
    assert reports <= set(FILES)
    assert set(FILES) - pages == set().union(reports, *found.values()) - pages


@pytest.mark.parametrize("path", [path for path in SOURCES if path.suffix == ".js"], ids=str)
def test_a_module_imports_from_its_own_page_and_from_what_is_shared(path):
    folder = path.parts[1]
    # The call page shows the graph of the flows page.
    allowed = {folder, "shared"} | ({"flows"} if folder == "call" else set())
    assert {named.parts[1] for named in references(path) if named.suffix == ".js"} <= allowed
