"""A person talks to the agent of the sample flow `appointment`, interrupts it once, and listens to the call afterwards."""

import re

from playwright.sync_api import expect

from caller import MICROPHONE_SCRIPT, VOICE_PEAK_MIN
from conftest import assert_accessible, until

# Playback delay measured 33 to 80 ms; a busy machine adds device buffers and up to 200 ms of jitter buffer.
DELAY_MS_MAX = 500
# The agent is heard this long before it is interrupted.
HEARD_BEFORE_MS = 1000
BOOK, DAY, TIME = "I would like to book an appointment.", "Next Tuesday, please.", "At ten in the morning."


def test_three_turns_with_a_barge_in(server, open_page, caller_on, screenshot):
    page = open_page(server.url, script=MICROPHONE_SCRIPT)
    caller = caller_on(page)
    caller.rehearse(BOOK, DAY, TIME)
    caller.choose("appointment")
    caller.start()
    _greeting_is_heard(caller)
    _barge_in(caller)
    _say_the_day(caller)
    _say_the_time(caller)
    screenshot(page, "call-live")
    caller.hang_up()
    _transcript_is_complete(caller)
    _latencies_add_up(page, turns=3)
    _recording_plays(caller, screenshot)
    assert_accessible(page)
    assert page.errors == []


def _greeting_is_heard(caller):
    caller.wait_activity("speaking")
    caller.wait_entries(1, "[data-role=agent]")
    delay = caller.page.locator("#playback-delay:visible")
    expect(delay).to_have_attribute("data-delay-ms", re.compile("^[0-9]+$"))
    assert 0 < int(delay.get_attribute("data-delay-ms")) < DELAY_MS_MAX
    expect(caller.page.locator("#graph .state[data-current=true]")).to_have_count(1)


def _barge_in(caller):
    """The greeting takes six seconds: time enough to interrupt it on a slow machine."""
    current = caller.page.locator("#graph .state[data-current=true]")
    state_before = current.get_attribute("data-state")
    caller.page.wait_for_timeout(HEARD_BEFORE_MS)
    until(caller.page, lambda: caller.page.evaluate("takeLoudestOutput()") > VOICE_PEAK_MIN)
    caller.begin_to_say(BOOK)
    caller.page.locator("#vad[data-speech=started]").wait_for()
    caller.wait_entries(1, "[data-role=agent][data-interrupted=true]")
    assert caller.entries("[data-interrupted=true]").first.locator("s").inner_text().strip()
    caller.finish_saying()
    caller.heard_as(0, "appointment")
    caller.wait_turns(1)
    expect(current).not_to_have_attribute("data-state", state_before)


def _say_the_day(caller):
    caller.wait_for_my_turn()
    caller.say(DAY)
    caller.wait_turns(2)
    caller.heard_as(1, "tuesday")


def _say_the_time(caller):
    caller.wait_for_my_turn()
    caller.say(TIME)
    caller.wait_turns(3)
    caller.page.locator("#graph .state[data-state=check][data-current=true]").wait_for()


def _transcript_is_complete(caller):
    assert caller.entries("[data-role=caller][data-final=true]").count() >= 3
    assert caller.entries("[data-role=agent]").count() >= 3
    expect(caller.entries("[data-final=false]")).to_have_count(0)


def _latencies_add_up(page, turns):
    rows = page.locator("#latency li[data-turn]").all()
    assert len(rows) >= turns
    for row in rows:
        stages = [int(text) for text in row.locator("dd").all_inner_texts()]
        assert len(stages) == 5
        assert sum(stages) == int(row.get_attribute("data-latency-ms")) > 0


def _recording_plays(caller, screenshot):
    row = caller.history_row()
    expect(row).to_have_attribute("data-reason", "caller-hung-up")
    row.locator("button.call-row").click()
    audio = row.locator("audio[src]")
    audio.wait_for()
    assert row.locator(".recorded li[data-interrupted=true]").count() >= 1
    audio.evaluate("player => player.play()")
    audio.evaluate("player => new Promise(done => player.addEventListener('timeupdate', () => player.currentTime > 0.5 && done()))")
    assert audio.evaluate("player => player.duration") > 5
    screenshot(caller.page, "history-open")
