"""A person talks to the agent of the sample flow `appointment`, interrupts it once, and listens to the call afterwards."""

from axe_playwright_python.sync_playwright import Axe

from caller import MICROPHONE_SCRIPT, VOICE_PEAK_MIN

# Arrival to ear measured 35–90 ms on idle machines; a busy one may add a device buffer or two.
EAR_MS_MAX = 300


def test_three_turns_with_a_barge_in(server, open_page, caller_on, screenshot):
    page = open_page(server.url, script=MICROPHONE_SCRIPT)
    caller = caller_on(page)
    caller.choose("appointment")
    caller.start()
    _greeting_is_heard(caller)
    _first_turn(caller)
    _barge_in(caller)
    _third_turn(caller)
    screenshot(page, "call-live")
    caller.hang_up()
    _transcript_is_complete(caller)
    _latencies_add_up(page, turns=3)
    _recording_plays(caller, screenshot)
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    assert page.errors == []


def _greeting_is_heard(caller):
    caller.wait_entries(1, "[data-role=agent]")
    caller.wait_for_my_turn()
    assert caller.page.evaluate("takeLoudestOutput()") > VOICE_PEAK_MIN
    ear_ms = int(caller.page.get_attribute("#ear", "data-ear-ms"))
    assert 0 < ear_ms < EAR_MS_MAX
    assert caller.page.locator("#graph .state[data-current=true]").count() == 1


def _first_turn(caller):
    state_before = caller.page.get_attribute("#graph .state[data-current=true]", "data-state")
    caller.begin_to_say("I would like to book an appointment")
    caller.page.locator("#vad[data-speech=started]").wait_for()
    caller.finish_saying()
    caller.wait_entries(1, "[data-role=caller][data-final=true]")
    assert "appointment" in caller.entries("[data-role=caller]").first.inner_text().lower()
    caller.wait_turns(1)
    assert caller.page.get_attribute("#graph .state[data-current=true]", "data-state") != state_before


def _barge_in(caller):
    caller.wait_activity("speaking")
    caller.begin_to_say("On Tuesday, please")
    caller.wait_entries(1, "[data-role=agent][data-interrupted=true]")
    unheard = caller.entries("[data-interrupted=true]").first.locator("s")
    assert unheard.inner_text().strip()
    caller.finish_saying()
    caller.wait_turns(2)
    caller.wait_for_my_turn()


def _third_turn(caller):
    caller.say("At ten in the morning")
    caller.wait_turns(3)


def _transcript_is_complete(caller):
    assert caller.entries("[data-role=caller][data-final=true]").count() >= 3
    assert caller.entries("[data-role=agent]").count() >= 3
    assert caller.entries("[data-final=false]").count() == 0


def _latencies_add_up(page, turns):
    rows = page.locator("#latency li[data-turn]").all()
    assert len(rows) >= turns
    for row in rows:
        stages = [int(text) for text in row.locator("dd").all_inner_texts()]
        assert len(stages) == 5
        assert sum(stages) == int(row.get_attribute("data-latency-ms")) > 0


def _recording_plays(caller, screenshot):
    row = caller.history_row()
    assert row.get_attribute("data-reason") == "caller-hung-up"
    row.locator("button.call-row").click()
    audio = row.locator("audio[src]")
    audio.wait_for()
    assert row.locator(".recorded li[data-interrupted=true]").count() >= 1
    audio.evaluate("player => player.play()")
    audio.evaluate("player => new Promise(done => player.addEventListener('timeupdate', () => player.currentTime > 0.5 && done()))")
    assert audio.evaluate("player => player.duration") > 5
    screenshot(caller.page, "history-open")
