"""The OpenAPI document is true: schemathesis asks a real server for everything that it describes, and checks every answer."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from server import BINARY, Server, say

FOLDER = Path(__file__).parent
KEY = "planted-environment-key-0123456789"
SEED = os.environ.get("OPENAPI_SEED", "20")
# Cases for each operation beside those that its limits give. `OPENAPI_EXAMPLES=200` makes a longer search by hand.
EXAMPLES = os.environ.get("OPENAPI_EXAMPLES", "3")
# A guard against a run that hangs: on a busy machine one takes minutes.
RUN_WAIT_S = 900 + 60 * int(EXAMPLES)


def printed():
    return json.loads(subprocess.run([BINARY, "openapi"], check=True, capture_output=True).stdout)


def closed(node):
    """The schema, with every object closed: a member that is not described is found."""
    if isinstance(node, list):
        return [closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    closer = {"additionalProperties": False} if "properties" in node and "additionalProperties" not in node else {}
    return {**{name: closed(value) for name, value in node.items()}, **closer}


def strict(document):
    """The document with closed answers; requests stay open, because members that nobody knows are ignored."""
    asked = {"NewCase"}
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {
        name: schema if name in asked else closed(schema) for name, schema in schemas.items()}
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"] = closed(operation["responses"])
    return document


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("openapi") / "speech.wav"
    say("This is a recording of somebody who speaks for a while, so that a voice can be matched to it.", path)
    return path


def search(server, recording, tmp_path, *options):
    """Runs schemathesis; fails with what it says."""
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(strict(printed())))
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(FOLDER / "schemathesis.toml"),
        "run", str(document), "--url", server.url, "--seed", SEED, "--max-examples", EXAMPLES,
        "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-shrink", "--request-timeout", "300",
        "--suppress-health-check", "all", "--warnings", "off", "--workers", "1", *options]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=RUN_WAIT_S, cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "openapi_hooks", "PYTHONPATH": str(FOLDER),
             "OPENAPI_RECORDING": str(recording), "PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_server_serves_what_the_program_prints(server):
    with urllib.request.urlopen(server.url + "/openapi.json", timeout=10) as answer:
        assert answer.headers["content-type"] == "application/json"
        assert json.load(answer) == printed()


def test_without_keys(recording, tmp_path):
    """Nothing is refused to anybody, so there is no check whether it is. No key is made: from then on one would be needed."""
    running = Server().wait_until_ready()
    try:
        search(running, recording, tmp_path, "--exclude-checks", "ignored_auth", "--exclude-operation-id", "createKey")
    finally:
        running.stop()


def test_with_keys(recording, tmp_path):
    running = Server(environment={"VOICE_API_KEY": KEY, "VOICEFORGE_BEHIND_PROXY": "true"}).wait_until_ready()
    try:
        search(running, recording, tmp_path, "-H", f"Authorization: Bearer {KEY}")
    finally:
        running.stop()
