"""Calls with an agent whose words a language model makes: its tools in the graph, what it calls, and the time that takes."""

import json
import re

import pytest
from playwright.sync_api import expect

from asking import ask
from caller import REFUSING_SCRIPT
from conftest import DESKTOP, PHONE, assert_accessible
from model_agent import ANSWER, FIRST_TOKEN_MS, HEADER, PIN, TOOL_S, model_agent

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]
LINES = ["find-times: GET times", "book → booked, ends", "person → person, transfers", "save day"]


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    with model_agent(tmp_path_factory.mktemp("agent")) as running:
        yield running


def begin(open_page, caller_on, server, *look):
    page = open_page(f"{server.url}/?flow=desk", *look, script=REFUSING_SCRIPT)
    caller = caller_on(page)
    caller.start("#call-typing")
    caller.wait_entries(1, "[data-role=agent]")
    caller.wait_for_my_turn()
    return page, caller


def test_the_graph_shows_what_the_model_may_do(agent, open_page, caller_on):
    page, caller = begin(open_page, caller_on, agent)
    box = page.locator("#graph .state[data-state=desk]")
    assert box.locator(".tool").evaluate_all("lines => lines.map(line => line.textContent)") == LINES
    frame, lines = box.locator("rect").bounding_box(), box.locator(".tool")
    for index in range(len(LINES)):
        line = lines.nth(index).bounding_box()
        assert frame["x"] < line["x"] and line["x"] + line["width"] < frame["x"] + frame["width"], LINES[index]
        assert frame["y"] < line["y"] and line["y"] + line["height"] < frame["y"] + frame["height"], LINES[index]
    tools = page.get_by_role("list", name="Tools of the model").get_by_role("listitem")
    expect(tools).to_have_text([
        "find-times (wanted, pin): makes the request of times", "book (name): goes to booked", "person: goes to person",
        "save (day): keeps them"])
    caller.hang_up()
    assert page.errors == []


def test_a_flow_with_a_model_is_edited_by_keyboard(agent, open_page):
    page = open_page(f"{agent.url}/flows.html#desk", ready=False)
    state = page.get_by_role("button", name=re.compile("^desk, lets a model talk, tools find-times: GET times; book → booked"))
    state.press("Enter")
    assert_accessible(page)
    assert page.errors == []


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_a_call_shows_the_tools_that_the_model_uses_and_the_time_they_take(
        agent, open_page, caller_on, screenshot, scheme, viewport):
    page, caller = begin(open_page, caller_on, agent, scheme, viewport)
    tools = caller.entries("[data-role=tool]")

    caller.type("Which times are there?")
    expect(tools.nth(0)).to_have_attribute("data-state", "called")
    expect(tools.nth(0)).to_contain_text("find-times pin … wanted 2030-05-06")
    expect(tools.nth(0).locator(".tool-result")).to_have_text("under way")
    agent.let_go()
    expect(tools.nth(0).locator(".tool-result")).to_have_text("done: status 200")
    assert milliseconds(tools.nth(0)) >= 1000 * TOOL_S
    caller.wait_turns(1)
    caller.wait_for_my_turn()
    stages = page.locator("#latency [data-turn='1'] .stages")
    for key, least in [("firstTokenMs", 2 * FIRST_TOKEN_MS), ("firstSentenceMs", 1), ("toolsMs", 1000 * TOOL_S)]:
        assert int(stages.locator(f".{key} dd").inner_text()) >= least, key
        assert page.locator(f"#latency [data-turn='1'] .bar .{key}").bounding_box()["width"] > 1, key

    caller.type("Keep that.")
    expect(tools.nth(1).locator(".tool-result")).to_have_text("failed: not said by the caller: day")
    caller.wait_turns(2)
    caller.wait_for_my_turn()
    expect(page.locator("#latency [data-turn='2'] .stages .toolsMs")).to_have_count(0)
    screenshot(page, f"model-call-{scheme}-{viewport['width']}")
    assert_accessible(page)
    expect(page.locator("#announcer")).to_contain_text("The model used find-times, done: status 200.")

    caller.type("Please book it.")
    expect(tools.nth(2).locator(".tool-result")).to_have_text("done: goes to booked")
    caller.wait_ended()
    row = caller.history_row()
    row.locator("button.call-row").press("Enter")
    recorded = row.locator(".recorded > li")
    expect(recorded.and_(page.locator("[data-role=tool]"))).to_have_count(3)
    roles = recorded.evaluate_all("items => items.map(item => item.dataset.role)")
    assert roles == ["agent", "caller", "tool", "agent", "caller", "tool", "agent", "caller", "tool", "agent"]
    expect(row.locator(".stages .toolsMs")).to_have_count(1)
    row.locator("audio[src]").wait_for()
    row.scroll_into_view_if_needed()
    screenshot(page, f"model-history-{scheme}-{viewport['width']}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    shown = page.content()
    for secret in (HEADER, ANSWER, "made-up"):
        assert secret not in shown
    assert PIN not in "".join(page.locator("[data-role=tool]").all_inner_texts()), "a slot has it, which the flow's author named"
    assert page.errors == []


def milliseconds(tool):
    return int(re.search(r"(\d+) ms", tool.locator(".who").inner_text())[1])


def test_the_record_holds_the_calls_and_no_secret(agent, open_page, caller_on):
    _, caller = begin(open_page, caller_on, agent)
    agent.let_go()
    caller.type("Which times are there?")
    expect(caller.entries("[data-role=tool][data-state=done]")).to_have_count(1)
    caller.wait_turns(1)
    caller.hang_up()
    identifier = caller.history_row().get_attribute("data-call-id")
    answer = ask(f"{agent.url}/api/calls/{identifier}")
    call = answer.json["toolCalls"][0]
    assert call.pop("durationMs") >= 1000 * TOOL_S
    assert call.pop("at") > 0
    assert call == {
        "call": 1, "turn": 1, "name": "find-times", "arguments": {"wanted": "2030-05-06", "pin": "…"}, "state": "done",
        "detail": "status 200"}
    latency = answer.json["turnLatencies"][0]
    assert sum(latency["stages"].values()) == latency["latencyMs"]
    assert sum(latency["model"].values()) <= latency["stages"]["flowMs"]
    for secret in (HEADER, ANSWER):
        assert secret not in json.dumps(answer.json)
    figures = ask(f"{agent.url}/metrics").text
    for stage in ("first_token", "first_sentence", "tools"):
        assert re.search(rf"^voiceforge_model_{stage}_seconds_count [1-9]", figures, re.MULTILINE), stage
