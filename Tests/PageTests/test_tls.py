"""The page and a call over TLS, with a key: what a browser on another machine uses."""

import urllib.request

import pytest

from caller import MICROPHONE_SCRIPT
from certificate import self_signed
from conftest import DESKTOP, WAIT_MS
from server import Server

KEY = "planted-environment-key-0123456789"


@pytest.fixture(scope="module")
def secure_server(tmp_path_factory):
    """A server with a certificate of its own making."""
    options, trust = self_signed(tmp_path_factory.mktemp("tls"))
    running = Server(*options, environment={"VOICE_API_KEY": KEY}, trust=trust).wait_until_ready()
    yield running
    running.stop()


@pytest.fixture
def page(browser, secure_server):
    """The page, for which the certificate is good and the key is given."""
    context = browser.new_context(viewport=DESKTOP, ignore_https_errors=True)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.add_init_script(MICROPHONE_SCRIPT)
    page.goto(secure_server.url)
    page.get_by_role("dialog").wait_for()
    page.keyboard.type(KEY)
    page.keyboard.press("Enter")
    page.locator("#call:enabled").wait_for()
    yield page
    context.close()


def test_a_spoken_call_over_tls_is_heard_answered_and_kept(page, caller_on):
    caller = caller_on(page)
    caller.rehearse("I would like to book an appointment.")
    caller.choose("appointment")
    with page.expect_websocket() as opened:
        caller.start()
    assert opened.value.url.startswith("wss://")
    caller.wait_entries(1, "[data-role=agent]")
    caller.wait_for_my_turn()
    caller.say("I would like to book an appointment.")
    caller.wait_turns(1)
    caller.hang_up()
    row = caller.history_row()
    row.locator("button.call-row").click()
    row.locator("audio[src]").wait_for()
    assert page.errors == []


def test_http_is_not_spoken_there(secure_server):
    with pytest.raises(OSError):  # noqa: PT011 - in whichever way the connection breaks
        urllib.request.urlopen(secure_server.url.replace("https", "http"), timeout=5)
