#!/usr/bin/env python3
"""Makes two container images of VoiceForge without Docker: mmdebstrap fetches Debian's libraries, umoci puts layers together.

    make image                                .build/image/voiceforge.tar and voiceforge-codecs.tar, OCI archives
    make image CONTACT="who@example.com"      whom to ask for source code, in the offer that the images hold
    make image MIRROR=http://…/debian         Debian packages from another mirror

The first has no foreign codecs and so no sound files but WAV; the second has FFmpeg in a layer more. Nothing of what is fetched is run,
and no layer is unpacked. mmdebstrap wants root, or the package uidmap and ranges in /etc/subuid and /etc/subgid. The same commit and
program make the same images, as long as Debian's packages are the same.
"""

import argparse
import io
import json
import lzma
import os
import shutil
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import debian
import layers
import offer
import parts
import sbom
from failed import Failed
from running import run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
LOCK = ROOT / "Sources/Engines/setup/engines.lock"
PROGRAMS = {"mmdebstrap": "mmdebstrap", "umoci": "umoci", "dpkg-deb": "dpkg", "strip": "binutils", "git": "git"}
PAPERS = "usr/share/doc/voiceforge"
# From the bottom up, as each changes on another occasion: Debian's libraries with its updates, engines with engines.lock, the program with
# every release.
LAYERS = ["debian", "engines", "program"]
# nobody:nogroup. The program needs no file that it may write; /tmp is where users of a read-only root mount a tmpfs.
USER = "65534:65534"
# Others can reach it once there is a key: without one it refuses to start and says so.
ENVIRONMENT = {
    "PATH": "/usr/bin", "LANG": "C.UTF-8", "HOME": "/tmp", "VOICEFORGE_ENGINES": f"/{parts.ENGINES}", "VOICEFORGE_HOST": "0.0.0.0"}
# Bytes of the archive, in which layers are compressed.
PLAIN_MAX = 200_000_000


@dataclass(frozen=True)
class Release:
    """Which program is in the images, and whom to ask for its source."""

    version: str
    revision: str
    epoch: int
    contact: str


@dataclass(frozen=True)
class Content:
    """What is in one image beside the program: Debian's packages, their files, and the papers, each by its path."""

    packages: dict
    files: dict
    papers: dict


def main():
    options = read_options()
    work = options.output / "work"
    try:
        check_machine(options.binary)
        work.mkdir(parents=True, exist_ok=True)
        make(options, work)
    except Failed as failure:
        sys.exit(f"image: {failure}")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/voiceforge", help="the program, a release build")
    parser.add_argument("--engines", type=Path, default=os.environ.get("VOICEFORGE_ENGINES") or Path.home() / ".cache/voiceforge/engines")
    parser.add_argument("--output", type=Path, default=ROOT / ".build/image", help="the folder of the archives")
    parser.add_argument("--contact", default="whoever gave it to you", help="whom to ask for source code")
    parser.add_argument("--mirror", action="append", default=[], help="a mirror of Debian, for mmdebstrap")
    return parser.parse_args()


def check_machine(binary):
    """Fails with what to do when this machine cannot make an image."""
    missing = sorted(package for program, package in PROGRAMS.items() if shutil.which(program) is None)
    if missing:
        raise Failed(f"programs are missing: apt-get install {' '.join(missing)}")
    if f"VERSION_CODENAME={debian.RELEASE}\n" not in Path("/etc/os-release").read_text():
        raise Failed(f"the images have libraries of Debian {debian.RELEASE}; on another system the program is linked with other ones")
    if not binary.is_file():
        raise Failed(f"{binary} is missing: make build")


def make(options, work):
    """Makes the layers and both images, and says how large they are."""
    release = read_release(options)
    fetched = work / "fetched.tar"
    debian.fetch(debian.PACKAGES + debian.CODECS, fetched, release.epoch, options.mirror)
    packages, everything = debian.read(fetched)
    wheels = parts.wheels(LOCK.read_text())
    engines = parts.engine_files(Path(options.engines), LOCK.read_text(), wheels)
    others = [*parts.swift_packages((ROOT / "Package.resolved").read_text()), parts.swift_runtime(), *wheels, parts.onnx_runtime(engines)]
    digests = sbom.described(entry for entry in engines if not entry.path.endswith("/engines.lock"))

    def content(name, wanted):
        chosen = debian.needed(wanted, packages)
        files = debian.files(chosen, everything)
        return Content(chosen, files, papers(release, name, chosen, files, others, digests))

    plain = content("voiceforge", debian.PACKAGES)
    codecs = content("voiceforge-codecs", debian.PACKAGES + debian.CODECS)
    added = layers.difference({**codecs.files, **codecs.papers}, {**plain.files, **plain.papers})
    for name, entries in [
        ("debian", plain.files.values()), ("engines", engines), ("codecs", added),
        ("program", [*program_files(options.binary, release, work), *plain.papers.values()]),
    ]:
        layers.write(work / f"{name}.tar", layers.with_folders(entries), release.epoch)
    assemble(release, options.output, work)


def read_release(options):
    version = run(options.binary.resolve(), "--version").strip()
    commit, epoch = run("git", "log", "-1", "--format=%H %ct", cwd=ROOT).split()
    is_changed = run("git", "status", "--porcelain", "--untracked-files=no", cwd=ROOT)
    return Release(version, commit + ("-modified" if is_changed else ""), int(epoch), options.contact)


