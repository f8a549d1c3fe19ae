"""The report page in a real browser: it opens as a file, asks for nothing, and does what it offers."""

import re

import pytest
from playwright.sync_api import expect

from conftest import DESKTOP, PHONE, WAIT_MS, assert_accessible, until

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]
# The second call of the sample, which failed: its page place, and the moment of its first reason.
FAILED = "#case-3"
FAILED_AT_MS = 17175


@pytest.fixture
def open_report(open_page, sample_report):
    def open_one(scheme="light", viewport=DESKTOP, place=""):
        return open_page(f"file://{sample_report}/report.html{place}", scheme, viewport, ready=False)

    return open_one


def wait_until(page, condition):
    """Playwright's own wait evaluates a text within the page, which the page's policy forbids."""
    page.evaluate(f"""new Promise((done, fail) => {{
        const end = performance.now() + {WAIT_MS};
        const look = () => {{
            if ({condition}) done();
            else if (performance.now() > end) fail(new Error('it did not come true'));
            else setTimeout(look, 20);
        }};
        look();
    }})""")


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_report_is_clean_accessible_and_fits(open_report, screenshot, scheme, viewport):
    page = open_report(scheme, viewport)
    screenshot(page, f"report-{scheme}-{viewport['width']}")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.errors == []


def test_nothing_is_fetched_and_hostile_words_run_nothing(browser, sample_report):
    page = browser.new_page()
    fetched, dialogs = [], []
    page.on("request", lambda request: fetched.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"file://{sample_report}/report.html")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert [url for url in fetched if not url.startswith("data:")] == [page.url]
    assert dialogs == []
    assert page.locator("img, body b b, iframe, object").count() == 0
    page.close()


def test_policy_stops_a_script_that_slipped_in(open_report):
    page = open_report()
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.slipped = true';
        document.body.append(script);
    }""")
    assert page.evaluate("window.slipped") is None
    until(page, lambda: any("Content Security Policy" in error for error in page.errors))


def test_first_failure_is_open_and_says_why(open_report):
    page = open_report()
    assert page.locator("details[open]").evaluate_all("all => all.map(one => one.id)") == ["case-3"]
    expect(page.locator(f"{FAILED} .reasons")).to_contain_text("2340 ms")
    expect(page.locator(f"{FAILED} .replay code")).to_have_text(re.compile("^voiceforge simulate "))


def test_filter_by_verdict_and_words(open_report):
    page = open_report()
    seen = page.locator(".case:visible")
    expect(seen).to_have_count(10)
    page.locator("[data-show=failed]").click()
    expect(seen).to_have_count(3)
    expect(page.locator("[data-show=failed]")).to_have_attribute("aria-pressed", "true")
    page.fill("#search", "Doctor LOVELACE")
    expect(seen).to_have_count(1)
    expect(page.locator("#shown")).to_have_text("1 of 10 calls")
    page.fill("#search", "nobody said this")
    expect(page.locator("#none")).to_be_visible()
    page.fill("#search", "")
    page.locator("[data-show=all]").click()
    expect(seen).to_have_count(10)


def test_reason_leads_to_its_moment(open_report):
    page = open_report()
    page.locator(f"{FAILED} .reasons a").first.click()
    expect(page.locator(f"{FAILED} .film")).to_have_attribute("aria-valuenow", str(FAILED_AT_MS))
    expect(page.locator(f"{FAILED} .now")).to_have_text("0:17.175")
    cursor = float(page.locator(f"{FAILED} .cursor").get_attribute("x1").rstrip("%"))
    length = int(page.locator(f"{FAILED} .film").get_attribute("data-ms"))
    assert abs(cursor - 100 * FAILED_AT_MS / length) < 0.01
    wait_until(page, f"Math.abs(document.querySelector('{FAILED} audio').currentTime - {FAILED_AT_MS / 1000}) < 0.05")
    expect(page.locator(f"{FAILED} .film")).to_be_focused()


def test_sound_plays_and_the_cursor_follows(open_report):
    page = open_report()
    wait_until(page, f"document.querySelector('{FAILED} audio').duration > 17")
    page.evaluate(f"document.querySelector('{FAILED} audio').play()")
    wait_until(page, f"document.querySelector('{FAILED} audio').currentTime > 0.4")
    # At one moment: the sound goes on.
    wait_until(page, f"Number(document.querySelector('{FAILED} .film').ariaValueNow) > 400"
               f" && document.querySelector('{FAILED} .entry[data-now=true] .who')?.textContent.startsWith('Agent')")
    assert page.errors == []


def test_keyboard_moves_and_plays(open_report):
    page = open_report()
    film = page.locator(f"{FAILED} .film")
    film.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(film).to_have_attribute("aria-valuenow", "1000")
    page.keyboard.press("Home")
    expect(film).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("Space")
    wait_until(page, f"!document.querySelector('{FAILED} audio').paused")
    page.keyboard.press("Space")
    wait_until(page, f"document.querySelector('{FAILED} audio').paused")


def test_picture_can_be_stretched_and_fits_again(open_report):
    page = open_report(viewport=PHONE)
    width = "document.querySelector('#case-3 .film > svg').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.locator(f"{FAILED} [data-zoom=in]").click()
    wait_until(page, f"{width} > {1.5 * before}")
    page.locator(f"{FAILED} [data-zoom=all]").click()
    wait_until(page, f"{width} <= {PHONE['width']}")


def test_link_opens_its_call(open_report):
    page = open_report(place="#case-5")
    expect(page.locator("#case-5")).to_have_attribute("open", "")


def test_command_is_copied(browser, sample_report):
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"file://{sample_report}/report.html")
    page.locator(f"{FAILED} [data-copy]").click()
    wait_until(page, "document.getElementById('said').textContent !== ''")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(f"{FAILED} .replay code").inner_text()
    context.close()


def test_report_reads_without_script(browser, sample_report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{sample_report}/report.html")
    assert page.locator(".case").count() == 10
    assert page.locator(f"{FAILED} .talk .entry").count() == 5
    context.close()
