"""The page holds its call over the wire of OpenAI's Realtime API, and the history says which wire each call used."""

import pytest
from playwright.sync_api import expect

from caller import MICROPHONE_SCRIPT, REFUSING_SCRIPT, VOICE_PEAK_MIN
from conftest import assert_accessible, until
from server import Server

BOOK, DAY = "I would like to book an appointment.", "Next Tuesday, please."
KEY = "planted-environment-key-0123456789"
# The agent is heard this long before it is interrupted.
HEARD_BEFORE_MS = 1000


def test_a_spoken_call_with_a_barge_in(server, open_page, caller_on, screenshot):
    page = open_page(f"{server.url}/?wire=realtime", script=MICROPHONE_SCRIPT)
    expect(page.locator("#wire")).to_have_value("realtime")
    caller = caller_on(page)
    caller.rehearse(BOOK, DAY)
    caller.choose("appointment")
    with page.expect_websocket() as opened:
        caller.start()
    assert "/v1/realtime?model=appointment" in opened.value.url
    _interrupt_the_greeting(caller, opened.value)
    expect(page.locator("#flow-now")).to_contain_text("This wire does not tell the states")
    expect(page.locator("#latency")).to_contain_text("This wire does not tell turn latencies")
    expect(page.locator("#keypad button:enabled")).to_have_count(0)
    caller.wait_for_my_turn()
    answers = caller.entries("[data-role=agent]").count()
    caller.say(DAY)
    caller.heard_as(1, "tuesday")
    caller.wait_entries(answers + 1, "[data-role=agent]")
    screenshot(page, "call-realtime")
    caller.hang_up()
    _is_in_the_history(caller, screenshot)
    assert_accessible(page)
    assert page.errors == []


def _interrupt_the_greeting(caller, socket):
    sent = []

    def keep(frame):  # Playwright takes no method of a list
        sent.append(frame)

    socket.on("framesent", keep)
    caller.wait_activity("speaking")
    caller.wait_entries(1, "[data-role=agent]")
    caller.page.wait_for_timeout(HEARD_BEFORE_MS)
    until(caller.page, lambda: caller.page.evaluate("takeLoudestOutput()") > VOICE_PEAK_MIN)
    caller.begin_to_say(BOOK)
    caller.page.locator("#vad[data-speech=started]").wait_for()
    caller.wait_entries(1, "[data-role=agent][data-interrupted=true]")
    assert caller.entries("[data-interrupted=true] s").count() == 0, "the wire does not say which words were heard"
    caller.finish_saying()
    caller.heard_as(0, "appointment")
    truncations = [text for text in sent if isinstance(text, str) and "conversation.item.truncate" in text]
    assert len(truncations) == 1, truncations


def _is_in_the_history(caller, screenshot):
    row = caller.history_row()
    expect(row).to_have_attribute("data-reason", "caller-hung-up")
    expect(row.locator(".wire")).to_have_text("OpenAI Realtime")
    row.locator("button.call-row").click()
    row.locator("audio[src]").wait_for()
    # The record knows what the wire does not tell: what was played of the greeting, and how long each turn took.
    assert row.locator(".recorded li[data-interrupted=true] s").first.inner_text().strip()
    assert row.locator("li[data-turn]").count() >= 1
    screenshot(caller.page, "history-realtime")


def test_a_typed_call_ends_with_its_flow(server, open_page, caller_on):
    page = open_page(server.url, script=REFUSING_SCRIPT)
    caller = caller_on(page)
    page.select_option("#wire", "realtime")
    assert "wire=realtime" in page.url
    caller.choose("appointment")
    caller.start("#call-typing")
    caller.wait_entries(1, "[data-role=agent]")
    caller.wait_for_my_turn()
    caller.type("goodbye")
    expect(caller.entries("[data-role=caller]").first).to_contain_text("goodbye")
    caller.wait_ended()
    expect(caller.history_row().locator(".wire")).to_have_text("OpenAI Realtime")
    page.select_option("#wire", "voiceforge")
    caller.start("#call-typing")
    caller.wait_entries(1, "[data-role=agent]")
    expect(page.locator("#flow-now .state-name")).to_be_visible()
    caller.hang_up()
    expect(caller.history_row().locator(".wire")).to_have_text("VoiceForge")
    assert page.errors == []


@pytest.fixture(scope="module")
def locked_server():
    """A server that wants a key."""
    running = Server(environment={"VOICE_API_KEY": KEY}).wait_until_ready()
    yield running
    running.stop()


def test_a_server_with_keys_is_shown_a_client_secret(open_page, caller_on, locked_server):
    page = open_page(f"{locked_server.url}/?wire=realtime", script=REFUSING_SCRIPT, ready=False)
    page.get_by_role("dialog").wait_for()
    page.keyboard.type(KEY)
    page.keyboard.press("Enter")
    page.locator("#call:enabled").wait_for()
    caller = caller_on(page)
    with page.expect_websocket() as opened:
        caller.start("#call-typing")
    assert KEY not in opened.value.url and "ek_" not in opened.value.url
    caller.wait_entries(1, "[data-role=agent]")
    caller.hang_up()
