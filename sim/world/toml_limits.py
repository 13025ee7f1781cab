"""What no file may hold, whatever it is about: limits on its text, its tables, words and numbers.

They are far beyond any study or scenario, and near enough that nothing after them is slow, runs
out of digits or ends in infinity.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["MOST_BYTES", "KeyPath", "fault_of_text", "faults_of_data", "long_number"]

KeyPath = tuple[str | int, ...]

MOST_BYTES = 1_000_000
MOST_PARTS = 16
"""Of a dotted key, and tables inside tables."""
MOST_ENTRIES, MOST_KEY, MOST_WORD, MOST_PROSE = 1000, 100, 1000, 20_000
SMALLEST, LARGEST = 1e-30, 1e15
"""Of a number other than 0, whatever its sign; its square is then a number too."""

PROSE = ("note", "title", "source", "sources", "text")
"""Keys under which there may be text of several lines."""

_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_LONG_KEY = re.compile(rf"^[ \t\[]*(?:{_PART}[ \t]*\.[ \t]*){{{MOST_PARTS},}}", re.M)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def fault_of_text(text: str) -> str:
    """What is wrong with a file before it is parsed, beginning with the line; "" if nothing."""
    at = text.find("\0")
    if at >= 0:
        return f"line {_line(text, at)}: not a TOML file: it holds a NUL character"
    found = _LONG_KEY.search(text)
    if found:
        return f"line {_line(text, found.start())}: a key has more than {MOST_PARTS} parts"
    return ""


def long_number(text: str) -> str:
    """Line of the first whole number that Python will not read, and the limit."""
    found = re.search(r"\d[\d_]{999,}", text)
    at = f"line {_line(text, found.start())}: " if found else ""
    return f"{at}a number has thousands of digits; must be at most {LARGEST:g}"


def faults_of_data(data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Place and words of all that no file may hold, one by one."""
    heap: list[tuple[KeyPath, Any, bool]] = [((), data, False)]
    while heap:
        path, value, is_prose = heap.pop()
        if len(path) > MOST_PARTS:
            yield path[:MOST_PARTS], f"more than {MOST_PARTS} tables or lists inside one another"
        elif isinstance(value, Mapping):
            yield from ((path, what) for key in value if (what := _of_key(key)))
            heap += [((*path, key), one, is_prose or key in PROSE) for key, one in value.items()]
        elif isinstance(value, (list, tuple)):
            if len(value) > MOST_ENTRIES:
                yield path, f"has {len(value)} entries; at most {MOST_ENTRIES}"
            heap += [((*path, n), one, is_prose) for n, one in enumerate(value)]
        elif what := _of_value(value, is_prose):
            yield path, what


def _of_key(key: object) -> str:
    if not isinstance(key, str):
        return f"{key!r} is no key; a key is text"
    if len(key) > MOST_KEY:
        return f'"{key[:20]}..." is a key of {len(key)} characters; at most {MOST_KEY}'
    if _UNPRINTABLE.search(key) or "\n" in key or "\r" in key:
        return f"{key[:20]!r} is a key with a character that cannot be printed"
    return ""


def _of_value(value: object, is_prose: bool) -> str:
    if isinstance(value, str):
        return _of_word(value, MOST_PROSE if is_prose else MOST_WORD, is_prose)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return f"must be a finite number, not {value}"
    if abs(value) > LARGEST:
        return f"{_said(value)} is out of range: must be at most {LARGEST:g}"
    if 0 < abs(value) < SMALLEST:
        return f"{value:g} is out of range: must be 0, or at least {SMALLEST:g}"
    return ""


def _said(value: float) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    digits = len(str(abs(value))) if value.bit_length() < 10_000 else "thousands of"
    return f"a number of {digits} digits"


def _of_word(word: str, most: int, is_prose: bool) -> str:
    if len(word) > most:
        return f'"{word[:20]}..." has {len(word)} characters; at most {most}'
    found = _UNPRINTABLE.search(word) or (None if is_prose else re.search("[\n\r]", word))
    if found:
        return f"has a character that cannot be printed, U+{ord(found[0]):04X}"
    return ""


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
