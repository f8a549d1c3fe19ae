"""SQL, HTML, long and odd texts in everything that is kept: each comes back as it went, and nothing else happens.

Run on a server in memory and on one with PostgreSQL.
"""

import json
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from asking import ask, form
from call_client import CallClient
from cluster import Cluster, programs
from server import Server, say

KEY = "planted-environment-key-0123456789"
OWN = {"Authorization": f"Bearer {KEY}"}
HOSTILE = [
    "Robert'); DROP TABLE voiceforge_calls; --",
    "' OR '1'='1' /*",
    'x" OR ""="',
    "$1 $$; SELECT pg_sleep(30); $$ \\copy \\'",
    "<script>alert('x')</script>",
    "\"><img src=x onerror=alert(1)>&amp;<!--]]>",
    "</title></svg><iframe srcdoc=\"<script>\">",
    "%s %n %00 ${7*7} #{7*7}",
    "../../etc/passwd\\..\\",
    "line\nfeed\r\ntab\t",
    "control \x01\x1b[31m\x7f\x9f",
    "turned \u202e\u2066 around \u200b\ufeff\u2028\u2029",
    "Zürich Ærø İstanbul ẞ \u0130\u0131",
    "combined e\u0301\u0327\u0489 h\u0335a\u0321",
    "people 👩‍👩‍👧‍👦 🏳️‍🌈 \U0010fffd",
    "العربية עברית 中文 ไทย",
]
NAMES = [text for text in HOSTILE if not set(text) & set("\r\n\u2028\u2029")]


def server_on(environment):
    return Server(environment={"VOICE_API_KEY": KEY, **environment})


@pytest.fixture(scope="module", params=["memory", "postgres"])
def place(request):
    """A server and, behind it, its database or `None`."""
    if request.param == "memory":
        running, cluster = server_on({"USE_DATABASE": "false"}), None
    else:
        if programs() is None:
            pytest.skip("PostgreSQL is needed (make setup-test installs it)")
        cluster = Cluster()
        running = server_on({"USE_DATABASE": "true", "DATABASE_URL": cluster.url})
    running.wait_until_ready()
    yield running, cluster
    running.stop()
    if cluster:
        cluster.stop()


def test_cases(place):
    server, _ = place
    for index, hostile in enumerate([*HOSTILE, "w" * 400]):
        case = {
            "test_id": f"hostile-{index}", "persona": hostile * (1 if index < len(HOSTILE) else 5),
            "turns": [{
                "step_order": 1, "user_input": f"word {hostile}"[:500],
                "expected_agent_response_keywords": [f"word {hostile}"[:200]], "exact_match_required": False}]}
        added = ask(server.url + "/testcases", "POST", case, OWN)
        assert (added.status, added.json) == (201, case), hostile
        assert ask(f"{server.url}/testcases/hostile-{index}", headers=OWN).json == case
        case["persona"] = f"changed {hostile}"[:2000]
        assert ask(f"{server.url}/testcases/hostile-{index}", "PUT", case, OWN).json == case
        assert case in ask(server.url + "/testcases", headers=OWN).json
        order = {
            "test_id": case["test_id"], "sound": False, "provider": hostile[:200], "metadata": {hostile: hostile},
            "to_number": hostile[:200]}
        run = ask(server.url + "/test/run", "POST", order, OWN)
        assert run.status == 200, run
        kept = ask(f"{server.url}/testruns/{run.json['run_id']}", headers=OWN).json
        assert kept["provider"] == hostile[:200]
        step = kept["evaluation"]["zipper_report"]["steps"][0]
        assert step["expected_keywords"] == case["turns"][0]["expected_agent_response_keywords"]
        page = ask(f"{server.url}/testruns/{run.json['run_id']}/report", headers=OWN)
        assert page.status == 200 and "<script>alert" not in page.text and "<img src=x" not in page.text
        junit = ask(f"{server.url}/testruns/{run.json['run_id']}/junit.xml", headers=OWN)
        ElementTree.fromstring(junit.body)


def quoted(text):
    """As YAML has it; escaped halves of surrogate pairs, which JSON may have, it has not."""
    return json.dumps(text, ensure_ascii=False)


def test_flows(place):
    server, _ = place
    for index, hostile in enumerate(HOSTILE):
        said = "".join(letter for letter in hostile if letter not in "{}")
        text = (
            f"title: {quoted(hostile)}\ndescription: {quoted(hostile)}\nstates:\n  ask:\n"
            f"    listen: {quoted('Say ' + said)}\n    intents:\n      yes: {{hear: [yes], next: bye}}\n"
            f"  bye:\n    end: done\n    say: {quoted('Bye ' + said)}\n")
        added = ask(f"{server.url}/api/flows?name=hostile-{index}", "POST", text, OWN)
        if added.status == 400:
            # YAML itself has no place for some characters; nothing of such a flow is kept then.
            assert added.json["faults"], hostile
            assert ask(f"{server.url}/api/flows/hostile-{index}", headers=OWN).status == 404
            assert any(ord(letter) < 32 or 126 < ord(letter) < 160 for letter in hostile), (hostile, added)
            continue
        assert added.status == 201, added
        assert ask(f"{server.url}/api/flows/hostile-{index}/text", headers=OWN).text == text
        kept = ask(f"{server.url}/api/flows/hostile-{index}", headers=OWN).json
        assert kept["title"].split() == hostile.split()
        graph = ask(f"{server.url}/api/flows/hostile-{index}/graph", headers=OWN)
        tags = {one.tag.split("}")[1] for one in ElementTree.fromstring(graph.body).iter()}
        assert not tags & {"script", "img", "iframe", "foreignObject"}


