"""What `voiceforge doctor` says of a language model's server with the faults of real ones, and what the server sees of it."""

import re

import pytest

from certificate import self_signed
from doctor import KEY, doctor, section
from scripted_server import playing

FAST = ("--tokens-per-second", "0")
QUESTION = "Say hello in one short sentence."
SAYS = {"answer": {"text": "Hello there, nice to meet you."}}
# Of 10 MB.
ENDLESS_TOKENS = 2_000_000


def status(code, **more):
    return {"fault": {"kind": "status", "status": code, **more}}


def error(message):
    return {"error": {"message": message}}


def faulty(kind, **more):
    return {**SAYS, "fault": {"kind": kind, **more}}


@pytest.mark.parametrize("rules, asked", [
    ([SAYS], 1), ([faulty("no-done")], 1), ([faulty("null-role")], 1),
    ([{**status(429, retry_after=0.1), "times": 1}, SAYS], 2),
    ([{"fault": "empty", "times": 1}, SAYS], 2), ([{"fault": "no-events", "times": 1}, SAYS], 2),
], ids=["none", "no-done", "null-role", "retry-after", "empty", "no-events"])
def test_what_a_model_says_is_heard_in_spite_of(tmp_path, rules, asked):
    with playing(rules, tmp_path, *FAST) as server:
        code, told = doctor(server.url)
        ends = server.ends(QUESTION, asked)
        assert all(request["authorization"] for request in server.asked()) and len(server.asked()) == asked
    assert code == 0 and re.search(r'✓ Model +scripted began after .* said "Hello there, nice to meet you\."', section(told)), told
    # The client hangs up behind the last event, or the server is first.
    assert ends[-1]["rule"] == f"rule {len(rules)}", ends


@pytest.mark.parametrize("rule, says, advice, asked", [
    (status(429), "(429: the script says so)", "wait, or see to the account at the service", 1),
    (status(401, body=error(f"Incorrect key: {KEY}")), "it refuses the key (401: Incorrect key: ", "correct OPENAI_API_KEY", 1),
    (status(400, body=error("context length")), "(400: context length)", "mend the server, or name another one", 1),
    (status(503, body="<html>down</html>"), "(503", "mend the server, or name another one", 1),
    (faulty("500-middle"), "broke its answer off: The server had an error while it answered", "mend the server", 1),
    (faulty("cut"), "it hung up in the middle of its answer", "start the server, or correct OPENAI_BASE_URL", 1),
    ({"fault": "empty"}, "neither words nor calls", "mend the server, or name another one", 2),
], ids=["429", "401", "400", "503", "500-middle", "cut", "empty"])
def test_why_nothing_is_heard_is_said(tmp_path, rule, says, advice, asked):
    with playing([rule], tmp_path, *FAST) as server:
        code, told = doctor(server.url)
        server.ends(QUESTION, asked)
        assert len(server.asked()) == asked
    assert code == 1 and f"✗ Model  the language model at {server.url}: " in told, told
    assert says in section(told) and f"→ {advice}" in section(told), told


def test_a_wrong_name_is_said(tmp_path):
    with playing([{"when": {"model": "^right$"}, **SAYS}, status(404)], tmp_path, *FAST) as server:
        assert doctor(server.url, model="right")[0] == 0
        code, told = doctor(server.url, model="wrong")
        # The second is asked in place of a first that is not there.
        assert doctor(server.url, model="wrong", OPENAI_FALLBACK_MODEL="right")[0] == 0
    assert code == 1 and "it has no model wrong, or nothing there (404: " in section(told), told
    assert "→ correct OPENAI_MODEL or OPENAI_BASE_URL" in section(told)


@pytest.mark.parametrize("kind, says, tokens", [
    ("stall-first", "no word of an answer within 5000 ms", 0), ("stall-middle", "its answer stood still for 5000 ms", 3)])
def test_who_stands_still_is_left(tmp_path, kind, says, tokens):
    with playing([faulty(kind)], tmp_path, *FAST) as server:
        code, told = doctor(server.url, VOICEFORGE_MODEL_PIECE_MAX="5000")
        (end,) = server.ends(QUESTION)
    assert code == 1 and says in section(told) and "→ a faster model or machine" in section(told), told
    assert (end["end"], end["tokens"]) == ("closed by client", tokens)


def test_who_talks_without_end_is_left(tmp_path):
    with playing([faulty("long", tokens=ENDLESS_TOKENS)], tmp_path, *FAST) as server:
        code, told = doctor(server.url)
        (end,) = server.ends(QUESTION)
    assert code == 0, told
    assert end["end"] == "closed by client" and end["tokens"] < ENDLESS_TOKENS // 2, end


def test_a_certificate_that_does_not_match_is_not_trusted(tmp_path):
    options, _ = self_signed(tmp_path)
    certificate, key = options[1], options[3]
    with playing([SAYS], tmp_path, *FAST, "--tls", certificate, key) as server:
        assert doctor(server.url, SSL_CERT_FILE=certificate)[0] == 0
        # Known, but for another name; and not known.
        for url, known in ((server.url.replace("127.0.0.1", "localhost"), certificate), (server.url, "")):
            code, told = doctor(url, SSL_CERT_FILE=known)
            assert code == 1 and f"the language model at {url}: its TLS cannot be trusted (" in section(told), told
        assert len(server.asked()) == 1
