"""Runs the programs that make an image."""

import subprocess

from failed import Failed


def run(*command, **options):
    """What a program says."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout
    except FileNotFoundError:
        raise Failed(f"{command[0]} is missing: make setup installs it") from None
    except subprocess.CalledProcessError as error:
        raise Failed(f"{' '.join(map(str, command))} failed:\n{error.stderr[-2000:]}") from None
