"""The predecessor's telephony over REST: accounts with credentials, calls and campaigns, placed through a double of Twilio's REST API."""

import json
import subprocess
import time
from collections import Counter

import pytest
from twilio.request_validator import RequestValidator

from asking import ask
from cluster import Cluster, programs
from server import BINARY, Server
from twilio_double import TwilioDouble

TOKEN = "89abcdef0123456789abcdef01234567"
KEY = "a-key-of-sixteen-characters-or-more"
PUBLIC = "https://voice.example"
WAIT_S = 120


def environment(double, **more):
    return {
        "TWILIO_BASE_URL": double.url, "VOICEFORGE_PUBLIC_URL": PUBLIC, "VOICEFORGE_DIAL_ALLOW": "+1555",
        "VOICEFORGE_DIAL_PER_MINUTE": "1000", "VOICEFORGE_DIAL_PER_DAY": "1000", "VOICEFORGE_DIAL_AT_ONCE": "20",
        "VOICEFORGE_DIAL_RING_SECONDS": "5", "VOICEFORGE_SECRETS_KEY": "5a" * 32, "VOICE_API_KEY": KEY, **more}


class Phone:
    """A client as the predecessor's clients are."""

    def __init__(self, server):
        self.server = server

    def __call__(self, path, method="GET", body=None, key=KEY):
        return ask(f"{self.server.url}/api/{path}", method, body, {"x-api-key": key})

    def provider(self, double):
        body = {"provider": "twilio", "name": "Main", "credentials": {"accountSid": double.account, "authToken": TOKEN}}
        made = self("telephony/providers", "POST", body)
        assert made.status == 201, made
        return made.json["id"]

    def wait(self, path, is_right, wait_s=WAIT_S):
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            document = self(path).json
            if is_right(document):
                return document
            time.sleep(0.1)
        raise AssertionError(f"{path}: {document}")


@pytest.fixture(scope="module")
def double():
    running = TwilioDouble(TOKEN)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def phone(double):
    running = Server(environment=environment(double)).wait_until_ready()
    double.server = running.url
    yield Phone(running)
    running.stop()


@pytest.fixture(scope="module")
def provider(phone, double):
    return phone.provider(double)


def created(double):
    return [form["To"][0] for method, path, form in double.requests if method == "POST" and path.endswith("/Calls.json")]


def call(phone, provider, to, **more):
    return phone("telephony/calls", "POST", {"providerId": provider, "from": "+15550199", "to": to, **more})


def over(call):
    return call["status"] in ("completed", "busy", "failed", "no-answer", "canceled")


def test_a_call_connects_to_the_agent_and_its_words_are_kept(phone, provider, double):
    made = call(phone, provider, "+15550107", flowId="appointment", metadata={"customer": 4711})
    assert made.status == 201 and made.json["status"] == "queued" and made.json["direction"] == "outbound", made
    path = f"telephony/calls/{made.json['id']}"
    done = phone.wait(path, lambda document: over(document) and document["sessionId"])
    assert done["status"] == "completed" and done["metadata"] == {"customer": 4711} and done["startedAt"] and done["endedAt"], done
    assert done["providerCallId"] in double.calls
    at_twilio = double.calls[done["providerCallId"]]
    assert at_twilio.stream_refused is None and at_twilio.first("From") == "+15550199" and at_twilio.first("Record") == ""
    record = ask(f"{phone.server.url}{done['transcriptUrl']}", headers={"x-api-key": KEY}).json
    assert record["flow"] == "appointment" and record["metadata"]["to"] == "+15550107", record
    assert {"providerId": provider, "id": made.json["id"]}.items() <= phone("telephony/calls?limit=1").json[0].items()


@pytest.mark.parametrize(("fate", "status"), [("01", "busy"), ("02", "no-answer"), ("03", "failed"), ("04", "canceled")])
def test_a_call_that_nobody_takes_says_why(phone, provider, fate, status):
    made = call(phone, provider, f"+155502{fate}")
    done = phone.wait(f"telephony/calls/{made.json['id']}", over)
    assert done["status"] == status and done["reason"] and done["sessionId"] is None, done


