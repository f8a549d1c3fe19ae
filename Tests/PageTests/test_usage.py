"""The usage page: days, keys and charts with their numbers, from a prepared answer and from the server itself."""

import csv
import io
import json
import re
import urllib.request
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from conftest import DESKTOP, Held, assert_accessible, until
from server import Server

NARROW = {"width": 360, "height": 780}
LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", NARROW), ("dark", NARROW)]
MEMBERS = ["calls", "refusedCalls", "callSeconds", "turns", "recognizedSeconds", "synthesizedCharacters", "synthesizedSeconds", "cacheHits",
           "modelRequests", "promptTokens", "answerTokens"]
KEYS = [(None, None, 3), ("0a1b2c3d4e5f", "dashboard", 5), ("aabbccddeeff", "=load, nightly", 2)]


def figures(size):
    return {"calls": size, "refusedCalls": size // 7, "callSeconds": size * 42.5, "turns": size * 6, "recognizedSeconds": size * 12.25,
            "synthesizedCharacters": size * 240, "synthesizedSeconds": size * 15.0, "cacheHits": size * 3,
            "modelRequests": size * 2, "promptTokens": size * 900, "answerTokens": size * 80}


def add(parts):
    return {name: sum(part[name] for part in parts) for name in MEMBERS}


def prepared(first, last, keys=KEYS):
    """An answer as the server gives it; weekends are quiet and therefore left out."""
    days = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() < 5:
            used = [{"key": key, "name": name, **figures(size + (number * (at + 3)) % 11)} for at, (key, name, size) in enumerate(keys)]
            days.append({"day": day.isoformat(), **add(used), "keys": used})
    totals = [{"key": key, "name": name, **add([one for day in days for one in day["keys"] if one["key"] == key])} for key, name, _ in keys]
    return {"from": first.isoformat(), "to": last.isoformat(), "totals": add(totals), "keys": totals, "days": days}


@pytest.fixture
def open_usage(open_page, server):
    """Opens the page with prepared answers; `page.asked` lists the ranges that it asked for."""

    def open_one(scheme="light", viewport=DESKTOP, query="", keys=KEYS):
        page = open_page("about:blank", scheme, viewport, ready=False)
        page.asked = []

        def answer(route):
            first, last = (date.fromisoformat(re.search(f"{name}=([0-9-]+)", route.request.url).group(1)) for name in ("from", "to"))
            page.asked.append((first, last))
            route.fulfill(json=prepared(first, last, keys))

        page.route("**/api/usage?*", answer)
        page.goto(f"{server.url}/usage.html{query}")
        page.locator("#charts svg").first.wait_for()
        return page

    return open_one


def tile(page, title):
    return page.locator("#tiles div", has=page.locator("dt", has_text=re.compile(f"^{title}$"))).locator("dd")


