"""A client of the predecessor *Voice Framework*, as its users wrote them: four endpoints, its JSON, nothing of ours."""

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from playwright.sync_api import expect

RUN_WAIT_S = 120
CASE = {"test_id", "persona", "turns"}
TURN = {"step_order", "user_input", "expected_agent_response_keywords", "exact_match_required"}
STARTED = {"run_id", "status", "provider_call_id", "evaluation"}
RUN = {"run_id", "test_id", "provider", "status", "mode", "created_at", "updated_at", "provider_call_id", "evaluation"}
EVALUATION = {"status", "sentiment_summary", "zipper_report"}
ZIPPER = {"overall_passed", "failures", "findings", "steps", "metrics", "judged", "similarities"}
STEP = {
    "step_order", "expected_user_input", "actual_user_input", "expected_keywords", "exact_match_required",
    "agent_response", "passed", "details", "findings",
}
METRICS = {
    "total_steps", "steps_passed", "steps_failed", "failure_steps", "first_failure_step", "user_deviation_detected",
    "coverage",
}
LINE = {"speaker", "text", "step_order", "timestamp"}


class Client:
    """What the predecessor's README has its users write."""

    def __init__(self, base):
        self.base = base

    def test_cases(self):
        return self._ask("/testcases")

    def run(self, test_id, **more):
        return self._ask("/test/run", {"test_id": test_id, "provider": "twilio", "mode": "simulation", **more})

    def test_runs(self, limit=10):
        return self._ask(f"/testruns?limit={limit}")

    def test_run(self, run_id):
        return self._ask(f"/testruns/{run_id}")

    def _ask(self, path, body=None):
        request = urllib.request.Request(
            self.base + path, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "x-api-key": "of-the-predecessor"})
        with urllib.request.urlopen(request, timeout=RUN_WAIT_S) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def client(server):
    return Client(server.url)


def refusal(ask):
    with pytest.raises(urllib.error.HTTPError) as caught:
        ask()
    return caught.value.code


def check_evaluation(evaluation, turns):
    assert set(evaluation) == EVALUATION
    assert evaluation["status"] in ("pass", "fail")
    assert isinstance(evaluation["sentiment_summary"], str)
    zipper = evaluation["zipper_report"]
    assert set(zipper) == ZIPPER
    assert zipper["overall_passed"] is (not zipper["failures"])
    assert all(isinstance(failure, str) for failure in zipper["failures"])
    assert [step["step_order"] for step in zipper["steps"]] == list(range(1, len(turns) + 1))
    for step, turn in zip(zipper["steps"], turns, strict=True):
        assert set(step) == STEP
        assert step["expected_user_input"] == turn["user_input"]
        assert step["expected_keywords"] == turn["expected_agent_response_keywords"]
        assert step["exact_match_required"] is turn["exact_match_required"]
    metrics = zipper["metrics"]
    assert set(metrics) == METRICS
    failed = [step["step_order"] for step in zipper["steps"] if not step["passed"]]
    assert metrics["failure_steps"] == failed
    assert metrics["first_failure_step"] == (failed[0] if failed else None)
    assert metrics["steps_failed"] == len(failed)
    assert metrics["steps_passed"] + metrics["steps_failed"] == metrics["total_steps"] == len(turns)
    assert isinstance(metrics["coverage"], float) and 0 <= metrics["coverage"] <= 1


def test_the_sample_cases_are_there_from_the_start(client):
    cases = client.test_cases()
    assert len(cases) >= 12
    for case in cases:
        assert set(case) == CASE
        assert [turn["step_order"] for turn in case["turns"]] == list(range(1, len(case["turns"]) + 1))
        assert all(set(turn) == TURN for turn in case["turns"])
    assert "appointment_booking" in [case["test_id"] for case in cases]


def test_every_case_of_the_predecessor_runs_and_is_found_again(client):
    cases = [case for case in client.test_cases() if case["test_id"].startswith("appointment_")]
    assert cases
    for case in cases:
        started = client.run(case["test_id"], metadata={"build": 7})
        assert set(started) == STARTED
        assert started["status"] == "completed"
        check_evaluation(started["evaluation"], case["turns"])
        assert started["evaluation"]["status"] == "pass", started["evaluation"]["zipper_report"]["failures"]

        listed = client.test_runs(limit=1)[0]
        assert set(listed) == RUN
        assert (listed["run_id"], listed["test_id"]) == (started["run_id"], case["test_id"])
        assert (listed["provider"], listed["mode"]) == ("twilio", "simulation")
        assert datetime.fromisoformat(listed["created_at"]) <= datetime.fromisoformat(listed["updated_at"])

        run = client.test_run(started["run_id"])
        assert set(run) == RUN | {"transcript"}
        assert run["evaluation"] == started["evaluation"]
        assert all(set(line) == LINE and line["speaker"] in ("user", "agent") for line in run["transcript"])
        said = [line["text"] for line in run["transcript"] if line["speaker"] == "user"]
        assert said == [turn["user_input"] for turn in case["turns"]]
        stamps = [datetime.fromisoformat(line["timestamp"]) for line in run["transcript"]]
        assert stamps == sorted(stamps)


def test_a_bad_agent_does_not_pass(client):
    """With the predecessor every run passed, because the agent answered with the expected keywords."""
    case = next(case for case in client.test_cases() if case["test_id"] == "parroting")
    zipper = client.run("parroting")["evaluation"]["zipper_report"]
    assert not zipper["overall_passed"]
    assert "own-words" in zipper["failures"][0]
    assert zipper["metrics"]["total_steps"] == len(case["turns"])


def test_many_at_once(client):
    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda _: client.run("appointment_hours"), range(8)))
    ids = {run["run_id"] for run in started}
    assert len(ids) == 8
    assert ids <= {run["run_id"] for run in client.test_runs(limit=100)}


def test_what_the_predecessor_refused_is_refused(client):
    assert refusal(lambda: client.run("nobody")) == 404
    assert refusal(lambda: client.run("appointment_hours", mode="live")) == 400
    assert refusal(lambda: client.test_runs(limit=0)) == 400
    assert refusal(lambda: client.test_runs(limit=101)) == 400
    assert refusal(lambda: client.test_run("nobody")) == 404


def test_the_report_opens_without_an_error_of_its_policy(client, server, open_page):
    run = client.run("appointment_hours")
    page = open_page(f"{server.url}/testruns/{run['run_id']}/report", ready=False)
    expect(page.locator("h1")).to_have_text("VoiceForge")
    expect(page.locator("audio")).to_have_count(1)
    page.locator("button.choice.failed").click()
    page.locator("#none:visible").wait_for()
    assert page.errors == []
