"""Every file of Samples/deploy is what its own program takes, and asks the product only for what there is."""

import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import kubernetes_validate
import pytest

from nodes import BEARER, KEY
from samples import ADDRESSES, DEPLOY, container, documents, expressions, grace_seconds, option, replaced, serve_commands, text
from server import BINARY, Server

KUBERNETES = "1.31"
FILES = ["kubernetes.yaml", "simulate-job.yaml"]
# Names of Prometheus itself.
OTHERS = {"up"}


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def run(*command):
    """What a program says, and how it ends."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@needs("haproxy")
def test_haproxy_takes_its_file(tmp_path):
    assert run("haproxy", "-c", "-f", str(DEPLOY / "haproxy.cfg"))[0] == 0
    wrong = tmp_path / "haproxy.cfg"
    wrong.write_text(replaced("haproxy.cfg", {"option redispatch": "option redispatched"}))
    assert run("haproxy", "-c", "-f", str(wrong))[0] != 0


@needs("nginx")
def test_nginx_takes_its_file(tmp_path):
    path = tmp_path / "nginx.conf"
    path.write_text(replaced("nginx.conf", {
        "pid /run/nginx.pid": f"pid {tmp_path}/pid", "error_log /var/log/nginx/error.log": "error_log stderr"}))
    status, said = run("nginx", "-t", "-c", str(path), "-e", "stderr")
    assert status == 0, said


@needs("systemd-analyze")
def test_systemd_takes_the_unit(tmp_path):
    """It names keys that it does not know and exits 0 all the same."""
    unit = tmp_path / "voiceforge@8081.service"
    right = replaced("voiceforge@.service", {"/usr/local/bin/voiceforge": str(Path(BINARY).resolve())})
    unit.write_text(right)
    assert run("systemd-analyze", "verify", str(unit)) == (0, "")
    unit.write_text(right.replace("KillMode=", "KilMode="))
    assert "KilMode" in run("systemd-analyze", "verify", str(unit))[1]


@pytest.mark.parametrize("name", FILES)
def test_kubernetes_takes_its_files(name):
    for one in documents(name):
        kubernetes_validate.validate(one, KUBERNETES, strict=True)


def test_probes_of_kubernetes_use_a_name_that_every_node_answers_to():
    probes = [probe["httpGet"] for name, probe in container().items() if name.endswith("Probe")]
    assert len(probes) == 3
    assert all(probe["httpHeaders"] == [{"name": "Host", "value": "localhost"}] for probe in probes)
    keyless = Server("--in-memory").wait_until_ready()
    try:
        for path in {probe["path"] for probe in probes}:
            assert (status(keyless, path, "localhost"), status(keyless, path, "10.0.0.5:8080")) == (200, 421), path
    finally:
        keyless.vanish()


def status(server, path, host):
    """What a server answers to whoever calls it by that name."""
    try:
        with urllib.request.urlopen(urllib.request.Request(server.url + path, headers={"Host": host}), timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_the_validator_of_kubernetes_finds_what_is_misspelt():
    budget = next(one for one in documents("kubernetes.yaml") if one["kind"] == "PodDisruptionBudget")
    budget["spec"]["maxUnavailabel"] = budget["spec"].pop("maxUnavailable")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(budget, KUBERNETES, strict=True)


def test_compose_takes_its_file(tmp_path):
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    status, said = run(*check, str(DEPLOY / "compose.yaml"))
    assert status == 0, said
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(replaced("compose.yaml", {"stop_grace_period": "stop_grace_periode"}))
    assert run(*check, str(wrong))[0] != 0


def test_compose_and_the_proxies_mean_the_same_nodes():
    services = documents("compose.yaml")[0]["services"]
    nodes = {name: one["networks"]["voice"]["ipv4_address"] for name, one in services.items() if name.startswith("voice-")}
    assert [f"{address}:8080" for address in nodes.values()] == ADDRESSES
    for name, address in zip(nodes, ADDRESSES, strict=True):
        assert f"server {name} {address}\n" in text("haproxy.cfg")
        assert f"server {address} " in text("nginx.conf")
        assert services[name]["environment"]["VOICEFORGE_NODE"] == name


@pytest.mark.parametrize("name", serve_commands())
def test_a_node_starts_as_the_file_has_it_and_is_given_time_to_drain(name):
    command = serve_commands()[name]
    seconds = int(option(command, "--lame-duck").removesuffix("s")) + int(option(command, "--drain"))
    assert grace_seconds()[name] >= seconds + 30
    options = [word.replace("%i", "8081").replace("%H", "host") for word in command[1:]]
    for own in ("--host", "--port"):
        if own in options:
            del options[options.index(own):options.index(own) + 2]
    running = Server(*options, "--in-memory", environment={"VOICE_API_KEY": KEY})
    try:
        running.wait_until_ready()
    finally:
        running.vanish()


def test_dashboard_and_alerts_ask_for_metrics_that_there_are():
    running = Server(environment={"VOICE_API_KEY": KEY}).wait_until_ready()
    try:
        request = urllib.request.Request(f"{running.url}/metrics", headers=BEARER)
        with urllib.request.urlopen(request, timeout=30) as answer:
            types = re.findall(r"^# TYPE (\S+) (\S+)$", answer.read().decode(), re.MULTILINE)
    finally:
        running.vanish()
    there = {name for name, kind in types if kind != "histogram"} | OTHERS
    there |= {f"{name}_{end}" for name, kind in types if kind == "histogram" for end in ("bucket", "sum", "count")}
    asked = {name for one in expressions() for name in re.findall(r"\b(?:voiceforge|process)_[a-z_]+", one)}
    assert len(asked) > 20
    assert asked - there == set()


def test_alerts_say_what_they_are_about():
    rules = [rule for group in documents("prometheus-alerts.yaml")[0]["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["annotations"]["summary"] and rule["labels"]["severity"] in ("page", "warn"), rule


@needs("promtool")
def test_prometheus_takes_the_alerts(tmp_path):
    status, said = run("promtool", "check", "rules", str(DEPLOY / "prometheus-alerts.yaml"))
    assert status == 0, said
    wrong = tmp_path / "rules.yaml"
    wrong.write_text(replaced("prometheus-alerts.yaml", {"sum(voiceforge_calls_active)": "sum(voiceforge_calls_active"}))
    assert run("promtool", "check", "rules", str(wrong))[0] != 0


@needs("promtool")
def test_prometheus_takes_the_scrape_job_of_the_guide(tmp_path):
    guide = (DEPLOY.parents[1] / "Sources/Documentation.docc/SeveralNodes.md").read_text()
    path = tmp_path / "prometheus.yaml"
    path.write_text(re.search(r"```yaml\n(scrape_configs:.*?)```", guide, re.DOTALL).group(1))
    status, said = run("promtool", "check", "config", "--syntax-only", str(path))
    assert status == 0, said
