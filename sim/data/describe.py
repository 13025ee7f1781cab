"""What a bundle says about itself: codebook.csv, datapackage.json, README_SYNTHETIC.md."""

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sim.data import codebook
from sim.data.codebook import Column, ForeignKey, Table
from sim.data.recipes import RECIPES
from sim.data.serialise import json_bytes
from sim.errors import counted

__all__ = [
    "codebook_csv",
    "columns_asked",
    "datapackage_json",
    "dictionary_csv",
    "field_of",
    "package_json",
    "readme",
]

_DICTIONARY = (
    "file",
    "variable",
    "position",
    "type",
    "label",
    "question",
    "value",
    "value_code",
    "value_label",
    "is_missing",
    "universe",
    "wave_from",
    "wave_to",
    "derived_from",
    "unit",
    "minimum",
    "maximum",
)

_EARLIER = """
These people were recruited after {studies} of the same caseloads (`earlier` in `study.toml`):
nobody whom those had enrolled was asked. A bundle of the same seed and replicate without them is of
other people of the same world.
"""
_README = """\
# SYNTHETIC DATA: simulated people, not real ones

Everything in this folder was made by the simulator egocohort {version}. No person described here
exists. The data are **no evidence about patients, services or treatments**: what they show was put
in by the model's assumptions. They are for planning studies and for testing analysis code.

Study: {study}. Scenario: {scenario}. Seed: {seed}{replicate}.
{earlier}
## The files

| file | what it is |
|---|---|
{files}

What every column means, with its question, values, unit and range, is in `codebook.csv`; for
programs that label numbers alone, `value_code` has one for each category. A missing value is `NA`
in every CSV file; the files `*_miss.csv`, where present, say why (-9 refused to -5 not reached).
Ids begin with `SYN-` and are random signs: nothing can be read from them. `alter_id` is the same
for a member at every wave, `staff_id` the same for a worker in every map.
A Parquet file holds the same as the CSV file of the same name. The files in `truth/` tell what no
study would know: use them to judge an analysis, not to do it. Every table has the column
`synthetic`, always `TRUE`; keep it when you pass the data on.
{as_collected}
## Reading them

{recipes}
## Making them again

```
egocohort rerun manifest.json
```

makes the same files, byte for byte, with the versions named in `manifest.json`; that file also
holds the whole scenario, the whole study, every parameter with its source, and the sha256 of each
file.
"""

_AS_COLLECTED = """
The files in `as_collected/` are what came in, **with errors put in on purpose**: ids of one
interview only, names as they were given then, and cells, keys and even the way a file is written
that need not be as the codebook says. Every error is in `truth/corruption_log.csv`, with what stood
there before, so that a program for cleaning can be scored. Where errors of linkage were asked for,
`alter_id` in `alters.csv` and `alters.parquet` has them too.
"""

_OTHER_FILES = {
    "codebook.csv": "the dictionary: every column of every table, with labels, codes and units",
    "datapackage.json": "the same for programs (Frictionless data package)",
    "scenario.toml": "the simulated world, as used",
    "study.toml": "the simulated study, as used",
    "manifest.json": "versions, seed, recipe and checksums: all that is needed to make this again",
}


def codebook_csv(found: Mapping[str, pa.Table], last_wave: int) -> bytes:
    """Dictionary of the tables of a bundle: one row per file, column and code.

    Parameters
    ----------
    found
        Tables of the bundle by their names in the codebook. Of columns whose values the codebook
        leaves open (arms have the names a study gives them), those that occur are listed.
    last_wave
        Number of the last wave, the ``wave_to`` of tables that have waves.
    """
    files = [(codebook.table(name).paths[0], _columns(name, one)) for name, one in found.items()]
    return dictionary_csv(files, last_wave)


def _columns(name: str, table: pa.Table) -> tuple[Column, ...]:
    """Columns of a table as it was found."""
    return tuple(_as_found(column, table) for column in columns_asked(name))


def columns_asked(name: str) -> tuple[Column, ...]:
    """Columns of a table by its name in the codebook; nobody is asked for the truth."""
    one = codebook.table(name)
    return tuple(replace(c, question="") if one.is_truth else c for c in one.columns)