def test_keys(place):
    server, _ = place
    for hostile in [*HOSTILE, "🙂" * 100]:
        made = ask(server.url + "/api/keys", "POST", {"name": hostile, "scopes": ["read"]}, OWN)
        assert (made.status, made.json["name"]) == (201, hostile)
        listed = ask(server.url + "/api/keys", headers=OWN).json["keys"]
        assert [key["name"] for key in listed if key["id"] == made.json["id"]] == [hostile]
        assert ask(f"{server.url}/api/keys/{made.json['id']}", "DELETE", headers=OWN).status == 200
    for wrong in ["nul \0 within", "🙂" * 101, ""]:
        assert ask(server.url + "/api/keys", "POST", {"name": wrong, "scopes": ["read"]}, OWN).status == 422


def test_matched_voices(place, tmp_path_factory):
    server, _ = place
    path = tmp_path_factory.mktemp("voice") / "speech.wav"
    say("This is a recording of somebody who speaks for a while, so that a voice can be matched to it.", path)
    for hostile in [*NAMES[:4], NAMES[-1], "n" * 80]:
        body, head = form(file=path.read_bytes(), name=hostile)
        made = ask(server.url + "/api/clone-voice", "POST", body, {**OWN, **head})
        assert (made.status, made.json["name"]) == (201, hostile), made
        kept = ask(f"{server.url}/api/cloned-voices/{made.json['id']}", headers=OWN).json
        assert kept["name"] == hostile
        assert hostile in [voice["name"] for voice in ask(server.url + "/api/voices", headers=OWN).json["voices"]]
        spoken = ask(server.url + "/api/tts", "POST", {"text": "Hi.", "voice": hostile[:128]}, OWN)
        assert spoken.status == 400, "a name is no id"
        assert ask(f"{server.url}/api/cloned-voices/{made.json['id']}", "DELETE", headers=OWN).status == 204


def test_typed_calls(place):
    server, cluster = place
    client = CallClient(server.url, OWN.items())
    notes = {hostile[:60]: hostile for hostile in HOSTILE}
    client.send(type="start", flow="appointment", metadata=notes)
    call = client.receive("ready")["callId"]
    said = []
    # The flow hangs up on a caller whom it never understands, so each call says some of it.
    for hostile in HOSTILE[:2]:
        said.append(hostile)
        client.send(type="text", text=hostile)
        client.receive("transcript", role="caller", text=hostile)
    client.send(type="hangup")
    client.receive("ended")
    client.close()
    kept = ask(f"{server.url}/api/calls/{call}", headers=OWN)
    for _ in range(50):
        if kept.status == 200:
            break
        kept = ask(f"{server.url}/api/calls/{call}", headers=OWN)
    assert kept.json["metadata"] == notes
    assert [entry["text"] for entry in kept.json["transcript"] if entry["role"] == "caller"] == said
    if cluster:
        assert cluster.query("SELECT count(*) FROM voiceforge_calls").strip() != "0"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_every_typed_text_comes_back(place, hostile):
    server, _ = place
    client = CallClient(server.url, OWN.items())
    client.send(type="start", flow="appointment")
    client.receive("ready")
    client.send(type="text", text=hostile)
    assert client.receive("transcript", role="caller")["text"] == hostile
    client.close()


def test_where_it_is_only_looked_for(place):
    """Paths and queries: nothing is found, nothing breaks, and what is said about it is a problem in JSON."""
    server, _ = place
    before = len(ask(server.url + "/testcases", headers=OWN).json)
    for hostile in HOSTILE:
        word = quote(hostile, safe="")
        for query in [f"flow={word}", f"outcome={word}"]:
            found = ask(f"{server.url}/api/calls?{query}", headers=OWN)
            assert (found.status, found.json) == (200, {"calls": [], "nextCursor": None}), found
        assert ask(f"{server.url}/api/usage?key={word}", headers=OWN).json["keys"] == []
        for path in ["/api/calls?cursor=", "/api/calls?reason=", "/api/usage?from=", "/testruns?limit="]:
            refused = ask(server.url + path + word, headers=OWN)
            assert (refused.status, refused.headers["Content-Type"]) == (400, "application/problem+json"), refused
            assert refused.json["status"] == 400
        plain = quote("".join(letter for letter in hostile if letter not in "/.\\"), safe="")
        for path in ["/api/calls/", "/api/flows/", "/api/voices/", "/api/keys/", "/testcases/", "/testruns/"]:
            method = "DELETE" if path == "/api/keys/" else "GET"
            missing = ask(server.url + path + plain, method, headers=OWN)
            # A path with control characters is not even looked for.
            status = 400 if any(ord(letter) < 32 or ord(letter) == 127 for letter in hostile) else 404
            assert (missing.status, missing.headers["Content-Type"]) == (status, "application/problem+json"), missing
            assert missing.json["status"] == status
            assert missing.headers["X-Content-Type-Options"] == "nosniff"
    assert len(ask(server.url + "/testcases", headers=OWN).json) == before
