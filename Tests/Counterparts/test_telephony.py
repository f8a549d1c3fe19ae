"""Our agent answers telephone providers: spoken calls, barge-in, keys and hang-ups over each dialect of media streams."""

import asyncio
import contextlib
import json
import urllib.parse
from xml.etree import ElementTree

import pytest
import websockets
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Connect, VoiceResponse

from asking import ask
from phone import DIALECTS, FRAME_S, Phone
from server import Server

TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="session")
def signed_server():
    """One that knows the token of a Twilio account, and by which address Twilio reaches it."""
    running = Server(environment={"TWILIO_AUTH_TOKEN": TOKEN, "VOICEFORGE_PUBLIC_URL": "https://voice.example"}).wait_until_ready()
    yield running
    running.stop()


def stream(server, dialect, query=""):
    return f"ws{server.url[4:]}/{dialect.name}/stream{query}"


def record(server):
    """The call that ended last."""
    server.wait_for_no_calls()
    call = ask(f"{server.url}/api/calls?limit=1").json["calls"][0]["id"]
    return ask(f"{server.url}/api/calls/{call}").json


def said(call, role):
    return [line["text"] for line in call["transcript"] if line["role"] == role]


LINES = ["I would like to book an appointment.", "On Wednesday.", "At nine in the morning.", "Yes, that is right.",
         "My name is John Miller.", "Yes."]


@pytest.fixture(scope="module")
def bookings(server, speak):
    """A spoken appointment over each provider's wire, all at once: the phones, and the server's records by wire."""
    async def call(name):
        dialect = DIALECTS[name]()
        # Plivo passes no parameters on.
        query, parameters = "?flow=appointment", {"customer": "4711", "today": "2026-03-02"}
        if name == "twilio":
            query, parameters = "", {**parameters, "flow": "appointment"}
        async with Phone(dialect, stream(server, dialect, query), parameters) as phone:
            for text in LINES:
                await phone.agent_done()
                phone.say(speak(text, dialect.rate))
            await phone.over()
            return phone

    async def calls():
        return await asyncio.gather(*map(call, DIALECTS))

    phones = dict(zip(DIALECTS, asyncio.run(calls()), strict=True))
    server.wait_for_no_calls()
    ids = [call["id"] for call in ask(f"{server.url}/api/calls?limit={len(DIALECTS)}").json["calls"]]
    records = [ask(f"{server.url}/api/calls/{call}").json for call in ids]
    return phones, {kept["metadata"]["wire"]: kept for kept in records}


@pytest.mark.parametrize("name", list(DIALECTS))
def test_an_appointment_is_booked_by_voice(bookings, name):
    phone, kept = bookings[0][name], bookings[1][name]
    assert kept["outcome"] == "booked", kept["transcript"]
    assert (kept["reason"], phone.close_code) == ("completed", 1000)
    assert kept["slots"]["name"] == "John Miller"
    if name != "plivo":
        assert kept["metadata"]["customer"] == "4711"
    assert phone.complaints == []
    # The last words were played before the stream was closed: the last mark came back.
    assert len(phone.marks) >= len(said(kept, "agent"))
    assert phone.clears == 0


def test_speech_over_the_agent_drops_what_is_queued_and_history_keeps_what_was_played(server, speak):
    dialect = DIALECTS["twilio"]()

    async def call():
        async with Phone(dialect, stream(server, dialect), {"flow": "appointment"}) as phone:
            await phone.agent_speaking(1.0)
            phone.say(speak("I would like to hear your opening hours, please.", dialect.rate))
            await phone.agent_done()
            await phone.hang_up()
            return phone

    phone = asyncio.run(call())
    kept = record(server)
    cut = [line for line in kept["transcript"] if line["interrupted"]]
    assert phone.clears == 1 and len(cut) == 1
    assert 0 < cut[0]["heardMs"] < 4000
    assert kept["reason"] == "caller-hung-up"
    assert any("eight in the morning" in text for text in said(kept, "agent")), kept["transcript"]
    assert phone.complaints == []


def test_keys_are_taken(server):
    dialect = DIALECTS["twilio"]()

    async def call():
        async with Phone(dialect, stream(server, dialect), {"flow": "appointment"}) as phone:
            await phone.agent_done()
            await phone.press("3")
            await phone.agent_done()
            await phone.hang_up()

    asyncio.run(call())
    assert any("eight in the morning" in text for text in said(record(server), "agent"))



def post(url, form, headers=None):
    body = urllib.parse.urlencode(form, doseq=True)
    answer = ask(url, "POST", body, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})
    return answer.status, answer.headers["content-type"], answer.text


class Form(dict):
    """What frameworks give Twilio's validator for a field that came more than once."""

    def getall(self, name):
        return self[name] if isinstance(self[name], list) else [self[name]]


FORM = {"CallSid": "CA1", "AccountSid": "AC1", "From": "+15550100", "To": "+15550101", "CallStatus": "ringing",
        "Direction": "inbound", "ApiVersion": "2010-04-01"}


