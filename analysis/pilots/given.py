"""What a user says of a pilot's tables: a TOML file of columns and words, theirs and ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from analysis.pilots.words import CLASS_WORDS, COLUMNS, KIND_WORDS, STATUSES, plain_word
from sim.errors import meant_or_known
from sim.world.shock import STRICT, as_tuple
from sim.world.toml_file import TomlFile, at_home, read_toml

__all__ = ["LINKED_BY_NAME", "NOTHING_SAID", "PilotMap", "read_map"]

EmptyMap = Literal["nobody named", "no map", "missed"]
LINKED_BY_NAME = "name, kind and age"
ALL_COLUMNS = tuple(dict.fromkeys(column for of in COLUMNS.values() for column in of))


class _RawMap(BaseModel):
    """What the file may say."""

    model_config = STRICT

    weeks: Annotated[tuple[int, ...], BeforeValidator(as_tuple)] = ()
    weights: bool = False
    empty_map: EmptyMap | None = None
    same_member: Literal["alter_id", "name, kind and age"] = "alter_id"
    years_apart: Annotated[int, Field(ge=0, le=20)] = 2
    columns: dict[str, str | list[str]] = {}
    waves: dict[str, Annotated[int, Field(ge=1, le=99)]] = {}
    interview_status: dict[str, str] = {}
    tie_class: dict[str, str] = {}
    tie_kind: dict[str, str] = {}


@dataclass(frozen=True)
class PilotMap:
    """A checked file of what is called what.

    Attributes
    ----------
    name : str
        Of the file; "" if there is none.
    weeks : tuple of int
        Of the waves; empty if the tables say.
    weights : bool
        Whether the column `weight` counts.
    empty_map : str or None
        What an interview without a single member is, where nothing else tells.
    same_member : str
        By what a member is known from wave to wave.
    years_apart : int
        By how much an age may have moved, if members are linked by it.
    columns : dict
        Their names for each of our columns.
    waves : dict
        Number of each wave by its name, as `words.plain_word` has it.
    words : dict
        Of `interview_status`, `tie_class` and `tie_kind`: ours by theirs, as `words.plain_word`
        has it.
    """

    name: str = ""
    weeks: tuple[int, ...] = ()
    weights: bool = False
    empty_map: EmptyMap | None = None
    same_member: str = "alter_id"
    years_apart: int = 2
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    waves: dict[str, int] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)


NOTHING_SAID = PilotMap()


def read_map(path: str | Path) -> PilotMap:
    """Read what the user says.

    Raises
    ------
    InputError
        No such file, or something in it that means nothing.
    """
    file = read_toml(at_home(Path(path)))
    said = file.validate(_RawMap)
    for column in said.columns:
        _known(file, "columns", column, column, ALL_COLUMNS)
    known = {
        "interview_status": STATUSES,
        "tie_class": (*CLASS_WORDS, *KIND_WORDS),
        "tie_kind": KIND_WORDS,
    }
    words: dict[str, dict[str, str]] = {}
    for table, right in known.items():
        theirs: dict[str, str] = getattr(said, table)
        for word, ours in theirs.items():
            _known(file, table, word, ours, right)
        words[table] = {plain_word(word): ours for word, ours in theirs.items()}
    weeks = said.weeks
    if weeks and (weeks[0] != 0 or any(b <= a for a, b in pairwise(weeks))):
        file.fail(("weeks",), "must rise from 0, such as [0, 26, 52]")
    columns = {
        ours: (theirs,) if isinstance(theirs, str) else tuple(theirs)
        for ours, theirs in said.columns.items()
    }
    waves = {plain_word(name): number for name, number in said.waves.items()}
    return PilotMap(
        file.name, weeks, said.weights, said.empty_map, said.same_member, said.years_apart,
        columns, waves, words,
    )  # fmt: skip


def _known(file: TomlFile, table: str, key: str, word: str, right: tuple[str, ...]) -> None:
    if word not in right:
        hint = meant_or_known(word, right)
        file.fail((table, key), f'there is no "{word}"{hint}')
