"""A script: rules, tried in order, that say what the model answers to what."""

import json
import re

from chat_request import FORMATS, ROLES

CAPTURE = re.compile(r"\{(\d+)\}")
# What a fault does, and what it may be told beside its kind with what holds when it is not told. `...`: it must be told; None: the middle,
# or nothing.
FAULTS = {
    "status": ("HTTP status, its body and seconds for Retry-After", {"status": ..., "body": None, "retry_after": None}),
    "no-done": ("the stream ends without [DONE]", {}),
    "no-events": ("status 200, and no event", {}),
    "null-role": ("a role that is null in each piece, and calls in the old form as well", {}),
    "repeat-name": ("id and name of a call in each of its pieces", {}),
    "empty": ("neither words nor calls", {}),
    "tool-json-in-text": ("calls are written into the text", {}),
    "unknown-tool": ("calls of a tool that nobody offers", {}),
    "broken-arguments": ("arguments that are no JSON", {}),
    "long": ("the text over and over, for so many tokens", {"tokens": ...}),
    "stall-first": ("no token until the client hangs up", {}),
    "stall-middle": ("no further token until the client hangs up", {"after_tokens": None}),
    "cut": ("the connection is closed", {"after_tokens": None}),
    "500-middle": ("an error in place of further tokens", {"after_tokens": None}),
}
SAYING_NOTHING = {"status", "no-events", "empty", "stall-first"}
OF_CALLS = {"repeat-name", "tool-json-in-text", "unknown-tool", "broken-arguments"}


class ScriptFault(Exception):
    """What is wrong with a script, and where."""


class Rule:
    """`left`: how often it may still be used; None: always."""

    def __init__(self, document, index):
        name = document.get("name") if isinstance(document, dict) else None
        self.name = f"rule {index + 1} ({name})" if name else f"rule {index + 1}"
        _check_members(document, self.name, ("name", "when", "answer", "fault", "times"))
        self.left = document.get("times")
        if self.left is not None and not _is_count(self.left):
            raise ScriptFault(f"{self.name}: times must be a whole number above 0")
        self._when = _conditions(document.get("when", {}), f"{self.name}: when")
        self.fault = _fault(document.get("fault"), f"{self.name}: fault")
        answer = document.get("answer", {})
        at = f"{self.name}: answer"
        _check_members(answer, at, ("text", "json", "calls", "finish"))
        if "text" in answer and "json" in answer:
            raise ScriptFault(f"{at}: text or json, not both")
        self._text, self._document = answer.get("text", ""), answer.get("json")
        self._calls = _calls(answer.get("calls", []), at)
        self.finish = answer.get("finish")
        if not isinstance(self._text, str) or not isinstance(self.finish, (str, type(None))):
            raise ScriptFault(f"{at}: text and finish must be texts")
        kind = self.fault["kind"] if self.fault else None
        if not self._text and self._document is None and not self._calls and kind not in SAYING_NOTHING:
            raise ScriptFault(f'{at}: give it text, json or calls; the fault "empty" is an answer of nothing')
        if not self._calls and kind in OF_CALLS:
            raise ScriptFault(f"{at}: {kind} is a fault of calls: give it some")
        self._check_captures(at)

    def misses(self, request):
        """The conditions that the request does not meet."""
        return [name for name, wanted in self._when.items() if not _CONDITIONS[name](wanted, request)]

    def fill(self, request):
        """Text and calls, in which `{1}` stands for what the first group of `last` matched."""
        found = self._when["last"].search(request.last) if "last" in self._when else None
        # With blanks, at which it is cut into tokens.
        written = "" if self._document is None else json.dumps(_filled(self._document, found), ensure_ascii=False)
        return written or _filled(self._text, found), _filled(self._calls, found)

    def _check_captures(self, at):
        groups = self._when["last"].groups if "last" in self._when else 0
        # Digits in braces are seldom in a text or in arguments, and no script means them to be said.
        for number in CAPTURE.findall(json.dumps([self._text, self._document, self._calls])):
            if int(number) > groups:
                raise ScriptFault(f"{at}: {{{number}}} stands for a group that when.last does not have")


