"""An agent with a language model for the page: a flow with every kind of tool, the model's script, and the server of one request."""

import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from server import Server

PROGRAM = Path(__file__).parent.parent / "ScriptedModel" / "scripted_model.py"
STOP_WAIT_S = 30
# What the page must never show: a header of a request, an answer that nobody asked for, and an argument that is a credential.
HEADER, ANSWER, PIN = "planted-header-61f2", "planted-answer-93aa", "4711"
# What the request takes at least, for a bar that can be seen.
TOOL_S = 0.4
HELD_S_MAX = 60
FIRST_TOKEN_MS = 250

FLOW = """
title: A desk with tools
states:
  desk:
    llm: You are the desk of a clinic.
    say-first: Hello, this is the clinic.
    save: {day: date}
    tools:
      find-times:
        about: Free times of a day
        arguments: {wanted: {as: date, about: the day}, pin: {as: digits, length: 4, about: the caller's number}}
        call: times
      book: {about: Books it, arguments: {name: {as: name, about: the caller}}, go: booked}
      person: {about: The caller wants a person, go: person}
    failed: sorry
  times:
    tool: GET URL/times/{wanted}
    timeout: 30s
    headers: {x-key: HEADER}
    save: {free: free}
    next: desk
    failed: sorry
  booked: {end: booked, say: "Thank you, {name}. Goodbye."}
  person: {phone-transfer: "+15550100", say: I put you through.}
  sorry: {end: failed, say: Sorry.}
"""

FIND = {"name": "find-times", "arguments": {"wanted": "2030-05-06", "pin": PIN, "made-up": "never"}}
SCRIPT = [
    {"when": {"role": "user", "last": "(?i)times"}, "answer": {"calls": [FIND]}},
    {"when": {"role": "tool", "last": "ten"}, "answer": {"text": "Ten is free. Shall I book it? Please tell me your name."}},
    {"when": {"role": "user", "last": "(?i)keep"}, "answer": {"calls": [{"name": "save", "arguments": {"day": "2030-05-07"}}]}},
    {"when": {"role": "tool", "last": "not said"}, "answer": {"text": "Which day do you mean?"}},
    {"when": {"role": "user", "last": "(?i)book"}, "answer": {"calls": [{"name": "book", "arguments": {"name": "Ada"}}]}},
    {"when": {"role": "user"}, "answer": {"text": "We are open today."}},
]


class TimesServer(ThreadingHTTPServer):
    """Answers the request of the flow when a test lets it go."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), TimesHandler)
        self.let_go = threading.Semaphore(0)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class TimesHandler(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        assert self.headers["x-key"] == HEADER
        time.sleep(TOOL_S)
        assert self.server.let_go.acquire(timeout=HELD_S_MAX)
        data = json.dumps({"free": "ten", "more": ANSWER}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def scripted_model(folder, rules, first_token_ms):
    """Where OPENAI_BASE_URL is."""
    script = folder / "script.json"
    script.write_text(json.dumps(rules), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, PROGRAM, "--script", script, "--first-token-ms", str(first_token_ms)],
        stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith("listening on http"), line
        yield line.split()[-1]
    finally:
        process.kill()
        process.wait(STOP_WAIT_S)


def environment(url):
    """Of a server whose language model is there."""
    return {
        "ENABLE_LLM": "true", "OPENAI_BASE_URL": url, "OPENAI_API_KEY": "planted-model-key-0123456789", "OPENAI_MODEL": "scripted"}


@contextmanager
def model_agent(folder):
    """A server with the flow `desk`, ready to answer; `let_go` lets it have an answer to its request."""
    flows = folder / "flows"
    flows.mkdir()
    with TimesServer() as times, scripted_model(folder, SCRIPT, FIRST_TOKEN_MS) as url:
        (flows / "desk.yaml").write_text(FLOW.replace("URL", times.url).replace("HEADER", HEADER), encoding="utf-8")
        running = Server(environment={
            **environment(url), "VOICEFORGE_FLOWS": str(flows), "VOICEFORGE_TOOL_HOSTS": "127.0.0.1"})
        running.let_go = times.let_go.release
        try:
            yield running.wait_until_ready()
        finally:
            running.stop()
            times.shutdown()
