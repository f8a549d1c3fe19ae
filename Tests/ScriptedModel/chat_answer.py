"""What a rule answers to a request: deltas, one a token, and the documents in which OpenAI's servers send them."""

import itertools
import json
import re
import time

from chat_request import text_of

TOKEN = re.compile(r"\s*\S+|\s+")
# Characters; about what a token of JSON has.
ARGUMENT_PIECE = 4
UNKNOWN_TOOL = "no_such_tool"
MID_FAULTS = ("stall-middle", "cut", "500-middle")
DONE = b"data: [DONE]\n\n"
BROKEN_OFF = {"message": "The server had an error while it answered", "type": "server_error", "param": None, "code": 500}


class ChatAnswer:
    """`fault`: its kind, or None. `token_count`: how many deltas there are. `stop_after`: how many of them are sent before the fault."""

    def __init__(self, rule, request, model, number):
        self._request, self._model = request, model
        self.fault = rule.fault["kind"] if rule.fault else None
        self._text, self._calls = self._with_faults(*rule.fill(request))
        whole = rule.fault["tokens"] if self.fault == "long" else sum(1 for _ in self._deltas())
        self.token_count = min(whole, request.tokens_max or whole)
        self.finish = "length" if self.token_count < whole else rule.finish or ("tool_calls" if self._calls else "stop")
        wanted = rule.fault.get("after_tokens") if self.fault in MID_FAULTS else self.token_count
        self.stop_after = min(wanted or max(1, self.token_count // 2), self.token_count)
        self._identity = {"id": f"chatcmpl-scripted-{number}", "created": int(time.time()), "model": model}
        # What is the same in all chunks of an answer is written once.
        head = json.dumps({**self._identity, "object": "chat.completion.chunk"}, separators=(",", ":"))[:-1]
        self._head = f'data: {head},"choices":[{{"index":0,"delta":'.encode()

    def _with_faults(self, text, calls):
        if self.fault == "empty":
            return "", []
        if self.fault == "tool-json-in-text":
            return text + "\n".join(json.dumps(call, ensure_ascii=False) for call in calls), []
        if self.fault == "unknown-tool":
            calls = [{**call, "name": UNKNOWN_TOOL} for call in calls]
        written = []
        for index, call in enumerate(calls):
            arguments = json.dumps(call["arguments"], ensure_ascii=False, separators=(",", ":"))
            # No beginning of an object is JSON.
            arguments = arguments[: max(1, len(arguments) * 2 // 3)] if self.fault == "broken-arguments" else arguments
            # Numbered over the conversation, so that the same conversation has the same ones.
            written.append({"id": f"call_{self._request.calls + index + 1}", "name": call["name"], "arguments": arguments})
        return text, written

    # --- in pieces

    def deltas(self):
        """All of them; they are made as they are asked for."""
        return itertools.islice(self._deltas(), self.token_count)

    def _deltas(self):
        tokens = (found[0] for found in TOKEN.finditer(self._text))
        if self.fault == "long":
            tokens = itertools.cycle(list(tokens) or [" word"])
        for token in tokens:
            yield self._marked({"content": token})
        for index, call in enumerate(self._calls):
            yield self._call_delta(index, call, "", is_first=True)
            arguments = call["arguments"]
            for at in range(0, len(arguments), ARGUMENT_PIECE):
                yield self._call_delta(index, call, arguments[at : at + ARGUMENT_PIECE], is_first=False)

    def _call_delta(self, index, call, arguments, is_first):
        delta = {"index": index}
        function = {"arguments": arguments}
        if is_first or self.fault == "repeat-name":
            delta |= {"id": call["id"], "type": "function"}
            function = {"name": call["name"], "arguments": arguments}
        return self._marked({"tool_calls": [{**delta, "function": function}]}, function)

    def _marked(self, delta, function=None):
        """As the server of llama-cpp-python writes it: a role that is null, and calls in the old form as well."""
        if self.fault != "null-role":
            return delta
        return {"role": None, **delta, **({"function_call": function} if function else {})}

    def opening(self):
        return self.event({"role": "assistant", "content": None if self._calls and not self._text else ""})

    def event(self, delta, finish=None):
        end = json.dumps(finish)
        return self._head + f'{json.dumps(delta, separators=(",", ":"))},"finish_reason":{end}}}]}}\n\n'.encode()

    def closing(self):
        """All that follows the last token."""
        end = self.event(self._marked({}), self.finish)
        if self._request.wants_usage:
            end += _event({**self._identity, "object": "chat.completion.chunk", "choices": [], "usage": self._usage()})
        return end if self.fault == "no-done" else end + DONE

    @staticmethod
    def breaking():
        return _event({"error": BROKEN_OFF})

    # --- whole

    def document(self):
        message = {"role": None if self.fault == "null-role" else "assistant", "content": self._text or (None if self._calls else "")}
        if self.fault == "long" or self.finish == "length":
            message["content"] = "".join(delta.get("content", "") for delta in self.deltas())
        elif self._calls:
            message["tool_calls"] = [
                {"id": call["id"], "type": "function", "function": {"name": call["name"], "arguments": call["arguments"]}}
                for call in self._calls]
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish}
        return {**self._identity, "object": "chat.completion", "choices": [choice], "usage": self._usage()}

    def _usage(self):
        asked = sum(len(TOKEN.findall(text_of(message))) for message in self._request.messages)
        return {"prompt_tokens": asked, "completion_tokens": self.token_count, "total_tokens": asked + self.token_count}


def _event(document):
    return f"data: {json.dumps(document, separators=(',', ':'))}\n\n".encode()
