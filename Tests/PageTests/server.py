"""A real `voiceforge serve`, started for the tests and stopped by SIGTERM."""

import os
import queue
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

BINARY = os.environ.get("VOICEFORGE_BINARY", ".build/release/voiceforge")
ADDRESS_WAIT_S = 60
READY_WAIT_S = 120
STOP_WAIT_S = 30
# No load closes its door: how late a thread of a busy machine is says nothing about what these tests try.
TAKES_EVERY_CALL = {
    "VOICEFORGE_ENGINE_WAIT_MAX": "60000", "VOICEFORGE_ENGINE_QUEUE_MAX": "1000", "VOICEFORGE_ENGINE_SHARE_MAX": "100",
    "VOICEFORGE_LOOP_SHARE_MAX": "100", "VOICEFORGE_TICK_LATENESS_MAX": "1000"}


class Server:
    """One server process, started with `options` and further variables; `url` is where it says it listens. It takes every call
    for which it has a line, however busy the machine is.

    `trust`: the ssl.SSLContext for one that speaks TLS. `program`: the words that start `voiceforge` elsewhere, as in a container, where
    settings are in those words; `user`, `group` and `extra_groups` are those of subprocess.Popen.
    """

    def __init__(self, *options, port=0, environment=None, trust=None, program=None, **process):
        self._trust = trust
        if not Path(BINARY).exists():
            raise RuntimeError(f"{BINARY} is missing: build it, or name it in VOICEFORGE_BINARY")
        self._process = subprocess.Popen(
            [*(program or [BINARY]), "serve", "--port", str(port), "--no-demo", *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env={**os.environ, **TAKES_EVERY_CALL, **(environment or {})}, **process)
        self.pid = self._process.pid
        self._lines = queue.Queue()
        self._output = []
        threading.Thread(target=self._read, daemon=True).start()
        self.url = self._address()
        self.port = int(self.url.rsplit(":", 1)[1])

    def wait_until_ready(self):
        """Returns when /readyz says 200."""
        deadline = time.monotonic() + READY_WAIT_S
        while time.monotonic() < deadline:
            if self._ready():
                return self
            time.sleep(0.2)
        raise RuntimeError(f"{self.url}/readyz was not 200 within {READY_WAIT_S} s")

    def wait_for_no_calls(self):
        """Returns when no call is up: a call counts until a moment after its caller has received the end."""
        deadline = time.monotonic() + READY_WAIT_S
        while time.monotonic() < deadline:
            with urllib.request.urlopen(f"{self.url}/metrics", timeout=10, context=self._trust) as answer:
                if b"voiceforge_calls_active 0\n" in answer.read():
                    return
            time.sleep(0.1)
        raise RuntimeError(f"calls of {self.url} are still up after {READY_WAIT_S} s")

    def output(self):
        """All that it has written so far."""
        return "".join(self._output)

    def stop(self):
        """Ends the server as an operator would."""
        self._process.terminate()
        try:
            self._process.wait(STOP_WAIT_S)
        except subprocess.TimeoutExpired:
            self.vanish()
            raise

    def ending(self, seconds):
        """Waits until it has ended, and returns its exit code."""
        return self._process.wait(seconds)

    def vanish(self):
        """Ends the server without a goodbye, as a crash would."""
        self._process.kill()
        self._process.wait(STOP_WAIT_S)

    def _read(self):
        for line in self._process.stdout:
            self._output.append(line)
            self._lines.put(line)
        self._lines.put(None)

    def _address(self):
        seen = []
        deadline = time.monotonic() + ADDRESS_WAIT_S
        while time.monotonic() < deadline:
            try:
                line = self._lines.get(timeout=0.2)
            except queue.Empty:
                continue
            if line is None:
                break
            seen.append(line)
            found = re.search(r"https?://127\.0\.0\.1:\d+", line)
            if found:
                return found.group()
        self._process.kill()
        raise RuntimeError("the server named no address:\n" + "".join(seen))

    def _ready(self):
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2, context=self._trust) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def say(text, path):
    """Speaks `text` into the WAV file `path` with the product's own voice."""
    subprocess.run([BINARY, "say", "--output", str(path), text], check=True, timeout=60, stdout=subprocess.DEVNULL)


def speech_in(folder):
    """Returns what gives the WAV bytes of a text, spoken once and kept in `folder`."""
    spoken = {}

    def wav(text):
        if text not in spoken:
            path = folder / f"{len(spoken)}.wav"
            say(text, path)
            spoken[text] = path.read_bytes()
        return spoken[text]

    return wav


@contextmanager
def served():
    """A server as it comes, ready to answer; stopped at the end."""
    running = Server().wait_until_ready()
    try:
        yield running
    finally:
        running.stop()