def numbers(page, measure):
    """The table under a chart, opened by keyboard, as rows of text."""
    chart = page.locator(f"[data-measure={measure}]")
    if not chart.locator("details[open]").count():
        chart.locator("summary").press("Enter")
    chart.locator("table").wait_for()
    return chart.locator("tr").evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent))")


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_page_is_accessible_and_fits(open_usage, screenshot, scheme, viewport):
    page = open_usage(scheme, viewport)
    numbers(page, "calls")
    screenshot(page, f"usage-{scheme}-{viewport['width']}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.errors == []


def test_there_are_charts_only_when_there_are_figures(open_page, server):
    page = open_page("about:blank", ready=False)
    held = Held(page, "**/api/usage?*")
    page.goto(f"{server.url}/usage.html")
    held.wait()
    expect(page.locator("#range-summary")).to_have_text("Loading the usage…")
    expect(page.locator("#charts")).to_be_hidden()
    assert_accessible(page)
    held.let_go(status=503, json={"detail": "the database is away"})
    page.locator("[data-notice=usage-unreadable]").wait_for()
    expect(page.locator("#charts")).to_be_hidden()
    page.get_by_role("button", name="Try again").press("Enter")
    held.wait()
    held.let_go(json=prepared(date(2026, 10, 1), date(2026, 10, 31)))
    page.locator("#charts svg").first.wait_for()
    assert page.locator("#legend .tone").count() == 3, "all is drawn at once"


def test_charts_tables_and_figures_say_the_same(open_usage):
    page = open_usage(query="?from=2026-10-01&to=2026-10-31")
    expected = prepared(date(2026, 10, 1), date(2026, 10, 31))
    assert page.asked == [(date(2026, 10, 1), date(2026, 10, 31))]
    expect(tile(page, "Calls")).to_have_text(f"{expected['totals']['calls']:,}")
    rows = numbers(page, "calls")
    assert rows[0][0] == "Day" and rows[0][-1] == "All" and set(rows[0][1:-1]) == {"without a key", "dashboard", "=load, nightly"}
    assert [row[0] for row in rows[1:-1]] == [day["day"] for day in expected["days"]]
    assert [int(row[-1].replace(",", "")) for row in rows[1:-1]] == [day["calls"] for day in expected["days"]]
    assert int(rows[-1][-1].replace(",", "")) == expected["totals"]["calls"]
    chart = page.locator("[data-measure=calls] svg")
    expect(chart).to_have_attribute("aria-label", re.compile(rf"\b{expected['totals']['calls']:,} in all"))
    expect(chart.locator(".day")).to_have_count(31)
    heights = chart.locator(".day[data-day='2026-10-05'] .part").evaluate_all("parts => parts.map(part => part.getBBox().height)")
    day = next(one for one in expected["days"] if one["day"] == "2026-10-05")
    assert len(heights) == 3
    shares = sorted(one["calls"] / day["calls"] for one in day["keys"])
    assert sorted(height / sum(heights) for height in heights) == pytest.approx(shares, abs=0.02)
    minutes = numbers(page, "callMinutes")
    assert float(minutes[-1][-1].replace(",", "")) == pytest.approx(expected["totals"]["callSeconds"] / 60, abs=0.06)


def test_days_and_key_are_chosen_by_keyboard_and_kept_in_the_address(open_usage):
    page = open_usage()
    first, last = page.asked[0]
    assert (last - first).days == 29
    page.get_by_role("button", name="7 days").press("Enter")
    page.locator("[data-days='7'][aria-pressed=true]").wait_for()
    page.locator("[data-measure=calls] .day").nth(7).wait_for(state="detached")
    assert (page.asked[-1][1] - page.asked[-1][0]).days == 6
    page.fill("#from", "2026-09-01")
    page.fill("#to", "2026-09-10")
    page.press("#to", "Enter")
    page.locator("[data-day='2026-09-10']").first.wait_for(state="attached")
    expect(page.locator("[data-days][aria-pressed=true]")).to_have_count(0)
    page.locator("#key").focus()
    page.keyboard.type("dash")
    page.keyboard.press("Enter")
    page.locator("#legend .tone").first.wait_for(state="detached")
    expected = prepared(date(2026, 9, 1), date(2026, 9, 10))
    mine = next(one for one in expected["keys"] if one["name"] == "dashboard")
    expect(tile(page, "Calls")).to_have_text(f"{mine['calls']:,}")
    page.reload()
    page.locator("#charts svg").first.wait_for()
    page.locator("[data-day='2026-09-10']").first.wait_for(state="attached")
    expect(tile(page, "Calls")).to_have_text(f"{mine['calls']:,}")
    expect(page.locator("#key option:checked")).to_have_text("dashboard")
    page.select_option("#key", "none")
    alone = next(one for one in expected["keys"] if one["key"] is None)
    expect(tile(page, "Calls")).to_have_text(f"{alone['calls']:,}")


def test_a_range_that_is_none_or_too_long_is_said_in_the_field(open_usage):
    page = open_usage()
    asked = len(page.asked)
    for first, last, words in (
            ("2026-09-10", "2026-09-01", "The first day is after the last one."),
            ("2024-01-01", "2026-01-01", "At most 366 days are shown at once.")):
        page.fill("#from", first)
        page.fill("#to", last)
        page.press("#show", "Enter")
        expect(page.locator("#from")).to_have_js_property("validationMessage", words)
    page.fill("#from", "2025-12-31")
    page.press("#show", "Enter")
    page.locator("[data-day='2025-12-31']").first.wait_for(state="attached")
    assert page.asked[asked:] == [(date(2025, 12, 31), date(2026, 1, 1))], "the server was not asked for the others"


def test_the_file_has_a_line_for_each_day_and_key(open_usage, tmp_path):
    page = open_usage(query="?from=2026-10-01&to=2026-10-31")
    with page.expect_download() as download:
        page.locator("#download:enabled").press("Enter")
    assert download.value.suggested_filename == "usage-2026-10-01-to-2026-10-31.csv"
    download.value.save_as(tmp_path / "usage.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "usage.csv").read_text())))
    expected = prepared(date(2026, 10, 1), date(2026, 10, 31))
    assert len(rows) == sum(len(day["keys"]) for day in expected["days"])
    assert sum(int(row["calls"]) for row in rows) == expected["totals"]["calls"]
    assert sum(float(row["callSeconds"]) for row in rows) == pytest.approx(expected["totals"]["callSeconds"])
    assert {row["name"] for row in rows} == {"", "dashboard", "'=load, nightly"}, "no spreadsheet takes a name for a formula"


def test_many_keys_share_a_colour_and_are_all_counted(open_usage):
    keys = [(f"{number:012x}", f"key {number}", number) for number in range(1, 13)]
    page = open_usage(query="?from=2026-10-01&to=2026-10-31", keys=keys)
    expect(page.locator("#legend .tone")).to_have_count(6)
    expect(page.locator("#legend .tone").last).to_have_text("7 others")
    expected = prepared(date(2026, 10, 1), date(2026, 10, 31), keys)
    assert int(numbers(page, "calls")[-1][-1].replace(",", "")) == expected["totals"]["calls"]
    assert_accessible(page)


def test_days_without_anything_say_so(open_usage):
    page = open_usage(keys=[])
    page.route("**/api/usage?*", lambda route: route.fulfill(json={
        "from": "2026-10-03", "to": "2026-10-04", "totals": figures(0), "keys": [], "days": []}))
    page.get_by_role("button", name="90 days").press("Enter")
    page.get_by_text("Nothing was used on these days.").wait_for()
    expect(page.locator("#download")).to_be_disabled()
    expect(tile(page, "Calls")).to_have_text("0")
    assert_accessible(page)


@pytest.mark.parametrize("status, detail", [(400, "from: at most 366 days in one report, got 400"), (503, "the database is away")])
def test_what_the_server_does_not_tell_is_said_in_its_words(open_usage, status, detail):
    page = open_usage()
    page.route("**/api/usage?*", lambda route: route.fulfill(
        status=status, content_type="application/problem+json", body=json.dumps({"detail": detail})))
    page.get_by_role("button", name="7 days").press("Enter")
    notice = page.locator("[data-notice=usage-unreadable]")
    expect(notice).to_contain_text(detail)
    page.unroute_all()
    page.get_by_role("button", name="Try again").press("Enter")
    notice.wait_for(state="detached")


def test_a_key_is_asked_for_and_a_server_that_is_gone_is_said(open_page):
    running = Server(environment={"VOICE_API_KEY": "planted-environment-key-0123456789"}).wait_until_ready()
    page = open_page(running.url + "/usage.html", ready=False)
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("planted-environment-key-0123456789")
    page.keyboard.press("Enter")
    page.locator("#tiles dd").first.wait_for()
    running.vanish()
    page.locator("[data-notice=server-unreachable]").wait_for()
    expect(page.locator("#tiles dd").first, "what is known stays").to_be_visible()


def test_a_typed_call_is_counted_by_the_server_itself(server, open_page):
    def used():
        with urllib.request.urlopen(server.url + "/api/usage", timeout=60) as answer:
            return json.load(answer)["totals"]

    server.wait_for_no_calls()
    before = used()
    page = open_page(server.url)
    page.select_option("#flow", "appointment")
    page.click("#call-typing")
    page.locator("#composer #message:enabled").wait_for()
    page.locator("#transcript > li").first.wait_for()
    page.click("#hangup")
    page.locator("body[data-call-state=ended]").wait_for()
    until(page, lambda: used()["calls"] > before["calls"])  # The record of a call follows its last message.
    page.goto(server.url + "/usage.html")
    expect(tile(page, "Calls")).to_have_text(f"{before['calls'] + 1:,}")
    assert used()["callSeconds"] > before["callSeconds"]
    assert "without a key" in numbers(page, "calls")[0][1]
    assert page.errors == []
