"""The two container images: their size, what they hold and say of it, and that they serve calls as another user, read-only."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from asking import ask
from images import AS_NOBODY, BINARY, BUILD, CONTACT, NOBODY, ROOT, Container, Image, build, inner, obstacle
from nodes import BEARER, KEY
from samples import container, documents
from server import TAKES_EVERY_CALL, Server, say

MEGABYTES_MAX = 200
SECRET = "planted-secret-of-the-builder-0123456789"
PAPERS = "usr/share/doc/voiceforge"
WORDS = "Good morning, thank you for calling the city library."
STOP_WAIT_S = 30


@pytest.fixture(scope="module")
def made():
    """Both images, and what making them printed."""
    reason = obstacle()
    if reason:
        pytest.skip(reason)
    with tempfile.TemporaryDirectory() as folder:
        said = build(Path(folder), SECRET)
        Path(folder).chmod(0o755)
        yield {name: Image(Path(folder) / f"{name}.tar") for name in ("voiceforge", "voiceforge-codecs")}, said


@pytest.fixture(scope="module")
def images(made):
    return made[0]


@pytest.fixture(scope="module", params=["voiceforge", "voiceforge-codecs"])
def image(request, images):
    return images[request.param]


@pytest.fixture(scope="module")
def box(image):
    """One of the images, unpacked."""
    with tempfile.TemporaryDirectory() as folder:
        yield Container(image, image.unpacked(Path(folder)))


@pytest.fixture
def serving(box):
    """A server inside an image, with a key."""
    running = Server("--host", "127.0.0.1", program=box.program({**TAKES_EVERY_CALL, "VOICE_API_KEY": KEY}), **AS_NOBODY).wait_until_ready()
    try:
        yield running
    finally:
        running.vanish()


def test_what_is_missing_is_named_with_the_command_that_installs_it():
    done = subprocess.run([sys.executable, str(BUILD)], capture_output=True, text=True, check=False, env={"PATH": "/nonexistent"})
    assert done.returncode == 1
    assert "apt-get install binutils dpkg git mmdebstrap umoci" in done.stderr


def test_without_a_program_the_command_that_builds_it_is_named(made, tmp_path):
    done = subprocess.run([sys.executable, str(BUILD), "--binary", str(tmp_path / "none")], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "make build" in done.stderr, made[1]


def test_a_mirror_that_cannot_be_reached_is_named(made, tmp_path):
    command = [sys.executable, str(BUILD), "--binary", str(BINARY.resolve()), "--output", str(tmp_path), "--mirror", "http://127.0.0.1:9/debian"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Failed to fetch http://127.0.0.1:9/debian" in done.stderr, made[1]
    assert list(tmp_path.iterdir()) == []


def test_sizes_are_printed_and_held(made):
    images, said = made
    for name, tag in [("voiceforge", "0.1.0"), ("voiceforge-codecs", "0.1.0-codecs")]:
        megabytes = images[name].path.stat().st_size / 1e6
        assert re.search(rf"^voiceforge:{re.escape(tag)}: {megabytes:.0f} MB, \d+ MB unpacked", said, re.MULTILINE), said
    assert images["voiceforge"].path.stat().st_size <= MEGABYTES_MAX * 1e6


def test_the_second_image_is_the_first_with_a_layer_more(images):
    plain, codecs = images["voiceforge"], images["voiceforge-codecs"]
    assert plain.layers == codecs.layers[:-1]
    # LAME comes with libpulse, which eSpeak NG is linked with; what reads foreign files is FFmpeg alone.
    assert [path for path in plain.files if "libav" in path] == []
    assert {"libavcodec59", "libavformat59", "libavutil57", "libswresample4"} <= codecs.packages().keys()


def test_how_it_is_started(image):
    version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert image.platform == ("linux", "amd64")
    assert (image.config["User"], image.config["WorkingDir"]) == (f"{NOBODY}:{NOBODY}", "/")
    assert (image.config["Entrypoint"], image.config["Cmd"], image.config["StopSignal"]) == (["voiceforge"], ["serve"], "SIGTERM")
    assert list(image.config["ExposedPorts"]) == ["8080/tcp"]
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in image.config["Labels"].items()}
    assert (labels["version"], labels["licenses"]) == (version, "GPL-3.0-or-later")
    assert re.fullmatch(r"[0-9a-f]{40}(-modified)?", labels["revision"])


def test_deployment_files_start_that_image(images):
    tag = images["voiceforge"].name
    nodes = [one for name, one in documents("compose.yaml")[0]["services"].items() if name.startswith("voice-")]
    assert {one["image"] for one in nodes} == {f"${{VOICEFORGE_IMAGE:-{tag}}}"}
    assert all(one["read_only"] and one["user"] == f"{NOBODY}:{NOBODY}" and one["tmpfs"] == ["/tmp"] for one in nodes)
    job = documents("simulate-job.yaml")[0]["spec"]["template"]["spec"]
    deployment = next(one for one in documents("kubernetes.yaml") if one["kind"] == "Deployment")["spec"]["template"]["spec"]
    for pod, started in [(deployment, container()), (job, job["containers"][0])]:
        assert started["image"] == f"registry.example/{tag}"
        assert started["securityContext"]["readOnlyRootFilesystem"]
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == NOBODY
        assert {"name": "tmp", "mountPath": "/tmp"} in started["volumeMounts"]


def test_no_file_gives_rights_or_tells_of_the_machine_that_made_it(image):
    for path, one in image.files.items():
        assert (one.uid, one.gid, one.mode & 0o6000) == (0, 0, 0), path
        assert one.issym() or one.mode & 0o002 == 0 or path in ("tmp", "var/tmp"), path
        assert one.isfile() or one.isdir() or one.issym(), path
    names = "\n".join(image.files)
    assert not re.search(r"(^|/)(\.env|\.git|id_rsa|[^/]*\.key|hostname|resolv\.conf)$", names, re.MULTILINE)
    told = [os.fsencode(ROOT), os.fsencode(Path.home() / ".cache"), SECRET.encode()]
    for path, data in image.data.items():
        assert not any(one in data for one in told), path
    assert SECRET not in json.dumps(image.config)


def test_every_package_has_its_licence(image):
    packages = image.packages()
    assert len(packages) > 50
    for name in packages:
        assert len(licence(image, name)) > 100, name
    for name in ("GPL-2", "GPL-3", "LGPL-2.1", "Apache-2.0"):
        assert f"usr/share/common-licenses/{name}" in image.data


def licence(image, package):
    """The copyright file of a package, whose folder or file may be a link to that of another."""
    folder = f"usr/share/doc/{package}"
    if image.files[folder].issym():
        folder = f"usr/share/doc/{Path(image.files[folder].linkname).name}"
    return image.data[f"{folder}/copyright"]


def test_what_is_no_package_has_its_licence(image):
    assert image.data[f"{PAPERS}/copyright"] == (ROOT / "LICENSE").read_bytes()
    for name in ["swift", *(pin["identity"] for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"])]:
        assert any(path.startswith(f"{PAPERS}/licences/{name}/LICENSE") for path in image.data), name
    engines = {path.split("/")[4] for path in image.data if path.startswith("usr/lib/voiceforge/engines/") and path.count("/") == 5}
    notices = image.text(f"{PAPERS}/licences/third-party-notices.txt")
    for name in engines:
        assert f"usr/lib/voiceforge/engines/{name}/LICENSE" in image.data or f"{name}/" in notices, name
    # Whose words they are is not said, and they are for tests alone.
    assert "speech" not in engines


def test_the_source_is_there_or_offered(image):
    offer = image.text(f"{PAPERS}/SOURCE-OFFER.txt")
    assert "three years" in " ".join(offer.split()) and CONTACT in offer
    for name, one in image.packages().items():
        source, version = re.fullmatch(r"(\S+?)(?: \((\S+)\))?", one.get("Source", name)).groups()
        assert f"https://snapshot.debian.org/package/{source}/{version or one['Version']}/\n" in offer, name
    for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]:
        assert f"{pin['identity']} {pin['state']['version']} {pin['state']['revision']}: https://" in offer
    archive = next(path for path in image.data if path.startswith("usr/src/voiceforge-"))
    with tarfile.open(fileobj=io.BytesIO(image.data[archive])) as tar:
        names = {name.split("/", 1)[1] for name in tar.getnames()}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert names == {name for name in tracked if (ROOT / name).is_file()}


def test_the_bill_of_materials_names_everything(image):
    bill = json.loads(image.text(f"{PAPERS}/sbom.spdx.json"))
    named = {one["name"]: one for one in bill["packages"]}
    for name, one in image.packages().items():
        assert named[name]["versionInfo"] == one["Version"]
        assert locator(named[name]).startswith(f"pkg:deb/debian/{name.replace('+', '%2B')}@")
    lock = (ROOT / "Sources/Engines/setup/engines.lock").read_text()
    for name, version, digest in re.findall(r"^wheel (\S+) (\S+) \S+ (\S+)$", lock, re.MULTILINE):
        assert locator(named[name]) == f"pkg:pypi/{name}@{version}"
        assert named[name]["checksums"] == [{"algorithm": "SHA256", "checksumValue": digest}]
        assert named[name]["licenseDeclared"] != "NOASSERTION"
    for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]:
        assert named[pin["identity"]]["versionInfo"] == pin["state"]["version"]
    assert {"voiceforge", "swift", "onnxruntime"} <= named.keys()
    assert named["libespeak-ng1"]["licenseDeclared"] == "GPL-3.0-or-later"
    files = {one["fileName"].removeprefix("./") for one in bill["files"]}
    assert files == {path for path in image.data if path.startswith("usr/lib/voiceforge/engines/") and not path.endswith("engines.lock")}


def locator(package):
    return next(one["referenceLocator"] for one in package["externalRefs"] if one["referenceType"] == "purl")


def test_spdx_takes_the_bill_of_materials(image, tmp_path):
    bill = json.loads(image.text(f"{PAPERS}/sbom.spdx.json"))
    assert faults_of(bill, tmp_path) == []
    related = {one[key] for one in bill["relationships"] for key in ("spdxElementId", "relatedSpdxElement")}
    assert related == {"SPDXRef-DOCUMENT", *(one["SPDXID"] for one in bill["packages"] + bill["files"])}
    bill["packages"][1]["licenseDeclared"] = "GPL-7.0-or-later"
    assert "GPL-7.0-or-later" in "\n".join(faults_of(bill, tmp_path))


def faults_of(bill, folder):
    """What SPDX's own library has against a document."""
    path = folder / "bill.spdx.json"
    path.write_text(json.dumps(bill))
    return [fault.validation_message for fault in validate_full_spdx_document(parse_file(str(path)))]


