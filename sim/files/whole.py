"""A file is written whole or not at all, and not before it would outlive a loss of power.

It is made beside its place under the name ``.NAME.<hex>.unfinished``, synchronised and renamed. Who
makes it holds the system's lock on it: one that nobody holds was left by a run that was killed.
"""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from glob import escape
from pathlib import Path

from sim.errors import RunError
from sim.files.system import RENAMES_OPEN_FILES, seize, sync_folder

__all__ = [
    "UNFINISHED",
    "beside",
    "hidden_name",
    "make_folder",
    "remove_each",
    "write_new",
    "write_together",
    "write_whole",
]

UNFINISHED = ".unfinished"
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_whole(file: Path, data: bytes) -> Path:
    """Write one file, replacing it; its folder is made if need be.

    Raises
    ------
    sim.errors.RunError
        If the disk is full or cannot be written. Nothing is changed, and nothing left behind.
    """
    write_together({file: data})
    return file


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write files that belong together: all are on the disk before the first gets its name.

    Raises
    ------
    sim.errors.RunError
        As in `write_whole`.
    """
    file = Path()
    try:
        with ExitStack() as stack:
            made: dict[Path, Path] = {}
            for file, data in contents.items():
                make_folder(file.parent)
                remove_each(beside(file, UNFINISHED))
                made[file] = stack.enter_context(_unfinished(file, data))
            for file, hidden in made.items():
                hidden.replace(file)
            for folder in dict.fromkeys(file.parent for file in contents):
                sync_folder(folder)
    except OSError as error:
        raise RunError(f"{file}: cannot be written: {error.strerror or error}") from error


def hidden_name(place: Path) -> Path:
    """A name beside a file or folder for what is to take its place; never the same one twice."""
    return place.with_name(f".{place.name}.{secrets.token_hex(4)}{UNFINISHED}")


def beside(place: Path, ending: str) -> list[Path]:
    """What runs have left beside a place under names as those of `hidden_name`."""
    return sorted(place.parent.glob(f".{escape(place.name)}.{'[0-9a-f]' * 8}{ending}"))


def remove_each(files: Iterable[Path]) -> None:
    """Remove unfinished files whose writers are no longer alive."""
    for file in files:
        with suppress(OSError):
            handle = os.open(file, os.O_RDWR)
            try:
                if RENAMES_OPEN_FILES and seize(handle):
                    file.unlink()
            finally:
                os.close(handle)
            if not RENAMES_OPEN_FILES:
                file.unlink()  # refused while somebody has it open


def make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it, to last; return those that were not there, inmost last.

    Raises
    ------
    OSError
        If one cannot be made, or a file has its name.
    """
    if folder.is_dir():
        return []
    made = make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)
    return [*made, folder]


def write_new(file: Path, data: bytes) -> None:
    """Write and synchronise a file that is not there yet, not to be seen before it is renamed."""
    handle = os.open(file, NEW, 0o666)
    try:
        _fill(handle, data)
    finally:
        os.close(handle)


def _fill(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]
    os.fsync(handle)


@contextmanager
def _unfinished(file: Path, data: bytes) -> Iterator[Path]:
    """The bytes on disk under a hidden name, which is gone afterwards."""
    with ExitStack() as after:
        hidden, handle = _begun(file, after)
        with ExitStack() as held:
            held.callback(os.close, handle)
            _fill(handle, data)
            if RENAMES_OPEN_FILES:
                after.push(held.pop_all())
        yield hidden


def _begun(file: Path, after: ExitStack) -> tuple[Path, int]:
    """A hidden file, open and held; another one if the first was swept before it was held."""
    while True:
        hidden = hidden_name(file)
        after.callback(_remove, hidden)
        handle = os.open(hidden, NEW, 0o666)
        with suppress(OSError):  # a disk without locks, where nobody sweeps either
            seize(handle)
        if hidden.exists():
            return hidden, handle
        os.close(handle)


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
