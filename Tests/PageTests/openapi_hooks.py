"""Loaded by schemathesis: makes what is right in its shape right in its substance too, and short.

Only cases that are meant to be right are changed; those that are meant to be wrong go out as they are.
"""

import itertools
import os
from pathlib import Path

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import _auth_retry
from schemathesis.specs.openapi import checks as openapi_checks
from schemathesis.transport.serialization import Binary

# As schemathesis makes such values itself.
RECORDING = Binary(Path(os.environ["OPENAPI_RECORDING"]).read_bytes())
# Spoken a hundred times faster than it lasts.
VOICE = "espeak:en-gb"
TEXT_MAX = 60
FLOW = "states: {ask: {listen: Tea?, intents: {tea: {hear: [tea], next: bye}}}, bye: {end: done, say: Bye.}}"
SOUNDS = {
    "/v1/audio/transcriptions", "/v1/audio/translations", "/api/stt", "/api/vad", "/api/voices", "/api/clone-voice",
    "/api/cloned-voices"}


# Every request comes from another address, as the proxy in front of the server would say: wrong keys are counted by address.
ADDRESSES = (f"{1 + n % 200}.{n // 200 % 256}.1.1" for n in itertools.count())


def from_another_address(request):
    request.headers["X-Forwarded-For"] = next(ADDRESSES)
    return request


def probe_kwargs(*arguments):
    """What a check's own request without a key, or with a wrong one, is sent with: from another address, too, and no key in it.

    Such requests go past `before_call` and past the case's own call.
    """
    return {**without_keys(*arguments), "auth": from_another_address}


without_keys = _auth_retry.build_retry_transport_kwargs
_auth_retry.build_retry_transport_kwargs = probe_kwargs
if openapi_checks.send_probe is not _auth_retry.send_probe:
    raise RuntimeError("schemathesis' checks send their own requests another way: they would all come from one address")


def is_right(case):
    return case.meta is not None and case.meta.generation.mode.is_positive


def fitting(body):
    """A form whose members fit one another: times are for one format of the answer, and events for two others."""
    if "timestamp_granularities[]" in body:
        return {**body, "response_format": "verbose_json", "stream": "false"}
    return {**body, "response_format": "json"} if body.get("stream") == "true" else body


@schemathesis.hook
def before_call(context, case, kwargs):  # noqa: ARG001 - the hook's signature
    kwargs["auth"] = from_another_address
    path, body = case.operation.path, case.body
    if path == "/api/drain" and is_right(case):
        # Out of service it refuses calls and speech, and whatever comes after would be 503.
        case.body = {"draining": False}
    if case.method.upper() != "POST" or not is_right(case):
        return
    if path in ("/v1/audio/speech", "/api/tts") and isinstance(body, dict):
        name = "input" if path.startswith("/v1") else "text"
        text = {name: body[name][:TEXT_MAX]} if isinstance(body.get(name), str) else {}
        # A copy: the body is a part of other cases, too.
        case.body = {**body, **text, "voice": VOICE}
    elif path == "/test/run" and isinstance(body, dict):
        case.body = {**body, "sound": False}
    elif path in SOUNDS:
        case.body = {**fitting(body), "file": RECORDING} if isinstance(body, dict) else RECORDING
        # It would be looked at again, and its validator takes no bytes for a text: the case would count as one that must fail.
        case._meta.clear_dirty(ParameterLocation.BODY)  # noqa: SLF001 - there is no public way
    elif path == "/api/flows":
        case.body = FLOW
