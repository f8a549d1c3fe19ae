"""OpenAI's own Python client, unchanged, asks the language model through our server; the model's server answers what a test says."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openai
import pytest

from server import Server

CALLER_KEY = "planted-caller-key-0123456789"
MODEL_KEY = "planted-model-key-0123456789"
MESSAGES = [{"role": "user", "content": "Hello?"}]
COST = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}


class ModelServer(ThreadingHTTPServer):
    """Answers with two words, whole or as a stream; keeps what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ModelHandler)
        self.asked = []
        self.refusal = None
        threading.Thread(target=self.serve_forever, daemon=True).start()


class ModelHandler(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((self.headers["authorization"], body))
        if self.server.refusal:
            status, error = self.server.refusal
            return self.answer(json.dumps({"error": error}), "application/json", status)
        head = {"id": "c1", "created": 1, "model": "scripted"}
        if not body["stream"]:
            choice = {"index": 0, "message": {"role": "assistant", "content": "Good morning."}, "finish_reason": "stop"}
            return self.answer(json.dumps({**head, "object": "chat.completion", "choices": [choice], "usage": COST}), "application/json")
        deltas = [({"role": "assistant", "content": ""}, None), ({"content": "Good "}, None), ({"content": "morning."}, None), ({}, "stop")]
        chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": why}], "usage": None} for delta, why in deltas]
        chunks.append({"choices": [], "usage": COST})
        events = [json.dumps({**head, "object": "chat.completion.chunk", **chunk}) for chunk in chunks]
        return self.answer("".join(f"data: {event}\n\n" for event in [*events, "[DONE]"]), "text/event-stream")

    def answer(self, text, kind, status=200):
        data = text.encode()
        self.send_response(status)
        for name, value in (("content-type", kind), ("content-length", str(len(data)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture(scope="module")
def model():
    with ModelServer() as running:
        yield running
        running.shutdown()


@pytest.fixture(scope="module")
def client(model):
    running = Server(environment={
        "ENABLE_LLM": "true", "OPENAI_BASE_URL": f"http://127.0.0.1:{model.server_port}", "OPENAI_API_KEY": MODEL_KEY,
        "OPENAI_MODEL": "ours", "VOICE_API_KEY": CALLER_KEY})
    try:
        with openai.OpenAI(base_url=f"{running.url}/v1", api_key=CALLER_KEY, max_retries=0) as made:
            yield made
    finally:
        running.stop()


def test_a_whole_answer(client, model):
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, temperature=0.5)
    assert (answer.choices[0].message.content, answer.model, answer.usage.total_tokens) == ("Good morning.", "scripted", 9)
    key, body = model.asked[-1]
    assert key == f"Bearer {MODEL_KEY}"
    assert body == {"model": "ours", "messages": MESSAGES, "temperature": 0.5, "stream": False}


def test_a_streamed_answer(client):
    chunks = list(client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Good morning."
    costly = list(client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, stream=True, stream_options={"include_usage": True}))
    assert costly[-1].usage.total_tokens == 9
    assert len(costly) == len(chunks) + 1


@pytest.mark.parametrize("status, kind", [(400, openai.BadRequestError), (429, openai.RateLimitError), (401, openai.InternalServerError)])
def test_a_refusal(client, model, status, kind):
    model.refusal = (status, {"message": f"Not with {MODEL_KEY}.", "type": "some_error", "code": "some_code"})
    try:
        with pytest.raises(kind) as refused:
            client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    finally:
        model.refusal = None
    assert MODEL_KEY not in str(refused.value) + str(refused.value.body)
    assert refused.value.code == ("model_key_refused" if status == 401 else "some_code")


def test_what_is_not_given_here(client):
    with pytest.raises(openai.BadRequestError, match="n: expected 1"):
        client.chat.completions.create(model="gpt-4o", messages=MESSAGES, n=2)
