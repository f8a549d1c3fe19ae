"""Runs that ask a language model, on the tests page: what is judged, with answers and quotes; scores of meaning; callers with a goal."""

import pytest
from playwright.sync_api import expect

from asking import ask
from conftest import DESKTOP, PHONE, assert_accessible, opener
from model_agent import environment, scripted_model
from server import Server

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]
JUDGED = "judged-hours"
OPEN = "judged-open"
GOAL = "goal-hours"
CASES = f"""
defaults: {{flow: appointment}}
cases:
  - id: {JUDGED}
    turns:
      - say: What are your opening hours?
        expect: {{similar-in-meaning: We are open from Monday to Friday.}}
    expect: {{judged: [names the hours, greets the caller]}}
    never: {{judged: [gives <b>medical</b> advice]}}
  - id: {OPEN}
    turns: [What are your opening hours?]
    expect: {{judged: [sings, names a price, is friendly]}}
  - id: {GOAL}
    caller: {{goal: To know when you are open.}}
    expect: {{goal: reached}}
"""


def judges(statement, answer, quote, why, times=None):
    rule = {
        "when": {"system": "^You check one statement", "last": f"(?s)^Statement: The agent {statement}"},
        "answer": {"json": {"answer": answer, "quote": quote, "why": why}}}
    return rule if times is None else {**rule, "times": times}


def caller(last, say, goal, hangs_up):
    return {
        "when": {"last": last, "format": "json_schema"},
        "answer": {"json": {"say": say, "facts_used": [], "goal_state": goal, "hang_up": hangs_up}}}


SCRIPT = [
    judges("names the hours", "yes", "Monday to Friday", "It names the days."),
    judges("greets", "yes", "Hello", "It says hello."),
    judges("gives", "no", "Monday to Friday", "Only hours are told."),
    judges("sings", "yes", "La la la", "It sings."),
    judges("names a price", "cannot-tell", "", "No price is asked for."),
    judges("is friendly", "no", "Monday to Friday", "It only tells days.", times=1),
    judges("is friendly", "yes", "Hello", "It says hello."),
    caller("Monday", "Thank you, now I know.", "reached", True),
    caller("", "What are your opening hours?", "open", False),
]


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    with scripted_model(tmp_path_factory.mktemp("judge"), SCRIPT, 1) as url:
        running = Server(environment=environment(url)).wait_until_ready()
        try:
            added = ask(f"{running.url}/testcases", "POST", CASES, {"Content-Type": "application/yaml"})
            assert added.status == 201, added
            yield running
        finally:
            running.stop()


@pytest.fixture
def open_tests(open_page):
    return opener(open_page, "tests.html", "#run-shown")


def run(page, test_id, verdict):
    """The opened row of a new run."""
    rows = page.locator(f"#runs [data-test-id='{test_id}'][data-verdict={verdict}]")
    before = rows.count()
    page.get_by_role("button", name=f"Run {test_id}", exact=True).click()
    rows.nth(before).wait_for()
    row = rows.first
    row.locator(".run-row").click()
    return row


def lines(statement):
    return statement.locator(".step-line").evaluate_all("lines => lines.map(line => line.textContent)")


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_each_statement_shows_its_answers_and_their_quotes(judge, open_tests, screenshot, scheme, viewport):
    page = open_tests(judge, scheme, viewport)
    row = run(page, JUDGED, "passed")
    statements = row.get_by_role("list", name=f"Statements about the agent of {JUDGED}").locator("> li")
    expect(statements).to_have_count(3)
    assert lines(statements.nth(0)) == [
        "Judged The agent names the hours", "Outcome Yes", "Answer yes: “Monday to Friday” (It names the days.)"]
    assert lines(statements.nth(2)) == [
        "Never The agent gives <b>medical</b> advice", "Outcome No", "Answer no: “Monday to Friday” (Only hours are told.)"]
    for index in range(3):
        expect(statements.nth(index)).to_have_attribute("data-met", "true")
    meaning = row.locator(".steps > li").first.locator(".step-line", has_text="Meaning")
    expect(meaning).to_contain_text("(expected at least 0.45 like “We are open from Monday to Friday.” in meaning)")
    score = float(meaning.locator("span").nth(1).inner_text().split(":")[0])
    assert 0.45 <= score <= 1
    row.scroll_into_view_if_needed()
    screenshot(page, f"tests-judged-{scheme}-{viewport['width']}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.errors == []


def test_what_stays_open_says_why(judge, open_tests, screenshot):
    page = open_tests(judge)
    row = run(page, OPEN, "failed")
    expect(row.locator(".reasons")).to_contain_text("invalid: judged")
    statements = row.locator(".judged > li")
    assert lines(statements.nth(0))[1:] == [
        "Outcome Open: the agent never said what it quotes: “La la la”",
        "Answer yes: “La la la” (does not count: the agent never said what it quotes: “La la la”)"]
    assert lines(statements.nth(1))[1:] == [
        "Outcome Open: the language model cannot tell: No price is asked for.", "Answer cannot tell (No price is asked for.)"]
    # A no is asked again, and two of three agree.
    assert lines(statements.nth(2))[1:] == [
        "Outcome Yes, in 3 answers", "Answer no: “Monday to Friday” (It only tells days.)", *["Answer yes: “Hello” (It says hello.)"] * 2]
    assert statements.evaluate_all("items => items.map(item => item.dataset.met ?? null)") == [None, None, "true"]
    screenshot(page, "tests-judged-open")
    assert_accessible(page)
    assert page.errors == []


def test_the_turns_of_a_caller_with_a_goal_are_those_it_found(judge, open_tests):
    page = open_tests(judge)
    row = run(page, GOAL, "passed")
    steps = row.locator(".steps > li")
    expect(steps).to_have_count(2)
    expect(steps.first).to_contain_text("What are your opening hours?")
    expect(row.locator(".judged")).to_have_count(0)
    assert page.errors == []


def test_a_case_that_the_key_may_not_run_does_not_stop_the_others(judge, open_tests):
    page = open_tests(judge)

    def refuse(route):
        if route.request.post_data_json["test_id"] != JUDGED:
            return route.continue_()
        return route.fulfill(status=403, content_type="application/problem+json", json={"detail": "it lacks the scope model"})

    page.route("**/test/run", refuse)
    page.fill("#filter", "hours")
    before = page.locator(f"#runs [data-test-id='{GOAL}']").count()
    page.locator("#run-shown").click()
    page.locator(f"#runs [data-test-id='{GOAL}'][data-verdict=passed]").nth(before).wait_for()
    expect(page.locator("#notices")).to_contain_text("The key may not run the test")
    expect(page.locator("#notices")).to_contain_text("it lacks the scope model")
