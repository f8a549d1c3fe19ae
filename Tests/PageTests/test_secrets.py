"""Nothing secret gets out: planted keys and tokens are looked for in the log, in every answer and in the figures."""

import os
import secrets
import socket
import subprocess
from urllib.parse import quote

import pytest

from asking import ask, form
from call_client import CallClient, Refused
from server import BINARY, Server

ENVIRONMENT_KEY = f"planted-environment-{secrets.token_hex(12)}"
WRONG = [f"planted-wrong-{secrets.token_hex(12)}", f"vf_{secrets.token_hex(6)}_{secrets.token_hex(32)}"]


class Recorder:
    """Asks, and keeps every response."""

    def __init__(self, url):
        self.url = url
        self.recorded = []

    def ask(self, path, method="GET", body=None, headers=None):
        answer = ask(self.url + path, method, body, headers)
        self.recorded.append((f"{method} {path} {answer.status}", f"{answer.headers}\n{answer.text}"))
        return answer

    def call(self, headers=(), query=""):
        """Places a call that is refused, or that hangs up at once."""
        try:
            call = CallClient(self.url, headers, query)
        except Refused as refused:
            self.recorded.append((f"call{query[:7]}", refused.answer))
            return False
        self.recorded.append(("call", call.head))
        call.close()
        return True


@pytest.fixture(scope="module")
def server():
    """Behind a proxy, so that each wrong key can come from an address of its own and none is throttled."""
    running = Server(
        "--behind-proxy", environment={"VOICE_API_KEY": ENVIRONMENT_KEY, "VOICEFORGE_ALLOW_LOAD": "true"})
    running.wait_until_ready()
    yield running
    running.stop()


def operations(server):
    """Method and path of everything that is described, with names that nothing has."""
    document = ask(server.url + "/openapi.json").json
    for path, item in document["paths"].items():
        for method in item:
            parts = ["nothing" if part.startswith("{") else part for part in path.split("/")]
            yield method.upper(), "/".join(parts)


def addresses():
    for number in range(1 << 16):
        yield {"X-Forwarded-For": f"10.1.{number >> 8}.{number & 255}"}


def test_nothing_secret_gets_out(server):
    recorder = Recorder(server.url)
    own = {"Authorization": f"Bearer {ENVIRONMENT_KEY}"}
    made = [
        ask(server.url + "/api/keys", "POST", {"name": name, "scopes": scopes, **more}, own).json
        for name, scopes, more in [
            ("reader", ["read"], {}), ("caller", ["call"], {}), ("all", ["call", "read", "manage", "speech", "model", "dial"], {}),
            ("slow", ["read"], {"requestsPerMinute": 1}), ("gone", ["read"], {})]]
    recorder.ask(f"/api/keys/{made[-1]['id']}", "DELETE", headers=own)
    keys = [key["key"] for key in made]
    tokens = [
        ask(server.url + "/api/call-tokens", "POST", headers={"x-api-key": keys[1]}).json["token"] for _ in range(2)]
    planted = [ENVIRONMENT_KEY, *keys, *tokens, *WRONG]
    # The part in the middle names a key in lists and is no secret; the last one alone would open the door.
    guarded = planted + [key.rsplit("_", 1)[1] for key in keys]

    where = addresses()
    for method, path in operations(server):
        for secret in planted:
            for headers in [{"Authorization": f"Bearer {secret}"}, {"x-api-key": secret}]:
                # The server's own key would be let in and might change something that the rest needs.
                if secret in (ENVIRONMENT_KEY, keys[2]) and method != "GET":
                    continue
                recorder.ask(path, method, b"{" if method in ("POST", "PUT") else None, {**headers, **next(where)})
        for odd in [f"Basic {WRONG[0]}", f"Bearer  {WRONG[0]} more", WRONG[0], f"Bearer {WRONG[0]}\t"]:
            recorder.ask(path, method, headers={"Authorization": odd, **next(where)})
    for secret in planted:
        recorder.ask(f"/api/calls?key={quote(secret)}&token={quote(secret)}", headers=next(where))
        recorder.ask(f"/healthz?token={quote(secret)}", headers={"Cookie": f"key={secret}", **next(where)})
        recorder.ask("/nothing/there", headers={"Authorization": f"Bearer {secret}", **next(where)})
        recorder.call([("x-api-key", secret), *next(where).items()])
        if secret not in tokens:
            recorder.call(next(where).items(), f"?token={quote(secret)}")
    assert recorder.call(next(where).items(), f"?token={tokens[0]}")
    assert not recorder.call(next(where).items(), f"?token={tokens[0]}")

    body, head = form(file=b"RIFF no sound", name="x")
    for headers in [own, {"x-api-key": keys[2]}]:
        for path in ["/api/clone-voice", "/v1/audio/transcriptions", "/api/stt"]:
            recorder.ask(path, "POST", body, {**headers, **head})
        for path in ["/api/keys", "/api/load", "/test/run", "/testcases", "/v1/audio/speech", "/api/tts"]:
            for wrong in ["{", {"name": 1}, []]:
                recorder.ask(path, "POST", wrong, headers)
        for path in ["/metrics", "/api/keys", "/api/calls", "/api/usage", "/api/load", "/readyz", "/openapi.json"]:
            assert recorder.ask(path, headers=headers).status == 200
    raw(server, recorder, f"GARBAGE {WRONG[0]}\r\n\r\n")
    raw(server, recorder, f"GET /api/calls HTTP/1.1\r\nAuthorization: Bearer {ENVIRONMENT_KEY}\r\nbroken\r\n\r\n")

    for name, answer in recorder.recorded:
        for secret in guarded:
            assert secret not in answer, name
    # A program that was started wrongly must not say it either.
    log = server.output()
    assert log
    for secret in guarded:
        assert secret not in log
    statuses = {name.rsplit(" ", 1)[1] for name, _ in recorder.recorded if not name.startswith(("call", "raw"))}
    assert {"200", "400", "401", "403", "404", "429"} <= statuses


def raw(server, recorder, text):
    """What no client library sends."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(text.encode())
        connection.shutdown(socket.SHUT_WR)
        recorder.recorded.append(("raw", connection.makefile("rb").read().decode("utf-8", "replace")))


def test_a_wrong_key_of_the_environment_is_not_repeated():
    """The message says what is wrong with the setting, not what is in it."""
    done = subprocess.run(
        [BINARY, "serve", "--port", "0", "--no-demo"], capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "VOICE_API_KEY": "short-planted"})
    assert done.returncode == 2 and "VOICE_API_KEY" in done.stderr
    assert "short-planted" not in done.stdout + done.stderr


def test_the_password_of_a_database_that_is_away_is_not_told():
    password = f"planted-password-{secrets.token_hex(8)}"
    running = Server(environment={
        "USE_DATABASE": "true", "DATABASE_URL": f"postgresql://someone:{password}@127.0.0.1:1/none"})
    try:
        recorder = Recorder(running.url)
        own = {"Authorization": f"Bearer {ENVIRONMENT_KEY}"}
        for path in ["/readyz", "/metrics", "/api/calls", "/testcases", "/testruns", "/api/usage", "/api/keys"]:
            recorder.ask(path, headers=own)
        assert "database" in recorder.ask("/readyz").text
    finally:
        running.stop()
    assert password not in running.output()
    for name, answer in recorder.recorded:
        assert password not in answer, name
