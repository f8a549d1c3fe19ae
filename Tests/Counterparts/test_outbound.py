"""Runs over the telephone: our server dials through Twilio's REST API, and is the caller on the media stream that comes back."""

import asyncio
import json
import os
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import pytest
import websockets
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.voice_response import Connect, VoiceResponse

from asking import ask
from ports import free_port
from server import BINARY, Server
from twilio_double import TwilioDouble

TOKEN = "0123456789abcdef0123456789abcdef"
KEY = "a-key-of-sixteen-characters-or-more"
RUN_WAIT_S = 120
HOURS = {
    "test_id": "phone/hours", "persona": "Somebody with a question.", "turns": [
        {"step_order": 1, "user_input": "What are your opening hours?", "expected_agent_response_keywords": ["Monday", "Friday"],
         "exact_match_required": True},
        {"step_order": 2, "user_input": "Thank you, goodbye.", "expected_agent_response_keywords": ["thank you for calling"],
         "exact_match_required": False}]}
# A caller who presses a key, with an expectation that no telephone answers.
KEYS = """
id: phone/keys
flow: appointment
turns:
  - press: "3"
    expect: {keywords: [Monday, Friday], state: hours}
  - hang-up: true
"""


@pytest.fixture(scope="module")
def double():
    running = TwilioDouble(TOKEN)
    yield running
    running.stop()


def environment(double, **more):
    return {
        "TWILIO_ACCOUNT_SID": double.account, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_BASE_URL": double.url,
        "VOICEFORGE_PUBLIC_URL": "https://voice.example", "VOICEFORGE_DIAL_ALLOW": "+1555", "VOICEFORGE_DIAL_PER_MINUTE": "600",
        "VOICEFORGE_DIAL_RING_SECONDS": "5", "VOICE_API_KEY": KEY, **more}


@pytest.fixture(scope="module")
def dialer(double):
    running = Server(environment=environment(double)).wait_until_ready()
    double.server = double.bot_server = running.url
    assert with_key(running, "/testcases", "POST", HOURS).status == 201
    assert ask(f"{running.url}/testcases", "POST", KEYS, {"x-api-key": KEY, "Content-Type": "application/yaml"}).status == 201
    yield running
    running.stop()


def with_key(server, path, method="GET", body=None, key=KEY):
    return ask(f"{server.url}{path}", method, body, {"x-api-key": key})


def run(server, to="+15550100", test_id="phone/hours", key=KEY, **more):
    body = {"test_id": test_id, "mode": "live", "to_number": to, "from_number": "+15550199", **more}
    return with_key(server, "/test/run", "POST", body, key)


def finished(server, run_id):
    deadline = time.monotonic() + RUN_WAIT_S
    while time.monotonic() < deadline:
        document = with_key(server, f"/testruns/{run_id}").json
        if document["status"] in ("completed", "failed"):
            return document
        time.sleep(0.1)
    raise AssertionError(f"the run {run_id} was not over within {RUN_WAIT_S} s")


TRIES = 4
LATE = "leave over 20 ms late"


def held(server, **order):
    """A run, from its beginning to its end; again where the machine was too busy to speak in time, which says nothing of anybody."""
    for _ in range(TRIES):
        started = run(server, **order)
        assert started.status == 200, started
        document = finished(server, started.json["run_id"])
        if not any(LATE in text for text in document["evaluation"]["zipper_report"]["failures"]):
            break
    return document


def reason(document):
    return document["evaluation"]["sentiment_summary"]


def until(is_so, what):
    deadline = time.monotonic() + RUN_WAIT_S
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


# --- the double is a fair judge: the official client takes it for Twilio


@pytest.mark.usefixtures("dialer")
def test_the_official_client_accepts_the_double(double):
    client = Client(double.account, TOKEN)
    client.api.base_url = double.url
    call = client.calls.create(to="+15550105", from_="+15550199", twiml="<Response/>")
    assert call.sid.startswith("CA") and call.status == "queued" and call.price is None
    assert client.calls(call.sid).fetch().to == "+15550105"
    assert client.calls(call.sid).update(status="completed").status == "completed"
    with pytest.raises(TwilioRestException) as gone:
        client.calls("CA" + "f" * 32).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    stranger = Client(double.account, "another token")
    stranger.api.base_url = double.url
    with pytest.raises(TwilioRestException) as refused:
        stranger.calls.create(to="+15550105", from_="+15550199", twiml="<Response/>")
    assert (refused.value.status, refused.value.code) == (401, 20003)


