"""A folder for code that will be run: nobody but this user can have written what is in it.

Its name is a kind and a hash; folders of the same kind that nothing has used for a season are
removed. On Windows, where files have no such mode and a user's folders are that user's own,
ownership is not checked.
"""

import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from sim.errors import InputError

__all__ = ["is_foreign", "private_folder"]

_UNUSED = 90 * 24 * 3600.0
"""Seconds after which the code of another version is taken to be of no use any more."""


def private_folder(name: str) -> Path | None:
    """Where files are kept under a name from run to run; None if there is no safe place.

    The place is `EGOCOHORT_CACHE` if that is set, else the user's cache, else a folder of the
    user's own among the temporary files.

    Raises
    ------
    InputError
        `EGOCOHORT_CACHE` names a folder that cannot be used or that others can write to.
    """
    return _found(name, os.environ.get("EGOCOHORT_CACHE"), os.environ.get("XDG_CACHE_HOME"))


def is_foreign(found: os.stat_result) -> bool:
    """Whether a file or folder belongs to another user or can be written by one."""
    if os.name == "nt":
        return False
    return found.st_uid != os.geteuid() or bool(found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


@cache
def _found(name: str, given: str | None, users: str | None) -> Path | None:
    if given:
        try:
            return _used(_private(Path(os.path.realpath(given)) / name))
        except OSError as error:
            raise InputError(
                f"EGOCOHORT_CACHE ({given}) cannot keep compiled code: "
                f"{error.filename or given}: {error.strerror}; "
                "name a folder that only you can write to, or unset it"
            ) from error
    for place in _places(users):
        try:
            return _used(_private(_private(place) / name))
        except OSError:
            continue
    return None


def _places(users: str | None) -> Iterator[Path]:
    """Folders of this user's own; an account without a home (in a container) has no cache there."""
    home = os.path.expanduser("~")  # noqa: PTH111  # Path.home raises if there is none
    if users or home != "~":
        yield Path(os.path.realpath(Path(users or f"{home}/.cache") / "egocohort"))
    user = "" if os.name == "nt" else f"-{os.geteuid()}"
    yield Path(os.path.realpath(tempfile.gettempdir())) / f"egocohort{user}"


def _private(folder: Path) -> Path:
    """Make a folder that this user alone can write to, or an OSError that says why it is not."""
    for path in (*reversed(folder.parents), folder):
        if not path.exists():
            path.mkdir(mode=0o700, exist_ok=True)
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "it is not a folder", str(folder))
    if os.name != "nt":
        _refuse_swapping(folder)
        _tighten(folder)
    tempfile.TemporaryFile(dir=folder).close()
    return folder


def _refuse_swapping(folder: Path) -> None:
    """Whoever can write to a folder above could put another in this one's place.

    Not if the folder is sticky, as that of temporary files is. A group with its owner's number is
    by custom the owner's alone.
    """
    for parent in folder.parents:
        found = parent.stat()
        others = stat.S_IWOTH if found.st_gid == found.st_uid else stat.S_IWOTH | stat.S_IWGRP
        if found.st_mode & others and not found.st_mode & stat.S_ISVTX:
            raise PermissionError(errno.EPERM, "others can write to it", str(parent))


def _tighten(folder: Path) -> None:
    if is_foreign(folder.lstat()) and folder.lstat().st_uid == os.geteuid():
        folder.chmod(0o700)
    if is_foreign(folder.lstat()):
        raise PermissionError(errno.EPERM, "another user owns it or can write to it", str(folder))


def _used(folder: Path) -> Path:
    """Mark a folder as used, and remove its like that have not been for long."""
    with suppress(OSError):
        os.utime(folder)
        kind = folder.name.rpartition("-")[0]
        for other in folder.parent.glob(f"{kind}-{'[0-9a-f]' * 16}"):
            if time.time() - other.lstat().st_mtime > _UNUSED:
                shutil.rmtree(other, ignore_errors=True)
    return folder
