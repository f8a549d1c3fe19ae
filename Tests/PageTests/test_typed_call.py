"""A call without a microphone: typing, keypad, and the keyboard alone."""

import pytest
from playwright.sync_api import expect

from caller import REFUSING_SCRIPT
from conftest import DESKTOP, PHONE, Held, assert_accessible

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_typed_call_needs_no_microphone_and_is_accessible(server, open_page, caller_on, screenshot, scheme, viewport):
    page = open_page(server.url, scheme, viewport, REFUSING_SCRIPT)
    caller = caller_on(page)
    caller.choose("appointment")
    caller.start("#call-typing")
    expect(page.locator(".notice")).to_have_count(0)
    caller.wait_entries(1, "[data-role=agent]")
    caller.type("I would like to book an appointment")
    caller.wait_entries(1, "[data-role=caller][data-final=true]")
    caller.wait_entries(2, "[data-role=agent]")
    caller.wait_turns(1)
    name = f"{scheme}-{viewport['width']}"
    screenshot(page, f"typed-{name}")
    assert_accessible(page)
    caller.hang_up()
    row = caller.history_row()
    row.locator("button.call-row").click()
    row.locator("audio[src]").wait_for()
    screenshot(page, f"history-{name}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.errors == []


def test_keyboard_alone_starts_presses_keys_and_hangs_up(server, open_page, caller_on):
    page = open_page(server.url, script=REFUSING_SCRIPT)
    caller = caller_on(page)
    _tab_to(page, "#call-typing")
    page.keyboard.press("Enter")
    caller.wait_live()
    expect(page.locator("#message")).to_be_focused()
    _tab_to(page, "#keypad button")
    page.keyboard.press("5")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#keypad output")).to_have_text("52")
    _tab_to(page, "#hangup", key="Shift+Tab")
    page.keyboard.press("Enter")
    caller.wait_ended()
    expect(page.locator("#call")).to_be_focused()
    assert page.errors == []


def test_a_call_does_not_wait_for_the_graph(server, open_page, caller_on):
    """The states that it has gone through are shown when the graph is there."""
    page = open_page("about:blank", script=REFUSING_SCRIPT, ready=False)
    graph = Held(page, "**/graph?*")
    page.goto(f"{server.url}/?flow=appointment")
    page.locator("#call:enabled").wait_for()
    caller = caller_on(page)
    caller.start("#call-typing")
    page.locator("#flow-now .state-name", has_text="menu").wait_for()
    graph.wait()
    assert page.locator("#graph svg").count() == 0
    graph.let_go()
    page.locator("#graph [data-state=menu][data-current=true]").wait_for()
    expect(page.locator("#graph [data-state=welcome][data-visited=true]")).to_have_count(1)
    expect(page.locator("#flow-now .state-name")).to_contain_text("listens")
    caller.hang_up()


def test_a_graph_that_cannot_be_fetched_is_said_and_calls_go_on(server, open_page, caller_on):
    page = open_page("about:blank", script=REFUSING_SCRIPT, ready=False)
    page.route("**/graph?*", lambda route: route.fulfill(
        status=503, content_type="application/problem+json", body='{"detail": "too much at once"}'))
    page.goto(server.url)
    page.locator("#flow-now").get_by_text("The graph cannot be shown. too much at once").wait_for()
    caller = caller_on(page)
    caller.start("#call-typing")
    caller.hang_up()


def test_pressed_keys_reach_the_call(server, open_page, caller_on):
    page = open_page(server.url, script=REFUSING_SCRIPT)
    caller = caller_on(page)
    caller.choose("appointment")
    caller.start("#call-typing")
    caller.wait_for_my_turn()
    page.click("#keypad [data-digit='1']")
    expect(caller.entries("[data-role=caller]").first.locator(".words")).to_contain_text("1")
    caller.hang_up()


def _tab_to(page, selector, key="Tab"):
    for _ in range(30):
        if _focused(page, selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} cannot be reached by {key}")


def _focused(page, selector):
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)
