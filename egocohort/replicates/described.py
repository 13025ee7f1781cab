"""What a data set of many studies says of itself: codebook, data package, README, manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.runs.kept_tables import RECORD, REPLICATE
from egocohort.replicates.request import ManyStudies
from sim.data import codebook, describe, provenance
from sim.data.codebook import SYNTHETIC, Column
from sim.data.credits import credits_of
from sim.data.serialise import json_bytes, toml_bytes
from sim.errors import typed
from sim.world.parameters import catalogue

__all__ = ["FORMAT", "descriptions"]

FORMAT = "egocohort-replicates/1"
"""Of the manifest of a data set."""

MARK = Column(SYNTHETIC, "boolean", "Simulated, not a real person: always TRUE")
NUMBER = Column(REPLICATE, "integer", "Number of the replicate, from 0", minimum=0)
OF_RECORD = (
    Column("table", "string", "Name of a table of this replicate"),
    Column("rows", "integer", "Rows that the table has of this replicate", minimum=0),
    Column("digest", "string", "Sha256 of what they say, as manifest.json of its bundle has it"),
)
_README = """\
# SYNTHETIC DATA: simulated people, not real ones

Everything in this folder was made by the simulator egocohort {version}. No person described here
exists. The data are **no evidence about patients, services or treatments**: what they show was put
in by the model's assumptions. They are for planning studies and for testing analysis code.

Study: {study}. Scenario: {scenario}. Seed: {seed}. Replicates: {replicates}.

One study was simulated {replicates} times; the replicates are numbered from 0 to {last}. Each is a
study of its own, with other people and other chance, but with the same identifiers: join tables
by `replicate` and the identifier, never by the identifier alone.

## The files

Each table is a folder of Parquet files, to be read as one.

| folder | what it is |
|---|---|
{files}

`codebook.csv` says what every column means; `datapackage.json` says it to programs. `study.toml`
and `scenario.toml` are the recipes as used. Every table has the column `synthetic`, always true;
keep it when you pass the data on. Tables in `truth/` tell what no study would know.

## Reading them

With pandas, Polars and DuckDB; in R, `open_dataset` of the package arrow opens such a folder:

```python
import pandas as pd

rows = pd.read_parquet("{one}", filters=[("replicate", "<", 10)])  # or all of them, without filters
```

```python
import polars as pl

rows = pl.scan_parquet("{one}/*.parquet").filter(pl.col("replicate") < 10).collect()
```

```sql
SELECT replicate, count(*) FROM '{one}/*.parquet' GROUP BY replicate;
```

## Making them again

```
{command}
```

makes the same files, byte for byte, with the versions named in `manifest.json`; more replicates are
added to those that are there. `{single} --replicate 0` writes
replicate 0 as a bundle with all its tables, the truth too.
"""

TITLE_OF_RECORD = ("What is there of each replicate", "one table of one replicate")


def descriptions(name: str, asked: ManyStudies, files: Mapping[str, str]) -> dict[str, bytes]:
    """The files beside the tables, by name, the manifest last.

    Parameters
    ----------
    name
        Of the data set's folder.
    asked
        What is in it.
    files
        Sha256 by path of the tables' files.
    """
    study, scenario = asked.run.study, asked.run.scenario
    source = provenance.collect(
        seed=asked.run.seed, truth=asked.run.truth, command=_command(asked),
        parameters=catalogue().values(), overrides=scenario.parameters,
    )  # fmt: skip
    tables = {one: _columns(one) for one in (*asked.names, RECORD)}
    title = f"{asked.replicates:,} replicates of study {study.id} in scenario {scenario.id}"
    credit = credits_of(source, (study.cite, scenario.cite))
    resources = [_resource(one, tables[one], files) for one in tables]
    found = {
        "codebook.csv": describe.dictionary_csv(
            [(f"{one}/*.parquet", columns) for one, columns in tables.items()],
            len(study.waves.weeks),
        ),
        "datapackage.json": describe.package_json(name, title, credit, resources),
        "README_SYNTHETIC.md": _readme(asked, tables).encode(),
    }
    for file, recipe in (("scenario.toml", scenario), ("study.toml", study)):
        comment = f"SYNTHETIC: {recipe.id} as used, everything filled in"
        found[file] = toml_bytes(recipe.resolved(), comment)
    said = provenance.manifest(source, scenario=scenario, study=study, contents=found, digests={})
    del said["replicate"]
    listed = {**said.pop("files"), **files}
    said |= {"format": FORMAT, "replicates": asked.replicates, "tables": list(asked.names)}
    said["files"] = dict(sorted(listed.items()))
    return {**found, provenance.MANIFEST: json_bytes(said)}


def _command(asked: ManyStudies) -> tuple[str, ...]:
    tables = ",".join(asked.names)
    return (*asked.run.command, "--replicates", str(asked.replicates), "--tables", tables)


def _columns(name: str) -> tuple[Column, ...]:
    """Columns of a table of the data set, in their order."""
    if name == RECORD:
        return (MARK, NUMBER, *OF_RECORD)
    return (MARK, NUMBER, *(one for one in describe.columns_asked(name) if one.name != SYNTHETIC))


def _titles(name: str) -> tuple[str, str]:
    """Title of a table, and what a row of it is."""
    if name == RECORD:
        return TITLE_OF_RECORD
    return codebook.table(name).title, codebook.table(name).row


def _resource(name: str, columns: Sequence[Column], files: Mapping[str, str]) -> dict[str, Any]:
    title, row = _titles(name)
    keys = ["table"] if name == RECORD else list(codebook.table(name).key)
    schema: dict[str, Any] = {"fields": [describe.field_of(column) for column in columns]}
    if keys:
        schema["primaryKey"] = [REPLICATE, *keys]
    return {
        "name": name.replace("/", "_"),
        "title": f"SYNTHETIC: {title}",
        "description": f"One row is {row}, of one replicate.",
        "type": "file",
        "path": [file for file in files if file.rpartition("/")[0] == name],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema,
    }


def _readme(asked: ManyStudies, tables: Mapping[str, Sequence[Column]]) -> str:
    command, single = (
        typed(*provenance.clean_command(words)) for words in (_command(asked), asked.run.command)
    )
    rows = [f"| `{name}/` | {': '.join(_titles(name))} |" for name in tables]
    return _README.format(
        version=provenance.version(), study=asked.run.study.id, scenario=asked.run.scenario.id,
        seed=asked.run.seed, replicates=f"{asked.replicates:,}", last=asked.replicates - 1,
        files="\n".join(rows), one=next(iter(tables)), command=command, single=single,
    )  # fmt: skip
