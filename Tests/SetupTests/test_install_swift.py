"""`make setup` on a machine without Swift, against a double of the Swift project's download site."""

import os
import signal

import pytest
from machine import INSTALL, ROOT
from swift_site import COMPILER, toolchain

PROBE = "--eval=probe: ; @{} && swift build"


def test_installs_the_release(machine, site):
    code, said = machine.run()
    assert code == 0, said
    machine.assert_installed()
    assert site.requests == [("/swift-9.9.9-release/debian12/swift-9.9.9-RELEASE/swift-9.9.9-RELEASE-debian12.tar.gz", None)]
    assert f"Swift 9.9.9 is in {machine.installed}" in said


def test_what_is_there_is_not_fetched_again(machine, site):
    machine.run()
    assert machine.run(says=None) == (0, "")
    assert len(site.requests) == 1


def test_a_swift_on_the_path_is_enough(machine, site):
    machine.put_program("swift", COMPILER.format(version="6.2"))
    assert machine.run() == (0, "")
    assert site.requests == [] and not machine.cache.exists()


@pytest.mark.parametrize("text, reason", [
    (COMPILER.format(version="5.10.1"), "`swift` is 5.10."),
    ("#!/bin/sh\necho 'libcurl.so.4: cannot open shared object file'; exit 127\n", "`swift` does not start: libcurl.so.4: cannot open"),
    ("#!/bin/sh\necho hello\n", "`swift` does not say which version it is: hello"),
])
def test_a_swift_that_cannot_build_this_is_passed_over(machine, text, reason):
    machine.put_program("swift", text)
    code, said = machine.run()
    assert code == 0 and f"VoiceForge needs Swift 6.2 or newer, and {reason}" in said
    machine.assert_installed()


def test_packages_are_installed_like_the_others(machine):
    (machine.home / "packages").write_text("gcc\n")
    code, said = machine.run(INSTALL, "gcc", "libxml2")
    assert code == 0 and "Installing Debian packages" in said
    assert (machine.home / "apt-get.log").read_text() == "install -y --no-install-recommends libxml2\n"


def test_a_swift_that_lacks_packages_only_gets_them(machine, site):
    machine.put_program("swift", '#!/bin/sh\ngrep -qs libxml2 "$HOME/packages" && echo Swift version 6.3\n')
    code, said = machine.run(INSTALL, "libxml2", says=None)
    assert code == 0, said
    assert site.requests == [] and not machine.cache.exists()


@pytest.mark.parametrize("answer", ["y\n", "yes\n", "YES\n"])
def test_a_question_answered_with_yes(machine, answer):
    code, said = machine.run_on_terminal(answer)
    assert code == 0, said
    assert str(machine.installed) in said and "about 1 MB" in said and machine.site.url in said, "size and place are told"
    assert "100.0%" in said, "progress is shown"
    machine.assert_installed()


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x04"])
def test_a_question_answered_with_no(machine, site, answer):
    code, said = machine.run_on_terminal(answer)
    assert code == 1 and "Install it? [y/N]" in said and "Nothing was installed" in said
    assert site.requests == []
    machine.assert_not_installed()


def test_without_a_terminal_it_says_what_to_do(machine, site):
    code, said = machine.run(says=None)
    assert code == 1 and site.requests == []
    assert "VOICEFORGE_INSTALL_SWIFT=yes make setup" in said and "https://www.swift.org/install/linux/" in said
    assert f"{site.url}/swift-9.9.9-release/debian12/" in said and f"into {machine.archive.parent}\n" in said
    machine.assert_not_installed()


@pytest.mark.parametrize("word", ["no", "maybe"])
def test_the_environment_can_refuse(machine, site, word):
    machine.archive.parent.mkdir(parents=True)
    if word == "no":
        machine.archive.write_bytes(site.archive)
    code, said = machine.run(says=word)
    assert code == 1 and site.requests == []
    assert ('is yes or no, not "maybe"' in said) == (word == "maybe")
    machine.assert_not_installed()


