"""What lies on disk, read with care: regular files of a sane size, and JSON without surprises."""

import json
import math
import stat
from pathlib import Path
from typing import Any, NoReturn

from sim.errors import InputError

__all__ = ["parse_json", "read_bytes"]

LONGEST_INTEGER = 40
"""Digits; far more than any number of ours has, and few enough to be printed."""


def read_bytes(file: Path, *, most: int | None = None, absent: str = "no such file") -> bytes:
    """Read one file whole.

    Parameters
    ----------
    file
        A regular file, or a link to one. A pipe or a device might never end.
    most
        How large it may be, in MB.
    absent
        What a message says if there is none.

    Raises
    ------
    sim.errors.InputError
        If there is no such file, it is none that can be read, or it is too large.
    """
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or a device"
            raise InputError(f"{file}: {what}, not a file")
        if most is not None and found.st_size > most * 10**6:
            size = math.ceil(found.st_size / 10**6)
            raise InputError(f"{file}: has {size} MB, which is too large; at most {most} MB")
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"{file}: {absent}") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{str(file)!r}: no name of a file") from None


def parse_json(data: bytes, name: str) -> Any:
    """Parse JSON in UTF-8, a byte order mark read over.

    Stricter than Python's own: no key twice, no NaN or Infinity, no half characters.

    Parameters
    ----------
    data
        Content of the file.
    name
        What messages call it.

    Raises
    ------
    sim.errors.InputError
        If it is not such JSON.
    """
    try:
        found = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_no_key_twice,
            parse_int=_short_integer,
            parse_float=_finite,
            parse_constant=_no_number,
        )
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except UnicodeError:
        raise InputError(f"{name}: not JSON (it is not UTF-8 text)") from None
    except RecursionError:
        raise InputError(f"{name}: not JSON of ours (nested too deep)") from None
    except ValueError as error:
        raise InputError(f"{name}: not JSON ({error})") from None
    return found


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in found if names.count(key) > 1)
        raise ValueError(f"the key {json.dumps(twice[:40])} stands twice")
    return found


def _short_integer(text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        raise ValueError(f"a whole number of {len(text)} digits")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:LONGEST_INTEGER]} is too large a number")
    return number


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
