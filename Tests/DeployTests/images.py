"""Container images made by `make image`: what is in their archives, and how one is started as a container engine would do it."""

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "Sources/setup/image/build.py"
BINARY = Path(os.environ.get("VOICEFORGE_BINARY", ".build/release/voiceforge"))
PROGRAMS = ["mmdebstrap", "umoci", "bwrap", "strip", "git"]
CONTACT = "sources@example.com"
# A user who owns no file of the image.
NOBODY = 65534
AS_NOBODY = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def obstacle():
    """Why images cannot be made and started here; None when they can."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        return f"not installed: {', '.join(missing)}; `make setup-test` does it"
    tried = subprocess.run(
        ["bwrap", "--unshare-user", "--ro-bind", "/", "/", "true"], capture_output=True, text=True, check=False, **AS_NOBODY)
    return None if tried.returncode == 0 else f"no user namespaces here: {tried.stderr.strip()}"


def build(folder, secret):
    """Makes both images, with a secret in the environment, and returns what that printed."""
    done = subprocess.run(
        [sys.executable, str(BUILD), "--binary", str(BINARY.resolve()), "--output", str(folder), "--contact", CONTACT],
        capture_output=True, text=True, check=False, env={**os.environ, "VOICE_API_KEY": secret})
    assert done.returncode == 0, done.stderr
    return done.stdout


class Image:
    """An OCI archive: its configuration, and `files`, the members of its layers by path; `data` are their bytes."""

    def __init__(self, path):
        self.path = path
        with tarfile.open(path) as archive:
            self._blobs = {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}
        self.index = json.loads(self._blobs["index.json"])
        self.name = self.index["manifests"][0]["annotations"]["org.opencontainers.image.ref.name"]
        self.manifest = json.loads(self.blob(self.index["manifests"][0]))
        document = json.loads(self.blob(self.manifest["config"]))
        self.config, self.layers = document["config"], document["rootfs"]["diff_ids"]
        self.platform = (document["os"], document["architecture"])
        self.files, self.data = {}, {}
        for described, wanted in zip(self.manifest["layers"], self.layers, strict=True):
            layer = gzip.decompress(self.blob(described))
            assert f"sha256:{hashlib.sha256(layer).hexdigest()}" == wanted
            with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
                for one in tar:
                    self.files[one.name.rstrip("/")] = one
                    if one.isfile():
                        self.data[one.name] = tar.extractfile(one).read()

    def blob(self, described):
        """What a descriptor stands for, which has its digest."""
        data = self._blobs[f"blobs/{described['digest'].replace(':', '/')}"]
        assert f"sha256:{hashlib.sha256(data).hexdigest()}" == described["digest"]
        return data

    def text(self, path):
        return self.data[path].decode()

    @property
    def has_codecs(self):
        return "libavcodec59" in self.packages()

    def packages(self):
        """Debian's list: the fields of each package by its name."""
        blocks = self.text("var/lib/dpkg/status").strip().split("\n\n")
        fields = [dict(line.split(": ", 1) for line in block.splitlines() if line[0] != " " and ": " in line) for block in blocks]
        return {one["Package"]: one for one in fields}

    def unpacked(self, folder):
        """Has umoci unpack it, and returns the root of its files."""
        layout, bundle = folder / "layout", folder / "bundle"
        with tarfile.open(self.path) as archive:
            archive.extractall(layout, filter="data")
        # umoci takes a colon for the end of the folder's name.
        (layout / "index.json").write_text(json.dumps(self.index).replace(self.name, "image"))
        options = [] if os.geteuid() == 0 else ["--rootless"]
        subprocess.run(["umoci", "unpack", *options, "--image", f"{layout}:image", str(bundle)], check=True, capture_output=True)
        shutil.rmtree(layout)
        for one in (folder, bundle):
            one.chmod(0o755)
        return bundle / "rootfs"


class Container:
    """Starts programs of an image as a container engine does: its user, its environment, its files read-only, a /tmp of its own."""

    def __init__(self, image, root):
        self.image, self.root = image, root

    def program(self, environment=None):
        """The words that start its entrypoint."""
        user = self.image.config["User"].split(":")
        given = dict(one.split("=", 1) for one in self.image.config["Env"]) | (environment or {})
        settings = [word for name, value in given.items() for word in ("--setenv", name, value)]
        return [
            "bwrap", "--unshare-user", "--uid", user[0], "--gid", user[1], "--unshare-ipc", "--unshare-pid", "--as-pid-1",
            "--die-with-parent", "--ro-bind", str(self.root), "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
            "--clearenv", *settings,
            "--chdir", self.image.config["WorkingDir"], *self.image.config["Entrypoint"]]

    def run(self, *arguments, environment=None):
        """What it says with these arguments, or those of the image, and how it ends."""
        done = subprocess.run(
            [*self.program(environment), *(arguments or self.image.config["Cmd"])],
            capture_output=True, text=True, check=False, timeout=120, **AS_NOBODY)
        return done.returncode, done.stdout + done.stderr


def inner(pid):
    """The process that bwrap started, as this machine counts it."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
