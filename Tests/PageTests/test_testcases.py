"""The tests page: start a case, watch it, read why it failed, open its report; and what it says when something is wrong."""

import json
import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from asking import ask_ok
from conftest import DESKTOP, PHONE, WAIT_MS, Held, assert_accessible, follow_to_report, opener
from server import Server

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]
# Of Samples/testcases: a short call that passes, and what finds the handful of manners.yaml.
CASE = "interrupt-at-800ms"
MANNERS = "a caller in a hurry"
# A case that must fail: no agent of ours says that word.
UNHEARD = "hippopotamus"
FAILING = {
    "test_id": "page-test-fails", "persona": "Somebody who asks for the wrong thing",
    "turns": [
        {"step_order": 1, "user_input": "What are your opening hours?",
         "expected_agent_response_keywords": [UNHEARD], "exact_match_required": False},
    ],
}


@pytest.fixture
def open_tests(open_page):
    """Opens the tests page and waits until it can run cases."""

    return opener(open_page, "tests.html", "#run-shown")


@pytest.fixture
def failing_case(server):
    ask_ok(server, "/testcases", "POST", FAILING)
    yield FAILING["test_id"]
    ask_ok(server, f"/testcases/{FAILING['test_id']}", "DELETE")


def case(page, test_id, state=""):
    return page.locator(f"#cases [data-test-id='{test_id}']{state}")


def runs_of(page, test_id, state=""):
    return page.locator(f"#runs [data-test-id='{test_id}']{state}")


def run_button(page, test_id):
    return page.get_by_role("button", name=f"Run {test_id}", exact=True)


PROGRESS = "**/testruns/*/progress"


def keep_running(page):
    """What runs now is not over for the page until `let_end`, although a run takes no longer than a moment."""
    page.route(PROGRESS, lambda route: route.fulfill(json={"status": "running", "turns_all": 2, "turns_done": 1, "elapsed_ms": 100}))


def let_end(page):
    page.unroute(PROGRESS)


def shown(page):
    return page.locator("#cases > :visible").evaluate_all("rows => rows.map(row => row.dataset.testId)")