def test_twiml_is_what_twilios_library_writes(server):
    connect = Connect()
    media = connect.stream(url=f"ws{server.url[4:]}/twilio/stream")
    media.parameter(name="from", value="+1555 <\"0100\">&")
    media.parameter(name="to", value="+15550101")
    media.parameter(name="flow", value="appointment")
    wanted = VoiceResponse()
    wanted.append(connect)
    wanted.hangup()

    status, kind, text = post(f"{server.url}/twilio/voice?flow=appointment", {**FORM, "From": "+1555 <\"0100\">&"})
    assert (status, kind) == (200, "text/xml; charset=utf-8")
    assert text == str(wanted)


def test_an_unknown_flow_is_not_answered(server):
    status, _, text = post(f"{server.url}/twilio/voice?flow=nothing", FORM)
    assert status == 404 and "nothing" in text


@pytest.mark.parametrize("form", [FORM, {}, {**FORM, "Digits": ["2", "1", "2"], "Ä": "ö & ="}], ids=["call", "empty", "odd"])
@pytest.mark.parametrize("query", ["", "?flow=appointment", "?flow=appointment&x=a%20b+c"])
def test_what_twilio_signed_is_answered(signed_server, form, query):
    validator = RequestValidator(TOKEN)
    form = Form(form)
    address = f"https://voice.example/twilio/voice{query}"
    signature = validator.compute_signature(address, form)
    assert post(f"{signed_server.url}/twilio/voice{query}", form, {"X-Twilio-Signature": signature})[0] == 200
    with_port = validator.compute_signature(address.replace(".example", ".example:443"), form)
    assert post(f"{signed_server.url}/twilio/voice{query}", form, {"X-Twilio-Signature": with_port})[0] == 200
    forged = RequestValidator("another token").compute_signature(address, form)
    for headers in [{}, {"X-Twilio-Signature": forged}, {"X-Twilio-Signature": signature[:-1]}, {"X-Twilio-Signature": ""}]:
        status, _, text = post(f"{signed_server.url}/twilio/voice{query}", form, headers)
        assert status == 403 and TOKEN not in text
    # With this header a shared key signs by SHA-256, and only the account's token is known here.
    other_key = {"X-Twilio-Signature": signature, "X-Twilio-Webhooks-Signature-Settings": "key=1,algorithm=HMAC_SHA256"}
    assert post(f"{signed_server.url}/twilio/voice{query}", form, other_key)[0] == 403
    made_up = {"x-api-key": "0123456789abcdef0123456789abcdef"}
    assert post(f"{signed_server.url}/twilio/voice{query}", form, made_up)[0] == 403
    changed = {**FORM, **form, "To": "+15550199"}
    assert post(f"{signed_server.url}/twilio/voice{query}", changed, {"X-Twilio-Signature": signature})[0] == 403


def test_under_its_public_name_nothing_else_is_answered_without_keys(signed_server):
    host = {"Host": "voice.example"}
    assert post(f"{signed_server.url}/twilio/voice", FORM, host)[0] == 403
    for path in ["/", "/api/calls", "/v1/call", "/telnyx/stream", "/api/flows"]:
        assert ask(f"{signed_server.url}{path}", headers=host).status == 421, path


def test_a_body_that_is_no_form_is_signed_by_nobody(signed_server):
    address = "https://voice.example/twilio/voice"
    signature = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(address, {})}
    assert post(f"{signed_server.url}/twilio/voice", {}, signature)[0] == 200
    for body, kind in [("From=%zz", "application/x-www-form-urlencoded"), ("From=1", "text/plain"), ("{}", "application/json")]:
        answer = ask(f"{signed_server.url}/twilio/voice", "POST", body, {**signature, "Content-Type": kind})
        assert answer.status == 403, (body, kind)


def test_a_stream_is_taken_with_twilios_signature_only(signed_server):
    dialect = DIALECTS["twilio"]()
    signature = RequestValidator(TOKEN).compute_signature("wss://voice.example/twilio/stream", {})

    async def call(headers):
        async with Phone(DIALECTS["twilio"](), stream(signed_server, dialect), {"flow": "appointment"}, headers) as phone:
            await phone.agent_done()
            await phone.hang_up()
            return phone

    assert asyncio.run(call({"X-Twilio-Signature": signature})).complaints == []
    for headers in [{}, {"X-Twilio-Signature": "AAAA"}, {"x-api-key": "made up, as anybody can"}, {"Authorization": "Bearer x"}]:
        with pytest.raises(websockets.InvalidStatus) as refused:
            asyncio.run(call(headers))
        assert refused.value.response.status_code == 403


