"""The load page: start a run, watch its charts move, stop it, read its report; and what it says when something is wrong."""

import json
import os
import re
import subprocess

import pytest
from playwright.sync_api import expect

from asking import ask, ask_ok
from cluster import Cluster, programs
from conftest import DESKTOP, PHONE, assert_accessible, follow_to_report, opener
from ports import free_port
from server import BINARY, Server

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]
# A case of one turn whose caller presses a key: the generator has next to nothing to make for it.
CASE = "opening-hours"
# Long enough for some turns, and for the lines to be seen.
ORDER = {"calls": 3, "ramp": "5/s", "hold": "8s", "cases": [{"id": CASE}], "thresholds": ["failed==0", "turn_latency.p95<8s"]}
LOAD = {"VOICEFORGE_ALLOW_LOAD": "true"}


# What the page says of a verdict. A load that was held up by the machine is invalid, and the page must say so.
VERDICTS = {"passed": "Passed: every threshold was kept.", "invalid": "Invalid: "}


def verdict(server, load_id):
    """What came of a load, by the server's own word."""
    return ask_ok(server, f"/api/load/{load_id}")["result"]["verdict"]


@pytest.fixture(scope="module")
def load_server():
    """A server that lets itself be loaded."""
    running = Server(environment=LOAD).wait_until_ready()
    yield running
    running.stop()


@pytest.fixture
def open_load(open_page):
    """Opens the load page and waits until a run can be started."""

    return opener(open_page, "load.html", "#start")


def fill(page, calls="3", hold="8s", ramp="5/s", thresholds="failed==0\nturn_latency.p95<8s"):
    page.fill("#calls", calls)
    page.fill("#hold", hold)
    page.fill("#ramp", ramp)
    page.fill("#thresholds", thresholds)
    if not page.locator(".disclosure[open]").count():
        page.locator(".disclosure summary").click()
    page.get_by_label(CASE, exact=True).check()


def state(page, *names):
    page.locator(", ".join(f"body[data-load-state={name}]" for name in names)).wait_for()


def points(page, plot):
    """How many points the first line of a chart has."""
    path = page.locator(f"#charts figure:nth-child({plot}) path.series").last.get_attribute("d")
    return len(re.findall("[ML]", path or ""))


def wait_for_points(page, plot, count):
    page.wait_for_function(
        "([plot, count]) => ([...document.querySelectorAll(`#charts figure:nth-child(${plot}) path.series`)].at(-1)"
        ".getAttribute('d').match(/[ML]/g) ?? []).length >= count", arg=[plot, count])