@pytest.mark.parametrize(("to", "status", "words"), [
    ("+4930123456", 403, "VOICEFORGE_DIAL_ALLOW"), ("+19005550100", 403, "never dialed"), ("911", 422, "emergencies"),
    ("5550100", 422, "country")])
def test_numbers_that_are_not_called_are_refused_before_anybody_is_asked(phone, provider, double, to, status, words):
    before = len(double.requests)
    refused = call(phone, provider, to)
    assert refused.status == status and words in refused.text, refused
    assert len(double.requests) == before


def test_a_wrong_token_fails_the_call_and_is_never_shown(phone, double):
    body = {"provider": "twilio", "name": "Wrong", "credentials": {"accountSid": double.account, "authToken": "planted-wrong-token"}}
    wrong = phone("telephony/providers", "POST", body).json["id"]
    made = call(phone, wrong, "+15550110")
    done = phone.wait(f"telephony/calls/{made.json['id']}", over)
    assert done["status"] == "failed" and "20003" in done["reason"], done
    assert "planted" not in str(done) and "planted" not in phone.server.output() and TOKEN not in phone.server.output()


def test_webhooks_are_believed_by_the_signature_of_the_calls_own_account(phone, provider, double):
    made = call(phone, provider, "+15550305").json
    ringing = phone.wait(f"telephony/calls/{made['id']}", lambda document: document["status"] == "ringing")
    for path, good in ((f"/api/telephony/status/{made['id']}", 204), (f"/api/telephony/twiml/{made['id']}", 200)):
        form = {"CallSid": ringing["providerCallId"], "CallStatus": "ringing"}
        for signature in ("", "AAAA", RequestValidator("another").compute_signature(PUBLIC + path, form)):
            assert double.call_back(PUBLIC + path, form, signature).status == 403
        signature = double.validator.compute_signature(PUBLIC + path, form)
        assert double.call_back(PUBLIC + path, {**form, "CallStatus": "completed"}, signature).status == 403
        answer = double.call_back(PUBLIC + path, form)
        assert answer.status == good, answer
    assert "/twilio/stream/vfs_" in answer.text and "+15550305" in answer.text
    assert made['id'] not in answer.text, "the token says which call it is"
    unknown = f"{PUBLIC}/api/telephony/status/nobody"
    assert double.call_back(unknown, form).status == 403
    done = phone.wait(f"telephony/calls/{made['id']}", over)
    assert done["status"] in ("no-answer", "failed", "completed", "canceled"), done
    late = double.call_back(f"{PUBLIC}/api/telephony/status/{made['id']}", {"CallSid": ringing["providerCallId"], "CallStatus": "ringing"})
    assert late.status == 204 and phone(f"telephony/calls/{made['id']}").json["status"] == done["status"]


def test_a_call_is_hung_up_on_request(phone, provider, double):
    made = call(phone, provider, "+15550405").json
    ringing = phone.wait(f"telephony/calls/{made['id']}", lambda document: document["status"] == "ringing")
    assert phone(f"telephony/calls/{made['id']}", "DELETE").json == {"success": True}
    done = phone.wait(f"telephony/calls/{made['id']}", over)
    assert done["status"] == "canceled" and double.calls[ringing["providerCallId"]].hang_ups == 1, done


def test_who_asks_for_it_is_forgotten(phone, provider):
    made = call(phone, provider, "+15550507").json
    done = phone.wait(f"telephony/calls/{made['id']}", lambda document: over(document) and document["sessionId"])
    gone = phone("callers/+15550507", "DELETE").json
    assert gone == {"calls": 1, "phoneCalls": 1, "campaignNumbers": 0, "traces": 0, "hungUp": 0}, gone
    assert phone(f"telephony/calls/{made['id']}").status == 404 and phone(f"calls/{done['sessionId']}").status == 404
    assert phone("callers/%2B15550507", "DELETE").json["calls"] == 0
    assert phone("callers/nobody", "DELETE").status == 422


