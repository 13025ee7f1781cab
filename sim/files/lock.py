"""A place that one run at a time may write to.

A lock is the system's own on an open file, so it ends with the process that holds it, however that
ends. What the file says (who, where, since when, doing what) is for people, and is stale after a
kill: the next run takes the file over. Readers ask for no lock.
"""

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.errors import HeldError, InputError, RunError, typed
from sim.files.system import RENAMES_OPEN_FILES, seize
from sim.files.whole import make_folder

__all__ = ["hold"]

LOOKS, PAUSE = 20, 0.01  # at a lock whose owner is just writing down who it is

_held: set[tuple[str, int]] = set()
"""Locks of this process, by file and thread: a thread may hold a place once more."""


@contextmanager
def hold(place: Path, lock: Path) -> Iterator[bool]:
    """Keep other runs from writing to a place.

    Parameters
    ----------
    place
        What is held, for the message.
    lock
        File that stands for it. Made, with its folder, and removed again.

    Yields
    ------
    bool
        True for who has just taken it; False for a thread that had it already.

    Raises
    ------
    sim.errors.HeldError
        If another run, or another thread of this one, has it.
    sim.errors.InputError
        If the lock's folder is a file.
    sim.errors.RunError
        If the folder cannot be written, or its disk knows no locks.
    """
    key = (os.path.realpath(lock), threading.get_ident())
    if key in _held:
        yield False
        return
    made = _folder_of(place, lock)
    try:
        handle = _taken(place, lock)
        _held.add(key)
        try:
            yield True
        finally:
            _held.discard(key)
            _let_go(lock, handle)
    finally:
        for folder in reversed(made):
            with suppress(OSError):  # not empty: something was written
                folder.rmdir()


def _folder_of(place: Path, lock: Path) -> list[Path]:
    try:
        return make_folder(lock.parent)
    except (FileExistsError, NotADirectoryError):
        raise InputError(f"{lock.parent}: not a folder, so nothing can lie in it") from None
    except OSError as error:
        raise RunError(f"{place}: cannot be written: {error.strerror or error}") from error


def _taken(place: Path, lock: Path) -> int:
    """The lock's file, open, held, and saying who holds it."""
    try:
        while True:
            handle = _attempt(place, lock)
            if handle is not None:
                return handle
    except OSError as error:
        reason = error.strerror or error
        raise RunError(f"{place}: cannot be locked for this run: {reason}") from error


def _attempt(place: Path, lock: Path) -> int | None:
    """As `_taken`; None if the one before has just let go and removed the file."""
    with ExitStack() as failed:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        failed.callback(os.close, handle)
        if not seize(handle):
            raise HeldError(
                f"{place}: another run is at work there: {_said(lock)}\n"
                "Wait until it has ended, or give another --out."
            )
        if not _is_still(handle, lock):
            return None
        failed.pop_all()
        failed.callback(_let_go, lock, handle)
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps(_owner()).encode())
        failed.pop_all()
        return handle


def _is_still(handle: int, lock: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), lock.stat())
    except FileNotFoundError:
        return False


def _let_go(lock: Path, handle: int) -> None:
    try:
        if RENAMES_OPEN_FILES:  # while it is held, so that nobody else's is removed
            with suppress(OSError):
                lock.unlink()
    finally:
        os.close(handle)
    if not RENAMES_OPEN_FILES:
        with suppress(OSError):  # refused if another run has it open by now
            lock.unlink()


def _owner() -> dict[str, Any]:
    program, *words = sys.argv or [""]
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now().astimezone().isoformat(sep=" ", timespec="seconds"),
        "command": typed(Path(program).name, *words),
    }


def _said(lock: Path) -> str:
    """Who holds a lock, in words."""
    for _ in range(LOOKS):
        try:
            owner = json.loads(lock.read_text(encoding="utf-8"))
            return "process {pid} on {host}, since {since} ({command})".format(**owner)
        except (OSError, ValueError, KeyError, TypeError):
            time.sleep(PAUSE)
    return "it has not said which"
