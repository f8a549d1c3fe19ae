"""A command at a terminal, which asks there and is answered there."""

import os
import pty
import select
import subprocess
import time


class Terminal:
    """`shown`: what stands on the terminal so far, what was typed too. `how`: folder and environment of the command."""

    def __init__(self, command, wait_s, **how):
        self._deadline = time.monotonic() + wait_s
        self._ours, theirs = pty.openpty()
        self._bytes = b""
        # The terminal of its session, so that a typed Ctrl-C is a signal.
        self._process = subprocess.Popen(["setsid", "--ctty", *command], stdin=theirs, stdout=theirs, stderr=theirs, **how)
        os.close(theirs)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    @property
    def shown(self):
        return self._bytes.decode("utf-8", "replace").replace("\r\n", "\n")

    def until(self, text):
        """Waits until the command has written this."""
        while text not in self.shown:
            assert self._read(), f"{text!r} never came: {self.shown}"

    def type(self, text):
        os.write(self._ours, text.encode())

    def ended(self):
        """The command's status, once it is over."""
        while self._read():
            pass
        return self._process.wait()

    def _read(self):
        """Whether more may come."""
        assert select.select([self._ours], [], [], max(0, self._deadline - time.monotonic()))[0], f"it waits for ever: {self.shown}"
        try:
            piece = os.read(self._ours, 65_536)
        except OSError:  # nobody writes any more
            piece = b""
        self._bytes += piece
        return piece != b""
