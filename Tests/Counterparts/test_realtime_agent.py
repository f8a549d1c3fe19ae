"""The page "Test an OpenAI Realtime agent": each of its commands, and the sample client, against a server of ours."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from server import BINARY

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "Sources/Documentation.docc/RealtimeAgent.md").read_text()
SERVE, DOCTOR, CLIENT, SIMULATE, LOAD = (line[2:] for line in PAGE.splitlines() if line.startswith("$ "))
CASES, TARGETS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
RUN_WAIT_S = 240
TRIES = 4
# A caller that was held up says nothing.
INVALID = 3


def run(command, server, folder, **environment):
    words = shlex.split(command.replace("127.0.0.1:8080", server.url.removeprefix("http://")))
    assert words[0] == "voiceforge"
    return subprocess.run(
        [os.path.abspath(BINARY), *words[1:]], check=False, cwd=folder, capture_output=True, text=True, timeout=RUN_WAIT_S,
        env={**os.environ, **environment})


def test_the_page_starts_its_server_as_the_tests_do():
    assert SERVE == "voiceforge serve --port 8080"


def test_the_doctor_says_what_the_agent_said(server, tmp_path):
    ended = run(f"{DOCTOR} --json", server, tmp_path)
    call, voice, *findings = json.loads(ended.stdout)["sections"][0]["checks"]
    assert (ended.returncode, call["state"], call["detail"], findings) == (0, "fine", "held over realtime", []), ended
    assert "harbor clinic" in voice["detail"].lower(), voice  # cut off by the end of the call, so by ear


def test_the_pages_cases_pass_and_words_are_told_and_heard(server, tmp_path):
    (tmp_path / "cases.yaml").write_text(CASES)
    for _ in range(TRIES):
        ended = run(f"{SIMULATE} --jobs 1", server, tmp_path)
        if ended.returncode != INVALID:
            break
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert ended.returncode == 0, (ended.stdout, ended.stderr)
    for case in report["cases"]:
        assert (case["wire"], case["words"], case["conformance"]) == ("realtime", "told", []), case
        assert case["compared"] and all(words["told"] and words["heard"] for words in case["compared"]), case["compared"]
    assert (tmp_path / "out/index.html").exists()


def test_the_pages_load_is_held(server, tmp_path):
    ended = run(f"{LOAD} --json", server, tmp_path)
    assert ended.returncode in (0, 1, INVALID), ended
    result = json.loads(ended.stdout)
    assert result["target"].startswith("realtime+ws://"), result
    assert result["calls"]["accepted"] >= 1 and result["calls"]["failed"] == 0, result["calls"]


def test_the_sample_client_talks_with_the_agent(server):
    environment = {"OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_API_KEY": "none"}
    command = re.sub(r"^(\w+=\S+ )+python3", sys.executable, CLIENT)
    ended = subprocess.run(
        shlex.split(command), check=False, cwd=ROOT, capture_output=True, text=True, timeout=RUN_WAIT_S,
        env={**os.environ, **environment})
    assert ended.returncode == 0, ended
    greeting, caller, answer, heard = ended.stdout.splitlines()
    assert greeting.startswith("agent: Hello, this is the Harbour Clinic."), ended.stdout
    assert caller.startswith("caller: ") and "opening hours" in caller, ended.stdout
    assert answer.startswith("agent: We are open from Monday to Friday"), ended.stdout
    assert float(heard.split()[1]) > 5, heard


@pytest.mark.parametrize("key", ["", "sk-secret"])
def test_the_pages_target_is_read_and_its_key_is_told_to_nobody(server, tmp_path, key):
    (tmp_path / "cases.yaml").write_text(CASES)
    local = TARGETS.replace("wss://api.openai.com/v1/realtime?model=gpt-realtime", f"ws{server.url[4:]}/v1/realtime?model=nobody")
    (tmp_path / "targets.yaml").write_text(local)
    ended = run("voiceforge simulate cases.yaml --target concierge --json", server, tmp_path, OPENAI_API_KEY=key)
    if not key:
        assert ended.returncode == 2 and "key of concierge: the environment has no OPENAI_API_KEY" in ended.stderr, ended
        return
    case = json.loads(ended.stdout)["cases"][0]
    assert ended.returncode == INVALID and "model_not_found" in case["failure"], case
    assert key not in ended.stdout + ended.stderr
