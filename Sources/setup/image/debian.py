"""Debian's part of an image: the libraries that the program needs, extracted and never installed, so that nothing of them is run."""

import hashlib
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from failed import Failed
from layers import Entry, entries_of, file, folder, with_folders
from running import run

# The program is linked with the libraries of this release; its packages have other names elsewhere.
RELEASE = "bookworm"
# What the program is linked with and opens when it is used (libespeak-ng, libflite, libpq), certificates of servers that it asks, the names
# of time zones, and a shell for the commands of jobs.
PACKAGES = [
    "base-files", "ca-certificates", "dash", "libc-bin", "libespeak-ng1", "libflite1", "libkissfft-float131", "libogg0", "libopus0",
    "libpq5", "libre2-9", "libspeexdsp1", "libssl3", "libstdc++6", "libwebsockets17", "libyaml-0-2", "tzdata",
]
# FFmpeg: sound files other than WAV.
CODECS = ["libavcodec59", "libavformat59", "libswresample4"]
# Only scripts that install packages need these, and none is run.
INSTALLERS = {"debconf", "debconf-2.0", "debianutils", "dpkg", "mawk", "awk", "tar"}

# Of documentation, only what the licences ask for.
LICENCE_TEXT = re.compile(r"usr/share/doc/[^/]+(/(copyright|NOTICE|LICEN[CS]E|COPYING|ACKNOWLEDGE)[^/]*)?")
# Read by people, by desktops and by programs that are not there.
DROPPED = re.compile(
    r"usr/share/(man|info|locale|lintian|bug|menu|doc-base|bash-completion|pixmaps|perl5|debconf|gdb|vim|gcc|polkit-1|applications|icons)/.*"
    r"|usr/share/X11/locale/.*|etc/(cron\.[a-z]+|logrotate\.d|profile\.d|update-motd\.d|skel|init\.d)/.*|etc/(fstab|hostname|resolv\.conf)")
# Links into /usr, which no package has.
MERGED = ["bin", "lib", "lib64", "sbin"]
ARCHIVES = "var/cache/apt/archives/"
# The first ones say what went wrong.
FAULTS_SHOWN = 3
# Of the environment, what mmdebstrap is told.
PASSED_ON = ["HOME", "http_proxy", "https_proxy", "no_proxy"]


@dataclass(frozen=True)
class Package:
    """A Debian package, from the fields of its control file."""

    name: str
    version: str
    architecture: str
    source: str
    source_version: str
    sha256: str
    control: str
    paths: frozenset

    def needs(self):
        """What it depends on: for each, the names of which one is enough."""
        fields = re.findall(r"^(?:Pre-)?Depends: (.*)$", self.control, re.MULTILINE)
        return [[one.split()[0].split(":")[0] for one in clause.split("|")] for line in fields for clause in line.split(",")]


