"""What the page says when something is wrong, and what the caller can still do."""

from caller import REFUSING_SCRIPT
from server import Server

ABSENT_SCRIPT = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"


def test_refused_microphone_offers_typing(server, open_page, caller_on, screenshot):
    page = open_page(server.url, script=REFUSING_SCRIPT)
    caller = caller_on(page)
    page.click("#call")
    notice = page.locator("[data-notice=microphone-refused]")
    notice.wait_for()
    assert "microphone" in notice.inner_text().lower()
    assert page.get_attribute("body", "data-call-state") == "idle"
    screenshot(page, "microphone-refused")
    notice.locator("button").first.click()
    caller.wait_live()
    caller.hang_up()


def test_absent_microphone_offers_typing(server, open_page):
    page = open_page(server.url, script=ABSENT_SCRIPT)
    page.click("#call")
    notice = page.locator("[data-notice=microphone-absent]")
    notice.wait_for()
    assert notice.locator("button").count() == 2


def test_server_gone_in_mid_call_is_said_and_its_return_too(mortal_server, open_page, caller_on, screenshot):
    page = open_page(mortal_server.url, script=REFUSING_SCRIPT)
    caller = caller_on(page)
    caller.start("#call-typing")
    mortal_server.vanish()
    page.locator("[data-notice=server-gone]").wait_for()
    caller.wait_ended()
    page.locator("body[data-server-state=unreachable]").wait_for()
    assert page.locator("#call").is_disabled()
    screenshot(page, "server-gone")
    returned = Server(mortal_server.port).wait_until_ready()
    try:
        page.locator("[data-notice=server-back]").wait_for()
        page.locator("#call:enabled").wait_for()
    finally:
        returned.stop()


def test_without_webcodecs_the_call_runs_on_pcm(server, open_page, caller_on):
    page = open_page(server.url, script=REFUSING_SCRIPT)
    page.route("**/js/codec.js", _without_webcodecs)
    caller = caller_on(page)
    caller.choose("appointment")
    caller.start("#call-typing")
    page.locator("#ear[data-ear-ms]:visible").wait_for()
    caller.hang_up()
    row = caller.history_row()
    row.locator("button.call-row").click()
    assert "pcm16" in row.locator(".facts").inner_text()


def _without_webcodecs(route):
    """Init scripts do not reach workers, so the codec module itself starts without WebCodecs."""
    source = route.fetch().text()
    route.fulfill(content_type="text/javascript", body="self.AudioEncoder = undefined;\n" + source)
