"""`voiceforge doctor` asks a genuine llama.cpp server, and says what is wrong with it. What the small model says is nobody's concern."""

import re
import socket

import pytest

from doctor import KEY, doctor, section
from model_server import CONTEXT_TOKENS, NAME, serving


@pytest.fixture(scope="module")
def short():
    """Its answers are whole before the doctor has heard enough."""
    with serving(tokens_max=8) as server:
        yield server


@pytest.fixture(scope="module")
def endless():
    """Talks on until nobody listens, to those who show the key."""
    with serving(is_endless=True, key=KEY) as server:
        yield server


def test_a_model_that_answers_is_named(short):
    status, told = doctor(short.url)
    assert status == 0, told
    assert section(told).startswith(short.url)
    assert re.search(rf'✓ Model +{NAME} began after [\d.]+ m?s and said ".+"', section(told)), told


def test_an_address_without_the_version_does_as_well(short):
    status, told = doctor(short.root)
    assert status == 0 and f"✓ Model  {NAME} began" in told, told


def test_a_server_with_one_model_answers_for_any_name(short):
    """The doctor names who answered, not who was asked."""
    status, told = doctor(short.url, model="gpt-nowhere")
    assert status == 0 and f"{NAME} began" in section(told) and "gpt-nowhere" not in section(told), told


def test_what_is_not_asked_for_is_not_contacted(short):
    before = short.wait_until_idle()
    status, told = doctor(short.url, ENABLE_LLM="false")
    assert status == 0 and "Language model" not in told
    assert [slot["id_task"] for slot in short.wait_until_idle()] == [slot["id_task"] for slot in before]


def test_an_answer_that_nobody_hears_out_is_not_generated_to_its_end(endless):
    status, told = doctor(endless.url)
    assert status == 0 and "✓ Model" in section(told), told
    (slot,) = endless.wait_until_idle()
    assert slot["n_prompt_tokens"] < CONTEXT_TOKENS // 2, slot
    # And it serves on.
    status, told = doctor(endless.url)
    assert status == 0, told


def test_a_wrong_key_is_refused_and_shown_to_nobody(endless):
    status, told = doctor(endless.url, key="wrong-" + KEY)
    assert status == 1
    assert "✗ Model" in told and "it refuses the key (401: Invalid API Key); correct OPENAI_API_KEY" in section(told), told


def test_nothing_at_the_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        status, told = doctor(url)
    assert status == 1
    assert f"the language model at {url}: it cannot be reached (" in section(told), told
    assert "→ start the server, or correct OPENAI_BASE_URL" in section(told), told


def test_another_server_at_the_port(server):
    """Ours, which has no such route."""
    status, told = doctor(server.url + "/docs")
    assert status == 1
    assert "404" in section(told) and "correct OPENAI_MODEL or OPENAI_BASE_URL" in section(told), told
