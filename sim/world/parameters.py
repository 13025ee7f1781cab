"""The catalogue of parameters: every number with a meaning, and where each one comes from.

`scenarios/parameters.toml` holds the numbers (value, unit, range, source, grade, note, level) and
`scenarios/sources.toml` the sources. The kernel reads them as one record of float32 fields; a
field is called after the path of its parameter, dots replaced by underscores.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, FiniteFloat, RootModel, model_validator
from pydantic import StringConstraints as Text

from sim.errors import InputError, nearest
from sim.world.latents import check_correlations, correlation_factor, pair_of
from sim.world.toml_file import read_toml, shipped

Grade = Literal["reported", "derived", "fitted", "assumed"]
Level = Literal["ego", "post"]
Status = Literal["seen", "derived", "recalled", "judgement", "founding-paper"]
SERVICES = "service."
"""What paths begin with that are of staff, their time and their visits."""
_SLACK = 1e-9  # a bound may be missed by rounding, as 3 * 0.1 misses 0.3


def _pair(value: object) -> object:
    """A list of two as the pair it stands for."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("must be a list of two numbers, [lowest, highest]")
    return tuple(value)


class _RawGround(BaseModel):
    """What a group rests on where it is not what the others of its table rest on."""

    model_config = ConfigDict(strict=True, extra="forbid")

    source: str
    grade: Grade
    note: str = ""


class _RawEntry(BaseModel):
    """What a table of `parameters.toml` must hold."""

    model_config = ConfigDict(strict=True, extra="forbid")

    value: FiniteFloat | None = None
    values: dict[str, FiniteFloat] | None = None
    unit: Annotated[str, Text(min_length=1)]
    range: Annotated[tuple[FiniteFloat, FiniteFloat], BeforeValidator(_pair)]
    source: str
    grade: Grade
    note: str = ""
    level: Level = "ego"
    but: dict[str, _RawGround] = {}

    @model_validator(mode="after")
    def _has_a_number(self) -> _RawEntry:
        if (self.value is None) == (self.values is None):
            raise ValueError("needs a value, or values for several groups; one of the two")
        if other := set(self.but) - set(self.values or {}):
            raise ValueError(f'but: there is no value for "{min(other)}"')
        return self

    def numbers(self, dotted: str) -> Iterator[tuple[str, float, _RawEntry | _RawGround]]:
        """Path, value and what it rests on, of each parameter in the table."""
        if self.value is not None:
            yield dotted, self.value, self
        above, _, name = dotted.rpartition(".")
        for group, value in (self.values or {}).items():
            yield f"{above}.{group}.{name}".lstrip("."), value, self.but.get(group, self)


class _RawSource(BaseModel):
    """What a table of `sources.toml` must hold."""

    model_config = ConfigDict(strict=True, extra="forbid")

    text: Annotated[str, Text(min_length=1)]
    status: Status
    year: int | None = None
    doi: str = ""
    url: str = ""