# --- a call that is taken


def test_a_case_is_held_over_the_telephone(double, dialer):
    before = len(double.callbacks)
    document = held(dialer, metadata={"campaign": "spring"})
    assert document["status"] == "completed" and document["evaluation"]["status"] == "pass", json.dumps(document, indent=1)
    said = [line["text"] for line in document["transcript"] if line["speaker"] == "agent"]
    assert any("Monday" in text for text in said), document["transcript"]

    call = double.calls[document["provider_call_id"]]
    until(call.over.is_set, "the double's call never ended")
    assert call.hang_ups <= 1, "the agent hung up, so it may be over before we ask for that"
    form = {name: values for name, values in call.form.items() if name != "Twiml"}
    address = f"https://voice.example/webhooks/voice/twilio?id={document['run_id']}"
    assert form == {
        "To": ["+15550100"], "From": ["+15550199"], "Timeout": ["5"], "TimeLimit": [form["TimeLimit"][0]], "StatusCallback": [address],
        "StatusCallbackMethod": ["POST"], "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"]}
    assert 180 <= int(form["TimeLimit"][0]) <= 600
    until(lambda: len(double.callbacks) >= before + 4, "the double told of four events")
    assert {status for _, status in double.callbacks[before:]} == {200}

    # Twilio's own library writes the same document.
    response = VoiceResponse()
    connect = Connect()
    connect.stream(url=call.stream_url)
    response.append(connect)
    response.hangup()
    ours, theirs = (ElementTree.canonicalize(text) for text in (call.first("Twiml"), str(response)))
    assert ours == theirs
    assert call.legs[0].complaints == []

    # Nobody's voice is kept unless asked for.
    report = with_key(dialer, f"/testruns/{document['run_id']}/report").text
    assert "<audio" not in report and TOKEN not in report


@pytest.mark.usefixtures("double")
def test_a_recorded_run_has_sound_in_its_report(dialer):
    document = held(dialer, record=True)
    assert document["evaluation"]["status"] == "pass", json.dumps(document, indent=1)
    assert "<audio" in with_key(dialer, f"/testruns/{document['run_id']}/report").text


def test_keys_sound_as_tones(double, dialer):
    refused = run(dialer, test_id="phone/keys")
    assert refused.status == 422 and "skip_unobservable" in refused.text, refused
    document = held(dialer, test_id="phone/keys", skip_unobservable=True)
    assert document["evaluation"]["status"] == "pass", json.dumps(document, indent=1)
    call = double.calls[document["provider_call_id"]]
    assert call.keys_heard == ["3"]
    assert call.over.is_set() and call.hang_ups == 1


def test_the_answer_comes_once_the_call_is_placed(double, dialer):
    started = run(dialer, to="+15550101")
    assert started.json["status"] == "running" and started.json["evaluation"] is None
    assert started.json["provider_call_id"] in double.calls
    assert finished(dialer, started.json["run_id"])["provider_call_id"] == started.json["provider_call_id"]


@pytest.mark.usefixtures("double")
def test_the_answer_may_wait_for_the_end(dialer):
    answer = run(dialer, to="+15550101", wait=True)
    assert answer.status == 200 and answer.json["status"] == "failed" and "the line is busy" in reason(answer.json)


# --- calls that come to nothing, each for its own reason


@pytest.mark.parametrize("number, expected, hang_ups", [
    ("+15550101", "the line is busy", 0),
    ("+15550102", "nobody answered", 0),
    ("+15550103", "could not connect the call (failed)", 0),
    ("+15550104", "canceled before anybody answered", 0),
    ("+15550105", "not connected within 5 s", 1),
    ("+15550106", "no media stream came within 10 s", 1),
])
def test_a_call_that_is_not_held(double, dialer, number, expected, hang_ups):
    document = held(dialer, to=number)
    assert document["status"] == "failed" and document["evaluation"]["status"] == "fail"
    assert expected in reason(document), document
    call = double.calls[document["provider_call_id"]]
    assert call.hang_ups == hang_ups and document["transcript"] == []


def test_somebody_who_hangs_up_early(double, dialer):
    document = held(dialer, to="+15550107")
    assert document["status"] == "completed" and document["evaluation"]["status"] == "fail"
    call = double.calls[document["provider_call_id"]]
    assert call.hang_ups <= 1


