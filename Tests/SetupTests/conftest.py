"""Fixtures: the double of the download site, and a machine without Swift."""

import pytest
from machine import Machine
from swift_site import SwiftSite, toolchain


@pytest.fixture
def site():
    running = SwiftSite(toolchain())
    yield running
    running.stop()


@pytest.fixture
def machine(tmp_path, site):
    return Machine(tmp_path, site)
