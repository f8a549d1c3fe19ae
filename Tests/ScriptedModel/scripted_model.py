#!/usr/bin/env python3
"""A language model's server that says what a script tells it, at the pace of a real one, and with the faults of real ones.

It speaks OpenAI's /v1/chat/completions, streamed and not, and /v1/models, and needs nothing but Python."""

import argparse
import asyncio
import contextlib
import itertools
import json
import signal
import ssl
import sys
import time
from pathlib import Path

from chat_answer import ChatAnswer
from chat_request import ChatRequest, Refused
from http_connection import Connection
from script import FAULTS, Script, ScriptFault

# Tokens that are due go out together.
BATCH_BYTES = 16 << 10
EXAMPLES = """
examples:
  A model that says 30 tokens a second, its first after 200 ms, and a program that asks it:
    scripted_model.py --script appointment.json --first-token-ms 200
    ENABLE_LLM=true OPENAI_BASE_URL=http://127.0.0.1:PORT/v1 OPENAI_MODEL=any OPENAI_API_KEY=any voiceforge doctor
  As fast as possible, with a record of what was asked and how each answer ended:
    scripted_model.py --script appointment.json --port 9000 --tokens-per-second 0 --log asked.jsonl

a script is a list of rules; the first that fits answers, and what no rule fits gets status 500, which says what was asked:
  [{"when": {"role": "user", "last": "(?i)table for (\\\\w+)", "tools": ["book"]},
    "answer": {"text": "One moment.", "calls": [{"name": "book", "arguments": {"seats": "{1}"}}]}},
   {"when": {"last": "again"}, "fault": {"kind": "status", "status": 429, "retry_after": 0.5}, "times": 1},
   {"when": {"last": "again"}, "answer": {"text": "I said: one moment."}, "fault": "no-done"}]

  when    all that is told must hold: model, system, last (regular expressions on the model's name, on what the system messages say and on
          the last message), role (of the last message), tools (names that are offered), turn (messages of the user so far), format (text,
          json_object or json_schema: what response_format asks for)
  answer  text, or json, which is written as text; calls (name, arguments); finish; {1} is the first group of last
  times   how often the rule may be used; without: always
  fault   a kind, or an object with kind and what it takes:
""" + "\n".join(f"    {kind:<18} {does}{''.join(f'; {name}' for name in members)}" for kind, (does, members) in FAULTS.items())


class Journal:
    """A line of JSON for each request, and one for how its answer ended. `at_ms` is on the machine's monotonic clock."""

    def __init__(self, path):
        self._file = path.open("a", encoding="utf-8", buffering=1) if path else None

    def request(self, number, request):
        if self._file is None:
            return
        try:
            body = json.loads(request.body) if request.body else None
        except (ValueError, RecursionError):
            body = request.body.decode("utf-8", "replace")
        # Whether there was a key, and never the key.
        self._write("request", number, {
            "method": request.method, "path": request.path, "authorization": "authorization" in request.headers, "body": body})

    def end(self, number, exchange):
        if self._file is not None:
            self._write("end", number, {
                "end": exchange.end, "status": exchange.status, "rule": exchange.rule, "tokens": exchange.tokens,
                "late_ms_max": round(exchange.late_s_max * 1000, 3)})

    def _write(self, event, number, members):
        line = {"event": event, "request": number, "at_ms": round(time.monotonic() * 1000, 3), **members}
        self._file.write(json.dumps(line, ensure_ascii=True) + "\n")


class Pace:
    """Token n of an answer is due at an instant that was certain when it was asked for, however late the one before it was."""

    def __init__(self, first_token_ms, tokens_per_second):
        self.first_s = first_token_ms / 1000
        self.step_s = 1 / tokens_per_second if tokens_per_second else 0


