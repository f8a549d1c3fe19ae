"""Peers that stop reading: the audio that they do not take is dropped, what else waits for them is bounded, and other calls go on."""

import contextlib
import json
import socket
import subprocess
import time
import urllib.parse
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from asking import ask
from server import BINARY
from test_pipecat import TRIES, given_up, was_held_up

STUCK_WAIT_S = 120
STUCK_FOR_S = 2
RUN_WAIT_S = 120
RECORD_WAIT_S = 30
FLOW = "long-talk"
SENTENCE = "This is one of the many sentences of a long announcement that goes on and on for those who listen to it."
PARTS = 12
PATHS = {"voiceforge": "/v1/call", "twilio": "/twilio/stream", "realtime": f"/v1/realtime?model={FLOW}"}
SUBPROTOCOLS = {"voiceforge": ["voiceforge.v1"], "realtime": ["realtime"]}
OPENING = {
    "voiceforge": {"type": "start", "flow": FLOW, "codec": "pcm16"},
    "twilio": {
        "event": "start", "sequenceNumber": "1", "streamSid": "MZ1", "start": {
            "accountSid": "AC1", "streamSid": "MZ1", "callSid": "CA1", "tracks": ["inbound"], "customParameters": {"flow": FLOW},
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}}},
}
CASE = """
flow: appointment
turns:
  - say: What are your opening hours?
    expect: {keywords: [Monday to Friday]}
  - hang-up: true
"""


@pytest.fixture(scope="module")
def talk(server):
    """A flow that talks for minutes and cannot be interrupted."""
    states = {
        f"part-{number}": {"say": " ".join([f"Part {number}."] + [SENTENCE] * 4), "interruptible": False, "next": f"part-{number + 1}"}
        for number in range(PARTS)}
    states[f"part-{PARTS}"] = {"end": "done", "say": "Goodbye."}
    answer = ask(f"{server.url}/api/flows?name={FLOW}", "POST", json.dumps({"title": "Long talk", "states": states}))
    assert answer.status == 201, answer


class Peer:
    """A client that takes no more than a few kilobytes before it reads."""

    def __init__(self, server, wire):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", server.port))
        url = urllib.parse.urljoin(server.url.replace("http", "ws"), PATHS[wire])
        # One message that was not taken, and it reads no more.
        self.call = connect(
            url, sock=self.socket, max_queue=1, subprotocols=SUBPROTOCOLS.get(wire), compression=None, ping_interval=None)
        if wire in OPENING:
            self.call.send(json.dumps(OPENING[wire]))

    def wait_until_stuck(self):
        """Returns when the server has for a while got rid of nothing, although it has something to send, or has given the peer up."""
        waiting, since = 0, time.monotonic()
        deadline = since + STUCK_WAIT_S
        while time.monotonic() < deadline:
            now = self._unsent()
            if now is None:
                return
            if now != waiting:
                waiting, since = now, time.monotonic()
            elif waiting and time.monotonic() - since > STUCK_FOR_S:
                return
            time.sleep(0.1)
        raise AssertionError("the server never waited for the peer")

    def _unsent(self):
        """Bytes that the kernel keeps at the server's end of the connection; `None` when there is no such end any more."""
        ours, theirs = self.socket.getsockname()[1], self.socket.getpeername()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            _, local, remote, _, queues, *_ = line.split()
            if (int(local.split(":")[1], 16), int(remote.split(":")[1], 16)) == (theirs, ours):
                return int(queues.split(":")[0], 16)
        return None


def check(wire, frames):
    """Each is a whole message of its wire; says how many there were before the end."""
    count = 0
    with contextlib.suppress(ConnectionClosed):
        for frame in frames:
            count += 1
            if isinstance(frame, bytes):
                assert wire == "voiceforge" and len(frame) > 16
            else:
                message = json.loads(frame)
                assert message["event" if wire == "twilio" else "type"], message
    return count


def held(server, folder):
    """Another call, while the slow one is up; once more when the machine held it up."""
    (folder / "case.yaml").write_text(CASE)
    for _ in range(TRIES):
        ended = subprocess.run(
            [str(Path(BINARY).resolve()), "simulate", "case.yaml", "--target", server.url.replace("http", "ws") + "/v1/call", "--json"],
            check=False, cwd=folder, capture_output=True, text=True, timeout=RUN_WAIT_S)
        assert ended.returncode in (0, 1, 3), ended
        result, = json.loads(ended.stdout)["cases"]
        if not was_held_up(result):
            return result
    raise given_up("the other call")


def kept(server, wire):
    """The record of the slow call: it is written a moment after that."""
    deadline = time.monotonic() + RECORD_WAIT_S
    while time.monotonic() < deadline:
        for call in ask(f"{server.url}/api/calls?limit=10&flow={FLOW}").json["calls"]:
            if call["wire"] == wire:
                return call
        time.sleep(0.05)
    raise AssertionError("no call was kept")


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("wire", PATHS)
def test_a_peer_that_stops_reading_is_hung_up_on_and_holds_up_nobody(server, wire, tmp_path):
    server.wait_for_no_calls()
    peer = Peer(server, wire)
    peer.wait_until_stuck()
    result = held(server, tmp_path)
    assert result["verdict"] == "passed", result["reasons"]
    # It answers no pings either: the server gives it up by itself.
    server.wait_for_no_calls()
    assert kept(server, wire)["reason"] == "caller-vanished"
    assert check(wire, peer.call)
