"""What a client asks at `/v1/chat/completions`, checked as OpenAI checks it."""

import json

ROLES = ("system", "developer", "user", "assistant", "tool")
FORMATS = ("text", "json_object", "json_schema")


class Refused(Exception):
    """`status` and what the error's document says."""

    def __init__(self, status, message, code=None, kind="invalid_request_error"):
        super().__init__(message)
        self.status, self.message, self.code, self.kind = status, message, code, kind

    def document(self):
        return {"error": {"message": self.message, "type": self.kind, "param": None, "code": self.code}}


class ChatRequest:
    """One that was accepted. `system`: what all system messages say. `last`, `role`: text and sender of the last message. `tools`: the
    names that are offered. `turn`: messages of the user so far. `format`: of the answer, such as `json_schema`. `calls`: how many tools
    were called so far. `tokens_max`: None, or what the answer has at most."""

    def __init__(self, document):
        if not isinstance(document, dict):
            raise Refused(400, "the body must be a JSON object")
        self.model = document.get("model")
        if not isinstance(self.model, str) or not self.model:
            raise Refused(400, "model is missing: name one", "missing_required_parameter")
        messages = _messages(document.get("messages"))
        _check_calls(messages)
        self.messages = messages
        self.system = "\n".join(text_of(message) for message in messages if message["role"] in ("system", "developer"))
        self.last, self.role = text_of(messages[-1]), messages[-1]["role"]
        self.turn = sum(message["role"] == "user" for message in messages)
        self.calls = sum(len(message.get("tool_calls") or []) for message in messages)
        self.tools = _tools(document.get("tools") or [])
        self.format = _format(document.get("response_format") or {"type": "text"})
        self.is_streamed = document.get("stream") is True
        options = document.get("stream_options")
        self.wants_usage = isinstance(options, dict) and options.get("include_usage") is True
        self.tokens_max = _tokens_max(document)

    @classmethod
    def read(cls, body):
        try:
            document = json.loads(body)
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
            raise Refused(400, f"the body is no JSON: {error}") from error
        return cls(document)


def text_of(message):
    """Parts that are no text, such as pictures, are left out."""
    content = message.get("content")
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part.get("text"), str))
    return content or ""


def _messages(messages):
    if not isinstance(messages, list) or not messages:
        raise Refused(400, "messages must be a list with at least one message")
    for index, message in enumerate(messages):
        at = f"messages[{index}]"
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise Refused(400, f"{at}.role must be one of {', '.join(ROLES)}", "invalid_value")
        content, calls = message.get("content"), message.get("tool_calls")
        is_text = isinstance(content, str) or (isinstance(content, list) and all(isinstance(part, dict) for part in content))
        if not is_text and not (content is None and message["role"] == "assistant" and calls):
            raise Refused(400, f"{at}.content must be a text or a list of parts", "invalid_type")
        if calls is not None and (message["role"] != "assistant" or not isinstance(calls, list) or not all(map(_is_call, calls))):
            raise Refused(400, f"{at}.tool_calls must be calls of functions with an id, in a message of the assistant", "invalid_value")
    return messages


def _is_call(call):
    function = call.get("function") if isinstance(call, dict) else None
    return (
        isinstance(function, dict) and isinstance(call.get("id"), str) and isinstance(function.get("name"), str)
        and isinstance(function.get("arguments"), str))


def _check_calls(messages):
    """Each call has its result right behind it, and no result is without a call: or every later request is refused."""
    waiting = {}
    for index, message in enumerate([*messages, {"role": "end"}]):
        if message["role"] == "tool":
            if waiting.pop(str(message.get("tool_call_id")), None) is None:
                raise Refused(400, f"messages[{index}] is the result of a call that is not in the message before it", "invalid_value")
        elif waiting:
            raise Refused(400, f"calls without a result before messages[{index}]: {', '.join(waiting)}", "invalid_value")
        for call in message.get("tool_calls") or []:
            waiting[call["id"]] = call


def _tools(tools):
    try:
        names = [tool["function"]["name"] for tool in tools]
    except (KeyError, TypeError) as error:
        raise Refused(400, 'tools must be a list of {"type": "function", "function": {"name": …}}', "invalid_value") from error
    if not all(isinstance(name, str) for name in names):
        raise Refused(400, "a tool's function.name must be a text", "invalid_value")
    return names


def _format(asked):
    kind = asked.get("type") if isinstance(asked, dict) else None
    if kind not in FORMATS:
        raise Refused(400, f"response_format.type must be one of {', '.join(FORMATS)}", "invalid_value")
    return kind


def _tokens_max(document):
    most = document.get("max_completion_tokens", document.get("max_tokens"))
    if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 1):
        raise Refused(400, "max_tokens must be a whole number above 0", "invalid_value")
    return most