def problem(status, code, message, **headers):
    body = {"code": code, "message": message, "status": status}
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body)


@pytest.mark.parametrize("answer, expected", [
    (problem(401, 20003, "Authenticate"), f"refused the account {TwilioDouble.account} (20003: Authenticate)"),
    (problem(429, 20429, "Too Many Requests", Retry_After="7"), "again in 7 s"),
    (problem(400, 21215, "Geo permissions"), "status 400 (21215: Geo permissions)"),
    (problem(500, 20500, "Internal"), "failed with status 500"),
    ((503, {"Content-Type": "text/html"}, "<html>"), "failed with status 503"),
    ((201, {}, "{not json"), "makes no sense"),
    ((201, {}, '{"sid": "CA1"}'), "makes no sense"),
])
def test_an_api_that_does_not_place_the_call(double, dialer, answer, expected):
    before = len(double.requests)
    double.answers.append(answer)
    started = run(dialer)
    document = finished(dialer, started.json["run_id"])
    assert document["status"] == "failed" and expected in reason(document), document
    assert document["provider_call_id"] is None and len(double.requests) == before + 1, "a call is asked for once"
    assert TOKEN not in json.dumps(document) and TOKEN not in dialer.output()


def test_an_api_that_never_answers(double, dialer):
    double.answers.append((None, {}, 20))
    document = held(dialer)
    assert document["status"] == "failed" and "did not answer in time" in reason(document), document


def test_a_hang_up_that_fails_is_tried_again(double, dialer):
    started = run(dialer, to="+15550106")
    call = double.calls[started.json["provider_call_id"]]
    double.answers.append(problem(503, 20503, "Service unavailable"))
    document = finished(dialer, started.json["run_id"])
    assert "no media stream" in reason(document) and call.hang_ups == 1


# --- what the provider tells


def post(double, address, form, **how):
    return double.call_back(f"https://voice.example{address}", form, **how)


def test_status_callbacks(double, dialer):
    document = held(dialer, to="+15550101")
    address = f"/webhooks/voice/twilio?id={document['run_id']}"
    form = {"CallSid": document["provider_call_id"], "CallStatus": "in-progress", "AccountSid": double.account}
    for late in ["initiated", "ringing", "in-progress", "completed", "busy"]:
        for _ in range(2):
            assert post(double, address, {**form, "CallStatus": late}).status == 200
    assert post(double, "/webhooks/voice/twilio", form).status == 200, "found by its CallSid"
    assert with_key(dialer, f"/testruns/{document['run_id']}").json == document
    assert double.calls[document["provider_call_id"]].hang_ups == 0


@pytest.mark.parametrize("change, status", [
    ({"signature": "AAAA"}, 403), ({"signature": ""}, 403),
    ({"signature": RequestValidator("another token").compute_signature("https://voice.example/webhooks/voice/twilio?id={id}", {})}, 403),
    ({"path": "/webhooks/voice/telnyx"}, 404), ({"path": "/webhooks/voice/nobody"}, 404), ({"path": "/webhooks/voice/"}, 404),
    ({"query": "?id=nobody"}, 404), ({"query": "?id=" + "x" * 5000}, 404),
    ({"form": {"CallStatus": "completed"}}, 400), ({"form": {"CallSid": "CA1"}}, 400),
    ({"form": {"CallSid": "CA1", "CallStatus": "dancing"}}, 400), ({"form": {"CallSid": "C" * 2000, "CallStatus": "completed"}}, 400),
])
def test_what_is_no_word_of_the_provider_changes_nothing(double, dialer, change, status):
    started = run(dialer, to="+15550105").json
    path = change.get("path", "/webhooks/voice/twilio") + change.get("query", f"?id={started['run_id']}")
    form = change.get("form", {"CallSid": started["provider_call_id"], "CallStatus": "completed"})
    answer = post(double, path, form, **({"signature": change["signature"]} if "signature" in change else {}))
    assert answer.status == status, answer
    assert TOKEN not in answer.text
    assert with_key(dialer, f"/testruns/{started['run_id']}").json["status"] == "running"
    with_key(dialer, "/api/dial/stop", "POST")
    with_key(dialer, "/api/dial/resume", "POST")
    finished(dialer, started["run_id"])


