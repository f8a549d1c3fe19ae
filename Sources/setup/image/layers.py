"""Layers of an image: tar files that are the same, byte for byte, whenever they hold the same files."""

import io
import tarfile
from dataclasses import dataclass

# What all files belong to: root, and nobody else may write them.
OWNER = 0


@dataclass(frozen=True)
class Entry:
    """A folder, a link or a file, by its path without a slash in front."""

    path: str
    kind: bytes
    mode: int
    target: str = ""
    data: bytes = b""

    @property
    def is_folder(self):
        return self.kind == tarfile.DIRTYPE


def file(path, data, mode=0o644):
    """A regular file."""
    return Entry(path, tarfile.REGTYPE, mode, data=data)


def folder(path, mode=0o755):
    """A folder."""
    return Entry(path, tarfile.DIRTYPE, mode)


def entries_of(tar_path):
    """What is in a tar file, by path. Hard links become files of their own."""
    found = {}
    with tarfile.open(tar_path) as tar:
        for member in tar:
            path = member.name.removeprefix("./").strip("/")
            if path in ("", "."):
                continue
            if member.isreg() or member.islnk():
                found[path] = file(path, tar.extractfile(member).read(), member.mode)
            elif member.isdir():
                found[path] = folder(path, member.mode)
            elif member.issym():
                found[path] = Entry(path, tarfile.SYMTYPE, 0o777, target=member.linkname)
            # Devices and pipes are made by what runs the image.
    return found


def with_folders(entries):
    """Entries by path, with the folders that they stand in."""
    complete = {entry.path: entry for entry in entries}
    for path in list(complete):
        parts = path.split("/")[:-1]
        for count in range(1, len(parts) + 1):
            above = "/".join(parts[:count])
            complete.setdefault(above, folder(above))
    return complete


def difference(entries, below):
    """What has to be added to the layer `below`, so that it holds these entries."""
    return [entry for path, entry in entries.items() if below.get(path) != entry]


def write(path, entries, epoch):
    """Writes a layer, sorted by path, all of it made at `epoch` (seconds since 1970)."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name in sorted(entries):
            entry = entries[name]
            member = tarfile.TarInfo(entry.path)
            member.type, member.mode, member.mtime, member.linkname = entry.kind, entry.mode, epoch, entry.target
            member.uid = member.gid = OWNER
            member.size = len(entry.data)
            tar.addfile(member, io.BytesIO(entry.data))
