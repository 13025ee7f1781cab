"""Other ways to write a CSV file, and back: what spreadsheets and other systems do to one."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sim.data.errors.sheets import csv_rows, csv_text

__all__ = ["RESPELLINGS", "Respelling"]

POINT, COMMA = re.compile(r"(-?\d+)\.(\d+)"), re.compile(r"(-?\d+),(\d+)")
ISO, DAY_FIRST = re.compile(r"(\d{4})-(\d\d)-(\d\d)"), re.compile(r"(\d\d)/(\d\d)/(\d{4})")


class Respelling(NamedTuple):
    """One way of writing: from the plain text to other bytes, and back to the plain text."""

    spoil: Callable[[str], bytes]
    mend: Callable[[bytes], str]


def _with_semicolons(text: str) -> bytes:
    sink = io.StringIO()
    rows = [[POINT.sub(r"\1,\2", cell) if POINT.fullmatch(cell) else cell for cell in row]
            for row in csv_rows(text)]  # fmt: skip
    csv.writer(sink, delimiter=";", lineterminator="\n").writerows(rows)
    return sink.getvalue().encode()


def _without_semicolons(data: bytes) -> str:
    rows = [[COMMA.sub(r"\1.\2", cell) if COMMA.fullmatch(cell) else cell for cell in row]
            for row in csv_rows(data.decode(), ";")]  # fmt: skip
    return csv_text(rows)


def _dates(text: str, pattern: re.Pattern[str], other: str) -> str:
    rows = [[pattern.sub(other, cell) if pattern.fullmatch(cell) else cell for cell in row]
            for row in csv_rows(text)]  # fmt: skip
    return csv_text(rows)


RESPELLINGS: Mapping[str, Respelling] = {
    "semicolons, decimal commas": Respelling(_with_semicolons, _without_semicolons),
    "byte order mark": Respelling(
        lambda text: codecs.BOM_UTF8 + text.encode(), lambda data: data.decode("utf-8-sig")
    ),
    "lines end in CR LF": Respelling(
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda data: data.decode().replace("\r\n", "\n"),
    ),
    "dates with the day first": Respelling(
        lambda text: _dates(text, ISO, r"\3/\2/\1").encode(),
        lambda data: _dates(data.decode(), DAY_FIRST, r"\3-\2-\1"),
    ),
}
"""Each way by its name in the log."""
