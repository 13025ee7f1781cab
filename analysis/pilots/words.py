"""What tables may call things, and what it is in our words: columns, classes, kinds, statuses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from sim.study.settings import SCORES
from sim.world.kinds import CLASS_OF_GROUP, GROUP_OF_KIND, Kind, TieClass

__all__ = [
    "CLASS_WORDS", "COLUMNS", "KIND_WORDS", "KIN_WORDS", "STATUSES", "called", "class_of_kind",
    "folded", "plain_word", "synonyms",
]  # fmt: skip

STATUSES = ("complete", "partial", "missed")
CLASS_WORDS = tuple(one.name.lower() for one in TieClass)
KIND_WORDS = tuple(one.name.lower() for one in Kind)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "egos": (
        "ego_pid", "wave", "month_target", "interview_status", "n_alters", "weight", "team",
        "worker", *SCORES,
    ),
    "alters": (
        "ego_pid", "wave", "alter_id", "tie_class", "tie_kind", "alter_name", "alter_age",
    ),
}  # fmt: skip
"""What is read of each table, by our names."""


def class_of_kind(kind: str) -> str:
    """Class of a kind: a partner is kin."""
    return CLASS_WORDS[CLASS_OF_GROUP[GROUP_OF_KIND[KIND_WORDS.index(kind)]]]


KIN_WORDS = tuple(kind for kind in KIND_WORDS if class_of_kind(kind) == "kin")


def plain_word(text: str) -> str:
    """A word without what does not matter: case, and what stands between its parts."""
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")


def folded(theirs: Mapping[str, str]) -> dict[str, str]:
    """A table of words to be looked up by `plain_word`."""
    return {plain_word(word): ours for word, ours in theirs.items()}


@cache
def synonyms(table: str) -> Mapping[str, str]:
    """Their words for ours, of `interview_status`, `tie_class` or `tie_kind`; see `words.toml`."""
    return folded(_words()[table])


@cache
def _words() -> dict[str, dict[str, str]]:
    text = files("analysis.pilots").joinpath("words.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = tomllib.loads(text)
    return found


def called(column: str) -> Sequence[str]:
    """What a column may be called by others, the likeliest first."""
    return _words()["columns"].get(column, ())