_RawEntries = RootModel[dict[str, _RawEntry]]
_RawSources = RootModel[dict[str, _RawSource]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One parameter with all that is known of it.

    Attributes
    ----------
    path
        Dotted name, such as `tie.friend.end_rate`.
    value, unit, low, high
        The number, its unit, and the range in which it makes sense (in that unit).
    source
        Ids of entries of `sources.toml`, separated by spaces; "" when there is none.
    grade
        How well it is known: reported, derived, fitted or assumed.
    note
        A remark for the reader; "" when there is none.
    level
        "ego" if each ego has its own value, "post" if each staff post has.
    index
        Place in the record.
    """

    path: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    grade: str
    note: str
    level: str
    index: int

    @property
    def field(self) -> str:
        """Name of the field in the record."""
        return self.path.replace(".", "_")


class Source(NamedTuple):
    """Where a figure comes from.

    `status` says how far it may be trusted: seen (read in public text), derived (arithmetic from
    such figures), recalled (from memory, unverified), judgement (a proposal without a source),
    founding-paper (stated in the paper the simulator starts from).
    """

    id: str
    text: str
    status: str
    year: int | None
    doi: str
    url: str


class Catalogue(Mapping[str, Entry]):
    """All parameters by path, in the order of the file, and the record the kernel reads.

    Attributes
    ----------
    dtype
        numpy dtype of one record: a float32 field per parameter, in the order of the file.
        Elements allow `record.field` as well as `record["field"]`, in Python as in numba.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = dict(entries)
        fields = [(entry.field, np.float32) for entry in self._entries.values()]
        self.dtype = np.dtype((np.record, fields))
        self._values = np.array([entry.value for entry in self._entries.values()], np.float32)
        self._correlations = tuple(path for path in self._entries if pair_of(path))

    def __getitem__(self, path: str) -> Entry:
        return self._entries[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, path: str, where: str) -> Entry:
        """The entry of `path`; an `InputError` with the nearest name if there is none.

        `where` is the place of the name in the user's file, for the message.
        """
        try:
            return self._entries[path]
        except KeyError:
            raise InputError(
                f'{where}: there is no parameter "{path}"'
                f"{nearest(path, self._entries) or '; egocohort show --shocks lists them'}"
            ) from None

    def check(self, path: str, value: object, where: str) -> float:
        """A value for `path`, in its unit, as a float known to be in range.

        Parameters
        ----------
        path
            Dotted name of the parameter.
        value
            What the user wants it to be.
        where
            Where this was written, for the message.

        Raises
        ------
        InputError
            No such parameter, not a number, or outside the range of the parameter.
        """
        entry = self.entry(path, where)
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
            raise InputError(f"{where}: {path} must be a number, not {value!r}")
        number = float(value)
        slack = _SLACK * max(abs(entry.low), abs(entry.high))
        if not entry.low - slack <= number <= entry.high + slack:
            raise InputError(
                f"{where}: {path} = {number:g} is out of range: "
                f"must be {entry.low:g} to {entry.high:g} ({entry.unit})"
            )
        return min(max(number, entry.low), entry.high)

    def record(self, overrides: Mapping[str, float] | None = None) -> np.ndarray:
        """The parameters as the kernel takes them.

        Parameters
        ----------
        overrides
            Values that differ from the catalogue's, by path, each in the unit of its entry.

        Returns
        -------
        np.ndarray
            Shape (1,), dtype `Catalogue.dtype`; a fresh copy.

        Raises
        ------
        InputError
            As `check`.
        """
        values = self._values.copy()
        for path, value in (overrides or {}).items():
            number = self.check(path, value, "parameters")
            values[self._entries[path].index] = number
        return values.view(self.dtype)

    def factor(self, record: np.record) -> np.ndarray:
        """What correlates the lasting traits of people: see `latents.correlation_factor`.

        Parameters
        ----------
        record
            Parameters, one record.

        Returns
        -------
        np.ndarray
            (n, n) float32, n latents; shared, and not to be written to.
        """
        return correlation_factor(
            lambda path: record[self._entries[path].field], self._correlations
        )

    @property
    def hash(self) -> str:
        """sha256 over paths, values and levels: what a run depends on."""
        rows = [[entry.path, entry.value, entry.level] for entry in self._entries.values()]
        return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue, read once."""
    return read_catalogue(shipped() / "parameters.toml")


@cache
def sources() -> dict[str, Source]:
    """The shipped sources by id, read once."""
    return read_sources(shipped() / "sources.toml")


def read_catalogue(path: Traversable) -> Catalogue:
    """Read a file of parameters.

    A table holds one parameter (`value`), or the same one for several groups (`values`): in
    `[tie]`, `end_rate = { values = { friend = 0.1, kin = 0.04 }, ... }` makes
    `tie.friend.end_rate` and `tie.kin.end_rate`. A group named in `but` has a source, a grade and
    a note of its own.

    Raises
    ------
    InputError
        Not TOML, an entry with a missing, unknown or mistyped key, a grade or level that does not
        exist, a value outside its own range, a parameter given twice, or two paths that would
        share a field; correlations that cannot hold together.
    """
    file = read_toml(path)
    raw = replace(file, data=dict(_leaves(file.data, ()))).validate(_RawEntries).root
    entries: dict[str, Entry] = {}
    fields: dict[str, str] = {}
    for written, one in raw.items():
        low, high = one.range
        for dotted, value, ground in one.numbers(written):
            entry = Entry(
                dotted, value, one.unit, low, high,
                ground.source, ground.grade, ground.note, one.level, len(entries),
            )  # fmt: skip
            if not low <= value <= high:
                file.fail(
                    (written,), f"{dotted} = {value:g} is outside its range {low:g} to {high:g}"
                )
            if dotted in entries:
                file.fail((written,), f"{dotted} is given twice")
            other = fields.setdefault(entry.field, dotted)
            if other != dotted:
                file.fail((written,), f'{dotted} shares its field name with "{other}"; rename one')
            entries[dotted] = entry
    check_correlations({path: one.value for path, one in entries.items()}, file.name)
    return Catalogue(entries)


def read_sources(path: Traversable) -> dict[str, Source]:
    """Read a file of sources, `id = { text, status, year, doi, url }` each.

    Raises
    ------
    InputError
        Not TOML, or an entry with a missing, unknown or mistyped key.
    """
    raw = read_toml(path).validate(_RawSources).root
    return {key: Source(id=key, **dict(one)) for key, one in raw.items()}


def _leaves(table: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Every table that holds anything but tables, by dotted path, in the order of the file."""
    for key, value in table.items():
        path = (*above, key)
        if isinstance(value, dict) and all(isinstance(one, dict) for one in value.values()):
            yield from _leaves(value, path)
        else:
            yield ".".join(path), value