def test_as_it_comes_it_refuses_to_start_without_a_key(box):
    status, said = box.run()
    assert status == 2 and "set VOICE_API_KEY" in said


def test_doctor_says_what_it_can_use(box):
    status, said = box.run("doctor")
    assert status == 0 and "Everything needed is here." in said, said
    assert re.search(r"Recognition +can be used", said) and re.search(r"flite voices +can be used", said), said
    if box.image.has_codecs:
        assert re.search(r"Sound files +can be used \(FFmpeg", said), said
    else:
        assert re.search(r"Sound files +WAV only: cannot load libavutil", said), said


def test_it_serves_a_spoken_call_as_another_user_without_writing_anything(serving):
    pid = inner(serving.pid)
    if AS_NOBODY:
        assert re.search(rf"^Uid:\t{NOBODY}\t{NOBODY}\t", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    mounts = [line.split() for line in Path(f"/proc/{pid}/mountinfo").read_text().splitlines()]
    assert {row[5].split(",")[0] for row in mounts if row[4] == "/"} == {"ro"}
    call = [str(BINARY), "call", "--target", f"ws{serving.url.removeprefix('http')}/v1/call", "--flow", "order-status",
            "--say", "My number is four seven one one.", "--json"]
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, "VOICEFORGE_KEY": KEY})
    assert done.returncode == 0, done.stderr
    transcript = json.loads(done.stdout)["record"]["transcript"]
    assert [one["text"] for one in transcript if one["role"] == "caller"] == ["My number is 4711."], transcript
    os.kill(pid, signal.SIGTERM)
    assert serving.ending(STOP_WAIT_S) == 0


def test_which_sound_files_it_reads(box, serving, tmp_path):
    say(WORDS, tmp_path / "words.wav")
    say(WORDS, tmp_path / "words.mp3")
    wav = ask(f"{serving.url}/api/stt", "POST", (tmp_path / "words.wav").read_bytes(), {**BEARER, "Content-Type": "audio/wav"})
    mp3 = ask(f"{serving.url}/api/stt", "POST", (tmp_path / "words.mp3").read_bytes(), {**BEARER, "Content-Type": "audio/mpeg"})
    assert wav.status == 200 and words(wav.json["text"]) == words(WORDS), wav
    if box.image.has_codecs:
        assert mp3.status == 200 and words(mp3.json["text"]) == words(WORDS), mp3
    else:
        assert mp3.status == 400 and "libavutil.so.57 is missing" in mp3.text and "send a WAV file" in mp3.text, mp3


def words(text):
    return re.findall(r"[a-z]+", text.lower())
