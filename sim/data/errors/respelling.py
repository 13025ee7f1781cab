"""Other ways to write a CSV file, and back: what spreadsheets and other systems do to one."""

from __future__ import annotations

import codecs
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


def _cells(
    text: str, pattern: re.Pattern[str], other: str, delimiter: str = ",", then: str = ","
) -> str:
    """The text with cells that are of a pattern written another way, `then` between them."""
    if delimiter == "," and not any(mark in text for mark in ('"', "\r", ";")):
        whole = re.compile(f"(?<![^{then}\n]){pattern.pattern}(?![^{then}\n])")
        return whole.sub(other, text.replace(",", then))  # no cell has a delimiter in it
    rows = [[pattern.sub(other, cell) if pattern.fullmatch(cell) else cell for cell in row]
            for row in csv_rows(text, delimiter)]  # fmt: skip
    return csv_text(rows, then)


RESPELLINGS: Mapping[str, Respelling] = {
    "semicolons, decimal commas": Respelling(
        lambda text: _cells(text, POINT, r"\1,\2", then=";").encode(),
        lambda data: _cells(data.decode(), COMMA, r"\1.\2", delimiter=";"),
    ),
    "byte order mark": Respelling(
        lambda text: codecs.BOM_UTF8 + text.encode(), lambda data: data.decode("utf-8-sig")
    ),
    "lines end in CR LF": Respelling(
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda data: data.decode().replace("\r\n", "\n"),
    ),
    "dates with the day first": Respelling(
        lambda text: _cells(text, ISO, r"\3/\2/\1").encode(),
        lambda data: _cells(data.decode(), DAY_FIRST, r"\3-\2-\1"),
    ),
}
"""Each way by its name in the log."""
