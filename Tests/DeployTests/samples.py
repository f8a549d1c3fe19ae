"""The files of Samples/deploy, and which commands and metrics they name."""

import json
import re
import shlex
from pathlib import Path

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "Samples/deploy"
ADDRESSES = ["172.31.77.11:8080", "172.31.77.12:8080", "172.31.77.13:8080"]


def text(name):
    """A file as it stands."""
    return (DEPLOY / name).read_text()


def documents(name):
    """The documents of a YAML file."""
    return list(yaml.safe_load_all(text(name)))


def replaced(name, changes):
    """A file with texts of it changed; each has to be there."""
    changed = text(name)
    for old, new in changes.items():
        assert old in changed, f"{name} has no {old}"
        changed = changed.replace(old, new)
    return changed


def container():
    """The container of the call nodes on Kubernetes."""
    deployment = next(one for one in documents("kubernetes.yaml") if one["kind"] == "Deployment")
    return deployment["spec"]["template"]["spec"]["containers"][0]


def serve_commands():
    """How each file starts a call node: what stands behind `voiceforge`, by the file's name. Images begin with that word."""
    unit = next(line for line in text("voiceforge@.service").splitlines() if line.startswith("ExecStart="))
    compose = documents("compose.yaml")[0]
    return {
        "voiceforge@.service": shlex.split(unit.removeprefix("ExecStart="))[1:],
        "compose.yaml": compose["services"]["voice-1"]["command"],
        "kubernetes.yaml": container()["args"],
    }


def option(command, name):
    """What stands behind an option."""
    return command[command.index(name) + 1]


def grace_seconds():
    """How long each file lets a node live after SIGTERM, by the file's name."""
    unit = re.search(r"^TimeoutStopSec=(\d+)$", text("voiceforge@.service"), re.MULTILINE).group(1)
    hours, minutes, seconds = re.fullmatch(
        r"(\d+)h(\d+)m(\d+)s", documents("compose.yaml")[0]["services"]["voice-1"]["stop_grace_period"]).groups()
    deployment = next(one for one in documents("kubernetes.yaml") if one["kind"] == "Deployment")
    return {
        "voiceforge@.service": int(unit),
        "compose.yaml": int(hours) * 3600 + int(minutes) * 60 + int(seconds),
        "kubernetes.yaml": deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"],
    }


def expressions():
    """Everything that dashboard, alerts and autoscaler ask Prometheus for."""
    panels = json.loads(text("grafana-dashboard.json"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    asked += [rule["expr"] for group in documents("prometheus-alerts.yaml")[0]["groups"] for rule in group["rules"]]
    scaler = next(one for one in documents("kubernetes.yaml") if one["kind"] == "HorizontalPodAutoscaler")
    return asked + [metric["pods"]["metric"]["name"] for metric in scaler["spec"]["metrics"]]