def test_the_command_forgets_a_caller_as_the_route_does(phone, provider):
    made = call(phone, provider, "+15550607").json
    phone.wait(f"telephony/calls/{made['id']}", lambda document: over(document) and document["sessionId"])

    def forget(*options, key=KEY):
        return subprocess.run(  # noqa: PLW1510 - the test looks at its status
            [BINARY, "callers", "delete", *options, "--target", phone.server.url, "--key", key], capture_output=True, text=True,
            timeout=WAIT_S)

    for options, key, reason in ((["nobody"], KEY, "begins with +"), (["+15550607"], "wrong" * 8, "key")):
        refused = forget(*options, key=key)
        assert refused.returncode != 0 and reason in refused.stderr and key not in refused.stderr, refused
    assert phone(f"telephony/calls/{made['id']}").status == 200
    done = forget("+15550607")
    assert done.returncode == 0 and done.stdout.startswith("Deleted 1 calls with their recordings, 1 telephone calls"), done
    assert phone(f"telephony/calls/{made['id']}").status == 404
    assert json.loads(forget("+15550607", "--json").stdout)["phoneCalls"] == 0


def test_stopping_all_calls_pauses_campaigns(phone, provider, double):
    before = len(created(double))
    numbers = [f"+15556{index:03}02" for index in range(10)]
    campaign = {"name": "a", "providerId": provider, "from": "+15550199", "phoneList": numbers, "callsPerMinute": 60}
    made = phone("telephony/campaigns", "POST", campaign)
    assert made.status == 201 and made.json["status"] == "draft" and made.json["totalCalls"] == 10, made
    path = f"telephony/campaigns/{made.json['id']}"
    assert phone("dial/stop", "POST").status == 200
    assert phone(f"{path}/start", "POST").json["status"] == "running"
    paused = phone.wait(path, lambda document: document["status"] == "paused")
    assert "stopped" in paused["reason"] and len(created(double)) == before, paused
    assert phone("dial/resume", "POST").status == 200
    assert phone(path, "DELETE").json == {"success": True}


def test_a_campaign_pauses_after_the_call_that_goes_on_and_resumes_behind_it(phone, provider, double):
    # The third rings for as long as it may, and the second, fourth and sixth have the agent on the line.
    numbers = [f"+155570{index}{fate}" for index, fate in enumerate(["01", "07", "05", "07", "02", "07"])]
    before = len(created(double))

    def dialed():
        return [number for number in created(double)[before:] if number in numbers]

    campaign = {
        "name": "Pause", "providerId": provider, "from": "+15550199", "flowId": "appointment", "phoneList": numbers, "callsPerMinute": 600}
    made = phone("telephony/campaigns", "POST", campaign)
    assert made.status == 201 and made.json["status"] == "draft", made
    path = f"telephony/campaigns/{made.json['id']}"
    for too_early in ("pause", "resume"):
        refused = phone(f"{path}/{too_early}", "POST")
        assert refused.status == 409 and phone(path).json["status"] == "draft", refused
    assert phone(f"{path}/start", "POST").json["status"] == "running"
    phone.wait(path, lambda document: document["numbers"][2]["state"] == "claimed" and dialed() == numbers[:3])
    paused = phone(f"{path}/pause", "POST")
    assert paused.json["status"] == "paused" and paused.json["reason"] is None, paused
    assert phone(f"{path}/pause", "POST").status == 409 and phone(f"{path}/start", "POST").status == 409

    # The call that goes on comes to its own end. Then one that is placed by hand is dialed, and no number of the list.
    settled = phone.wait(path, lambda document: document["numbers"][2]["state"] == "failed")
    other = call(phone, provider, "+15550807").json["id"]
    phone.wait(f"telephony/calls/{other}", over)
    still = phone(path).json
    assert still["status"] == "paused" and dialed() == numbers[:3], still
    assert [entry["state"] for entry in still["numbers"]] == ["failed", "succeeded", "failed", *["waiting"] * 3], still
    assert (settled["completedCalls"], still["completedCalls"], still["endedAt"]) == (3, 3, None), still

    assert phone(f"{path}/resume", "POST").json["status"] == "running"
    done = phone.wait(path, lambda document: document["status"] == "completed")
    assert dialed() == numbers, "each is called once, in order"
    assert [entry["state"] for entry in done["numbers"]] == ["failed", "succeeded", "failed", "succeeded", "failed", "succeeded"], done
    assert (done["totalCalls"], done["completedCalls"], done["successfulCalls"], done["failedCalls"]) == (6, 6, 3, 3), done
    kept = {row["id"]: row for row in phone(f"telephony/calls?campaignId={done['id']}").json}
    for entry in done["numbers"]:
        row = kept.pop(entry["callId"])
        assert (row["to"], row["flowId"], row["campaignId"]) == (entry["phoneNumber"], "appointment", done["id"]), row
        assert (row["status"] == "completed") == (entry["state"] == "succeeded"), row
    assert kept == {} and {phone(f"{path}/{late}", "POST").status for late in ("start", "pause", "resume")} == {409}


