"""Several nodes behind a proxy, as the page "Run several nodes" has it: calls and REST mixed, restarts, a node that dies."""

import http.client
import secrets
import subprocess
import time

import pytest

from call_client import CallClient, Refused
from nodes import BEARER, KEY, NAMES, Callers, ask, begin, end, is_there, proxied, say
from ports import free_port
from server import Server

OPEN_WAIT_S = 60
CALLS = 200
CALLERS = 30
# Of a call while nodes are restarted: all callers have one up then.
HOLD_S = 3
# While a node is dead.
FEW = 8
QUESTIONS = 30


def needs(kind):
    return pytest.mark.skipif(not is_there(kind), reason=f"{kind} is not installed: `make setup-test` installs it")


def history(database, ids):
    """Rows of calls with these ids: which node held each."""
    listed = ", ".join(f"'{one}'" for one in ids)
    rows = database.query(f"SELECT id, record->>'node' FROM voiceforge_calls WHERE id IN ({listed})")
    return [line.split("|") for line in rows.split()]


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs(kind)) for kind in ("haproxy", "nginx")])
def test_calls_and_rest_mixed_over_kept_connections(kind, database, nodes, tmp_path):
    with proxied(kind, nodes.addresses(), tmp_path) as proxy:
        callers = Callers(proxy.url, CALLERS, calls=CALLS)
        callers.finish()
        if kind == "haproxy":
            reused = proxy.figures("haproxy_backend_connection_reuses_total")
            assert sum(reused.values()) > CALLS, "connections to nodes were not used again, so nothing was tried"
        else:
            before = proxy.connections()
            for _ in range(QUESTIONS):
                ask(proxy.url, "/api/flows")
            # Each process of nginx keeps its own.
            assert len(proxy.connections() - before) < QUESTIONS / 2, "connections to nodes were not used again"
    for name in NAMES:
        nodes.stop(name)
    assert callers.wrong == []
    assert len(set(callers.placed)) == CALLS
    kept = history(database, callers.placed)
    assert len(kept) == CALLS
    assert {node for _, node in kept} == set(NAMES), "a node had no call, so it knew no token of the others"


@needs("haproxy")
def test_nodes_without_keys_are_found_ready_behind_haproxy(tmp_path):
    keyless = Server("--in-memory").wait_until_ready()
    try:
        with proxied("haproxy", [f"127.0.0.1:{keyless.port}"] * len(NAMES), tmp_path) as proxy:
            call = CallClient(proxy.url, headers=[("Origin", proxy.url)])
            call.send(type="hangup")
            call.close()
    finally:
        keyless.vanish()


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs(kind)) for kind in ("haproxy", "nginx")])
def test_logs_of_proxies_hold_no_tokens_and_foreign_pages_are_refused(kind, nodes, tmp_path):
    with proxied(kind, nodes.addresses(), tmp_path) as proxy:
        call = begin(proxy.url)
        end(call)
        with pytest.raises(Refused, match="403"):
            CallClient(proxy.url, headers=[("Origin", "http://other.example")], query=f"?token={call.token}")
        for path in ("/caller/stream/planted-id/planted-token", "/twilio/stream/planted-token"):
            with pytest.raises(Refused):
                CallClient(proxy.url, path=path)
    log = proxy.log.read_text()
    assert call.token not in log and "planted" not in log and BEARER["Authorization"] not in log
    if kind == "haproxy":
        assert '"GET /v1/call HTTP/1.1"' in log and '"GET /caller/stream/- HTTP/1.1"' in log, log


@needs("haproxy")
def test_nodes_are_restarted_one_by_one_and_nobody_notices(database, nodes, tmp_path):
    with proxied("haproxy", nodes.addresses(), tmp_path) as proxy:
        callers = Callers(proxy.url, CALLERS, hold_s=HOLD_S)
        callers.wait_until_up(CALLERS)
        for name in NAMES:
            nodes.stop(name)
            nodes.start(name)
            callers.wait_for(CALLERS)
        callers.finish()
    for name in NAMES:
        nodes.stop(name)
    assert callers.wrong == []
    assert len(callers.placed) >= 4 * CALLERS
    kept = history(database, callers.placed)
    assert sorted(one for one, _ in kept) == sorted(callers.placed)


@needs("haproxy")
def test_a_node_that_dies_takes_its_own_calls_with_it_and_no_others(database, nodes, tmp_path):
    with proxied("haproxy", nodes.addresses(), tmp_path) as proxy:
        calls = [begin(proxy.url) for _ in range(9)]
        up = {name: nodes.figure(name, "voiceforge_calls_active") for name in NAMES}
        assert all(up.values()) and sum(up.values()) == len(calls), up
        nodes.servers["two"].vanish()
        lost, kept = [], []
        for call in calls:
            try:
                say(call, "Are you still there?")
                kept.append(call)
            except (OSError, AssertionError, ValueError, IndexError):
                lost.append(call)
        assert len(lost) == up["two"]
        later = Callers(proxy.url, FEW, calls=100)
        later.finish()
        for call in kept:
            end(call)
    for name in ("one", "three"):
        nodes.stop(name)
    assert later.wrong == []
    placed = [call.id for call in kept] + later.placed
    found = history(database, [call.id for call in calls] + later.placed)
    assert sorted(one for one, _ in found) == sorted(placed)
    assert {node for _, node in found} == {"one", "three"}


HAPROXY_WITH_ADDRESSES = """
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend calls
  bind 127.0.0.1:{port}
  default_backend node
backend node
  source 127.0.0.9
  server one 127.0.0.1:{node} send-proxy-v2 check check-send-proxy inter 200ms
"""


@needs("haproxy")
def test_the_proxy_protocol_tells_who_shows_wrong_keys(tmp_path):
    port = free_port()
    node = Server(
        "--in-memory", "--proxy-protocol", "--trusted-proxy", "127.0.0.9", environment={"VOICE_API_KEY": KEY}
    ).wait_until_ready()
    configuration = tmp_path / "haproxy.cfg"
    configuration.write_text(HAPROXY_WITH_ADDRESSES.format(port=port, node=node.port))
    haproxy = subprocess.Popen(["haproxy", "-db", "-f", str(configuration)])
    try:
        wait_until_open(port)

        def status(source, key):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
            # Anybody can write this; the address that the proxy told counts.
            connection.request("GET", "/api/flows", headers={
                "Authorization": f"Bearer {key}", "X-Forwarded-For": f"198.51.100.{secrets.randbelow(250)}"})
            return connection.getresponse().status

        wrong = [status("127.0.0.2", f"vf_{secrets.token_hex(20)}") for _ in range(60)]
        assert wrong[0] == 401 and wrong[-1] == 429, wrong
        assert status("127.0.0.3", f"vf_{secrets.token_hex(20)}") == 401
        assert status("127.0.0.3", KEY) == 200
        call = CallClient(f"http://127.0.0.1:{port}", headers=list(BEARER.items()))
        call.send(type="hangup")
        call.close()
    finally:
        haproxy.kill()
        haproxy.wait()
        node.vanish()


def wait_until_open(port):
    deadline = time.monotonic() + OPEN_WAIT_S
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise RuntimeError(f"nothing answers on port {port} after {OPEN_WAIT_S} s")