def test_an_archive_with_another_checksum_is_thrown_away(machine, site):
    genuine, site.archive = site.archive, site.archive[:-1] + b"!"
    code, said = machine.run()
    assert code == 1 and "SHA-256 differs" in said and "Run this again" in said
    machine.assert_not_installed()
    assert list(machine.archive.parent.iterdir()) == []
    site.archive = genuine
    assert machine.run()[0] == 0
    machine.assert_installed()


def test_a_broken_download_goes_on_from_where_it_broke(machine, site):
    site.breaks = [400_000, 200_000]
    code, said = machine.run()
    assert code == 0 and said.count("the connection broke") == 2
    assert site.ranges_asked == [None, "bytes=400000-", "bytes=600000-"]
    machine.assert_installed()


def test_a_download_that_breaks_again_and_again_goes_on_with_the_next_run(machine, site):
    site.breaks = [100_000, 100_000, 100_000]
    code, said = machine.run()
    assert code == 1 and "Run this again when the network is back; what has come is kept" in said
    machine.assert_not_installed()
    assert machine.part.stat().st_size == 300_000
    assert machine.run()[0] == 0
    assert site.ranges_asked[-1] == "bytes=300000-"
    machine.assert_installed()


def test_a_site_that_cannot_send_the_rest_alone_sends_all(machine, site):
    site.ranges, site.breaks = False, [400_000]
    code, said = machine.run()
    assert code == 0 and "starting again" in said
    assert site.ranges_asked == [None, "bytes=400000-", None]
    machine.assert_installed()


def test_a_download_that_was_whole_but_not_named_so(machine, site):
    machine.part.parent.mkdir(parents=True)
    machine.part.write_bytes(site.archive)
    code, said = machine.run()
    assert code == 0, said
    machine.assert_installed()


@pytest.mark.usefixtures("site")
def test_an_earlier_part_of_something_else_is_thrown_away(machine):
    machine.part.parent.mkdir(parents=True)
    machine.part.write_bytes(b"x" * 1000)
    code, said = machine.run()
    assert code == 1 and "SHA-256 differs" in said
    assert machine.run()[0] == 0
    machine.assert_installed()


@pytest.mark.parametrize("status", [404, 503])
def test_a_site_that_does_not_have_it(machine, site, status):
    site.status = status
    code, said = machine.run()
    assert code == 1 and str(status) in said and "cannot be had" in said and "fetch it on another machine" in said
    assert len(site.requests) == 1
    machine.assert_not_installed()


def test_without_network_it_says_what_to_fetch_and_where_to_put_it(machine):
    machine.write_lock(url="http://127.0.0.1:1")
    code, said = machine.run()
    assert code == 1 and "Run this again when the network is back" in said
    assert "from http://127.0.0.1:1/swift-9.9.9-release/debian12/swift-9.9.9-RELEASE/swift-9.9.9-RELEASE-debian12.tar.gz" in said
    assert f"into {machine.archive.parent}\n" in said
    machine.assert_not_installed()


def test_an_archive_that_was_put_there_by_hand_is_used(machine, site):
    machine.archive.parent.mkdir(parents=True)
    machine.archive.write_bytes(site.archive)
    code, said = machine.run(says=None)
    assert code == 0 and site.requests == [], said
    machine.assert_installed()


def test_a_wrong_archive_that_was_put_there_by_hand_is_thrown_away(machine, site):
    machine.archive.parent.mkdir(parents=True)
    machine.archive.write_bytes(site.archive[:-1])
    code, said = machine.run(says=None)
    assert code == 1 and f"{machine.archive} is not the file that swift.lock names" in said
    assert not machine.archive.exists()
    machine.assert_not_installed()


def test_interrupted_while_it_downloads(machine, site):
    site.halts = True
    process = machine.start()
    assert site.halted.wait(60)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    assert process.returncode != 0
    machine.assert_not_installed()
    assert not machine.archive.exists()
    site.halts = False
    code, said = machine.run()
    assert code == 0, said
    machine.assert_installed()


