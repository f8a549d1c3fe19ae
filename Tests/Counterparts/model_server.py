"""A genuine llama.cpp server in a process of its own, with SmolLM2 of 135M parameters. It speaks as a language model's server does; what it
says means nothing. Takes one processor and 250 MB, and stands after a second."""

import os
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import contextmanager
from pathlib import Path

from asking import ask

START_WAIT_S = 120
STOP_WAIT_S = 30
NAME = "smollm2-135m-instruct"
# Tokens of a question and its answer together. llama.cpp takes no less than 256.
CONTEXT_TOKENS = 2048
PROGRAM = Path(__file__).with_name("llama_server.py")


class ModelServer:
    """`url`: as OPENAI_BASE_URL takes it. `root`: for what llama.cpp has beside OpenAI's routes."""

    def __init__(self, root, key):
        self.root, self.url = root, f"{root}/v1"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, path, method="GET", body=None):
        return ask(self.root + path, method, body, self._headers)

    def wait_until_idle(self):
        """Returns what its slots say once it generates nothing."""
        deadline = time.monotonic() + STOP_WAIT_S
        while True:
            slots = self.ask("/slots").json
            if not any(slot["is_processing"] for slot in slots):
                return slots
            assert time.monotonic() < deadline, f"it still generates: {slots}"
            time.sleep(0.02)


@contextmanager
def serving(tokens_max=None, is_endless=False, key=None):
    """`tokens_max`: what an answer has at most unless its question says otherwise. `is_endless`: no answer ends before that or before the
    context is full. `key`: whoever does not show it is refused."""
    options = ["--name", NAME, "--context", str(CONTEXT_TOKENS), "--tokens-max", str(tokens_max or -1)]
    process = subprocess.Popen(
        [sys.executable, PROGRAM, *options, *(["--endless"] if is_endless else [])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "MODEL_SERVER_KEY": key or ""})
    # It writes on while it serves.
    said = deque(maxlen=50)
    listener = threading.Thread(target=lambda: said.extend(process.stderr), daemon=True)
    listener.start()
    try:
        address = process.stdout.readline().strip()
        if not address:
            process.wait(STOP_WAIT_S)
            listener.join(STOP_WAIT_S)
            raise RuntimeError("the llama.cpp server did not start; `make test-counterparts` installs it:\n" + "".join(said))
        yield _ready(ModelServer(address, key), process)
    finally:
        process.kill()
        process.wait(STOP_WAIT_S)


def _ready(server, process):
    deadline = time.monotonic() + START_WAIT_S
    while server.ask("/health").status != 200:
        assert process.poll() is None and time.monotonic() < deadline, "the llama.cpp server is not ready"
        time.sleep(0.05)
    return server