# ---- Reading and running ----


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_a_case_runs_to_its_verdict_and_its_report_opens(server, open_tests, screenshot, scheme, viewport):
    page = open_tests(server, scheme, viewport)
    before = runs_of(page, CASE).count()
    run_button(page, CASE).click()
    runs_of(page, CASE, "[data-verdict=passed]").nth(before).wait_for()
    case(page, CASE, "[data-verdict=passed]").wait_for()
    row = runs_of(page, CASE).first
    expect(row).to_have_attribute("data-verdict", "passed")
    row.locator(".run-row").click()
    expect(row.locator(".steps > li")).to_have_count(2)
    expect(row.locator(".steps > li").first).to_contain_text("opening hours")
    case(page, CASE).locator(".case-row").click()
    screenshot(page, f"tests-{scheme}-{viewport['width']}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    _assert_report_opens(page, row, CASE)
    assert page.errors == []


def _assert_report_opens(page, row, test_id):
    report = follow_to_report(page, row.get_by_role("link", name="Report"))
    report.locator(".case").first.wait_for()
    expect(report.locator("body")).to_contain_text(test_id)
    expect(report.locator(".film")).to_have_count(1)
    assert report.errors == []
    assert page.url.endswith("/tests.html")


def test_both_pages_lead_to_each_other(server, open_page):
    page = open_page(server.url)
    page.get_by_role("link", name="Tests").click()
    page.locator("#cases > li").first.wait_for()
    expect(page.locator(".pages [aria-current=page]")).to_have_text("Tests")
    page.get_by_role("link", name="Call").click()
    page.locator("#call:enabled").wait_for()
    expect(page.locator(".pages [aria-current=page]")).to_have_text("Call")
    assert page.errors == []


def test_every_case_is_listed_with_its_persona_and_turns(server, open_tests):
    page = open_tests(server)
    cases = ask_ok(server, "/testcases")
    assert [test["test_id"] for test in cases] == shown(page)
    for test in cases:
        text = case(page, test["test_id"]).locator(".case-row").inner_text()
        assert test["persona"] in text
        assert re.search(rf"Turns\s*{len(test['turns'])}\b", text), text


def test_the_filter_takes_words_in_any_order_and_says_when_nothing_fits(server, open_tests):
    page = open_tests(server)
    everything = shown(page)
    page.fill("#filter", "800MS interrupt")
    expect(page.locator("#shown")).to_have_text(f"1 of {len(everything)} cases")
    expect(page.locator("#run-shown")).to_have_text("Run the one shown")
    assert shown(page) == [CASE]
    page.fill("#filter", UNHEARD)
    expect(page.locator("#cases-empty")).to_have_text("No case matches the filter.")
    expect(page.locator("#run-shown")).to_be_disabled()
    assert shown(page) == []
    page.fill("#filter", "")
    expect(page.locator("#cases > :visible")).to_have_count(len(everything))
    assert shown(page) == everything


def test_a_failing_case_says_which_step_and_why(server, open_tests, failing_case, screenshot):
    page = open_tests(server)
    run_button(page, failing_case).click()
    case(page, failing_case, "[data-verdict=failed]").wait_for()
    row = runs_of(page, failing_case, "[data-verdict=failed]").first
    expect(row.locator(".reasons")).to_contain_text("Step 1: ")
    expect(row.locator(".reasons")).to_contain_text(UNHEARD)
    expect(case(page, failing_case).locator(".reasons")).to_contain_text(UNHEARD)
    row.locator(".run-row").click()
    step = row.locator(".steps > [data-passed=false]")
    expect(step.locator(".agent")).to_contain_text("Monday")
    page.locator("[data-show=failed]").click()
    expect(case(page, failing_case)).to_be_visible()
    page.locator("[data-show=passed]").click()
    expect(case(page, failing_case)).to_be_hidden()
    page.locator("[data-show=all]").click()
    screenshot(page, "tests-failed")
    assert_accessible(page)
    _assert_report_opens(page, row, failing_case)
    assert page.errors == []


def test_all_shown_run_one_after_the_other(server, open_tests, screenshot):
    page = open_tests(server)
    asked = []
    page.on("request", lambda request: asked.append(request) if request.method == "POST" else None)
    page.fill("#filter", MANNERS)
    wanted = shown(page)
    assert len(wanted) > 2
    keep_running(page)
    page.locator("#run-shown").click()
    case(page, wanted[0], "[data-verdict=running]").wait_for()
    expect(case(page, wanted[-1])).to_have_attribute("data-verdict", "waiting")
    case(page, wanted[0]).locator("progress").wait_for()
    screenshot(page, "tests-running")
    assert_accessible(page)
    let_end(page)
    page.locator("#batch-text", has_text=f"{len(wanted)} of {len(wanted)} run").wait_for(timeout=WAIT_MS * len(wanted))
    assert [request.post_data_json["test_id"] for request in asked] == wanted
    runs = {run["test_id"]: run for run in reversed(ask_ok(server, "/testruns?limit=100"))}
    for one, next_one in pairwise(wanted):
        assert runs[one]["updated_at"] <= runs[next_one]["created_at"]
    expect(page.locator("#stop")).to_be_hidden()
    assert page.errors == []


def test_stop_gives_up_the_waiting_ones(server, open_tests):
    page = open_tests(server)
    keep_running(page)
    page.locator("#run-shown").click()
    page.locator("#stop").click()
    expect(page.locator("#cases > [data-verdict=waiting]")).to_have_count(0)
    let_end(page)
    page.locator("#cases > [data-verdict=running]").wait_for(state="detached")
    expect(page.locator("#cases > [data-verdict=waiting]")).to_have_count(0)
    expect(page.locator("#batch-text")).to_have_text(re.compile("^1 of 1 run"))
    expect(page.locator("#run-shown")).to_be_focused()


def test_keyboard_alone_filters_runs_and_reads(server, open_tests):
    page = open_tests(server)
    before = runs_of(page, CASE).count()
    _tab_to(page, "#filter")
    page.keyboard.type(CASE)
    _tab_to(page, f"#cases [data-test-id='{CASE}'] .case-row")
    page.keyboard.press("Enter")
    expect(case(page, CASE).locator(".steps")).to_be_visible()
    _tab_to(page, f"#cases [data-test-id='{CASE}'] > .small")
    page.keyboard.press("Enter")
    runs_of(page, CASE, "[data-verdict=passed]").nth(before).wait_for()
    expect(run_button(page, CASE)).to_be_focused()
    page.locator("#announcer", has_text=f"{CASE}: Passed").wait_for(state="attached")
    _tab_to(page, "#runs .run-row")
    page.keyboard.press("Space")
    expect(page.locator("#runs .steps")).to_be_visible()


def _tab_to(page, selector):
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_a_run_that_another_client_started_appears(server, open_tests):
    page = open_tests(server)
    started = ask_ok(server, "/test/run", "POST", {"test_id": CASE})
    row = page.locator(f"#runs [data-run-id='{started['run_id']}'][data-verdict=passed]")
    row.wait_for()
    case(page, CASE, "[data-verdict=passed]").wait_for()


# ---- Trouble ----


def test_a_late_answer_does_not_undo_a_verdict(server, open_tests):
    """The list that was asked for while a case ran may come when the run is over."""
    page = open_tests(server)
    before = runs_of(page, CASE).count()
    lists = Held(page, "**/testruns?*")
    keep_running(page)
    run_button(page, CASE).click()
    lists.wait()
    running = [{**run, "status": "running", "evaluation": None} for run in ask_ok(server, "/testruns?limit=20") if run["test_id"] == CASE]
    let_end(page)
    runs_of(page, CASE, "[data-verdict=passed]").nth(before).wait_for()
    row = runs_of(page, CASE).first
    row.locator(".run-row").click()
    with page.expect_response("**/testruns?*") as late:
        lists.let_go(json=running)
    late.value.finished()
    page.evaluate("fetch('/testcases').then((answer) => answer.json())")  # What came before it has been read by then.
    assert row.get_attribute("data-verdict") == "passed"
    assert row.locator(".steps").is_visible()


def test_a_server_that_goes_in_mid_run_is_said_and_its_return_too(mortal_server, open_tests, screenshot):
    page = open_tests(mortal_server)
    page.locator("#run-shown").click()
    page.locator("#cases > [data-verdict=running]").wait_for()
    mortal_server.vanish()
    page.locator("[data-notice=tests-lost]").wait_for()
    page.locator("body[data-server-state=unreachable]").wait_for()
    expect(page.locator("#run-shown")).to_be_disabled()
    expect(page.locator("#cases > [data-verdict=waiting]")).to_have_count(0)
    expect(page.locator("#runs > [data-verdict=running]")).to_have_count(0)
    screenshot(page, "tests-server-gone")
    assert_accessible(page)
    returned = Server(port=mortal_server.port).wait_until_ready()
    try:
        page.locator("[data-notice=server-back]").wait_for()
        page.locator("#run-shown:enabled").wait_for()
        run_button(page, CASE).click()
        case(page, CASE, "[data-verdict=passed]").wait_for()
    finally:
        returned.stop()


def test_a_server_that_is_not_ready_is_asked_again_when_it_says(server, open_tests, screenshot):
    page = open_tests(server)
    refusal = json.dumps({"title": "Service Unavailable", "status": 503, "detail": "the engines are loading"})
    headers = {"Retry-After": "30", "Content-Type": "application/problem+json"}
    page.route("**/test/run", lambda route: route.fulfill(status=503, headers=headers, body=refusal), times=1)
    before = runs_of(page, CASE).count()
    page.clock.install()
    run_button(page, CASE).click()
    expect(page.locator("#batch-text")).to_contain_text("(the engines are loading); retrying in 30 seconds.")
    screenshot(page, "tests-asked-again")
    page.clock.fast_forward("00:30")
    runs_of(page, CASE, "[data-verdict=passed]").nth(before).wait_for()
    expect(page.locator(".notice")).to_have_count(0)


def test_while_engines_load_the_cases_are_shown_and_wait(server, open_page):
    page = open_page("about:blank", ready=False)
    loading = '{"status": "loading", "parts": [{"name": "recognizer", "state": "loading", "detail": ""}]}'
    page.route("**/readyz", lambda route: route.fulfill(status=503, content_type="application/json", body=loading))
    page.goto(f"{server.url}/tests.html")
    page.locator("#cases > li").first.wait_for()
    expect(page.locator("#run-shown")).to_be_disabled()
    expect(run_button(page, CASE)).to_be_disabled()
    expect(page.locator("#not-ready")).to_contain_text("loading")
    page.unroute("**/readyz")
    page.locator("#run-shown:enabled").wait_for()
    expect(page.locator("#not-ready")).to_be_hidden()


def test_a_refused_case_says_what_the_server_said(server, open_tests, failing_case):
    page = open_tests(server)
    ask_ok(server, f"/testcases/{failing_case}", "DELETE")
    try:
        run_button(page, failing_case).click()
        expect(page.locator("[data-notice=test-refused]")).to_contain_text(failing_case)
        case(page, failing_case).wait_for(state="detached")
    finally:
        ask_ok(server, "/testcases", "POST", FAILING)


def test_an_empty_store_is_said(mortal_server, open_page, screenshot):
    for test in ask_ok(mortal_server, "/testcases"):
        ask_ok(mortal_server, f"/testcases/{test['test_id']}", "DELETE")
    page = open_page(f"{mortal_server.url}/tests.html", ready=False)
    page.locator("#cases-empty", has_text="There are no test cases").wait_for()
    page.locator("#runs-empty", has_text="No runs yet").wait_for()
    page.locator("body[data-server-state=ready]").wait_for()
    expect(page.locator("#run-shown")).to_be_disabled()
    screenshot(page, "tests-empty")
    assert_accessible(page)
    assert page.errors == []


def test_cases_that_cannot_be_read_can_be_asked_for_again(server, open_page):
    page = open_page("about:blank", ready=False)
    refusal = json.dumps({"detail": "the store is busy"})
    page.route("**/testcases", lambda route: route.fulfill(status=503, content_type="application/json", body=refusal), times=1)
    page.goto(f"{server.url}/tests.html")
    notice = page.locator("[data-notice=tests-unreadable]")
    expect(notice).to_contain_text("the store is busy")
    notice.get_by_role("button", name="Try again").click()
    page.locator("#cases > li").first.wait_for()
    expect(notice).to_have_count(0)


# ---- Words, in the module itself ----


@pytest.mark.parametrize("run, verdict", [
    ("undefined", "none"), ("{ status: 'queued' }", "waiting"), ("{ status: 'running' }", "running"),
    ("{ status: 'failed', evaluation: null }", "broken"), ("{ status: 'completed', evaluation: { status: 'pass' } }", "passed"),
    ("{ status: 'completed', evaluation: { status: 'fail' } }", "failed"),
    ("{ status: 'failed', evaluation: { status: 'fail' } }", "broken"),
])
def test_verdict_of_a_run(server, open_tests, run, verdict):
    page = open_tests(server)
    assert page.evaluate(f"import('/js/tests/verdict.js').then(({{ verdictOf }}) => verdictOf({run}))") == verdict


def test_each_failure_is_told_once_steps_first(server, open_tests):
    page = open_tests(server)
    reasons = page.evaluate("""async () => (await import('/js/tests/verdict.js')).reasonsOf({
      status: 'completed',
      evaluation: { status: 'fail', zipper_report: {
        failures: ['outcome: expected booked, got none', 'turn 2, keywords: expected day, got none', 'invalid: turn 2, stimulus: …'],
        findings: [
          { turn: null, kind: 'outcome', text: 'expected booked, got none', invalid: false },
          { turn: 2, kind: 'keywords', text: 'expected day, got none', invalid: false },
          { turn: 2, kind: 'stimulus', text: '…', invalid: true },
        ],
        steps: [
          { step_order: 1, passed: true, details: 'passed: reply', findings: [] },
          { step_order: 2, passed: false, details: 'turn 2, keywords: expected day, got none; invalid: turn 2, stimulus: …', findings: [
            { turn: 2, kind: 'keywords', text: 'expected day, got none', invalid: false },
            { turn: 2, kind: 'stimulus', text: '…', invalid: true },
          ] },
          { step_order: 3, passed: false, details: 'the call did not come to it', findings: [] },
        ],
      } },
    })""")
    assert reasons == [
        {"step": 2, "text": "keywords: expected day, got none; invalid: stimulus: …"},
        {"step": 3, "text": "the call did not come to it"},
        {"step": None, "text": "outcome: expected booked, got none"},
    ]


def test_a_run_of_an_earlier_version_has_its_failures_as_texts(server, open_tests):
    page = open_tests(server)
    reasons = page.evaluate("""async () => (await import('/js/tests/verdict.js')).reasonsOf({
      status: 'completed',
      evaluation: { status: 'fail', zipper_report: {
        failures: ['turn 1, reply: expected an answer, got none'], findings: [],
        steps: [{ step_order: 1, passed: false, details: 'turn 1, reply: expected an answer, got none', findings: [] }],
      } },
    })""")
    assert reasons == [{"step": None, "text": "turn 1, reply: expected an answer, got none"}]
