"""The server of `Tests/ScriptedModel` in a process of its own."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

PROGRAM = Path(__file__).parent.parent / "ScriptedModel" / "scripted_model.py"
LOG_WAIT_S = 60
STOP_WAIT_S = 30


class ScriptedServer:
    """`url`: as OPENAI_BASE_URL takes it."""

    def __init__(self, url, log):
        self.url, self._log = url, log

    def events(self):
        """What it wrote of requests and their ends; a line that is being written is left out."""
        whole = self._log.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def asked(self):
        return [event for event in self.events() if event["event"] == "request"]

    def ended(self, text):
        """How the answers to those who said this have ended so far."""
        events = self.events()
        numbers = {event["request"] for event in events if event["event"] == "request" and _said(event["body"]) == text}
        return [event for event in events if event["event"] == "end" and event["request"] in numbers]

    def ends(self, text, count=1):
        """Waits until there are so many."""
        deadline = time.monotonic() + LOG_WAIT_S
        while len(ends := self.ended(text)) < count:
            assert time.monotonic() < deadline, self.events()
            time.sleep(0.02)
        return ends


def _said(body):
    """The last message's content; of what is no question, the body itself."""
    messages = body.get("messages") if isinstance(body, dict) else None
    return messages[-1]["content"] if isinstance(messages, list) and messages else body


def run(*options):
    """What becomes of a command that does not get to serve."""
    return subprocess.run([sys.executable, PROGRAM, *options], capture_output=True, text=True, check=False, timeout=STOP_WAIT_S)


@contextmanager
def playing(rules, folder, *options):
    """`rules`: a script, which is written into `folder`, or the path of one."""
    script, log = folder / "script.json", folder / "log.jsonl"
    if isinstance(rules, Path):
        script = rules
    else:
        script.write_text(json.dumps(rules), encoding="utf-8")
    log.write_text("", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, PROGRAM, "--script", script, "--log", log, *options], stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith("listening on http"), line
        yield ScriptedServer(line.split()[-1], log)
        process.terminate()
        assert process.wait(STOP_WAIT_S) == 0
    finally:
        process.kill()
        process.wait(STOP_WAIT_S)
