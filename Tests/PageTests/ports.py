"""Ports of this machine for servers that tests start."""

import random
import socket


def free_port():
    """One that nobody listens on, of those that the system gives to nobody who asks for any: no other test's server or connection has it
    by the time that it is used."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