def test_the_signature_is_that_of_the_whole_address_and_form(double, dialer):
    document = held(dialer, to="+15550101")
    form = {"CallSid": document["provider_call_id"], "CallStatus": "completed"}
    address = f"/webhooks/voice/twilio?id={document['run_id']}"
    right = double.validator.compute_signature(f"https://voice.example{address}", form)
    assert post(double, address, form, signature=right).status == 200
    assert post(double, address, {**form, "CallStatus": "busy"}, signature=right).status == 403
    assert post(double, address + "&x=1", form, signature=right).status == 403


@pytest.mark.parametrize("body, status", [
    ({"test_run_id": "{id}"}, 200), ({"test_run_id": "{id}", "provider_payload": {}, "transcript": [], "completed": False}, 200),
    ({"test_run_id": "{id}", "provider_payload": {"CallStatus": "ringing", "CallSid": "CA1"}, "x": 1}, 200),
    ({"test_run_id": "{id}", "transcript": [{"speaker": "agent", "text": "Invented."}], "completed": True}, 200),
    ({"test_run_id": "nobody"}, 404), ({}, 400), ({"test_run_id": 5}, 400), ({"test_run_id": ""}, 400),
    ({"test_run_id": "{id}", "transcript": 5}, 400), ({"test_run_id": "{id}", "completed": "yes"}, 400),
    ({"test_run_id": "{id}", "provider_payload": []}, 400), ({"test_run_id": "{id}", "provider_payload": {"CallStatus": "dancing"}}, 400),
    ("{", 400), ("[]", 400),
])
@pytest.mark.usefixtures("double")
def test_the_predecessors_envelope(dialer, body, status):
    document = held(dialer, to="+15550101")
    text = (body if isinstance(body, str) else json.dumps(body)).replace("{id}", document["run_id"])
    address = f"{dialer.url}/webhooks/voice/twilio"
    json_type = {"Content-Type": "application/json"}
    assert ask(address, "POST", text, {**json_type, "x-api-key": KEY}).status == status
    assert ask(address, "POST", text, json_type).status == 403
    assert ask(address, "POST", text, {**json_type, "x-api-key": "a wrong key of some length"}).status in (401, 429)
    assert with_key(dialer, f"/testruns/{document['run_id']}").json == document, "what was heard is not overwritten"


@pytest.mark.usefixtures("double")
def test_a_client_of_the_predecessor_says_that_a_call_is_over(dialer):
    started = run(dialer, to="+15550105").json
    answer = with_key(dialer, "/webhooks/voice/twilio", "POST", {"test_run_id": started["run_id"], "completed": True})
    assert answer.status == 200
    assert "the call ended before" in reason(finished(dialer, started["run_id"]))


# --- the stream


def test_a_stream_is_let_in_once_with_its_token(double, dialer):
    document = held(dialer)
    path = double.calls[document["provider_call_id"]].stream_url.removeprefix("wss://voice.example")
    token = path.rsplit("/", 1)[1]

    bodies = []

    async def status(path, headers=None):
        try:
            async with websockets.connect(f"ws{dialer.url[4:]}{path}", additional_headers=headers or {}, compression=None):
                return 101
        except websockets.InvalidStatus as refused:
            bodies.append(refused.response.body.decode())
            return refused.response.status_code

    started = run(dialer, to="+15550106").json
    waiting = f"/caller/stream/{started['run_id']}"
    bad = {"X-Twilio-Signature": "AAAA"}
    cases = [
        (path, None, 403), (f"{waiting}/{token}", None, 403), (f"{waiting}/{'0' * 64}", None, 403), (f"{waiting}/{'x' * 2000}", None, 403),
        (f"{waiting}/%00", None, 400), (f"{waiting}/{token}", bad, 403), ("/caller/stream/nobody/x", None, 403), (waiting, None, 404),
    ]
    for where, headers, expected in cases:
        assert asyncio.run(status(where, headers)) == expected, where
    assert bodies and not any(TOKEN in body for body in bodies)
    finished(dialer, started["run_id"])


BAD_STREAMS = {
    "nothing": [], "not JSON": ["{"], "binary": [b"\x00" * 160], "audio first": [{"event": "media", "media": {"payload": "////"}}],
    "start without a stream": [{"event": "start", "start": {"callSid": "CA1"}}],
    "linear": [{"event": "start", "streamSid": "MZ1", "start": {
        "streamSid": "MZ1", "mediaFormat": {"encoding": "audio/x-l16", "sampleRate": 8000}}}],
    "too long": ["x" * 200_000],
}