@pytest.mark.parametrize("name", ["INT", "TERM", "KILL"])
def test_interrupted_while_it_unpacks(machine, name):
    tar = os.readlink(machine.bin / "tar")
    machine.put_program("tar", f'#!/bin/sh\n{tar} "$@" --exclude "*.so"\nkill -{name} 0\n')
    code, _ = machine.run()
    assert code != 0
    if name != "KILL":
        machine.assert_not_installed()
    assert not machine.installed.exists() and machine.archive.exists()
    machine.put_program("tar", f'#!/bin/sh\nexec {tar} "$@"\n')
    code, said = machine.run(says=None)
    assert code == 0, said
    machine.assert_installed()


def test_a_disk_that_fills_up_while_it_unpacks(machine):
    machine.put_program("tar", "#!/bin/sh\necho 'No space left on device' >&2; exit 2\n")
    code, said = machine.run()
    assert code == 1 and "No space left on device" in said and "is the disk full" in said
    machine.assert_not_installed()


def test_a_disk_that_is_too_small(machine, site):
    machine.write_lock(unpacked_mb=1_000_000_000)
    code, said = machine.run()
    assert code == 1 and "Make room, or set VOICEFORGE_CACHE" in said and site.requests == []
    machine.assert_not_installed()


def test_a_compiler_that_does_not_start_is_not_installed(machine, site):
    site.archive = toolchain(compiler="#!/bin/sh\necho 'libedit.so.2: cannot open shared object file'; exit 127\n")
    machine.write_lock()
    code, said = machine.run()
    assert code == 1 and "does not start: libedit.so.2: cannot open shared object file" in said
    machine.assert_not_installed()


def test_an_older_one_in_the_cache_is_replaced(machine):
    old = machine.installed / "usr/bin/swift"
    old.parent.mkdir(parents=True)
    old.write_text(COMPILER.format(version="5.10"))
    old.chmod(0o755)
    code, said = machine.run()
    assert code == 0, said
    machine.assert_installed()


def test_a_machine_that_no_release_is_for(machine, site):
    machine.write_lock(machine="vax")
    code, said = machine.run()
    assert code == 1 and "There is no release of it for" in said and site.requests == []
    machine.assert_not_installed()


def test_two_at_once_install_it_once(machine, site):
    runs = [machine.start() for _ in range(2)]
    assert [(run.communicate(), run.returncode)[1] for run in runs] == [0, 0]
    assert len(site.requests) == 1
    machine.assert_installed()


def test_make_uses_the_one_that_it_just_installed(machine):
    code, said = machine.run("make", PROBE.format("Sources/setup/install-swift.sh"), "probe")
    assert code == 0 and "Swift 9.9.9 was asked: build" in said
    code, said = machine.run("make", PROBE.format(":"), "probe", says=None)
    assert code == 0 and said == "Swift 9.9.9 was asked: build\n"


@pytest.mark.parametrize("version, used", [("5.10", "9.9.9"), ("6.3", "6.3")])
def test_make_prefers_the_machines_own_if_it_can_build_this(machine, version, used):
    machine.run()
    machine.put_program("swift", COMPILER.format(version=version))
    assert machine.run("make", PROBE.format(":"), "probe") == (0, f"Swift {used} was asked: build\n")


def test_the_lock_names_archives_for_both_kinds_of_machine():
    rows = [line.split() for line in (ROOT / "Sources/setup/swift.lock").read_text().splitlines() if line and line[0] != "#"]
    assert [row[0] for row in rows] == ["release", "archive", "archive", "megabytes"]
    assert rows[0][2] == "https://download.swift.org"
    assert {row[1] for row in rows[1:3]} == {"x86_64", "aarch64"}
    assert all(len(row[3]) == 64 and set(row[3]) <= set("0123456789abcdef") for row in rows[1:3])
