"""What goes wrong. Each fault takes the `Round`, does its harm and undoes it; calls that it does not touch must not notice."""

import contextlib
import os
import random
import resource
import signal
import socket
import threading
import time
from pathlib import Path

from call_client import CallClient, connect
from thread_hold import held, threads

HOLD_S = 3
FLOOD_S = 4
TCP_REPAIR = 19
FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


class Skipped(Exception):
    """The machine does not allow this fault; the text says why."""


def kill(round_):
    """SIGKILL. What REST had shown before is there afterwards, and the server starts again."""
    round_.note_stored()
    round_.server.process.kill()
    round_.server.process.wait()
    round_.restart()


def stop_process(round_):
    """The whole process stands, as when its machine is suspended."""
    os.kill(round_.server.id, signal.SIGSTOP)
    time.sleep(HOLD_S)
    os.kill(round_.server.id, signal.SIGCONT)


def stop_thread(round_):
    """Every kind of thread once, one after another in the order of the seed. Half the calls at least are on another loop."""
    kinds = {}
    for thread, name in threads(round_.server.id).items():
        if thread != round_.server.id:
            kinds.setdefault(name, thread)
    chosen = sorted(kinds.items())
    round_.random.shuffle(chosen)
    for name, thread in chosen[:4]:
        before = [listener.frames for listener in round_.listeners]
        try:
            with held(thread):
                time.sleep(HOLD_S)
        except PermissionError as error:
            raise Skipped(f"{error}; a container needs the capability SYS_PTRACE") from error
        moving = sum(listener.frames > count for listener, count in zip(round_.listeners, before, strict=True))
        least = len(before) // 2 if name.startswith("media") else len(before)
        round_.check(f"frames while `{name}` stands", moving >= least, f"{moving} of {len(before)} calls")


def fill(path):
    """Writes into `path` until the file system takes no more."""
    with contextlib.suppress(OSError), open(path, "wb", buffering=0) as ballast:
        while ballast.write(bytes(1 << 16)):
            pass


def full_log(round_):
    """The file system of the log is full, or where none can be mounted the log may not grow."""
    folder = round_.small_disk
    if folder:
        fill(folder / "ballast")
    else:
        size = Path(round_.server.log).stat().st_size
        resource.prlimit(round_.server.id, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    for _ in range(50):
        round_.server.status("/api/flows?name=%00", b"not a flow")
    time.sleep(HOLD_S)
    if folder:
        (folder / "ballast").unlink()
    else:
        resource.prlimit(round_.server.id, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def full_database(round_):
    """The database's file system is full: PostgreSQL gives up some statements, or ends, and is started again."""
    if not round_.small_disk:
        raise Skipped("no file system can be mounted here: it needs root or user namespaces")
    ballast = Path(round_.cluster.folder, "ballast")
    fill(ballast)
    for _ in range(3):  # small writes still fit into the file that the log of its writes has open
        round_.cluster.try_to("SELECT pg_switch_wal()")
    time.sleep(HOLD_S)
    ballast.unlink()

    def is_away():
        """It recovers by itself, or has given up and is started."""
        if not Path(round_.cluster.data, "postmaster.pid").exists():
            round_.cluster.start()
        return not round_.cluster.try_to("SELECT 1")
    away = round_.settles(is_away, seconds=30)
    round_.check("the database is back", not away, "it answers" if not away else "no answer")


def no_descriptors(round_):
    """Every further connection, file and child fails."""
    _, most = before = resource.prlimit(round_.server.id, resource.RLIMIT_NOFILE)
    resource.prlimit(round_.server.id, resource.RLIMIT_NOFILE, (round_.server.descriptors() + 2, most))
    clients = []
    for _ in range(40):
        with contextlib.suppress(OSError):
            clients.append(connect(round_.server.port))
    time.sleep(HOLD_S)
    resource.prlimit(round_.server.id, resource.RLIMIT_NOFILE, before)
    for client in clients:
        client.close()


def stop_database(round_):
    """The database is stopped in order, and started again."""
    round_.cluster.stop()
    time.sleep(HOLD_S)
    round_.cluster.start()


def kill_database(round_):
    """The database is gone within its writes, as when its machine loses its power."""
    round_.cluster.kill()
    time.sleep(HOLD_S)
    round_.cluster.start()


def move_clock(round_):
    """The clock of the day jumps forward and back; time that passes is not touched."""
    for offset in ("+3600", "-7200", "+86400000", "+0"):
        round_.clock.write_text(offset)
        time.sleep(HOLD_S / 2)


def clock_environment(file):
    """Variables for a server whose clock `move_clock` moves."""
    if not FAKETIME:
        raise Skipped("libfaketime is missing; make setup-test installs it")
    file.write_text("+0")
    return {
        "LD_PRELOAD": str(FAKETIME[0]), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Otherwise the library sets it, and Swift's runtime does not find the arguments in front of an environment that has moved.
        "FAKETIME_SHARED": "none none"}


def never_read(round_, share=1.0):
    """Calls and requests whose clients never read what they get."""
    clients = []
    for _ in range(max(1, round(12 * share))):
        call = CallClient(round_.server.port, receive_bytes=4096)
        call.send(type="start", flow="long-talk")
        clients.append(call.socket)
        request = connect(round_.server.port, receive_bytes=4096)
        request.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20)
        clients.append(request)
    time.sleep(HOLD_S)
    for client in clients:
        client.close()
    round_.forget_strangers()


def half_open(round_, share=1.0):
    """Clients that are gone without a word, in every state of a connection. The server closes them by its own limits."""
    heads = [
        b"", b"GET /hea", b"POST /api/flows?name=x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nstates:",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        (b"GET /v1/call HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")]
    before = round_.server.descriptors()
    clients = []
    for _ in range(max(1, round(20 * share))):
        for head in heads:
            client = connect(round_.server.port)
            client.sendall(head)
            clients.append(client)
    time.sleep(0.5)
    for client in clients:
        with contextlib.suppress(OSError):  # without the capability NET_ADMIN the server is told at once
            client.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        client.close()
    if share == 1:
        left = round_.settles(lambda: max(0, round_.server.descriptors() - before - 5), seconds=45)
        round_.check("half-open sockets are closed", left == 0, f"{left} left")


def flood(round_, share=1.0):
    """As many requests as four threads make, of every kind."""
    end = time.monotonic() + FLOOD_S * share
    seeds = [round_.random.random() for _ in range(4)]
    workers = [threading.Thread(target=flood_until, args=[round_.server.port, end, random.Random(seed)]) for seed in seeds]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def flood_until(port, end, luck):
    """One of the flood's threads."""
    requests = [
        b"GET /openapi.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"GET /v1/call HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + bytes(1_000_000), b"\x16\x03\x01" * 100,
        b"GET /api/calls HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 3000 + b"\r\n"]
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            client = connect(port)
            client.sendall(luck.choice(requests))
            client.settimeout(0.5)
            while client.recv(65536):
                pass
        client.close()


# Fault, and whether calls end by it; those that a smaller share of warms up have their memory measured against that.
FAULTS = {
    "kill": kill, "stop-process": stop_process, "stop-thread": stop_thread, "full-log": full_log, "full-database": full_database,
    "no-descriptors": no_descriptors, "stop-database": stop_database, "kill-database": kill_database, "move-clock": move_clock,
    "never-read": never_read, "half-open": half_open, "flood": flood,
}
WITH_WARM_UP = {"never-read", "half-open", "flood"}
