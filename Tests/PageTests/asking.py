"""One request over HTTP; every status is an answer."""

import json
import urllib.error
import urllib.request
import uuid

WAIT_S = 60


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def __repr__(self):
        return f"{self.status} {dict(self.headers)} {self.text[:500]}"


def ask(url, method="GET", body=None, headers=None):
    """`body`: bytes, a text, or anything else as JSON."""
    headers = dict(headers or {})
    if body is not None and not isinstance(body, (bytes, str)):
        body = json.dumps(body)
        headers.setdefault("Content-Type", "application/json")
    if isinstance(body, str):
        body = body.encode()
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


def form(**fields):
    """A form as browsers send it, and its header; bytes are files."""
    boundary = uuid.uuid4().hex
    parts = []
    for name, value in fields.items():
        is_file = isinstance(value, bytes)
        file = '; filename="x.wav"' if is_file else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
        parts.append(head + (value if is_file else value.encode()) + b"\r\n")
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def ask_ok(server, path, method="GET", document=None):
    """What a request that must succeed is answered, read as JSON; None: nothing."""
    answer = ask(server.url + path, method, document)
    assert answer.status < 400, answer
    return answer.json if answer.body else None