@pytest.mark.skipif(programs() is None, reason="PostgreSQL is needed")
def test_a_campaign_of_fifty_numbers_survives_a_kill_in_its_middle(double):
    cluster = Cluster()
    try:
        fates = ["02", "01", "02", "07", "02", "03", "02"]
        numbers = [f"+1555{index:04}{'05' if index in (18, 19, 20) else fates[index % len(fates)]}" for index in range(50)]
        before = len(created(double))
        variables = environment(double, USE_DATABASE="true", DATABASE_URL=cluster.url)
        first = Server(environment=variables).wait_until_ready()
        double.server = first.url
        phone = Phone(first)
        provider = phone.provider(double)
        body = {
            "name": "Fifty", "providerId": provider, "from": "+15550199", "phoneList": numbers, "callsPerMinute": 240, "callsAtOnce": 5,
            "doNotCall": [numbers[49]]}
        campaign = phone("telephony/campaigns", "POST", body).json["id"]
        path = f"telephony/campaigns/{campaign}"
        assert phone(f"{path}/start", "POST").json["status"] == "running"
        deadline = time.monotonic() + WAIT_S
        while len(created(double)) - before < 21 and time.monotonic() < deadline:
            time.sleep(0.02)
        first.vanish()
        dialed = created(double)[before:]
        assert 21 <= len(dialed) < 40, dialed

        second = Server(environment=variables).wait_until_ready()
        double.server = second.url
        phone = Phone(second)
        try:
            done = phone.wait(path, lambda document: document["status"] == "completed")
        finally:
            second.stop()
        dialed = created(double)[before:]
        assert max(Counter(dialed).values()) == 1, Counter(dialed).most_common(3)
        unknown = [entry for entry in done["numbers"] if entry["state"] == "failed" and "not known" in entry["reason"]]
        missed = set(numbers) - set(dialed)
        assert missed - {entry["phoneNumber"] for entry in unknown} == {numbers[49]}, missed
        # Those that rang when the server died are among them, and nobody rang them again.
        assert {numbers[18], numbers[19]} <= {entry["phoneNumber"] for entry in unknown} and len(unknown) <= 6, unknown
        assert done["totalCalls"] == done["completedCalls"] == 50 == done["successfulCalls"] + done["failedCalls"], done
        assert done["numbers"][49]["reason"] == "the number is on the campaign's do-not-call list"
        assert "do-not-call" not in cluster.query("SELECT phone FROM voiceforge_campaign_numbers LIMIT 1")
        assert TOKEN not in cluster.query("SELECT resource FROM voiceforge_providers")
        assert TOKEN not in first.output() + second.output()
    finally:
        cluster.stop()
