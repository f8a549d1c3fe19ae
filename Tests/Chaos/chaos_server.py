"""The server under test, and what can be seen of it from outside."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("VOICEFORGE_BINARY", ROOT / ".build/release/voiceforge"))
# A preloaded library that adds a variable moves the environment, and Swift finds the arguments in front of it: in a shell that becomes the
# server, the library is done with that before.
THROUGH_SHELL = ["sh", "-c", 'exec "$@"', "sh"]
READY_WAIT_S = 60
DRAIN_S = 2
# Drain, the queue of the database (5 s at most) and the threads' ends.
STOP_WAIT_S = DRAIN_S + 15


class ChaosServer:
    """`voiceforge serve` with a database; its log is a file, of which nothing is read while it runs."""

    def __init__(self, database, log, environment=None):
        self.log = log
        keep = {name: value for name, value in os.environ.items() if not name.startswith(("VOICE", "USE_DATABASE", "DATABASE"))}
        with open(log, "ab") as output:
            begun = output.tell()
            self.process = subprocess.Popen(
                [*THROUGH_SHELL, BINARY, "serve", "--no-demo", "--port", "0", "--drain", str(DRAIN_S), "--loops", "2"], cwd=ROOT,
                stdout=output,
                stderr=output, env={**keep, "USE_DATABASE": "true", "DATABASE_URL": database, **(environment or {})})
        self.url = self._address(begun)
        self.port = int(self.url.rsplit(":", 1)[1])
        self.wait_until_ready()

    @property
    def id(self):
        """Of its process."""
        return self.process.pid

    def wait_until_ready(self):
        """Returns when `/readyz` answers 200."""
        self._wait("not ready", lambda: self.status("/readyz") == 200)

    def status(self, path, body=None):
        """The status of one request; 0 where nothing answers."""
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, body), timeout=3) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def get(self, path):
        """The body of one request."""
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read().decode()

    def figure(self, name):
        """One value of `/metrics`."""
        return float(re.search(rf"^{name} (\S+)", self.get("/metrics"), re.MULTILINE).group(1))

    def memory(self):
        """Megabytes that are resident."""
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.id}/status").read_text()).group(1)) / 1024

    def descriptors(self):
        """How many are open."""
        return len(os.listdir(f"/proc/{self.id}/fd"))

    def stop(self):
        """Ends it as an operator does.

        - Returns: why that was wrong, or `None`.
        """
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_WAIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return f"it did not end within {STOP_WAIT_S} s"
        return None if code == 0 else f"it ended with {code}"

    def _address(self, begun):
        found = []

        def look():
            text = Path(self.log).read_bytes()[begun:].decode(errors="replace")
            found[:] = re.findall(r"serves on (http://\S+)", text)
            return found
        self._wait("no address", look)
        return found[0]

    def _wait(self, what, holds):
        end = time.monotonic() + READY_WAIT_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self._last_words()}")
            if holds():
                return
            time.sleep(0.1)
        raise RuntimeError(f"{what} within {READY_WAIT_S} s:\n{self._last_words()}")

    def _last_words(self):
        """The end of its log, which is gone with the round."""
        return Path(self.log).read_bytes()[-1500:].decode(errors="replace")
