"""Ids of scenarios, studies and targets, which name folders of results."""

from __future__ import annotations

import re

from sim.missing_words import names_a_value

__all__ = ["LONGEST_ID", "names_a_folder"]

LONGEST_ID = 64
_DEVICES = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


def names_a_folder(word: str) -> str:
    """Check that an id can name a folder of results, on any system."""
    if len(word) > LONGEST_ID:
        raise ValueError(f'"{word[:20]}..." has {len(word)} characters; at most {LONGEST_ID}')
    if not re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", word):
        raise ValueError(
            f'"{word}" cannot name a folder of results; use lower-case letters, digits, - and _, '
            "beginning and ending with a letter or digit"
        )
    if _DEVICES.fullmatch(word):
        raise ValueError(f'"{word}" cannot name a folder: Windows keeps it for a device')
    return names_a_value(word)
