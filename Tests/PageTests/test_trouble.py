"""What the page says when something is wrong, and what the caller can still do."""

import json
import urllib.request

from playwright.sync_api import expect

from caller import MICROPHONE_SCRIPT, REFUSING_SCRIPT, VOICE_PEAK_MIN
from server import Server

ABSENT_SCRIPT = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"


def test_refused_microphone_offers_typing(server, open_page, caller_on, screenshot):
    page = open_page(server.url, script=REFUSING_SCRIPT)
    caller = caller_on(page)
    page.click("#call")
    notice = page.locator("[data-notice=microphone-refused]")
    expect(notice).to_contain_text("microphone", ignore_case=True)
    expect(page.locator("body")).to_have_attribute("data-call-state", "idle")
    screenshot(page, "microphone-refused")
    notice.locator("button").first.click()
    caller.wait_live()
    caller.hang_up()


def test_absent_microphone_offers_typing(server, open_page):
    page = open_page(server.url, script=ABSENT_SCRIPT)
    page.click("#call")
    notice = page.locator("[data-notice=microphone-absent]")
    expect(notice.locator("button")).to_have_count(2)


def test_server_gone_in_mid_call_is_said_and_its_return_too(mortal_server, open_page, caller_on, screenshot):
    page = open_page(mortal_server.url, script=REFUSING_SCRIPT)
    caller = caller_on(page)
    caller.start("#call-typing")
    mortal_server.vanish()
    page.locator("[data-notice=server-gone]").wait_for()
    caller.wait_ended()
    page.locator("body[data-server-state=unreachable]").wait_for()
    expect(page.locator("#call")).to_be_disabled()
    screenshot(page, "server-gone")
    returned = Server(port=mortal_server.port).wait_until_ready()
    try:
        page.locator("[data-notice=server-back]").wait_for()
        page.locator("#call:enabled").wait_for()
    finally:
        returned.stop()


def test_a_full_server_says_so_and_takes_the_next_call(open_page, caller_on, screenshot):
    small = Server("--calls", "1").wait_until_ready()
    try:
        first, second = (caller_on(open_page(small.url, script=REFUSING_SCRIPT)) for _ in range(2))
        first.start("#call-typing")
        second.page.click("#call-typing")
        notice = second.page.locator("[data-notice=server-full]")
        expect(notice).to_contain_text("lines are busy")
        screenshot(second.page, "server-full")
        first.hang_up()
        small.wait_for_no_calls()
        second.start("#call-typing")
        expect(notice).to_have_count(0)
        second.hang_up()
    finally:
        small.stop()


def test_page_opened_while_engines_load_becomes_ready(open_page, caller_on):
    young = Server()
    try:
        page = open_page(young.url, script=REFUSING_SCRIPT)  # Waits for the call button.
        expect(page.locator("#voice option")).not_to_have_count(0)
        expect(page.locator(".notice")).to_have_count(0)
        caller = caller_on(page)
        caller.start("#call-typing")
        caller.hang_up()
    finally:
        young.stop()


def test_while_engines_load_the_page_shows_the_flow_and_waits(server, open_page, screenshot):
    """The engines load within a second, so their loading is prolonged on the way to the page."""
    page = open_page("about:blank", ready=False)
    loading = '{"status": "loading", "parts": [{"name": "recognizer", "state": "loading", "detail": ""}]}'
    page.route("**/readyz", lambda route: route.fulfill(status=503, content_type="application/json", body=loading))
    page.goto(server.url)
    page.locator("#graph .state").first.wait_for()
    expect(page.locator("#readiness")).to_contain_text("loading")
    expect(page.locator("#call")).to_be_disabled()
    expect(page.locator(".notice")).to_have_count(0)
    screenshot(page, "loading")
    page.unroute("**/readyz")
    page.locator("#call:enabled").wait_for()
    expect(page.locator("#voice option")).not_to_have_count(0)


def test_a_node_that_only_makes_speech_says_that_it_takes_no_calls(open_page):
    speech = Server("--role", "speech")
    try:
        speech.wait_until_ready()
        page = open_page(speech.url, ready=False)
        page.locator("#readiness", has_text="No calls: this node makes and recognises speech").wait_for()
        assert page.locator("#call").is_disabled() and page.locator("#call-typing").is_disabled()
        assert page.errors == []
    finally:
        speech.stop()


def test_a_node_out_of_service_says_so_until_it_is_brought_back(open_page):
    node = Server().wait_until_ready()

    def drain(wish):
        body = json.dumps({"draining": wish}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{node.url}/api/drain", data=body, method="PUT"), timeout=30).close()

    try:
        drain(True)
        page = open_page(node.url, ready=False)
        page.locator("#readiness", has_text="Out of service: no new calls").wait_for()
        assert page.locator("#call").is_disabled() and page.locator("#call-typing").is_disabled()
        drain(False)
        page.locator("#readiness", has_text="Ready for calls").wait_for()
        page.locator("#call:enabled").wait_for()
        # The browser itself writes down that /readyz said 503.
        assert [error for error in page.errors if "status of 503" not in error] == []
    finally:
        node.stop()


def test_without_webcodecs_a_spoken_call_runs_on_pcm(server, open_page, caller_on):
    page = open_page(server.url, script=MICROPHONE_SCRIPT)
    page.route("**/js/call/codec.js", _without_webcodecs)
    caller = caller_on(page)
    caller.rehearse("I would like to book an appointment.")
    caller.choose("appointment")
    caller.start()
    caller.wait_for_my_turn()
    assert page.evaluate("takeLoudestOutput()") > VOICE_PEAK_MIN
    caller.say("I would like to book an appointment.")
    caller.wait_turns(1)
    caller.heard_as(0, "appointment")
    caller.hang_up()
    row = caller.history_row()
    row.locator("button.call-row").click()
    row.locator(".facts", has_text="pcm16").wait_for()
    assert page.errors == []


def _without_webcodecs(route):
    """Init scripts do not reach workers, so the codec module itself starts without WebCodecs."""
    source = route.fetch().text()
    route.fulfill(content_type="text/javascript", body="self.AudioEncoder = undefined;\n" + source)
