"""A machine without Swift: a home folder, a PATH and a lock of a test's own."""

import hashlib
import os
import platform
import pty
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
INSTALL = ROOT / "Sources/setup/install-swift.sh"
# All that the machine has: not its `swift`, if it has one.
TOOLS = [
    *("awk", "bash", "cat", "chmod", "curl", "cut", "df", "dirname", "env", "flock", "grep", "gzip", "head", "id", "make"),
    *("mkdir", "mktemp", "mv", "rm", "sh", "sha256sum", "sort", "sync", "tail", "tar", "uname"),
]
# Its packages are installed once apt-get was asked for them, except those that are there already.
DPKG_QUERY = """#!/bin/sh
for package; do :; done
grep -qsw -- "$package" "$HOME/packages" && echo "install ok installed"
"""
APT_GET = """#!/bin/sh
echo "$*" >>"$HOME/apt-get.log"
for package; do echo "$package" >>"$HOME/packages"; done
"""
SUDO = """#!/bin/sh
exec "$@"
"""


class Machine:
    def __init__(self, folder, site):
        self.folder, self.site = folder, site
        self.home, self.bin = folder / "home", folder / "bin"
        self.home.mkdir()
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        for name, text in {"dpkg-query": DPKG_QUERY, "apt-get": APT_GET, "sudo": SUDO}.items():
            self.put_program(name, text)
        self.cache = folder / "cache"
        self.lock = folder / "swift.lock"
        self.write_lock()

    @property
    def installed(self):
        return self.cache / "swift"

    @property
    def archive(self):
        """Where an archive is put by hand."""
        return self.cache / "downloads/swift-9.9.9-RELEASE-debian12.tar.gz"

    @property
    def part(self):
        return self.archive.with_name(self.archive.name + ".part")

    def write_lock(self, url=None, sha256=None, machine=None, unpacked_mb=2):
        self.lock.write_text(
            f"release 9.9.9 {url or self.site.url}\n"
            f"archive {machine or platform.machine()} debian12 {sha256 or hashlib.sha256(self.site.archive).hexdigest()}\n"
            f"megabytes 1 {unpacked_mb}\n")

    def put_program(self, name, text):
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def environment(self, says):
        answer = {"VOICEFORGE_INSTALL_SWIFT": says} if says else {}
        return {
            "HOME": str(self.home), "PATH": str(self.bin), "LC_ALL": "C", "no_proxy": "*", "VOICEFORGE_CACHE": str(self.cache),
            "VOICEFORGE_TEST_SWIFT_LOCK": str(self.lock), **answer}

    def start(self, *command, says="yes", **streams):
        # In the background of a shell that has no jobs, Ctrl-C is ignored, and what is started there inherits that.
        return subprocess.Popen(
            ["/usr/bin/env", "--default-signal=INT", *(command or [INSTALL])],
            cwd=ROOT, env=self.environment(says), start_new_session=True, text=True,
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **streams})

    def run(self, *command, says="yes"):
        """Runs the script, or a command, without a terminal. Returns the exit code and what it said."""
        process = self.start(*command, says=says)
        said = process.communicate()[0]
        return process.returncode, said

    def run_on_terminal(self, answer):
        """The same on a terminal, where somebody types the answer."""
        ours, theirs = pty.openpty()
        os.write(ours, answer.encode())
        process = self.start(says=None, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        said = b""
        while piece := read(ours):
            said += piece
        os.close(ours)
        return process.wait(), said.decode()

    def assert_installed(self):
        assert (self.installed / "usr/bin/swift").exists() and (self.installed / "usr/lib/library.so").stat().st_size == 1_000_000
        assert sorted(path.name for path in self.cache.iterdir()) == ["downloads", "swift", "swift.busy"]
        assert list((self.cache / "downloads").iterdir()) == [], "what is unpacked need not be kept"

    def assert_not_installed(self):
        left = {path.name for path in self.cache.iterdir()} if self.cache.exists() else set()
        assert left <= {"downloads", "swift.busy"}


def read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""  # the other side has closed it
