"""Fixtures: the server, a browser, pages that collect their errors, and callers with voices."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from caller import Caller
from server import Server, served, speech_in

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Writes the sample run's reports; `make test-page` builds it.
SAMPLE_REPORT = os.environ.get("VOICEFORGE_SAMPLE_REPORT", ".build/release/sample-report")
REPORTS = Path(os.environ.get("VOICEFORGE_REPORTS", "reports"))
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Whatever a page shows comes within this on the slowest machine. What is still to come is waited for by `expect`, never read at once.
WAIT_MS = 60_000
expect.set_options(timeout=WAIT_MS)
# The page's own limits of an answer, which are meant for a server and not for a test that holds one back.
PATIENT_SCRIPT = "AbortSignal.timeout = () => new AbortController().signal;"


@pytest.fixture(scope="session")
def server():
    """One server for all tests that leave it running."""
    with served() as running:
        yield running


@pytest.fixture
def mortal_server():
    """A server of the test's own, which it may kill."""
    running = Server().wait_until_ready()
    yield running
    running.vanish()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def sample_report(tmp_path_factory):
    """The folder with every report of a run that was put together by hand: all verdicts, repeats, sound and hostile texts."""
    folder = tmp_path_factory.mktemp("report")
    subprocess.run([SAMPLE_REPORT, str(folder)], check=True)
    return folder


@pytest.fixture
def open_page(browser):
    """Opens a page of the server and, unless `ready` is false, waits until it can call.

    `page.errors` lists what its console called an error: scripts that failed, files that are missing, violations of the
    content security policy.
    """
    contexts = []

    def open_one(url, scheme="light", viewport=DESKTOP, script=None, ready=True):
        context = browser.new_context(color_scheme=scheme, viewport=viewport)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("console", lambda line: page.errors.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        if script:
            page.add_init_script(script)
        page.goto(url)
        if ready:
            page.locator("#call:enabled").wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()


def opener(open_page, path, button):
    """Opens a page of a server and waits until its button can be pressed."""
    def open_one(server, scheme="light", viewport=DESKTOP):
        page = open_page(f"{server.url}/{path}", scheme, viewport, ready=False)
        page.locator(f"{button}:enabled").wait_for()
        return page

    return open_one


@pytest.fixture(scope="session")
def speech(tmp_path_factory):
    """Returns the WAV bytes of a sentence, spoken once per session."""
    return speech_in(tmp_path_factory.mktemp("speech"))


@pytest.fixture
def caller_on(speech):
    return lambda page: Caller(page, speech)


@pytest.fixture(scope="session")
def screenshot():
    """Keeps a picture of the page among the reports."""
    folder = REPORTS / "page"
    folder.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=folder / f"{name}.png", full_page=True)


def until(page, condition):
    """Returns when `condition` holds for what the page's events have brought."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        page.wait_for_timeout(20)  # Events are handed on meanwhile.


class Held:
    """Requests of the page to `address` that get no answer until they are let go, however long that takes."""

    def __init__(self, page, address):
        self._page, self._routes = page, []
        page.add_init_script(PATIENT_SCRIPT)
        page.evaluate(PATIENT_SCRIPT)
        page.route(address, self._hold)

    def _hold(self, route):
        self._routes.append(route)

    @property
    def requests(self):
        return [route.request for route in self._routes]

    def wait(self):
        """Returns when one is held."""
        until(self._page, lambda: self._routes)

    def let_go(self, **answer):
        """To the server, unless they get `answer`."""
        while self._routes:
            route = self._routes.pop(0)
            route.fulfill(**answer) if answer else route.continue_()


def follow_to_report(page, link):
    """Follows a link to a report, which opens beside the page; `errors` of the report's page are what its console called one."""
    with page.context.expect_page() as opened:
        link.click()
    report = opened.value
    report.wait_for_url("**/report")
    report.errors = []
    report.on("console", lambda line: report.errors.append(line.text) if line.type == "error" else None)
    report.reload()  # What it said before one could listen is said again.
    return report


def assert_accessible(page):
    """Fails with axe's report unless axe finds nothing wrong with the page."""
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
