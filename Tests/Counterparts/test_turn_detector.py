"""The features and the probability of Smart Turn's own code in Pipecat's wheel, for a sound that the Swift tests compute alike.

`Tests/Golden/turn-detector.tsv` holds them; `TurnDetectorContractTests` compares ours with it. VOICEFORGE_GOLDEN=write writes it anew, but
for the probability on processors of the other kind: the model computes in 8 bits, and where a processor has no instructions that add such
products up exactly (VNNI), ONNX Runtime's sums saturate, and the probability is another one.
"""

import os
from importlib import resources
from pathlib import Path

import numpy as np
import onnxruntime
from pipecat.audio.turn.smart_turn import _whisper_features as whisper

GOLDEN = Path(__file__).parent.parent / "Golden" / "turn-detector.tsv"
SECONDS = {"short": 3, "long": 9}
FRAMES = (0, 498, 499, 500, 501, 640, 797, 799)
MODEL = "smart-turn-v3.2-cpu.onnx"
EXACT, SATURATED = "probability", "probability-saturated"


def sound(seconds):
    """Whole numbers only: a buzz whose pitch and loudness wander, with 200 ms of near silence behind it."""
    samples, phase, luck = [], 0, 12345
    for index in range(seconds * 16000):
        luck = (luck * 1103515245 + 12345) % 2147483648
        phase = (phase + 120 + (index // 160 * 7) % 60) % 16000
        loud = 0 if index >= (seconds * 16000) - 3200 else (index // 800 * 37) % 90 + 10
        samples.append(phase * loud // 80 - 100 * loud + luck // 65536 % 41 - 20)
    return np.array(samples, dtype=np.int16)


def features(samples):
    floats = samples.astype(np.float32) / 32768.0
    padded = np.pad(floats[-128000:], (max(128000 - len(floats), 0), 0))
    return whisper.compute_whisper_log_mel_features(padded)


def probability(values):
    model = resources.files("pipecat.audio.turn.smart_turn.data") / MODEL
    session = onnxruntime.InferenceSession(model.read_bytes())
    return float(session.run(None, {"input_features": values[None]})[0][0].item())


def adds_exactly():
    """Whether this processor adds products of 8 bits up without saturation."""
    flags = Path("/proc/cpuinfo").read_text()
    return "avx2" not in flags or "avx512_vnni" in flags or "avx_vnni" in flags


def lines(kept):
    """What is found here; of the other kind of processor, what is kept."""
    for name, seconds in SECONDS.items():
        values = features(sound(seconds))
        for kind in (EXACT, SATURATED):
            if (kind == EXACT) == adds_exactly():
                yield f"{name}\t{kind}\t{probability(values):.4f}"
            else:
                yield next(line for line in kept if line.startswith(f"{name}\t{kind}\t"))
        for frame in FRAMES:
            yield f"{name}\t{frame}\t" + " ".join(f"{value:.7f}" for value in values[:, frame])


def test_golden_file_holds_the_wheels_own_features():
    found = list(lines(GOLDEN.read_text().splitlines()))
    if os.environ.get("VOICEFORGE_GOLDEN") == "write":
        GOLDEN.write_text("\n".join(found) + "\n")
    kept = GOLDEN.read_text().splitlines()
    assert len(kept) == len(found)
    for line, other in zip(kept, found, strict=True):
        name, what, numbers = line.split("\t")
        assert other.split("\t")[:2] == [name, what]
        tolerance = 2e-3 if what in (EXACT, SATURATED) else 1e-6
        np.testing.assert_allclose(
            np.array(numbers.split(), dtype=float), np.array(other.split("\t")[2].split(), dtype=float), atol=tolerance)