@pytest.mark.parametrize("frames", BAD_STREAMS.values(), ids=BAD_STREAMS)
def test_a_stream_that_makes_no_sense_ends_its_own_run(double, dialer, frames):
    started = run(dialer, to="+15550106").json
    call = double.calls[started["provider_call_id"]]
    path = ElementTree.fromstring(call.first("Twiml"))[0][0].get("url").removeprefix("wss://voice.example")

    async def open_stream():
        async with websockets.connect(f"ws{dialer.url[4:]}{path}", compression=None) as socket:
            for frame in frames:
                await socket.send(frame if isinstance(frame, (bytes, str)) else json.dumps(frame))
            async with asyncio.timeout(20):
                await socket.wait_closed()

    asyncio.run(open_stream())
    document = finished(dialer, started["run_id"])
    assert document["evaluation"]["status"] == "fail" and reason(document), document
    until(lambda: call.hang_ups == 1, "it is hung up once")


# --- rules


@pytest.mark.parametrize("change, status, expected", [
    ({"to": None}, 400, "to_number"), ({"to": ""}, 400, "to_number"), ({"to": "15550100"}, 400, "begins with +"),
    ({"to": "911"}, 400, "never dialed"), ({"to": "+1911"}, 400, "never dialed"), ({"to": "+1 555 0100"}, 400, "digits alone"),
    ({"to": "+1" + "5" * 30}, 400, "at most 15"), ({"to": "+12125550100"}, 403, "VOICEFORGE_DIAL_ALLOW"),
    ({"to": "+19005550100"}, 403, "never dialed"), ({"to": "+449012345678"}, 403, "never dialed"),
    ({"from_number": "me"}, 400, "from_number"), ({"from_number": None}, 400, "TWILIO_FROM_NUMBER"),
    ({"provider": "telnyx"}, 400, "twilio"), ({"test_id": "nobody"}, 404, "nobody"), ({"mode": "dead"}, 400, "mode"),
    ({"record": "yes"}, 400, "record"), ({"skip_unobservable": 1}, 400, "skip_unobservable"),
])
def test_what_is_not_dialed(double, dialer, change, status, expected):
    before = len(double.requests)
    answer = run(dialer, **change)
    assert answer.status == status and expected in answer.text, answer
    assert len(double.requests) == before


@pytest.mark.usefixtures("double")
def test_dialing_needs_a_scope_of_its_own(dialer):
    def key(*scopes):
        return with_key(dialer, "/api/keys", "POST", {"name": "test", "scopes": list(scopes)}).json["key"]

    manager, both = key("manage", "read", "call", "speech"), key("manage", "dial")
    refused = run(dialer, key=manager)
    assert refused.status == 403 and "dial" in refused.text
    assert with_key(dialer, "/api/dial", key=manager).status == 403
    finished(dialer, run(dialer, to="+15550101", key=both).json["run_id"])
    assert with_key(dialer, "/api/dial", key=both).json["prefixes"] == ["+1555"]


def test_all_calls_are_stopped_with_one_request(double, dialer):
    held_back = [run(dialer, to=number).json for number in ("+15550105", "+15550106", "+15550100")]
    stopped = with_key(dialer, "/api/dial/stop", "POST")
    assert stopped.status == 200 and stopped.json["ended"] == 3 and stopped.json["on"] is False
    for started in held_back:
        document = finished(dialer, started["run_id"])
        assert "POST /api/dial/stop" in reason(document), document
        assert double.calls[document["provider_call_id"]].hang_ups == 1
    refused = run(dialer)
    assert refused.status == 503 and refused.headers["Retry-After"]
    assert with_key(dialer, "/api/dial/resume", "POST").json["on"] is True
    assert run(dialer, to="+15550101").status == 200


@pytest.mark.usefixtures("double")
def test_no_more_calls_at_once_than_are_allowed(dialer):
    started = [run(dialer, to="+15550105") for _ in range(5)]
    assert [answer.status for answer in started] == [200] * 4 + [503]
    for answer in started[:4]:
        finished(dialer, answer.json["run_id"])


# --- other servers


def test_a_key_has_so_many_calls_a_minute(double):
    server = Server(environment=environment(double, VOICEFORGE_DIAL_PER_MINUTE="2")).wait_until_ready()
    usual, double.server = double.server, server.url
    try:
        answers = [run(server, to="+15550101", test_id="appointment_hours", wait=True) for _ in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429] and int(answers[2].headers["Retry-After"]) <= 30
    finally:
        server.stop()
        double.server = usual


