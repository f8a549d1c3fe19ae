"""The written offer of source code that goes with an image: as a whole it is under GPL-3.0-or-later, for eSpeak NG is in it."""

import textwrap

WIDTH = 120
FOR_ALL = """\
Where the source code of this image is, and an offer of it

eSpeak NG and other libraries in this image are under the GNU General Public License, so the image as a whole is passed on under its
version 3 or, at your choice, any later one. Its text is in /usr/share/common-licenses/GPL-3; the licence of each part is in
/usr/share/doc/PACKAGE/copyright and in /usr/share/doc/voiceforge/licences.

VoiceForge {version} itself is in this image, with the scripts that build it and that made this image: /usr/src/voiceforge-{version}.tar.xz.

The others can be downloaded from the addresses below, in the versions that are in this image. Whoever passes this image on offers
moreover, for at least three years from then, and as long as they give support for it, to give anyone who has it a complete
machine-readable copy of the corresponding source code on a medium customarily used for the interchange of software, for no more than what
it costs to do so. To have it, ask {contact}.
"""


def text(release, packages, parts):
    """The offer for an image with these packages of Debian and these other parts."""
    paragraphs = FOR_ALL.format(version=release.version, contact=release.contact).split("\n\n")
    said = "\n\n".join(textwrap.fill(one, WIDTH, break_on_hyphens=False, break_long_words=False) for one in paragraphs)
    debian = sorted({(one.source, one.source_version) for one in packages.values()})
    others = [f"  {one.name} {one.version}{' ' + one.revision if one.revision else ''}: {one.location}" for one in parts]
    lines = [said, "", "Source packages of Debian:", "", *[f"  {name} {version}: {address(name, version)}" for name, version in debian],
             "", "Linked into the program, and the speech engines:", "", *others]
    return "\n".join(lines) + "\n"


def address(name, version):
    """Where Debian keeps a version of a source package for good."""
    return f"https://snapshot.debian.org/package/{name}/{version}/"