def test_what_twilio_signed_once_opens_a_stream_once(signed_server):
    validator, form = RequestValidator(TOKEN), {**FORM, "CallSid": "CA-replayed"}
    voice = {"X-Twilio-Signature": validator.compute_signature("https://voice.example/twilio/voice?flow=appointment", form)}

    def answered():
        return post(f"{signed_server.url}/twilio/voice?flow=appointment", form, voice)

    status, _, text = answered()
    assert status == 200
    address = ElementTree.fromstring(text).find("Connect/Stream").attrib["url"]
    here = f"ws{signed_server.url[4:]}{urllib.parse.urlsplit(address).path}"
    headers = {"X-Twilio-Signature": validator.compute_signature(address, {})}

    async def call():
        async with Phone(DIALECTS["twilio"](), here, {"flow": "appointment"}, headers) as phone:
            await phone.agent_done()
            await phone.hang_up()
            return phone

    assert asyncio.run(call()).complaints == []
    with pytest.raises(websockets.InvalidStatus) as refused:
        asyncio.run(call())
    assert refused.value.response.status_code == 403
    assert answered()[0] == 403


def bad(name, *frames):
    return pytest.param(frames, id=name)


MEDIA = {"event": "media", "streamSid": "MZ1", "media": {"track": "inbound", "chunk": "1", "timestamp": "0", "payload": "////"}}


@pytest.mark.parametrize("frames", [
    bad("audio before start", MEDIA),
    bad("not JSON", "{"),
    bad("no object", "[]"),
    bad("binary", b"\x00" * 160),
    bad("start without a stream", {"event": "start", "start": {"callSid": "CA1"}}),
    bad("format that is not spoken", {"event": "start", "streamSid": "MZ1", "start": {
        "streamSid": "MZ1", "mediaFormat": {"encoding": "audio/x-gsm", "sampleRate": 8000}}}),
    bad("flow that is not there", {"event": "start", "streamSid": "MZ1", "start": {
        "streamSid": "MZ1", "customParameters": {"flow": "nothing"}}}),
    bad("parameters beyond what is kept", {"event": "start", "streamSid": "MZ1", "start": {
        "streamSid": "MZ1", "customParameters": {f"p{index}": "x" for index in range(40)}}}),
])
def test_a_stream_that_begins_wrong_is_closed_with_1008(server, frames):
    async def call():
        async with websockets.connect(f"ws{server.url[4:]}/twilio/stream", compression=None) as socket:
            for frame in frames:
                await socket.send(frame if isinstance(frame, (bytes, str)) else json.dumps(frame))
            async with asyncio.timeout(20):
                await socket.wait_closed()
            return socket.close_code

    assert asyncio.run(call()) == 1008


WRONG = {
    "other stream": [{**MEDIA, "streamSid": "MZ2"}],
    "no Base64": [{**MEDIA, "media": {**MEDIA["media"], "payload": "%%%%"}}],
    "payload of another type": [{**MEDIA, "media": {**MEDIA["media"], "payload": 5}}],
    "no payload": [{**MEDIA, "media": {}}],
    "media of another type": [{**MEDIA, "media": 5}],
    "second start": [{"event": "start", "streamSid": "MZ1", "start": {"streamSid": "MZ1"}}],
    "unknown event": [{"event": "dance", "streamSid": "MZ1"}],
    "key that is none": [{"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": "x"}}],
    "not JSON": ["{"],
    "binary": [b"\x00" * 160],
    "marks that nobody set": [
        {"event": "mark", "streamSid": "MZ1", "mark": {"name": str(name)}}
        for name in [*range(100), -1, 2**63 - 1, -2**63, 10**30]],
    "counters that repeat and jump": [
        {**MEDIA, "media": {**MEDIA["media"], "chunk": chunk}} for chunk in ["7", "7", "3", "99999999", "x"]],
}


def test_calls_go_on_after_what_is_wrong(server):
    async def call(frames):
        dialect = DIALECTS["twilio"]()
        async with Phone(dialect, stream(server, dialect), {"flow": "appointment"}) as phone:
            await asyncio.sleep(10 * FRAME_S)
            for frame in frames:
                await phone.send_raw(frame if isinstance(frame, (bytes, str)) else json.dumps(frame))
            await phone.agent_done()
            before = len(phone.heard)
            await phone.press("3")
            await phone.agent_done()
            await phone.hang_up()
            return phone, len(phone.heard) > before

    async def all_calls():
        return await asyncio.gather(*(call(frames) for frames in WRONG.values()))

    for name, (phone, is_answered) in zip(WRONG, asyncio.run(all_calls()), strict=True):
        assert phone.complaints == [] and is_answered, name
    server.wait_for_no_calls()
    calls = ask(f"{server.url}/api/calls?limit={len(WRONG)}").json["calls"]
    assert [call["reason"] for call in calls] == ["caller-hung-up"] * len(WRONG)


def test_a_message_that_is_too_long_ends_its_own_call_alone(server):
    async def calls():
        dialect = DIALECTS["twilio"]()
        async with Phone(dialect, stream(server, dialect), {"flow": "appointment"}) as other:
            async with Phone(DIALECTS["twilio"](), stream(server, dialect), {"flow": "appointment"}) as phone:
                with contextlib.suppress(websockets.ConnectionClosed):
                    await phone.send_raw("x" * 10_000_000)
                await phone.over()
            await other.agent_done()
            await other.hang_up()
            return phone.close_code, other.complaints

    # Whoever is still sending when the server closes may not read why.
    code, complaints = asyncio.run(calls())
    assert code in (1009, 1006) and complaints == []
