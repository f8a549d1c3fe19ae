"""What the scripts of `make image` refuse, what they make of Debian's packages and licences, and that layers come out the same."""

import json

import pytest

import debian
import layers
import parts
import sbom
from failed import Failed


def package(name, needs="", provides=""):
    """A Debian package with nothing in it."""
    fields = [f"Package: {name}", "Version: 1", "Architecture: all"]
    fields += [f"Depends: {needs}"] * bool(needs) + [f"Provides: {provides}"] * bool(provides)
    return debian.Package(name, "1", "all", name, "1", "0" * 64, "\n".join(fields), frozenset())


def test_a_wheel_without_a_known_licence_is_refused():
    with pytest.raises(Failed, match="licence the wheel other of"):
        parts.wheels("wheel other 1.0 other-1.0-py3-none-any.whl 00\n")


def test_a_swift_package_without_a_known_licence_is_refused():
    pin = {"identity": "other", "location": "https://example.com/other.git", "state": {"version": "1.0.0", "revision": "0" * 40}}
    with pytest.raises(Failed, match="licence the Swift package other is"):
        parts.swift_packages(json.dumps({"pins": [pin]}))


def test_engines_that_are_not_there_are_named(tmp_path):
    wheels = parts.wheels("wheel silero-vad 6.2.3 silero.whl 00\ntake a silero/model.onnx\ntake b speech/clip.wav\n")
    with pytest.raises(Failed, match=r"silero/model\.onnx is missing: run make setup"):
        parts.engine_files(tmp_path, "", wheels)


def test_only_what_is_needed_to_run_is_taken():
    everything = {one.name: one for one in [
        package("program", "library (>= 2), virtual:any, dpkg (>= 1.15), debconf | debconf-2.0"), package("library", "missing | other"),
        package("other"), package("real", provides="virtual (= 1)"), package("dpkg", "unused"), package("unused"), package("debconf")]}
    assert sorted(debian.needed(["program"], everything)) == ["library", "other", "program", "real"]


def test_a_package_that_was_not_fetched_is_named():
    with pytest.raises(Failed, match="program needs one or two"):
        debian.needed(["program"], {"program": package("program", "one | two (>= 3)")})


def test_a_package_without_a_licence_is_refused():
    with pytest.raises(Failed, match="program has no copyright file"):
        debian.copyright_of("program", {})


def test_the_licence_of_a_package_may_be_that_of_another():
    link = layers.Entry("usr/share/doc/libgcc-s1", b"2", 0o777, target="gcc-12-base")
    text = layers.file("usr/share/doc/gcc-12-base/copyright", b"GPL")
    assert debian.copyright_of("libgcc-s1", {one.path: one for one in (link, text)}) == "GPL"


@pytest.mark.parametrize(("path", "is_kept"), [
    ("usr/share/doc/libogg0/copyright", True), ("usr/share/doc/libogg0/changelog.Debian.gz", False), ("usr/share/doc/libogg0", True),
    ("usr/share/man/man1/sh.1.gz", False), ("usr/share/common-licenses/GPL-3", True), ("usr/share/locale/de/LC_MESSAGES/libc.mo", False),
    ("usr/lib/x86_64-linux-gnu/libogg.so.0", True), ("usr/share/zoneinfo/Europe/Berlin", True)])
def test_of_documentation_only_licences_are_kept(path, is_kept):
    assert debian.is_kept(path) == is_kept


@pytest.mark.parametrize(("text", "expression"), [
    ("Format: x\nLicense: GPL-2+\n text\nLicense: Expat\n", "GPL-2.0-or-later AND MIT"),
    ("Format: x\nLicense: GPL-2+ or Expat\nLicense: GPL-2+ or Expat\n", "(GPL-2.0-or-later OR MIT)"),
    ("Format: x\nLicense: custom+thing\n", "LicenseRef-Debian-custom-plusthing"),
    ("Format: x\nLicense: ISC and Zlib or MIT\n", "LicenseRef-Debian-ISC-and-Zlib-or-MIT"),
    ("This package was debianized by hand.\nLicense: GPL\n", "NOASSERTION"), ("Format: x\n", "NOASSERTION")])
def test_licences_as_spdx_has_them(text, expression):
    assert sbom.licences(text) == expression


def test_layers_are_the_same_in_whatever_order_files_come(tmp_path):
    files = [layers.file("usr/bin/b", b"2", 0o755), layers.file("usr/a", b"1"), layers.folder("tmp", 0o1777)]
    for name, some in [("one", files), ("two", files[::-1])]:
        layers.write(tmp_path / name, layers.with_folders(some), 1_700_000_000)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert layers.entries_of(tmp_path / "one") == layers.with_folders(files)


def test_a_layer_more_has_only_what_is_new_or_other():
    below = {one.path: one for one in [layers.file("same", b"1"), layers.file("changed", b"1"), layers.file("mode", b"1")]}
    above = {one.path: one for one in [
        layers.file("same", b"1"), layers.file("changed", b"2"), layers.file("mode", b"1", 0o755), layers.file("new", b"")]}
    assert [one.path for one in layers.difference(above, below)] == ["changed", "mode", "new"]
