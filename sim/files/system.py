"""What operating systems do differently: locks, an exchange of names, folders that last."""

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["RENAMES_OPEN_FILES", "exchange", "seize", "sync_folder"]

RENAMES_OPEN_FILES = sys.platform != "win32"
"""Whether a file that is open, and so held, can be renamed and removed."""

FAR_BEHIND = 2**30  # of a lock on Windows, which would keep others from reading what it covers
HERE = -100  # AT_FDCWD: relative to the working folder
EXCHANGE = 2  # RENAME_EXCHANGE
NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM)

if sys.platform == "win32":
    import msvcrt

    def seize(handle: int) -> bool:
        """Lock an open file for this process, until it is closed; False if another has it."""
        os.lseek(handle, FAR_BEHIND, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def seize(handle: int) -> bool:
        """Lock an open file for this process, until it is closed; False if another has it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def exchange(one: Path, other: Path) -> bool:
    """Give each of two files or folders the other's name, in one step.

    Returns
    -------
    bool
        False, and nothing is done, where the system or the disk has no such step.
    """
    swap = _renameat2()
    if swap is None:
        return False
    if swap(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(one))


@cache
def _renameat2() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    found = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if found is not None:
        found.argtypes = (
            ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint,
        )  # fmt: skip
    return found


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a loss of power, where the system offers that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network disks cannot
            raise
    finally:
        os.close(handle)