# ---- A run ----


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_a_run_moves_the_charts_and_comes_to_its_verdict_and_report(load_server, open_load, screenshot, scheme, viewport):
    page = open_load(load_server, scheme, viewport)
    fill(page, hold="13s")
    page.locator(".disclosure summary").click()
    page.locator("#start").click()
    page.locator("#stop:enabled").wait_for()
    expect(page.locator("#start")).to_be_disabled()
    state(page, "running")
    before = points(page, 1)
    wait_for_points(page, 1, before + 3)
    expect(page.locator("#charts svg").first).to_have_attribute("aria-label", re.compile("active: up to"))
    screenshot(page, f"load-running-{scheme}-{viewport['width']}")
    assert_accessible(page)
    state(page, "done")
    newest = page.locator("#loads .load-row").first
    newest.wait_for()
    load_id = newest.get_attribute("data-load-id")
    expect(page.locator("#state")).to_have_text(re.compile(f"^{VERDICTS[verdict(load_server, load_id)]}"))
    expect(page.locator(".findings > [data-holds=true]")).to_have_count(2)
    assert points(page, 3) > 0, "a turn was measured"
    for plot in (5, 6):
        assert points(page, plot) > 2, "the server tells what it uses"
    page.locator("#start:enabled").wait_for()
    page.locator("#loads .load-row").first.wait_for()
    screenshot(page, f"load-{scheme}-{viewport['width']}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    report = follow_to_report(page, page.locator("#outcome").get_by_role("link", name="Report"))
    report.locator(".chart").first.wait_for()
    assert report.errors == []
    assert page.errors == []


def test_it_is_used_by_keyboard_alone(load_server, open_load):
    page = open_load(load_server)
    fill(page, hold="60s")
    page.locator("#calls").focus()
    page.keyboard.press("Enter")
    state(page, "running")
    expect(page.locator("#stop")).to_be_focused()
    page.keyboard.press("Enter")
    state(page, "stopped")
    expect(page.locator("#state")).to_contain_text("Stopped before the end of the plan.")
    page.locator("#stop").wait_for(state="hidden")
    expect(page.locator("#run")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#outcome a")).to_be_focused()
    assert page.errors == []


def test_a_run_that_somebody_else_starts_is_shown_and_can_be_read_again(load_server, open_load):
    page = open_load(load_server)
    run = ask_ok(load_server, "/api/load", "POST", {**ORDER, "hold": "20s"})  # Still running when the page is opened again.
    state(page, "running")
    page.locator("#stop:enabled").wait_for()
    page.reload()
    state(page, "running")
    state(page, "done")
    row = page.locator(f"#loads [data-load-id='{run['id']}']")
    row.get_by_text(verdict(load_server, run["id"]).capitalize()).wait_for()
    expect(row).to_contain_text("3 calls, ramp, held for 20s")
    row.click()
    wait_for_points(page, 1, 5)
    assert page.errors == []


# ---- When something is wrong ----


def test_a_server_that_is_not_allowed_says_so(server, open_page, screenshot):
    page = open_page(f"{server.url}/load.html", ready=False)
    notice = page.locator("[data-notice=load-not-allowed]")
    expect(notice).to_contain_text("set VOICEFORGE_ALLOW_LOAD=true")
    page.locator("body[data-server-state=ready]").wait_for()
    expect(page.locator("#start")).to_be_disabled()
    screenshot(page, "load-not-allowed")
    assert_accessible(page)
    assert page.errors == []
    assert ask(f"{server.url}/api/load", "POST", ORDER).status == 403


@pytest.mark.parametrize("wrong, words", [
    ({"hold": "soon"}, "load.hold: expected a time such as 30s"),
    ({"hold": "2h"}, "load.hold: expected at most 60 min"),
    ({"ramp": "fast"}, "load.ramp: expected calls a second"),
    ({"thresholds": "latency<5"}, "there is no figure \"latency\""),
])
def test_what_the_server_does_not_take_is_said_in_its_words(load_server, open_load, wrong, words):
    page = open_load(load_server)
    fill(page, **wrong)
    page.locator("#start").click()
    expect(page.locator("[data-notice=load-refused]")).to_contain_text(words)
    page.locator("#start:enabled").wait_for()


def test_a_server_that_goes_away_and_comes_back(open_load, screenshot):
    server = Server(environment=LOAD).wait_until_ready()
    page = open_load(server)
    fill(page, hold="60s")
    page.locator("#start").click()
    state(page, "running")
    wait_for_points(page, 1, 2)
    server.vanish()
    page.locator("[data-notice=load-gone]").wait_for()
    page.locator("body[data-server-state=unreachable]").wait_for()
    expect(page.locator("#start")).to_be_disabled()
    assert points(page, 1) >= 2, "what is known stays"
    screenshot(page, "load-gone")
    again = Server(port=server.port, environment=LOAD).wait_until_ready()
    try:
        page.locator("[data-notice=load-lost]").wait_for()
        page.locator("#start:enabled").wait_for()
        expect(page.locator("[data-notice=load-gone]")).to_have_count(0)
    finally:
        again.stop()


@pytest.fixture
def shared_server():
    """A server that generators on other machines load, and the variables by which they find its database."""
    if programs() is None:
        pytest.skip("PostgreSQL is needed (make setup-test installs it)")
    cluster, port = Cluster(), free_port()
    database = {"USE_DATABASE": "true", "DATABASE_URL": cluster.url}
    target = f"ws://127.0.0.1:{port}/v1/call"
    server = Server(
        port=port, environment={**LOAD, **database, "VOICEFORGE_LOAD_TARGET": target, "VOICEFORGE_LOAD_NODES": f"127.0.0.1:{port}"})
    yield server.wait_until_ready(), target, {**os.environ, **database}
    server.stop()
    cluster.stop()


def test_generators_on_other_machines_are_waited_for_and_named(shared_server, open_load, screenshot):
    server, target, variables = shared_server
    page = open_load(server)
    expect(page.locator("#generate")).to_have_text(f"voiceforge generate --target {target}")
    page.fill("#generators", "2")
    assert page.locator("#calls").get_attribute("max") == "2000"
    fill(page, calls="4", hold="4s", thresholds="failed==0")
    page.click("#start")
    expect(page.locator("#state")).to_have_text("Waiting for generators on other machines: 0 of 2 there, 0 ready.")
    screenshot(page, "load-generators-waiting")
    generators = [subprocess.Popen([BINARY, "generate", "--target", target], env=variables) for _ in range(2)]
    try:
        state(page, "done")
        load_id = page.locator("#loads .load-row").first.get_attribute("data-load-id")
        result = ask_ok(server, f"/api/load/{load_id}")["result"]
        names = [one["name"] for one in result["generators"]]
        expect(page.get_by_role("list", name="Generators").get_by_role("listitem")).to_have_count(2)
        for name in names:
            expect(page.get_by_role("list", name="Generators")).to_contain_text(name)
        expect(page.locator("#state")).to_have_text(re.compile("^(Passed: |Invalid: a generator was late or lost)"))
        expect(page.locator("#loads .load-row").first).to_contain_text("by 2 generators")
        assert_accessible(page)
        screenshot(page, "load-generators")
    finally:
        for one in generators:
            one.terminate()
        for one in generators:
            one.wait(60)


def test_without_other_machines_the_page_asks_for_none(load_server, open_load):
    page = open_load(load_server)
    expect(page.locator("#generators-field")).to_be_hidden()
    refused = ask(f"{load_server.url}/api/load", "POST", {**ORDER, "generators": 2})
    assert refused.status == 422 and "VOICEFORGE_LOAD_TARGET" in refused.json["detail"]


def test_thresholds_come_in_parts(load_server):
    parts = ask_ok(load_server, "/api/load")["usualThresholdParts"]
    assert parts[0] == {
        "text": "turn_latency.p95<1200ms", "figure": "turn_latency", "statistic": "p95", "comparison": "<", "limit": 1200, "unit": "ms",
    }
    assert [part["text"] for part in parts] == ask_ok(load_server, "/api/load")["usualThresholds"]


# ---- Words and axes, in the modules themselves ----


def evaluate(page, path, expression):
    return page.evaluate(f"import('{path}').then((module) => ({expression})(module))")


@pytest.mark.parametrize("figure, threshold, limit", [
    ("turn_latency", ("turn_latency", "<", 1200, "ms"), 1200), ("frames_late", ("frames_late", "<=", 1, "%"), 1),
    ("turn_latency", ("failed", "==", 0, None), None), ("frames_late", ("frames_late", ">", 1, "%"), None),
    ("frames_late", ("frames_late", "<", 20, None), None),
])
def test_where_a_threshold_stands_in_a_chart(server, open_page, figure, threshold, limit):
    page = open_page(f"{server.url}/load.html", ready=False)
    parts = json.dumps(dict(zip(("figure", "comparison", "limit", "unit"), threshold, strict=True)))
    assert evaluate(page, "/js/load/summary.js", f"({{ limitOf }}) => limitOf({figure!r}, [{parts}])") == limit


@pytest.mark.parametrize("highest, least, top, step", [(0, 4, 4, 1), (5, 4, 5, 1), (6, 4, 6, 2), (930, 400, 1000, 200), (24, 4, 25, 5)])
def test_axes_are_round(server, open_page, highest, least, top, step):
    page = open_page(f"{server.url}/load.html", ready=False)
    assert evaluate(page, "/js/shared/line-chart.js", f"({{ axis }}) => axis({highest}, {least})") == {"top": top, "step": step}


def test_a_long_run_keeps_its_peaks(server, open_page):
    page = open_page(f"{server.url}/load.html", ready=False)
    found = evaluate(page, "/js/shared/line-chart.js", """({ thinned }) => {
      const seconds = Array.from({ length: 3600 }, (_, at) => ({ atMs: at * 1000 }));
      const points = thinned(seconds, seconds.map((_, at) => (at === 1801 ? 9 : at < 100 ? null : 1)));
      return [points.length, points[0][1], Math.max(...points.map(([, value]) => value ?? 0))];
    }""")
    assert found == [300, None, 9]
