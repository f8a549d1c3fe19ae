"""A language model speaks for the agent in whole calls: it keeps, calls and leads on, is interrupted, and is told what was heard.

The model is a scripted server, and a genuine one. All calls of the scripted one are held at once, each with a flow of its own.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from llm_agent import SORRY, Call, agents, caller, check_questions, flow, hold, of, records, results
from model_server import serving

HELLO = "Hello, how can I help you?"
NOTED = "Let me note that down for you."
SAY_AGAIN = "I am sorry, could you say that again?"
SLOW_TOOL_S = 2
# Half a minute's worth of a model's words, and minutes of speech.
WHOLE = " ".join(f"The {number} room of the house has a wide view of the old harbour." for number in (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth",
    "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"))
# Nothing of it is said before all of this is there.
SENTENCE = " ".join(["Well, we have rooms and rooms and", *["rooms and rooms and"] * 12, "rooms."])
BOOK = {"about": "Books it, once the caller agreed.", "go": "booked"}
BY_NAME = {**BOOK, "arguments": {"name": {"as": "name", "about": "the caller's name"}}}
TIMES = {"about": "Free times on a day.", "arguments": {"day": "text"}, "call": "ask-for-times"}


def call(tool, **arguments):
    return {"name": tool, "arguments": arguments}


def rule(last, text="", *calls, role="user"):
    return {"when": {"role": role, "last": last}, "answer": {"text": text, "calls": list(calls)}}


def talk(name, tools, **more):
    return flow(name, {"say-first": HELLO, "tools": tools, "limits": {"tokens": 1000}, **more})


def looking_up(name, path):
    request = {"tool": f"GET {{times_url}}/{path}?day={{day}}", "save": {"free": "free.0"}, "timeout": "10s", "next": "sorry"}
    return {**flow(name, {"say-first": HELLO, "tools": {"times": TIMES, "book": BOOK}}, **{"ask-for-times": request})}


HOUSES = {"house": "voiceforge", "house-twilio": "twilio", "house-realtime": "realtime"}
BOOKING = rule("(?i)book", "", call("book"))
TABLE_RULES = (
    rule("(?i)seven|7", "", call("save", guests="6", time="19:30")),
    rule("done.*19:30", "There is a table. What is your name, please?", role="tool"),
    rule("(?i)name|this is", "Thank you, Ada. Shall I book it?"),
    rule("(?i)yes|please", "", call("book", name="Ada")))
LOOK_UP_RULES = (
    BOOKING,
    rule("(?i)tomorrow", "", call("times", day="tomorrow")),
    rule("14:30", "Half past two is free. Do you want it?", role="tool"),
    rule("error", "I cannot see the times. Do you want it anyway?", role="tool"),
    rule(".", "Yes, I am here. Do you want it?"))
RULES = [
    *of("desk",
        rule("(?i)tomorrow.*(ten|10)", NOTED, call("save", day="2026-03-03", time="10:00")),
        rule("done.*10:00", "Tomorrow at ten is free. What is your name, please?", role="tool"),
        rule("(?i)name|this is", "Thank you, Ada. Shall I book it?"),
        rule("(?i)yes|please", "", call("book", name="Ada"))),
    *of("twilio", *TABLE_RULES), *of("realtime", *TABLE_RULES),
    *of("times", *LOOK_UP_RULES), *of("no-times", *LOOK_UP_RULES),
    *of("slow-times", rule("(?i)tomorrow", "One moment, I will look.", call("times", day="tomorrow")), *LOOK_UP_RULES),
    *[line for name in HOUSES for line in of(name, BOOKING, rule(".", WHOLE))],
    *[line for name in ("noted", "noted-early") for line in of(
        name, BOOKING, rule("(?i)seven|7", NOTED, call("save", time="19:30")), rule("done", WHOLE, role="tool"))],
    *of("back",
        rule("(?i)tea", "Sure.", call("ask")), rule("done", "Then it is yours. Shall I?", role="tool"), rule("(?i)yes", "", call("book"))),
    *of("unsaid",
        rule("(?i)table", "", call("save", time="19:30")), rule("error", "Is half past seven fine?", role="tool"),
        rule("(?i)yes", "", call("save", time="19:30"))),
    *of("thinking", BOOKING, rule("(?i)tomorrow.*(ten|10)", "Tomorrow at ten it is. Shall I?"), rule(".", SENTENCE)),
]
TABLE_TURNS = {"turns": ["I would like a table for six people at half past seven.", "My name is Ada.", "Yes, please."]}
STOP = "Stop. I want to book it."
HOUSE_TURNS = {"turns": ["Tell me about the house, please.", {"say": STOP, "at": "2s"}]}
CASES = {
    "voiceforge": {
        "desk": {"turns": ["I would like to come tomorrow at ten.", "My name is Ada.", "Yes, please."]},
        "times": {"turns": ["What is free tomorrow?", STOP]},
        "no-times": {"turns": ["What is free tomorrow?", STOP]},
        "slow-times": {"turns": ["What is free tomorrow?", {"say": "Are you there?", "at": "300ms"}, {"silent": True}, STOP]},
        "back": {"turns": ["Do you have tea for me?", "Four two.", "Yes, please."]},
        "unsaid": {"turns": ["A table, please.", "Yes, please."]},
        "house": HOUSE_TURNS,
        "noted": {"turns": ["A table at half past seven, please.", {"say": STOP, "at": "5s"}]},
        "noted-early": {"turns": ["A table at half past seven, please.", {"say": STOP, "at": "500ms"}]},
        "thinking": {"turns": ["I would like to come tomorrow. [pause 1100ms] At ten o'clock.", STOP]},
    },
    **{wire: {wire: TABLE_TURNS, f"house-{wire}": HOUSE_TURNS} for wire in ("twilio", "realtime")},
}


def flows(times_url):
    made = {
        "desk": talk("desk", {"book": BY_NAME}, save={"day": "date", "time": "time"}),
        **{name: talk(name, {"book": BY_NAME}, save={"guests": "number", "time": "time"}) for name in ("twilio", "realtime")},
        "times": looking_up("times", "times"), "no-times": looking_up("no-times", "nothing"),
        "slow-times": looking_up("slow-times", "slow"),
        "back": flow("back", {"say-first": HELLO, "tools": {"book": BOOK, "ask": {"about": "Asks the number.", "go": "number"}}}, number={
            "collect": "number", "as": "digits", "length": "2", "ask": "What is your number?", "next": "desk"}),
        "unsaid": flow("unsaid", {"say-first": HELLO, "save": {"time": "time"}, "next": "booked"}),
        **{name: talk(name, {"book": BOOK}) for name in HOUSES}, "thinking": talk("thinking", {"book": BOOK}),
        **{name: talk(name, {"book": BOOK}, save={"time": "time"}) for name in ("noted", "noted-early")},
    }
    return {name: {**document, "variables": {"times_url": times_url}} for name, document in made.items()}


@contextmanager
def order_system():
    """Answers what a tool asks: its port, and the paths that it was asked for."""
    paths = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            if self.path.startswith("/slow"):
                time.sleep(SLOW_TOOL_S)
            body = json.dumps({"free": ["14:30"]}).encode()
            self.send_response(404 if self.path.startswith("/nothing") else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, paths
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """The calls by flow, and the paths that the order system was asked for."""
    with order_system() as (port, paths):
        calls = hold(
            tmp_path_factory.mktemp("calls"), RULES, flows(f"http://127.0.0.1:{port}"), CASES, VOICEFORGE_TOOL_HOSTS=f"127.0.0.1:{port}")
    return calls, paths


@pytest.fixture
def one(held):
    """Gives the call of a flow."""
    return held[0].__getitem__


def user(text):
    return {"role": "user", "content": text}


def assistant(text, *calls):
    wanted = [
        {"id": f"call-{number}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments, separators=(",", ":"))}}
        for number, name, arguments in calls]
    return {"role": "assistant", "content": text, **({"tool_calls": wanted} if wanted else {})}


def result(number, /, **values):
    return {
        "role": "tool", "tool_call_id": f"call-{number}",
        "content": json.dumps({"result": "done", **({"values": values} if values else {})}, separators=(",", ":"))}


def results_of(messages):
    return [json.loads(message["content"]) for message in messages if message["role"] == "tool"]


# --- talks


def check_booking(held_call, slots, noted):
    assert (held_call.record["reason"], held_call.record["outcome"]) == ("completed", "booked"), held_call
    assert held_call.record["slots"].items() >= {**slots, "name": "Ada"}.items() and held_call.states() == ["desk", "booked"], held_call
    assert [end["end"] for end in held_call.ends] == ["whole"] * 4 and len(held_call.asked) == 4, held_call
    assert held_call.heard() == held_call.texts("agent") and not any(line["interrupted"] for line in held_call.said("agent")), held_call
    said = held_call.texts("caller")
    free = held_call.texts("agent")[1].removeprefix(f"{noted} ")
    assert held_call.asked[-1][1:] == [
        assistant(HELLO), user(said[0]), assistant(noted, (1, "save", slots)), result(1, **slots), assistant(free), user(said[1]),
        assistant("Thank you, Ada. Shall I book it?"), user(said[2])], held_call
    check_questions(held_call.asked)


def test_an_appointment_is_booked_by_talking(one):
    desk = one("desk")
    slots = {"day": "2026-03-03", "time": "10:00"}
    check_booking(desk, slots, NOTED)
    system, *talked = desk.asked[1]
    assert system["content"].startswith("You are the agent desk. Today is 2026-03-02.\n"), system
    assert talked == [assistant(HELLO), user(desk.texts("caller")[0]), assistant(NOTED, (1, "save", slots)), result(1, **slots)], talked
    assert desk.texts("agent") == [
        HELLO, f"{NOTED} Tomorrow at ten is free. What is your name, please?", "Thank you, Ada. Shall I book it?", "It is booked. Goodbye."]
    assert desk.result["outcome"] == "booked" and desk.result["failure"] is None, desk.result


@pytest.mark.parametrize("wire", ["twilio", "realtime"])
def test_a_table_is_booked_over(one, wire):
    table = one(wire)
    check_booking(table, {"guests": "6", "time": "19:30"}, "")
    assert table.record["metadata"]["wire"] == wire and table.result["wire"] == wire
    assert table.result["failure"] is None, table.result
    # A bot on Twilio's wire can end a call in no other way.
    assert [finding["text"] for finding in table.result["conformance"]] == ["the bot closed the connection"] * (wire == "twilio")
    heard = [line["text"] for line in table.result["transcript"] if line["role"] == "agent"]
    assert len(heard) == len(table.texts("agent")), heard
    if wire == "realtime":  # which tells the agent's words
        assert heard == table.texts("agent")


# --- tools


def test_what_a_tool_answers_reaches_the_model(held, one):
    times = one("times")
    assert times.record["outcome"] == "booked", times
    assert [path for path in held[1] if path.startswith("/times")] == ["/times?day=tomorrow"]
    assert [results_of(messages) for messages in times.asked] == [[], *[[{"result": "done", "values": {"free": "14:30"}}]] * 2], times
    assert times.texts("agent")[1] == "Half past two is free. Do you want it?", times
    assert times.record["slots"]["free"] == "14:30"
    check_questions(times.asked)


def test_a_tool_that_fails_is_told_and_the_talk_goes_on(one):
    times = one("no-times")
    (told,) = results_of(times.asked[-1])
    assert list(told) == ["error"] and "404" in told["error"], told
    assert times.record["outcome"] == "booked" and times.states() == ["desk", "booked"], times
    check_questions(times.asked)


def test_a_request_is_made_once_although_the_caller_speaks_meanwhile(held, one):
    times = one("slow-times")
    assert times.record["outcome"] == "booked", times
    assert len(times.entries("tool-called")) == len([path for path in held[1] if path.startswith("/slow")]) == 1, times
    assert results_of(times.asked[-1]) == [{"result": "done", "values": {"free": "14:30"}}], times
    check_questions(times.asked)


def test_a_tool_that_leads_away_and_back_tells_what_was_found_out_there(one):
    back = one("back")
    assert back.states() == ["desk", "number", "desk", "booked"] and back.record["slots"] == {"number": "42"}, back
    assert back.asked[-1][1:-1] == [
        assistant(HELLO), user(back.texts("caller")[0]), assistant("Sure.", (1, "ask", {})), result(1, number="42"),
        assistant("Then it is yours. Shall I?")], back


def test_only_what_the_caller_said_or_agreed_to_is_kept(one):
    unsaid = one("unsaid")
    (refused,) = results_of(unsaid.asked[-1])
    assert "not said by the caller: time" in refused["error"], refused
    assert unsaid.states() == ["desk", "booked"] and unsaid.record["slots"] == {"time": "19:30"}, unsaid
    check_questions(unsaid.asked)


# --- interruptions


def told_and_heard(held_call):
    """What the model is told that it said in the turn that was interrupted, and what the record says was heard of it."""
    line = held_call.said("agent")[1]
    assert line["interrupted"] and held_call.states() == ["desk", "booked"], held_call
    messages = held_call.asked[-1]
    first = messages.index(user(held_call.texts("caller")[0]))
    told = [message["content"] for message in messages[first:-1] if message["role"] == "assistant" and message["content"]]
    return " ".join(told), line["heardText"]


@pytest.mark.parametrize("name", HOUSES)
def test_who_is_interrupted_stops_and_is_told_what_was_heard(one, name):
    house = one(name)
    assert house.record["metadata"].get("wire", "voiceforge") == HOUSES[name]
    told, heard = told_and_heard(house)
    assert house.ends[0]["end"] == "closed by client" and 0 < house.ends[0]["tokens"] < len(WHOLE.split()), house
    assert heard and WHOLE.startswith(heard) and len(heard) < len(WHOLE), heard
    assert WHOLE.startswith(house.texts("agent")[1]), house
    assert house.asked[1][1:] == [assistant(HELLO), user(house.texts("caller")[0]), assistant(heard), user(house.texts("caller")[1])]
    assert told == heard


@pytest.mark.parametrize("name", ["noted", "noted-early"])
def test_what_was_heard_is_told_where_a_call_lies_between_the_words(one, name):
    noted = one(name)
    told, heard = told_and_heard(noted)
    assert noted.ends[1]["end"] == "closed by client", noted
    assert heard and f"{NOTED} {WHOLE}".startswith(heard), heard
    assert told == heard, noted.asked[-1]
    assert results_of(noted.asked[-1]) == [{"result": "done", "values": {"time": "19:30"}}]


def test_a_caller_who_goes_on_is_answered_once_and_to_all_of_it(one):
    thinking = one("thinking")
    words = thinking.texts("caller")
    assert len(words) == 2 and "tomorrow" in words[0].lower(), words
    assert thinking.texts("agent") == [HELLO, "Tomorrow at ten it is. Shall I?", "It is booked. Goodbye."], thinking
    assert all(end["end"] == "closed by client" for end in thinking.ends[:-2]), thinking
    assert thinking.asked[-2][1:] == [assistant(HELLO), user(words[0])], thinking


# --- without a model, and with a genuine one


def test_where_no_model_is_allowed_the_call_ends_and_nobody_is_asked(tmp_path):
    cases = {"voiceforge": {"desk": CASES["voiceforge"]["desk"]}}
    desk = hold(tmp_path, RULES, flows("http://127.0.0.1:9"), cases, ENABLE_LLM="false")["desk"]
    assert (desk.record["reason"], desk.record["outcome"]) == ("completed", "failed"), desk
    assert desk.texts("agent") == [HELLO, SORRY] and desk.states() == ["desk", "sorry"], desk
    assert desk.events == []


def test_a_genuine_model_talks_until_the_limit(tmp_path):
    desk = {"llm": "You sell tea. You are the agent small.", "say-first": HELLO, "limits": {"turns": 2, "tokens": 30}}
    small = {"small": flow("small", {**desk, "tools": {"book": BOOK}})}
    case = {
        "id": "small", "flow": "small", "caller": {"patience": "60s"}, "max-duration": "300s",
        "turns": ["Hello, what do you sell?", "How much is it?", "Thank you, and goodbye."]}
    with serving() as model, agents(small, tmp_path, model.url) as server:
        told = results(caller(server, tmp_path, [case]))
        held = Call(told["small"], records(server, ["small"])["small"], [])
    assert (held.record["reason"], held.record["outcome"]) == ("completed", "failed"), held
    assert held.states() == ["desk", "sorry"] and held.texts("agent")[0] == HELLO and held.texts("agent")[-1] == SORRY, held
    # It is asked once more where it says nothing that is for people.
    assert 2 <= len(held.entries("model-answered")) == len(held.entries("model-asked")) <= 4 and not held.entries("model-failed"), held
    said = held.texts("agent")[1:-1]
    assert len(said) == 2 and all(said) and set(said) != {SAY_AGAIN}, held
