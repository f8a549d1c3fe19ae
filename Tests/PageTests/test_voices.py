"""The voices page: everything is listed, filtered, played, and reached by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from conftest import DESKTOP, PHONE, assert_accessible
from server import Server, say

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]


@pytest.fixture
def open_voices(open_page):
    def open_one(server, scheme="light", viewport=DESKTOP, query=""):
        page = open_page(f"{server.url}/voices.html{query}", scheme, viewport, ready=False)
        page.locator("#voices > li").first.wait_for()
        return page

    return open_one


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_page_is_accessible_and_fits(server, open_voices, screenshot, scheme, viewport):
    page = open_voices(server, scheme, viewport, "?engine=hibari")
    screenshot(page, f"voices-{scheme}-{viewport['width']}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.errors == []


def test_every_voice_is_listed_and_the_filter_is_kept_in_the_address(server, open_voices):
    page = open_voices(server)
    count = page.locator("#voices > li").count()
    assert count >= 81
    expect(page.locator("#shown")).to_have_text(f"{count} voices")
    page.select_option("#language", "de")
    expect(page.locator("#shown")).to_have_text(re.compile(f"^[1-9][0-9]* of {count} voices$"))
    german = page.locator("#voices > li").count()
    assert 0 < german < count
    page.select_option("#language", "")
    page.select_option("#gender", "male")
    page.select_option("#engine", "hibari")
    page.fill("#filter", "slowly")
    expect(page.locator("#voices > li")).to_have_count(1)
    expect(page.locator("#voices > li")).to_have_attribute("data-voice", "heart-senior")
    page.reload()
    expect(page.locator("#voices > li")).to_have_count(1)
    page.fill("#filter", "nothing is like this")
    page.locator("#voices-empty:visible").wait_for()


def test_a_sample_is_played_stopped_and_replaced_by_keyboard(server, open_voices):
    page = open_voices(server, query="?engine=hibari")
    page.locator("[data-voice=heart] button").focus()
    page.keyboard.press("Enter")
    # At one moment: the sample comes to its end.
    page.locator("[data-voice=heart][data-phase=playing] button[aria-pressed=true]").wait_for()
    page.locator("[data-voice=heart-low] button").focus()
    page.keyboard.press("Space")
    page.locator("[data-voice=heart-low][data-phase=playing]").wait_for()
    expect(page.locator("[data-voice=heart]")).to_have_attribute("data-phase", "stopped")
    page.keyboard.press("Space")
    page.locator("[data-voice=heart-low][data-phase=stopped]").wait_for()
    assert page.errors == []


def test_a_voice_leads_to_a_call_with_it(server, open_voices):
    page = open_voices(server, query="?engine=hibari")
    page.locator("[data-voice=heart-bass] .try").click()
    page.locator("#call:enabled").wait_for()
    expect(page.locator("#voice")).to_have_value("heart-bass")


def test_a_sample_that_cannot_be_had_is_said(server, open_voices):
    page = open_voices(server, query="?engine=hibari")
    page.route("**/sample", lambda route: route.fulfill(
        status=503, content_type="application/problem+json", body='{"detail": "The engines are busy with calls."}'))
    page.locator("[data-voice=heart] button").click()
    page.get_by_text("The engines are busy with calls.").wait_for()


def test_a_voice_is_matched_to_a_recording_heard_and_deleted(server, open_voices, tmp_path):
    path = tmp_path / "ann.wav"
    say("Good morning, thank you for calling the city library. Please hold the line while I look for your account.", path)
    page = open_voices(server, query="?engine=hibari")
    page.locator("#match-box summary").click()
    page.set_input_files("#match-file", path)
    page.fill("#match-name", "Ann")
    page.locator("#match-start").click()
    row = page.locator("[data-voice^=matched-]")
    expect(row).to_contain_text("Ann")
    expect(row).to_contain_text("not a copy")
    assert_accessible(page)
    row.locator(".play").click()
    page.locator("[data-voice^=matched-][data-phase=playing]").wait_for()
    row.locator(".remove").click()
    row.wait_for(state="detached")
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"no sound")
    page.set_input_files("#match-file", bad)
    page.fill("#match-name", "Bad")
    page.locator("#match-start").click()
    page.get_by_text("this is no sound file of a known kind").wait_for()


def test_a_server_that_is_gone_is_said(open_page):
    server = Server()
    server.wait_until_ready()
    page = open_page(f"{server.url}/voices.html", ready=False)
    page.locator("#voices > li").first.wait_for()
    server.vanish()
    page.locator("body[data-server-state=unreachable]").wait_for()
    assert page.locator("#voices > li").count() >= 81
