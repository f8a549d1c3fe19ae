"""A PostgreSQL server of the tests' own, in a temporary folder, as `Tests/TestCluster` has it."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from ports import free_port

START_WAIT_S = 20
STOP_WAIT_S = 20


def programs():
    """The folder of the newest PostgreSQL; `None` where there is none, or root may not run it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return None
    return found[-1].parent if found else None


class Cluster:
    """A server without passwords on the socket in its folder; nothing is flushed to the disk."""

    def __init__(self):
        self._programs = programs()
        # Not in a folder of pytest's, which root has for itself alone.
        self._folder = Path(tempfile.mkdtemp(prefix="vf-pg-"))
        self._user = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            self._user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            shutil.chown(self._folder, user.pw_uid, user.pw_gid)
        self._port = free_port()
        self._run("initdb", f"--pgdata={self._folder}/data", "--no-sync", "--username=voiceforge", "--auth=trust",
                  "--encoding=UTF8", "--locale=C")
        self._log = (self._folder / "log").open("wb")
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self._folder / "data", "-k", self._folder, "-p", str(self._port),
             "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB"],
            stdout=self._log, stderr=self._log, cwd=self._folder, **self._user)
        self.url = f"postgresql://voiceforge@/postgres?host={self._folder}&port={self._port}"
        self._wait()

    def query(self, sql):
        """The rows of a statement, one line each."""
        return self._run("psql", "--no-psqlrc", "--tuples-only", "--no-align", self.url, "--command", sql)

    def stop(self):
        self._process.send_signal(2)
        self._process.wait(STOP_WAIT_S)
        self._log.close()
        shutil.rmtree(self._folder)

    def _run(self, program, *arguments):
        done = subprocess.run(
            [self._programs / program, *arguments], capture_output=True, text=True, check=False, cwd=self._folder,
            **self._user)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")
        return done.stdout

    def _wait(self):
        deadline = time.monotonic() + START_WAIT_S
        while time.monotonic() < deadline:
            ready = subprocess.run(
                [self._programs / "pg_isready", "-q", "-h", self._folder, "-p", str(self._port)], check=False)
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {(self._folder / 'log').read_text()}")
