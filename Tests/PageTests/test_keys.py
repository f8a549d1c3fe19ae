"""The key that a server wants: asked for once on every page, sent with REST, a token for the call; and the page of keys."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import DESKTOP, PHONE
from server import Server

KEY = "planted-environment-key-0123456789"
LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]


@pytest.fixture(scope="module")
def locked_server():
    """A server that wants a key."""
    running = Server(environment={"VOICE_API_KEY": KEY}).wait_until_ready()
    yield running
    running.stop()


def answer(page, key=KEY):
    """Answers the question for the key by keyboard alone."""
    page.get_by_role("dialog").wait_for()
    page.keyboard.type(key)
    page.keyboard.press("Enter")


def unexpected(page):
    """Errors besides the refusals that the browser itself writes down."""
    return [line for line in page.errors if "401" not in line]


def findings(page):
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in Axe().run(page).response["violations"]]


def test_the_page_asks_once_and_calls(open_page, locked_server):
    page = open_page(locked_server.url, ready=False)
    answer(page)
    page.locator("#call:enabled").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    page.locator("#call:enabled").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)
    with page.expect_websocket() as opened:
        status = page.evaluate(
            """async () => {
              const { callAddress } = await import('/js/shared/api.js');
              const { url } = await callAddress('voiceforge', 'appointment');
              const socket = new WebSocket(url, 'voiceforge.v1');
              return new Promise((resolve) => {
                socket.onopen = () => { socket.close(); resolve('open'); };
                socket.onerror = () => resolve('refused');
              });
            }""")
    assert status == "open"
    assert "token=vft_" in opened.value.url and KEY not in opened.value.url
    assert unexpected(page) == []


def test_a_wrong_key_is_said_and_asked_for_again(open_page, locked_server):
    page = open_page(locked_server.url + "/keys.html", ready=False)
    page.get_by_role("heading", name="This server requires a key").wait_for()
    answer(page, "no key at all")
    page.get_by_role("heading", name="That key is not accepted").wait_for()
    answer(page)
    page.get_by_text("VOICE_API_KEY").wait_for()


def test_going_on_without_leaves_the_reason_on_the_page(open_page, locked_server):
    page = open_page(locked_server.url + "/keys.html", ready=False)
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("this server wants a key").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_key_is_made_shown_once_and_revoked(open_page, locked_server):
    page = open_page(locked_server.url + "/keys.html", ready=False)
    answer(page)
    page.get_by_text("VOICE_API_KEY").wait_for()
    page.get_by_label("Name").fill("dashboard")
    page.get_by_label("call: place calls").uncheck()
    page.get_by_label("Days until it expires").fill("30")
    page.get_by_role("button", name="Create key").press("Enter")
    made = page.locator("#created-key")
    expect(made).to_have_value(re.compile("^vf_[0-9a-f]{12}_[0-9a-f]{64}$"))
    row = page.locator("#keys li", has_text="dashboard")
    expect(row).to_contain_text("read")
    expect(row).not_to_contain_text("call")
    expect(made).to_be_focused()  # When the list is there; it must not take the focus from what is pressed next.
    assert made.input_value() not in page.locator("#keys").inner_text()
    page.get_by_role("button", name="Revoke dashboard").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Revoke").press("Enter")
    page.locator("#keys li[data-state=revoked]", has_text="dashboard").wait_for()
    page.reload()
    page.get_by_text("VOICE_API_KEY").wait_for()
    expect(page.locator("#created")).to_be_hidden()
    assert unexpected(page) == []


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_clean_for_assistive_technology(open_page, locked_server, screenshot, scheme, viewport):
    page = open_page(locked_server.url + "/keys.html", scheme, viewport, ready=False)
    page.get_by_role("dialog").wait_for()
    assert findings(page) == []
    answer(page)
    page.get_by_text("VOICE_API_KEY").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, f"keys-{scheme}-{viewport['width']}")
