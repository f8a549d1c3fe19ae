"""`voiceforge doctor` with a language model to ask."""

import os
import subprocess

from server import BINARY

DOCTOR_WAIT_S = 300
KEY = "planted-0123456789abcdef"


def doctor(url, model="any", key=KEY, **more):
    """Its status, and all that it wrote. `more`: further variables of its environment."""
    # A model that shares a busy machine may be slow; only what never comes is waited for in vain.
    limits = {"VOICEFORGE_MODEL_PIECE_MAX": "60000", "VOICEFORGE_MODEL_ANSWER_MAX": "60000"}
    environment = {
        **os.environ, **limits, "ENABLE_LLM": "true", "OPENAI_BASE_URL": url, "OPENAI_MODEL": model, "OPENAI_API_KEY": key, **more}
    ran = subprocess.run(
        [BINARY, "doctor"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=DOCTOR_WAIT_S)
    assert KEY not in ran.stdout
    return ran.returncode, ran.stdout


def section(told):
    """What it says of the model."""
    return told.partition("Language model at ")[2].partition("\n\n")[0]