def fetch(packages, tar_path, epoch, mirrors):
    """Puts packages with all that they need into a tar file; their archives are in it, too."""
    command = [
        "mmdebstrap", "--variant=extract", "--skip=cleanup/apt/cache", "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
        "--format=tar", f"--include={','.join(packages)}", RELEASE, str(tar_path), *mirrors]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": str(epoch), "TMPDIR": tempfile.gettempdir()}
    environment |= {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        faults = [line for line in done.stderr.splitlines() if line.startswith("E: ")]
        raise Failed(
            "mmdebstrap could not fetch Debian's packages:\n" + "\n".join(faults[:FAULTS_SHOWN]) + "\n"
            "Run this again when the mirror can be reached, or name another: make image MIRROR=http://…/debian. Without root it needs the "
            "package uidmap and user namespaces.")


def read(tar_path):
    """Packages by name, and all files by path, from what `fetch` wrote."""
    everything = entries_of(tar_path)
    archives = [entry.data for path, entry in everything.items() if path.startswith(ARCHIVES) and path.endswith(".deb")]
    with ThreadPoolExecutor() as pool:
        packages = {one.name: one for one in pool.map(opened, archives)}
    return packages, everything


def opened(archive):
    """A package from its archive."""
    with tempfile.NamedTemporaryFile(suffix=".deb") as place:
        place.write(archive)
        place.flush()
        control = run("dpkg-deb", "--field", place.name)
        contents = run("dpkg-deb", "--contents", place.name)
    fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", control, re.MULTILINE))
    source = re.fullmatch(r"(\S+)(?: \((\S+)\))?", fields.get("Source", fields["Package"]))
    rows = [line.split(None, 5) for line in contents.splitlines()]
    names = (row[5].split(" -> ")[0].split(" link to ")[0].removeprefix("./") for row in rows if not row[0].startswith("d"))
    return Package(
        fields["Package"], fields["Version"], fields["Architecture"], source.group(1), source.group(2) or fields["Version"],
        hashlib.sha256(archive).hexdigest(), control, frozenset(merged(name) for name in names))


def merged(path):
    """Where a file is once /bin, /lib and their like are links into /usr."""
    return re.sub(r"^(bin|sbin|lib|lib64)/", r"usr/\1/", path)


def needed(names, packages):
    """Those of the packages that these need to run, by name."""
    found, waiting = {}, list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = packages[name]
            waiting += [chosen(name, choices, packages) for choices in packages[name].needs() if INSTALLERS.isdisjoint(choices)]
    return found


def chosen(name, choices, packages):
    """Which one of those that would do was fetched."""
    for choice in choices:
        if choice in packages:
            return choice
        for other in packages.values():
            if re.search(rf"^Provides:.*\b{re.escape(choice)}\b", other.control, re.MULTILINE):
                return other.name
    raise Failed(f"the package {name} needs {' or '.join(choices)}, and mmdebstrap did not fetch it")


def files(packages, everything):
    """What packages bring, by path, without what an image has no use for, and with what their scripts would have written."""
    owned = frozenset().union(*(one.paths for one in packages.values()))
    kept = [everything[path] for path in sorted(owned) if is_kept(path) and path in everything]
    written = [
        file("etc/passwd", b"root:x:0:0:root:/root:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"),
        file("etc/group", b"root:x:0:\nnogroup:x:65534:\n"),
        file("etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\nservices: files\n"),
        file("etc/ssl/certs/ca-certificates.crt", certificates(kept)),
        folder("tmp", 0o1777), folder("var/tmp", 0o1777), *(folder(name) for name in ("dev", "proc", "run", "sys")),
    ]
    return with_folders([*kept, *(everything[name] for name in MERGED), *written])


def is_kept(path):
    if path.startswith("usr/share/doc/"):
        return LICENCE_TEXT.fullmatch(path) is not None
    return DROPPED.fullmatch(path) is None


def certificates(entries):
    """Those of all authorities in one file."""
    return b"".join(one.data for one in entries if re.fullmatch(r"usr/share/ca-certificates/.*\.crt", one.path))


def status_file(packages):
    """Debian's list of packages, which scanners of images read."""
    texts = [
        re.sub(r"^Package: .*$", r"\g<0>\nStatus: install ok installed", one.control.strip(), count=1, flags=re.MULTILINE)
        for _, one in sorted(packages.items())]
    return file("var/lib/dpkg/status", ("\n\n".join(texts) + "\n").encode())



def copyright_of(package, entries):
    """The text of a package's licences. Its folder may be a link to that of another package."""
    path = f"usr/share/doc/{package}"
    link = entries.get(path, Entry("", b"", 0))
    if link.target:
        path = f"usr/share/doc/{link.target.rsplit('/', 1)[-1]}"
    text = entries.get(f"{path}/copyright")
    if text is not None and text.target:
        text = entries.get(f"usr/share/doc/{text.target.removeprefix('../')}")
    if text is None:
        raise Failed(f"the package {package} has no copyright file; see which files DROPPED in debian.py drops")
    return text.data.decode()
