"""Several nodes behind a proxy, as the page "Run several nodes" has it: calls and REST mixed, restarts, a node that dies."""

import pytest

from nodes import NAMES, Callers, begin, end, is_there, proxied, say

CALLS = 200
CALLERS = 8


def needs(kind):
    return pytest.mark.skipif(not is_there(kind), reason=f"{kind} is not installed: `make setup-test` installs it")


def history(database, ids):
    """Rows of calls with these ids: which node held each."""
    listed = ", ".join(f"'{one}'" for one in ids)
    rows = database.query(f"SELECT id, record->>'node' FROM voiceforge_calls WHERE id IN ({listed})")
    return [line.split("|") for line in rows.split()]


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs(kind)) for kind in ("haproxy", "nginx")])
def test_calls_and_rest_mixed_over_kept_connections(kind, database, nodes, tmp_path):
    with proxied(kind, nodes, tmp_path) as proxy:
        callers = Callers(proxy.url, CALLERS, calls=CALLS)
        callers.finish()
        if kind == "haproxy":
            reused = proxy.figures("haproxy_backend_connection_reuses_total")
            assert sum(reused.values()) > CALLS, "connections to nodes were not used again, so nothing was tried"
    for name in NAMES:
        nodes.stop(name)
    assert callers.wrong == []
    assert len(set(callers.placed)) == CALLS
    kept = history(database, callers.placed)
    assert len(kept) == CALLS
    assert {node for _, node in kept} == set(NAMES), "a node had no call, so it knew no token of the others"


@needs("haproxy")
def test_nodes_are_restarted_one_by_one_and_nobody_notices(database, nodes, tmp_path):
    with proxied("haproxy", nodes, tmp_path) as proxy:
        callers = Callers(proxy.url, CALLERS)
        callers.wait_for(CALLERS)
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
    with proxied("haproxy", nodes, tmp_path) as proxy:
        calls = [begin(proxy.url) for _ in range(9)]
        up = {name: nodes.calls(name) for name in NAMES}
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
        later = Callers(proxy.url, CALLERS, calls=100)
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