def dictionary_csv(files: Sequence[tuple[str, Sequence[Column]]], last_wave: int) -> bytes:
    """As `codebook_csv`, of files with their columns."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(_DICTIONARY)
    for file, columns in files:
        has_waves = any(column.name == "wave" for column in columns)
        for position, column in enumerate(columns, start=1):
            waves = (column.first_wave, last_wave) if has_waves else ("NA", "NA")
            for value, code, label, is_missing in _codes(column):
                row = (
                    file,
                    column.name,
                    position,
                    column.type,
                    column.label,
                    column.question or "NA",
                    value,
                    code,
                    label,
                    is_missing,
                    column.universe or "NA",
                    *waves,
                    column.derived_from or "NA",
                    column.unit or "NA",
                    *(_bound(bound) for bound in (column.minimum, column.maximum)),
                )
                writer.writerow(row)
    return sink.getvalue().encode()


def datapackage_json(
    found: Mapping[str, pa.Table],
    contents: Mapping[str, bytes],
    *,
    package: str,
    title: str,
    credit: Mapping[str, Any],
) -> bytes:
    """Frictionless description of the tables of a bundle, with schemas, keys and checksums.

    Parameters
    ----------
    found
        Tables of the bundle by their names in the codebook.
    contents
        Bytes of every file by its path in the bundle.
    package, title
        Name of the folder and a title for people.
    credit
        From `sim.data.credits.credits_of`.
    """
    resources = []
    for name, table in found.items():
        one = replace(codebook.table(name), columns=_columns(name, table))
        resources.append(_resource(one, one.paths[0], contents[one.paths[0]], list(found)))
    return package_json(package, title, credit, resources)


def package_json(
    package: str, title: str, credit: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]
) -> bytes:
    """A Frictionless data package of some resources; the other parameters as above."""
    description = {
        "name": re.sub("[^a-z0-9._-]", "-", package.lower()),
        "title": f"SYNTHETIC: {title}",
        "description": "Simulated people, not real ones; no evidence about patients or services.",
        "keywords": ["synthetic", "egocentric network", "simulation"],
        **credit,
        "resources": list(resources),
    }
    return json_bytes(description)


def readme(
    names: Sequence[str],
    *,
    version: str,
    study: str,
    scenario: str,
    seed: int,
    replicate: int | None,
    earlier: int = 0,
) -> bytes:
    """README_SYNTHETIC.md: in plain words, what the files are and that nobody in them is real."""
    rows = [
        f"| `{path}` | {one.title}: {one.row} |"
        for one in map(codebook.table, names)
        for path in one.paths
    ]
    rows += [f"| `{path}` | {text} |" for path, text in _OTHER_FILES.items()]
    text = _README.format(
        version=version,
        study=study,
        scenario=scenario,
        seed=seed,
        replicate="" if replicate is None else f", replicate {replicate}",
        earlier=_EARLIER.format(studies=counted(earlier, "study")) if earlier else "",
        files="\n".join(rows),
        recipes=RECIPES,
        as_collected=_AS_COLLECTED if any(codebook.table(n).is_as_collected for n in names) else "",
    )
    return text.encode()


def _as_found(column: Column, table: pa.Table) -> Column:
    """The column with the values that occur, in alphabetical order, if its values are open."""
    if not column.open_values:
        return column
    there = sorted(one for one in pc.unique(table[column.name]).to_pylist() if one is not None)
    return replace(
        column, values={one: column.values.get(one, one.replace("_", " ")) for one in there}
    )


def _codes(column: Column) -> list[tuple[str, str, str, str]]:
    """The (value, code, label, is_missing) rows of one column; one row of NA if it has no codes."""
    codes = column.codes
    rows = [
        (str(value), str(codes[value]), label, "FALSE") for value, label in column.values.items()
    ]
    meaning = codebook.missing_labels()
    rows += [(str(code), str(code), meaning[code], "TRUE") for code in column.missing]
    return rows or [("NA", "NA", "NA", "FALSE")]


def _bound(value: float | None) -> str:
    return "NA" if value is None else f"{value:g}"


def _resource(one: Table, path: str, data: bytes, names: Sequence[str]) -> dict[str, Any]:
    is_csv = path.endswith(".csv")
    is_table = is_csv and not one.is_as_collected
    resource: dict[str, Any] = {
        "name": _resource_name(one.name),
        "title": f"SYNTHETIC: {one.title}",
        "description": f"One row is {one.row}.",
        # Readers of tables need an extra to open Parquet, and would refuse errors put in on
        # purpose; as plain files their checksums are tested.
        "type": "table" if is_table else "file",
        "path": path,
        "format": "csv" if is_csv else "parquet",
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }
    if is_table:
        resource["encoding"] = "utf-8"
    if one.is_as_collected:
        return resource
    schema: dict[str, Any] = {"fields": [field_of(column) for column in one.columns]}
    if is_csv:
        schema["missingValues"] = ["NA"]
    if one.key:
        schema["primaryKey"] = list(one.key)
    foreign = [_foreign_key(key) for key in one.foreign if key.table in names]
    if foreign:
        schema["foreignKeys"] = foreign
    return {**resource, "schema": schema}


def field_of(column: Column) -> dict[str, Any]:
    """A column as Frictionless describes it."""
    words = [f"Unit: {column.unit}." if column.unit else ""]
    words.append(f"For {column.universe}." if column.universe else "")
    words.append(f"From {column.derived_from}." if column.derived_from else "")
    constraints: dict[str, Any] = {} if column.may_be_null else {"required": True}
    if column.values and not column.open_values:
        constraints["enum"] = list(column.values)
    if column.type == "boolean":
        constraints["enum"] = [True]
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    if column.pattern:
        # Frictionless matches from the start of the text; the codebook searches anywhere in it.
        constraints["pattern"] = (
            column.pattern if "^" in column.pattern else f".*{column.pattern}.*"
        )
    field: dict[str, Any] = {"name": column.name, "type": column.type, "title": column.label}
    description = " ".join(word for word in words if word)
    if description:
        field["description"] = description
    if column.type == "boolean":
        field |= {"trueValues": ["TRUE"], "falseValues": ["FALSE"]}
    if column.values:
        field["categories"] = [{"value": v, "label": lab} for v, lab in column.values.items()]
    if constraints:
        field["constraints"] = constraints
    return field


def _foreign_key(key: ForeignKey) -> dict[str, Any]:
    reference = {"resource": _resource_name(key.table), "fields": list(key.refers)}
    return {"fields": list(key.columns), "reference": reference}


def _resource_name(table_name: str) -> str:
    return table_name.replace("/", "_")