class Exchange:
    """A request and its answer. `tokens`: those that were sent. `late_s_max`: how much later than due the latest went out. `end`: `whole`,
    `closed by client`, `cut by script` or `stopped`."""

    def __init__(self, connection, pace):
        self._connection, self._pace = connection, pace
        self._begun = asyncio.get_running_loop().time()
        self.status, self.rule, self.end = 200, None, "whole"
        self.tokens, self.late_s_max = 0, 0.0

    async def refuse(self, status, document, headers=None):
        self.status = status
        await self._connection.respond(status, document, headers)

    async def answer(self, rule, chat, model, number):
        self.rule = rule.name
        if rule.fault and rule.fault["kind"] == "status":
            return await self._fail(rule.fault)
        answer = ChatAnswer(rule, chat, model, number)
        return await (self._stream(answer) if chat.is_streamed else self._send_whole(answer))

    async def _fail(self, fault):
        headers = {} if fault["retry_after"] is None else {"Retry-After": fault["retry_after"]}
        document = fault["body"]
        if document is None:
            document = Refused(fault["status"], "the script says so", code="scripted", kind="scripted_error").document()
        await self.refuse(fault["status"], document, headers)

    async def _stream(self, answer):
        connection = self._connection
        await connection.begin()
        if answer.fault == "no-events":
            return await connection.send(b"", is_last=True)
        await self._wait_for(0)
        if answer.fault == "stall-first":
            await connection.send(answer.opening())
            await self._stall()
        batch, count = bytearray(answer.opening()), 0
        for index, delta in enumerate(itertools.islice(answer.deltas(), answer.stop_after)):
            if batch and self._is_early(index):
                await self._flush(batch, count)
                count = 0
            await self._wait_for(index)
            batch += answer.event(delta)
            count += 1
            if len(batch) > BATCH_BYTES:
                await self._flush(batch, count)
                count = 0
                await asyncio.sleep(0)  # others have tokens that are due, too
        return await self._finish(answer, batch, count)

    async def _finish(self, answer, batch, count):
        match answer.fault:
            case "stall-middle":
                await self._flush(batch, count)
                await self._stall()
            case "cut":
                await self._flush(batch, count)
                self._cut()
            case "500-middle":
                await self._flush(batch + answer.breaking(), count, is_last=True)
            case _:
                await self._flush(batch + answer.closing(), count, is_last=True)

    async def _flush(self, batch, count, is_last=False):
        """Counts before it waits for room: what was written is on its way."""
        self.tokens += count
        piece = bytes(batch)
        batch.clear()
        await self._connection.send(piece, is_last)

    async def _send_whole(self, answer):
        connection, body = self._connection, json.dumps(answer.document()).encode()
        if answer.fault == "no-events":
            await connection.promise(0)
        elif answer.fault == "500-middle":
            await self.refuse(500, Refused(500, "The server had an error while it answered", kind="server_error").document())
        elif answer.fault in ("stall-first", "stall-middle", "cut"):
            await connection.promise(len(body))
            if answer.fault != "stall-first":
                await connection.write(body[: len(body) // 2])
            if answer.fault == "cut":
                self._cut()
            else:
                await self._stall()
        else:
            await self._wait_for(max(0, answer.token_count - 1))
            self.tokens = answer.token_count
            await connection.promise(len(body))
            await connection.write(body)

    # --- time

    def _due(self, index):
        return self._begun + self._pace.first_s + index * self._pace.step_s

    def _is_early(self, index):
        return self._due(index) > asyncio.get_running_loop().time()

    async def _wait_for(self, index):
        clock, due = asyncio.get_running_loop().time, self._due(index)
        if (pause := due - clock()) > 0:
            await asyncio.sleep(pause)
        self.late_s_max = max(self.late_s_max, clock() - due) if self._pace.step_s else 0.0

    @staticmethod
    async def _stall():
        await asyncio.Event().wait()

    def _cut(self):
        self.end = "cut by script"
        self._connection.close()


class ScriptedModel:
    """`name`: what it calls itself, whatever model is asked for."""

    def __init__(self, script, pace, journal, name):
        self._script, self._pace, self._journal, self._name = script, pace, journal, name
        self._numbers = itertools.count(1)

    async def answer(self, connection, request):
        number, exchange = next(self._numbers), Exchange(connection, self._pace)
        self._journal.request(number, request)
        try:
            await self._route(exchange, request, number)
        except Refused as refused:
            await exchange.refuse(refused.status, refused.document())
        except asyncio.CancelledError:
            exchange.end = "closed by client" if connection.is_lost else "stopped"
            raise
        finally:
            self._journal.end(number, exchange)

    async def _route(self, exchange, request, number):
        methods = {"/v1/chat/completions": "POST", "/v1/models": "GET"}
        method = methods.get(request.path)
        if method is None:
            raise Refused(404, f"nothing is at {request.path}; there is {', '.join(methods)}")
        if request.method != method:
            await exchange.refuse(405, Refused(405, f"{request.path} is asked by {method}").document(), {"Allow": method})
        elif method == "GET":
            models = [{"id": self._name, "object": "model", "created": 0, "owned_by": "script"}]
            await exchange.refuse(200, {"object": "list", "data": models})
        else:
            chat = ChatRequest.read(request.body)
            rule = self._script.rule(chat)
            if rule is None:
                raise Refused(500, self._script.hole(chat), code="no_rule", kind="script_error")
            await exchange.answer(rule, chat, self._name, number)


async def serve(model, port, tls):
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(lambda: Connection(model.answer), "127.0.0.1", port, ssl=tls, backlog=512)
    port = server.sockets[0].getsockname()[1]
    print(f"listening on {'https' if tls else 'http'}://127.0.0.1:{port}/v1", flush=True)
    await stopped.wait()
    server.close()  # and the answers under way are cancelled


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--script", type=Path, required=True, metavar="FILE", help="rules, as below")
    parser.add_argument("--port", type=int, default=0, help="0, the default: a free one, which is printed")
    parser.add_argument("--tokens-per-second", type=float, default=30, metavar="N", help="default 30; 0: as fast as possible")
    parser.add_argument("--first-token-ms", type=float, default=0, metavar="N", help="from the question to the first token; default 0")
    parser.add_argument("--model", default="scripted", metavar="NAME", help="what it calls itself; it answers to any name")
    parser.add_argument("--log", type=Path, metavar="FILE", help="where requests and ends are written, a line of JSON each")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="speak TLS with these PEM files")
    chosen = parser.parse_args()
    if not (0 <= chosen.tokens_per_second < float("inf") and 0 <= chosen.first_token_ms < float("inf")):
        parser.error("--tokens-per-second and --first-token-ms are numbers from 0")
    return chosen


def main():
    chosen = arguments()
    try:
        script, tls = Script.load(chosen.script), None
        if chosen.tls:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(*chosen.tls)
        model = ScriptedModel(script, Pace(chosen.first_token_ms, chosen.tokens_per_second), Journal(chosen.log), chosen.model)
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(serve(model, chosen.port, tls))
    except (ScriptFault, OSError) as error:
        print(f"scripted_model.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
