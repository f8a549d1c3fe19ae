"""Holds one thread of a child process, while its others run on: `ptrace`, which only the parent may use, and not everywhere."""

import contextlib
import ctypes
import os
from pathlib import Path

PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT = 17, 0x4206, 0x4207
WAIT_FOR_THREADS = 0x40000000  # __WALL of waitpid(2)
LIBRARY = ctypes.CDLL(None, use_errno=True)
LIBRARY.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ask(request, thread):
    """- Raises: `PermissionError` where it is not allowed."""
    if LIBRARY.ptrace(request, thread, None, None) < 0:
        code = ctypes.get_errno()
        raise PermissionError(code, f"ptrace: {os.strerror(code)}")


def threads(process):
    """The names of a process' threads by their ids."""
    return {int(path.parent.name): path.read_text().strip() for path in Path(f"/proc/{process}/task").glob("*/comm")}


@contextlib.contextmanager
def held(thread):
    """The thread stands until the end of the block. Begin and end it on one thread."""
    ask(PTRACE_SEIZE, thread)
    try:
        ask(PTRACE_INTERRUPT, thread)
        os.waitpid(thread, WAIT_FOR_THREADS)
        yield
    finally:
        ask(PTRACE_DETACH, thread)
