"""Many calls to a machine that is not this one are placed once somebody at the terminal said yes, or `--yes` did."""

import json
import os
import subprocess
import threading

import pytest
from websockets.sync.server import serve

from server import BINARY
from terminal import Terminal

RUN_WAIT_S = 120
CASE = """
flow: front-desk
caller: {patience: 1s}
turns:
  - press: "3"
  - hang-up: true
"""
# What is asked for, and the calls that come of it.
COMMANDS = {
    "simulate": (["simulate", "case.yaml", "--repeat", "3"], "3 calls", 3),
    "load": (["load", "case.yaml", "--calls", "2", "--hold", "1s"], "up to 2 calls at once", 2)}


def own_address():
    """An address of this machine that is not a loopback one; 0.0.0.0, which leads here as well, where it has none."""
    told = subprocess.run(["hostname", "-I"], check=False, capture_output=True, text=True).stdout.split()
    return next((address for address in told if "." in address), "0.0.0.0")


class Bot:
    """Takes calls over Twilio's wire and says nothing. `starts`: those that came."""

    def __init__(self):
        self.starts = []
        self._server = serve(self._hear, "0.0.0.0", 0)
        self.port = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _hear(self, socket):
        for text in socket:
            message = json.loads(text)
            if message["event"] == "start":
                self.starts.append(message["start"]["callSid"])

    def stop(self):
        self._server.shutdown()


@pytest.fixture
def bot():
    running = Bot()
    yield running
    running.stop()


@pytest.fixture(params=COMMANDS)
def asked(request, bot, tmp_path):
    """The command to a bot at the machine's own address, how to start it, its question, and the calls that come of a yes."""
    words, what, calls = COMMANDS[request.param]
    (tmp_path / "case.yaml").write_text(CASE)
    url = f"twilio+ws://{own_address()}:{bot.port}/ws"
    how = {"cwd": tmp_path, "env": {**os.environ, "TERM": "xterm"}}
    return [os.path.abspath(BINARY), *words, "--target", url], how, what, url.removeprefix("twilio+"), calls


@pytest.mark.parametrize("answer", ["n\n", "\n", "yess\n", "\x04", "\x03"], ids=["n", "nothing", "yess", "Ctrl-D", "Ctrl-C"])
def test_without_a_yes_nothing_is_sent(bot, asked, answer):
    command, how, what, url, _ = asked
    with Terminal(command, RUN_WAIT_S, **how) as terminal:
        terminal.until("[y/N]")
        assert f"Have {what} go to {url}? Whoever runs it has to serve them." in terminal.shown, terminal.shown
        terminal.type(answer)
        status = terminal.ended()
    assert (status, bot.starts) == (2, []), terminal.shown
    assert terminal.shown.rstrip().endswith("voiceforge: no call was placed"), terminal.shown


@pytest.mark.parametrize("answer", ["y\n", "YES\n"])
def test_a_yes_is_asked_for_once_and_the_calls_are_placed(bot, asked, answer):
    command, how, _, _, calls = asked
    with Terminal(command, RUN_WAIT_S, **how) as terminal:
        terminal.until("[y/N]")
        assert bot.starts == [], "the question comes first"
        terminal.type(answer)
        status = terminal.ended()
    assert status in (0, 1, 3), terminal.shown
    assert len(set(bot.starts)) == len(bot.starts) >= calls, terminal.shown
    assert terminal.shown.count("[y/N]") == 1


def test_without_a_terminal_yes_has_to_be_said_beforehand(bot, asked):
    command, how, what, url, calls = asked

    def run(*more):
        return subprocess.run(
            [*command, *more], check=False, capture_output=True, text=True, timeout=RUN_WAIT_S, stdin=subprocess.DEVNULL, **how)

    refused = run()
    assert refused.returncode == 2 and bot.starts == [], refused
    assert f"{what} to {url} are for its owner to serve: add --yes to place them without being asked" in refused.stderr, refused
    placed = run("--yes")
    assert placed.returncode in (0, 1, 3) and len(bot.starts) >= calls, placed
    assert "[y/N]" not in refused.stderr + placed.stderr


def test_nobody_is_asked_about_this_machine_or_about_a_single_call_of_each_case(bot, asked):
    command, how, *_ = asked
    here = [word.replace(own_address(), "127.0.0.1") for word in command]
    once = [word for word in command if word not in ("--repeat", "3")]
    for chosen in [here, *([once] if once != command else [])]:
        bot.starts.clear()
        placed = subprocess.run(chosen, check=False, capture_output=True, text=True, timeout=RUN_WAIT_S, stdin=subprocess.DEVNULL, **how)
        assert placed.returncode in (0, 1, 3) and bot.starts, placed