class Script:
    """`path`: where it was read, for messages."""

    def __init__(self, document, path):
        self.path = path
        if not isinstance(document, list) or not document:
            raise ScriptFault("a script is a list of rules, with at least one")
        self.rules = [Rule(rule, index) for index, rule in enumerate(document)]

    @classmethod
    def load(cls, path):
        try:
            return cls(json.loads(path.read_bytes()), path)
        except (OSError, UnicodeDecodeError, json.JSONDecodeError, ScriptFault) as error:
            raise ScriptFault(f"{path}: {error}") from error

    def rule(self, request):
        """The first that fits, which is then used once more; None: the script has a hole."""
        for rule in self.rules:
            if rule.left == 0 or rule.misses(request):
                continue
            if rule.left is not None:
                rule.left -= 1
            return rule
        return None

    def hole(self, request):
        """What was asked and no rule is for, and the rule that comes nearest."""
        nearest = min(self.rules, key=lambda rule: len(rule.misses(request)))
        misses = nearest.misses(request)
        why = f"does not fit by {', '.join(misses)}" if misses else "was used as often as it may be"
        return (
            f"no rule of {self.path.name} is for this: model {request.model}, turn {request.turn}, last message of the {request.role}: "
            f"{_short(request.last)}; tools: {', '.join(request.tools) or 'none'}; format: {request.format}; "
            f"system: {_short(request.system)}. The nearest, {nearest.name}, {why}.")


def _matches(pattern, text):
    return pattern.search(text) is not None


_CONDITIONS = {
    "model": lambda wanted, request: _matches(wanted, request.model),
    "system": lambda wanted, request: _matches(wanted, request.system),
    "last": lambda wanted, request: _matches(wanted, request.last),
    "role": lambda wanted, request: wanted == request.role,
    "tools": lambda wanted, request: set(wanted) <= set(request.tools),
    "turn": lambda wanted, request: wanted == request.turn,
    "format": lambda wanted, request: wanted == request.format,
}


def _conditions(document, at):
    _check_members(document, at, _CONDITIONS)
    wanted = dict(document)
    for name in ("model", "system", "last"):
        if name in wanted:
            try:
                wanted[name] = re.compile(wanted[name])
            except (re.error, TypeError) as error:
                raise ScriptFault(f"{at}.{name} is no regular expression: {error}") from error
    for name, allowed in (("role", ROLES), ("format", FORMATS)):
        if name in wanted and wanted[name] not in allowed:
            raise ScriptFault(f"{at}.{name} must be one of {', '.join(allowed)}")
    if "turn" in wanted and not (_is_count(wanted["turn"]) or wanted["turn"] == 0):
        raise ScriptFault(f"{at}.turn must be a whole number")
    tools = wanted.get("tools", [])
    if not isinstance(tools, list) or not all(isinstance(tool, str) for tool in tools):
        raise ScriptFault(f"{at}.tools must be a list of names")
    return wanted


def _calls(calls, at):
    if not isinstance(calls, list):
        raise ScriptFault(f"{at}.calls must be a list")
    for index, call in enumerate(calls):
        _check_members(call, f"{at}.calls[{index}]", ("name", "arguments"))
        if not isinstance(call.get("name"), str) or not isinstance(call.get("arguments", {}), dict):
            raise ScriptFault(f"{at}.calls[{index}] must have a name, and an object as arguments")
    return [{"name": call["name"], "arguments": call.get("arguments", {})} for call in calls]


def _fault(document, at):
    """With all its members; a text is a kind without any."""
    if document is None:
        return None
    told = {"kind": document} if isinstance(document, str) else document
    kind = told.get("kind") if isinstance(told, dict) else None
    if not isinstance(kind, str) or kind not in FAULTS:
        raise ScriptFault(f"{at} must be one of {', '.join(FAULTS)}")
    members = FAULTS[kind][1]
    _check_members(told, at, ("kind", *members))
    fault = {**members, **told}
    missing = [name for name, value in fault.items() if value is ...]
    if missing:
        raise ScriptFault(f"{at}: {kind} needs {', '.join(missing)}")
    for name in ("tokens", "after_tokens"):
        if fault.get(name) is not None and not _is_count(fault[name]):
            raise ScriptFault(f"{at}.{name} must be a whole number above 0")
    if kind == "status" and not (_is_count(fault["status"]) and 400 <= fault["status"] <= 599):
        raise ScriptFault(f"{at}.status must be 400 to 599")
    return fault


def _check_members(document, at, known):
    if not isinstance(document, dict):
        raise ScriptFault(f"{at} must be an object")
    strangers = [name for name in document if name not in known]
    if strangers:
        raise ScriptFault(f"{at}: {', '.join(strangers)} is unknown; there is {', '.join(known)}")


def _filled(value, found):
    if isinstance(value, str) and found is not None:
        return CAPTURE.sub(lambda capture: found.group(int(capture[1])) or "", value)
    if isinstance(value, list):
        return [_filled(item, found) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, found) for name, item in value.items()}
    return value


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _short(text):
    return json.dumps(text if len(text) <= 200 else text[:200] + "…", ensure_ascii=False)