@pytest.mark.parametrize("missing", ["TWILIO_ACCOUNT_SID", "VOICEFORGE_PUBLIC_URL", "VOICEFORGE_DIAL_ALLOW"])
def test_dialing_is_off_unless_it_is_set_up(double, missing):
    server = Server(environment=environment(double, **{missing: ""})).wait_until_ready()
    try:
        answer = run(server, test_id="appointment_hours")
        assert answer.status == 501 and missing in answer.text and TOKEN not in answer.text
    finally:
        server.stop()


@pytest.mark.parametrize("to, phase", [("+15550105", "rings"), ("+15550100", "talks")])
@pytest.mark.usefixtures("dialer")
def test_a_server_that_stops_hangs_up(double, to, phase):
    server = Server("--drain", "0", environment=environment(double)).wait_until_ready()
    usual, double.server = double.server, server.url
    try:
        started = run(server, to=to, test_id="appointment_hours").json
        call = double.calls[started["provider_call_id"]]
        if phase == "talks":
            until(lambda: len(call.legs) == 2, "the caller talks with the bot")
    finally:
        server.stop()
        double.server = usual
    assert call.hang_ups == 1 and call.over.wait(10)
    assert "the server is going down" in server.output()


# --- from the terminal


def call_phone(double, *options, **more):
    command = [BINARY, "call", "--phone", *options]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=RUN_WAIT_S, stdin=subprocess.DEVNULL,
        env={**os.environ, **environment(double, VOICE_API_KEY="", **more)})


@pytest.mark.parametrize("options, status, expected", [
    (["+15550101", "--case", "appointment_hours", "--from", "+15550199"], 2, "--yes"),
    (["+15550101", "--case", "appointment_hours"], 2, "--from"), (["+1911", "--say", "Hello.", "--yes"], 2, "never dialed"),
    (["+12125550100", "--say", "Hello.", "--yes"], 2, "VOICEFORGE_DIAL_ALLOW"), (["me", "--say", "Hello.", "--yes"], 2, "begins with +"),
    (["+15550101", "--yes"], 2, "nothing to say"), (["+15550101", "--case", "nobody", "--yes"], 2, "nobody"),
    (["+15550101", "--say", "Hello.", "--public-url", "voice.example", "--yes"], 2, "--public-url"),
    (["+15550101", "--say", "Hello.", "--target", "ws://127.0.0.1:1/", "--yes"], 2, "--target"),
    (["+15550101", "--case", "opening-hours", "--yes"], 2, "--skip-unobservable"),
])
def test_the_command_says_what_is_wrong_before_it_dials(double, options, status, expected):
    before = len(double.requests)
    done = call_phone(double, *options, "--port", "0")
    assert done.returncode == status and expected in done.stderr, done
    assert len(double.requests) == before


@pytest.mark.parametrize("options, status, expected", [
    (["+15550100", "--case", "{case}", "--report", "{report}"], 0, "Twilio's name for the call is CA"),
    (["+15550100", "--say", "What are your opening hours?", "--say", "Goodbye."], 0, "The caller speaks."),
    (["+15550101", "--say", "Hello."], 4, "Dialing"),
])
@pytest.mark.usefixtures("dialer")
def test_the_command_holds_a_case_over_the_telephone(double, tmp_path, options, status, expected):
    (tmp_path / "case.json").write_text(json.dumps([HOURS]))
    options = [option.format(case=tmp_path / "case.json", report=tmp_path / "report") for option in options]
    port = free_port()
    usual, double.server = double.server, f"http://127.0.0.1:{port}"
    try:
        for _ in range(TRIES):
            before = set(double.calls)
            done = call_phone(double, *options, "--from", "+15550199", "--yes", "--port", str(port))
            if LATE not in done.stdout:
                break
    finally:
        double.server = usual
    assert done.returncode == status and expected in done.stderr, done
    [call] = [call for sid, call in double.calls.items() if sid not in before]
    assert call.over.is_set() and call.hang_ups <= (1 if status == 0 else 0)
    assert TOKEN not in done.stdout + done.stderr
    if "--report" in options:
        assert "<audio" in (tmp_path / "report" / "index.html").read_text()
    if status == 4:
        assert "the line is busy" in done.stdout
