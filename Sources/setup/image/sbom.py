"""What is in an image, as an SPDX 2.3 document: packages with versions, package URLs and licences, models with their digests."""

import hashlib
import re
import uuid
from datetime import UTC, datetime
from urllib.parse import quote

from debian import RELEASE, copyright_of
from parts import ENGINES

# Licences of libraries whose copyright file cannot be read by programs, or tells every file of the source apart.
MAIN = {
    "base-files": "GPL-2.0-or-later", "espeak-ng-data": "GPL-3.0-or-later", "libavcodec59": "GPL-2.0-or-later",
    "libavformat59": "GPL-2.0-or-later", "libavutil57": "GPL-2.0-or-later", "libc-bin": "LGPL-2.1-or-later", "libc6": "LGPL-2.1-or-later",
    "libespeak-ng1": "GPL-3.0-or-later",
    "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1", "libpq5": "PostgreSQL", "libssl3": "Apache-2.0",
    "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1", "libswresample4": "GPL-2.0-or-later", "libwebsockets17": "MIT",
}
# Short names of Debian's copyright files, and what SPDX calls them. Others become references to the file that has their text.
SPDX_NAMES = {
    "apache-2": "Apache-2.0", "apache-2.0": "Apache-2.0", "artistic": "Artistic-1.0-Perl", "boost-1.0": "BSL-1.0", "bsl-1.0": "BSL-1.0",
    "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause", "cc0-1.0": "CC0-1.0", "expat": "MIT", "gfdl-1.3+": "GFDL-1.3-or-later",
    "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later", "gpl-3": "GPL-3.0-only", "gpl-3+": "GPL-3.0-or-later", "isc": "ISC",
    "lgpl-2": "LGPL-2.0-only", "lgpl-2+": "LGPL-2.0-or-later", "lgpl-2.0+": "LGPL-2.0-or-later", "lgpl-2.1": "LGPL-2.1-only",
    "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3": "LGPL-3.0-only", "lgpl-3+": "LGPL-3.0-or-later", "mit": "MIT", "mpl-1.1": "MPL-1.1",
    "mpl-2.0": "MPL-2.0", "openssl": "OpenSSL", "postgresql": "PostgreSQL", "zlib": "Zlib",
}
UNKNOWN = "NOASSERTION"
WHOLE = "SPDXRef-Image"


def document(name, release, packages, entries, parts, files):
    """The document of one image: `packages` of Debian, `entries`, which are their files, `parts` that are none, `files` of those parts."""
    described = [debian_package(one, entries) for _, one in sorted(packages.items())] + [part_package(one) for one in parts]
    whole = {
        "SPDXID": WHOLE, "name": name, "versionInfo": release.version, "downloadLocation": UNKNOWN, "filesAnalyzed": False,
        "licenseConcluded": "GPL-3.0-or-later", "licenseDeclared": "GPL-3.0-or-later", "copyrightText": UNKNOWN,
        "primaryPackagePurpose": "CONTAINER"}
    related = [("SPDXRef-DOCUMENT", "DESCRIBES", WHOLE)] + [(WHOLE, "CONTAINS", one["SPDXID"]) for one in described]
    related += [
        (identifier("SPDXRef-File", f"{ENGINES}/{path}"), "EXPANDED_FROM_ARCHIVE", identifier("SPDXRef-Part", one.name))
        for one in parts for path in one.files]
    references = sorted({name for one in described for name in re.findall(r"LicenseRef-[A-Za-z0-9.-]+", one["licenseDeclared"])})
    names = "\n".join(f"{one['name']} {one['versionInfo']}" for one in [whole, *described])
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"{name}-{release.version}",
        "documentNamespace": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, names)}",
        "creationInfo": {"created": instant(release.epoch), "creators": [f"Tool: voiceforge-make-image-{release.version}"]},
        "packages": [whole, *described], "files": files,
        "hasExtractedLicensingInfos": [
            {"licenseId": one, "extractedText": "as the copyright files in /usr/share/doc of the packages have it"} for one in references],
        "relationships": [
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other} for one, kind, other in related]}


def described(entries):
    """Files with their digests."""
    return [file_of(entry) for entry in entries]


def debian_package(package, entries):
    licence = MAIN.get(package.name) or licences(copyright_of(package.name, entries))
    kind = f"?arch={package.architecture}&distro=debian-{RELEASE}"
    return {
        "SPDXID": identifier("SPDXRef-Debian", package.name), "name": package.name, "versionInfo": package.version,
        "supplier": "Organization: Debian", "downloadLocation": UNKNOWN, "filesAnalyzed": False,
        "sourceInfo": f"built from {package.source} {package.source_version}",
        "checksums": [{"algorithm": "SHA256", "checksumValue": package.sha256}],
        "licenseConcluded": UNKNOWN, "licenseDeclared": licence, "copyrightText": UNKNOWN,
        "licenseComments": f"/usr/share/doc/{package.name}/copyright",
        "externalRefs": [purl(f"pkg:deb/debian/{quote(package.name)}@{quote(package.version)}{kind}")]}


def part_package(part):
    described = {
        "SPDXID": identifier("SPDXRef-Part", part.name), "name": part.name, "versionInfo": part.version, "downloadLocation": part.location,
        "filesAnalyzed": False, "licenseConcluded": UNKNOWN, "licenseDeclared": part.licence, "copyrightText": UNKNOWN,
        "externalRefs": [purl(part.purl)]}
    if part.sha256:
        described["checksums"] = [{"algorithm": "SHA256", "checksumValue": part.sha256}]
    if part.revision:
        described["sourceInfo"] = f"revision {part.revision}"
    return described


def file_of(entry):
    # SPDX 2.3 asks for SHA-1 of every file.
    digests = [("SHA1", hashlib.sha1(entry.data, usedforsecurity=False)), ("SHA256", hashlib.sha256(entry.data))]
    return {
        "SPDXID": identifier("SPDXRef-File", entry.path), "fileName": f"./{entry.path}",
        "checksums": [{"algorithm": name, "checksumValue": digest.hexdigest()} for name, digest in digests],
        "licenseConcluded": UNKNOWN, "copyrightText": UNKNOWN}


def licences(text):
    """The licence expression of a copyright file."""
    # Files of an older form are for people alone.
    names = re.findall(r"^License:[ \t]*(\S.*?)\s*$", text, re.MULTILINE) if text.startswith("Format:") else []
    return " AND ".join(sorted({expression(name) for name in names})) or UNKNOWN


def expression(name):
    """`GPL-2+ or Expat` as SPDX has it."""
    words = re.split(r",?\s+(and|or)\s+", name)
    if len(set(words[1::2])) > 1:
        return licence(name)
    one = " ".join(word.upper() if place % 2 else licence(word) for place, word in enumerate(words))
    return f"({one})" if len(words) > 1 else one


def licence(name):
    return SPDX_NAMES.get(name.lower()) or identifier("LicenseRef-Debian", name)


def identifier(kind, name):
    """An identifier of SPDX; what it cannot hold is left out, but for the plus of licences and of libraries."""
    return f"{kind}-{re.sub(r'[^A-Za-z0-9.]+', '-', name.replace('+', '-plus')).strip('-')}"


def purl(locator):
    return {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}


def instant(epoch):
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