def papers(release, name, packages, files, others, digests):
    """What an image says of itself: Debian's list of packages, the offer of source code, the SBOM."""
    own = parts.Part("voiceforge", release.version, "Apache-2.0", f"pkg:generic/voiceforge@{release.version}", "NOASSERTION")
    bill = sbom.document(name, release, packages, files, [own, *others], digests)
    written = [
        debian.status_file(packages),
        layers.file(f"{PAPERS}/SOURCE-OFFER.txt", offer.text(release, packages, others).encode()),
        layers.file(f"{PAPERS}/sbom.spdx.json", (json.dumps(bill, indent=1) + "\n").encode()),
    ]
    return {entry.path: entry for entry in written}


def program_files(binary, release, work):
    """The program without debugging information, its licences and its source."""
    stripped = work / "voiceforge"
    run("strip", "--strip-debug", "-o", stripped, binary)
    entries = [
        layers.file("usr/bin/voiceforge", stripped.read_bytes(), 0o755),
        layers.file(f"{PAPERS}/copyright", (ROOT / "LICENSE").read_bytes()),
        layers.file(f"{PAPERS}/licences/third-party-notices.txt", (HERE / "third-party-notices.txt").read_bytes()),
        layers.file(f"{PAPERS}/licences/Licences.md", (ROOT / "Sources/Documentation.docc/Licences.md").read_bytes()),
        layers.file(f"{PAPERS}/licences/swift/LICENSE.txt", parts.swift_licence()),
        layers.file(f"usr/src/voiceforge-{release.version}.tar.xz", source(release)),
    ]
    for name in parts.SWIFT_PACKAGES:
        texts = parts.licence_texts(ROOT / ".build/checkouts" / name)
        if not texts:
            raise Failed(f"the Swift package {name} has no licence in .build/checkouts: make build")
        entries += [layers.file(f"{PAPERS}/licences/{name}/{file}", text) for file, text in texts.items()]
    return entries


def source(release):
    """All files of the repository as they stand, as an archive."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name in sorted(run("git", "ls-files", "-z", cwd=ROOT).split("\0")):
            path = ROOT / name
            if path.is_file():
                member = tarfile.TarInfo(f"voiceforge-{release.version}/{name}")
                member.mode, member.mtime, member.size = path.stat().st_mode & 0o755, release.epoch, path.stat().st_size
                tar.addfile(member, io.BytesIO(path.read_bytes()))
    return lzma.compress(written.getvalue(), preset=2)


def assemble(release, output, work):
    """Puts the layers together: first the image without foreign codecs, then the other one on top of it."""
    layout, version = work / "layout", release.version
    codecs = f"{version}-codecs"
    run("umoci", "init", "--layout", layout)
    run("umoci", "new", "--image", f"{layout}:{version}")
    for name in LAYERS:
        add_layer(release, f"{layout}:{version}", work / f"{name}.tar")
    run("umoci", "config", "--no-history", "--image", f"{layout}:{version}", *settings(release))
    add_layer(release, f"{layout}:{version}", work / "codecs.tar", "--tag", codecs)
    sizes = {name: (work / f"{name}.tar").stat().st_size for name in [*LAYERS, "codecs"]}
    archive(layout, codecs, output / "voiceforge-codecs.tar", release.epoch, sum(sizes.values()))
    plain = archive(layout, version, output / "voiceforge.tar", release.epoch, sum(sizes.values()) - sizes["codecs"])
    if plain > PLAIN_MAX:
        raise Failed(f"voiceforge.tar is larger than {PLAIN_MAX // 1_000_000} MB")


def add_layer(release, image, layer, *options):
    """Adds a layer at the top of an image."""
    run("umoci", "raw", "add-layer", "--history.created", sbom.instant(release.epoch), "--history.created_by", f"make image: {layer.stem}",
        "--image", image, *options, layer)


def settings(release):
    """How an image is started, and what is told of it."""
    created = sbom.instant(release.epoch)
    labels = {
        "title": "VoiceForge", "description": "Real-time voice call simulator: agents, callers and load tests", "version": release.version,
        "revision": release.revision, "created": created, "licenses": "GPL-3.0-or-later"}
    return [
        f"--created={created}", "--architecture=amd64", "--os=linux", f"--config.user={USER}", "--config.workingdir=/",
        "--config.entrypoint=voiceforge", "--config.cmd=serve", "--config.exposedports=8080/tcp", "--config.stopsignal=SIGTERM",
        *(f"--config.env={name}={value}" for name, value in ENVIRONMENT.items()),
        *(f"--config.label=org.opencontainers.image.{name}={value}" for name, value in labels.items())]


def archive(layout, tag, path, epoch, unpacked):
    """Writes an image of the layout as an OCI archive by the name `voiceforge`, and returns its bytes."""
    index = json.loads((layout / "index.json").read_text())
    described = next(one for one in index["manifests"] if one["annotations"]["org.opencontainers.image.ref.name"] == tag)
    described["annotations"]["org.opencontainers.image.ref.name"] = f"voiceforge:{tag}"
    manifest = json.loads(blob(layout, described))
    entries = [
        layers.file("index.json", json.dumps(index | {"manifests": [described]}).encode()),
        layers.file("oci-layout", (layout / "oci-layout").read_bytes()),
        *(layers.file(path_of(one), blob(layout, one)) for one in [described, manifest["config"], *manifest["layers"]])]
    layers.write(path, layers.with_folders(entries), epoch)
    size = path.stat().st_size
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    print(f"voiceforge:{tag}: {size / 1e6:.0f} MB, {unpacked / 1e6:.0f} MB unpacked: {shown}")
    return size


def blob(layout, described):
    return (layout / path_of(described)).read_bytes()


def path_of(described):
    return f"blobs/{described['digest'].replace(':', '/')}"


if __name__ == "__main__":
    main()
