"""The codebook: what every column of every table means, read once from ``codebook.toml``.

Nothing else in the project says what a column is called, which codes it may hold or how it is
labelled: ``codebook.csv``, ``datapackage.json`` and the labels of exports are made from here.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from sim.errors import nearest
from sim.missing_words import MISSING_WORDS
from sim.study.missing import MISSING_CODES

__all__ = [
    "CodebookError",
    "Column",
    "ForeignKey",
    "Table",
    "missing_labels",
    "table",
    "tables",
]

SYNTHETIC = "synthetic"
"""The last column of every table. There is no switch to leave it out."""

_TYPES = ("integer", "number", "string", "boolean", "date")
_LONGEST_NAME = 26
_FORBIDDEN = {"name", "id", "from", "to", "type"}
_NOT_SNAKE_CASE = {"egoID", "alterID", "Source", "Target"}  # names that the R package egor expects


class CodebookError(ValueError):
    """A table does not agree with the codebook: a mistake in the program, not in the input."""


@dataclass(frozen=True)
class Column:
    """One column of one table.

    ``values`` are its codes with their labels (closed unless ``open_values``), ``missing`` the
    missing codes that raw data may hold, ``decimals`` the fixed number of decimals of a number
    (None: unrounded float32). The other fields are explained at the top of ``codebook.toml``.
    """

    name: str
    type: str
    label: str
    unit: str = ""
    values: Mapping[int, str] | Mapping[str, str] = field(default_factory=dict)
    open_values: bool = False
    missing: tuple[int, ...] = ()
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None
    pattern: str = ""
    universe: str = ""
    first_wave: int = 1
    derived_from: str = ""
    question: str = ""

    @property
    def may_be_null(self) -> bool:
        """Whether the analyst's table may hold NA here, with or without a code."""
        return self.nullable or bool(self.missing)

    @property
    def codes(self) -> Mapping[Any, int]:
        """A whole number for each value, for readers that label nothing else (Stata, SPSS).

        The value itself where it is one, else its place in the list, from 1.
        """
        if self.type == "integer":
            return {value: int(value) for value in self.values}
        return {str(value): number for number, value in enumerate(self.values, start=1)}

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The least and the largest of its codes, if all whole numbers between are codes too."""
        if self.type != "integer" or not self.values:
            return None
        low, high = min(self.codes), max(self.codes)
        return (low, high) if high - low + 1 == len(self.codes) else None

    def matches(self, text: str) -> bool:
        """Whether a text looks as ``pattern`` says; always true without a pattern."""
        return re.search(self.pattern, text) is not None


@dataclass(frozen=True)
class ForeignKey:
    """Columns of a table whose values must occur in the columns ``refers`` of another ``table``."""

    columns: tuple[str, ...]
    table: str
    refers: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table of the bundle: its columns in order, its key, the formats it is written in."""

    name: str
    title: str
    row: str
    formats: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    foreign: tuple[ForeignKey, ...] = ()
    optional: bool = False

    @property
    def is_truth(self) -> bool:
        """Whether the table tells what really happened, which no analyst would see."""
        return self.name.startswith("truth/")

    @property
    def is_as_collected(self) -> bool:
        """Whether the table may hold errors on purpose, so that no cell need be as it says."""
        return self.name.startswith("as_collected/")

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the table lies in the bundle, one path per format."""
        return tuple(f"{self.name}.{extension}" for extension in self.formats)

    def column(self, name: str) -> Column:
        """Find one column by its name; `CodebookError` when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        known = [column.name for column in self.columns]
        raise CodebookError(f'table {self.name} has no column "{name}"{nearest(name, known)}')


@cache
def tables() -> Mapping[str, Table]:
    """Every table of the codebook by name, as ``persons`` or ``truth/ties``, in file order.

    Raises
    ------
    CodebookError
        If the file breaks a rule of its own, for instance a column name of more than 26 characters.
    """
    source = _source()
    found = {name: _table(source, name) for name in source["tables"]}
    for one in found.values():
        _check_names(one)
        for key in one.foreign:
            _check_foreign_key(found, one, key)
    return found


@cache
def table(name: str) -> Table:
    """One table by name; ``alters_miss`` is the list of the missing codes of ``alters``.

    Raises
    ------
    CodebookError
        If there is no such table.
    """
    known = tables()
    if name in known:
        return known[name]
    base = name.removesuffix("_miss")
    if base != name and base in known and known[base].key and not known[base].is_truth:
        return _missing_table(known[base])
    raise CodebookError(f'no table "{name}" in the codebook{nearest(name, known)}')


@cache
def missing_labels() -> Mapping[int, str]:
    """The meaning of each missing code, from -9 to -5."""
    return {int(code): label for code, label in _source()["missing_labels"].items()}


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads(files("sim.data").joinpath("codebook.toml").read_text(encoding="utf-8"))


