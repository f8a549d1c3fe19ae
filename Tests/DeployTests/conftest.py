"""Fixtures: a database, and three call nodes that share it."""

import pytest

import cluster as postgres
from nodes import Nodes


@pytest.fixture(scope="session")
def database():
    """A PostgreSQL of the tests' own."""
    if postgres.programs() is None:
        pytest.skip("there is no PostgreSQL, or root may not run it: `make setup-test` installs it")
    running = postgres.Cluster()
    yield running
    running.stop()


@pytest.fixture
def nodes(database, tmp_path_factory):
    """Three nodes that a test may stop and kill."""
    running = Nodes(database, tmp_path_factory.mktemp("flows"))
    yield running
    running.vanish()