def _table(source: dict[str, Any], name: str) -> Table:
    declared = source["tables"][name]
    base = declared.get("like", name)
    left_out = declared.get("without", ())
    shown = [column for column in source["tables"][base]["columns"] if column not in left_out]
    columns = [_column(source, base, column) for column in shown]
    columns.append(Column(SYNTHETIC, "boolean", "Simulated, not a real person: always TRUE"))
    foreign = tuple(
        ForeignKey(tuple(k["columns"]), k["table"], tuple(k.get("refers", k["columns"])))
        for k in declared.get("foreign", [])
    )
    return Table(
        name=name,
        title=declared["title"],
        row=declared["row"],
        formats=tuple(declared["formats"]),
        columns=tuple(columns),
        key=tuple(declared["key"]),
        foreign=foreign,
        optional=declared.get("optional", False),
    )


def _column(source: dict[str, Any], table_name: str, name: str) -> Column:
    declared = dict(source["tables"][table_name]["columns"][name])
    other = declared.pop("same_as", None)
    if "open" in declared:
        declared["open_values"] = declared.pop("open")
    if "missing" in declared:
        declared["missing"] = tuple(source["missing"][declared["missing"]])
    if other is not None:
        other_table, _, other_name = other.rpartition(".")
        base = _column(source, other_table, other_name)
        column = replace(base, **{"derived_from": "", **declared, "name": name})
    else:
        if "values" in declared:
            labels = source["values"][declared["values"]]
            as_code = int if declared["type"] == "integer" else str
            declared["values"] = {as_code(code): label for code, label in labels.items()}
        column = Column(name=name, **declared)
    _check_column(table_name, column)
    return column


def _missing_table(base: Table) -> Table:
    """List, cell by cell, which missing code stands behind an NA of ``base``."""
    coded = {c.name: c.label for c in base.columns if c.missing}
    key = tuple(base.column(name) for name in base.key)
    variable = Column("variable", "string", "Column that is NA", values=coded)
    code = Column("code", "integer", "Why it is NA", values=missing_labels())
    return Table(
        name=f"{base.name}_miss",
        title=f"Reasons of the missing values in {base.name}",
        row=f"one cell of {base.name} that is NA for a stated reason",
        formats=("csv",),
        columns=(*key, variable, code, base.column(SYNTHETIC)),
        key=(*base.key, "variable"),
        foreign=(ForeignKey(base.key, base.name, base.key),),
        optional=True,
    )


def _check_column(table_name: str, column: Column) -> None:
    where = f"{table_name}.{column.name}"
    if column.type not in _TYPES:
        raise CodebookError(f'{where}: unknown type "{column.type}"{nearest(column.type, _TYPES)}')
    if column.type == "string" and MISSING_WORDS & set(map(str, column.values)):
        raise CodebookError(f"{where}: has a value that pandas or R reads as missing")
    if not set(column.missing) <= set(MISSING_CODES):
        raise CodebookError(f"{where}: missing codes must be among {MISSING_CODES}")
    in_doubt = column.type in ("integer", "number") and not column.values
    least = column.minimum
    if column.missing and in_doubt and (least is None or least <= max(MISSING_CODES)):
        raise CodebookError(f"{where}: a minimum above -5 must tell values from missing codes")


def _check_names(one: Table) -> None:
    """Names that every reader can bear: R, Stata, SPSS, and users' unanchored pattern searches."""
    names = [column.name for column in one.columns]
    for name in names:
        where = f"{one.name}.{name}"
        if name in _FORBIDDEN or (one.name == "alters" and name == "weight"):
            raise CodebookError(f"{where}: a reader takes this name for its own")
        if len(name) > _LONGEST_NAME:
            raise CodebookError(f"{where}: longer than {_LONGEST_NAME} characters")
        if name not in _NOT_SNAKE_CASE and not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
            raise CodebookError(f"{where}: not snake_case")
        # A search for "sex_" (all options of sex) must not catch "alter_sex_female".
        for other, spellings in _spellings(one).items():
            if other != name and any(f"{name}_" in spelling for spelling in spellings):
                raise CodebookError(f'{where}: a search for "{name}_" also finds {other}')


def _spellings(one: Table) -> dict[str, list[str]]:
    """Each column as files spell it: its name; in wide exports one column per worded option."""
    return {
        column.name: [
            column.name,
            *(f"{column.name}_{value}" for value in column.values if column.type == "string"),
        ]
        for column in one.columns
    }


def _check_foreign_key(found: Mapping[str, Table], one: Table, key: ForeignKey) -> None:
    if key.table not in found:
        raise CodebookError(f'{one.name}: foreign key to unknown table "{key.table}"')
    for own, other in zip(key.columns, key.refers, strict=True):
        if one.column(own).type != found[key.table].column(other).type:
            raise CodebookError(f"{one.name}.{own}: not of the type of {key.table}.{other}")
