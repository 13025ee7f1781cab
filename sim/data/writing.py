"""Writing the bundle: the folder of one simulated study, under its name whole or not at all."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sim.data import codebook, describe, serialise, tables
from sim.data.codebook import CodebookError
from sim.data.credits import credits_of
from sim.data.place import Which, check_place
from sim.data.provenance import MANIFEST, Provenance, Recipe, manifest
from sim.files.folder import hold_place, write_folder

__all__ = ["needed_tables", "write_bundle"]


def write_bundle(
    folder: str | Path,
    *,
    tables: Mapping[str, pa.Table],
    truth: Mapping[str, pa.Table],
    scenario: Recipe,
    study: Recipe,
    provenance: Provenance,
    as_collected: Mapping[str, bytes] | None = None,
    force: bool = False,
) -> Path:
    """Write all files of a bundle and move the folder into place.

    Parameters
    ----------
    folder
        Where the bundle will be; its name is one of `folder_name`. Parents are made.
    tables
        The main tables ``persons`` ... ``flow``, and ``<name>_miss`` where wanted, as
        `sim.data.tables.build` makes them.
    truth
        ``ties``, ``events``, ``weekly``, ..., as the codebook has them; those that it calls
        optional if there are any.
    scenario, study
        The two recipes, written resolved.
    provenance
        From `sim.data.provenance.collect`.
    as_collected
        Bytes by path of files with errors, as `sim.data.errors.corrupt` makes them; not checked
        against the codebook, which they break on purpose.
    force
        Replace the same bundle if it is already there.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    sim.errors.InputError
        As in `sim.data.place.check_place`.
    sim.errors.HeldError
        If another run is writing it.
    sim.errors.RunError
        If the disk is full or cannot be written. Nothing is left behind.
    sim.data.codebook.CodebookError
        If a table is absent, was not made by ``build``, or a key does not find its row.
    """
    folder = Path(folder)
    which = Which.of_recipes(study, scenario, provenance.seed, provenance.replicate)
    with hold_place(folder):
        check_place(folder, which, force=force)
        together = {**tables, **{f"truth/{name}": table for name, table in truth.items()}}
        ordered = _in_order(together)
        contents = _contents(folder.name, ordered, scenario, study, provenance, as_collected or {})
        write_folder(folder, contents, lambda: check_place(folder, which, force=force))
    return folder


def needed_tables() -> list[str]:
    """Names of the tables that every bundle has."""
    return [name for name, one in codebook.tables().items() if not one.optional]


def _in_order(found: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Order the tables as the codebook does, each ``_miss`` after its own; check all of them."""
    wanted = [name for known in codebook.tables() for name in (known, f"{known}_miss")]
    for name in found:
        tables.check_schema(name, found[name])
    absent = [name for name in needed_tables() if name not in found]
    if absent:
        raise CodebookError(f"a bundle needs the table {', '.join(absent)}")
    ordered = {name: found[name] for name in wanted if name in found}
    tables.check_keys(ordered)
    return ordered


def _contents(
    package: str,
    found: Mapping[str, pa.Table],
    scenario: Recipe,
    study: Recipe,
    provenance: Provenance,
    as_collected: Mapping[str, bytes],
) -> dict[str, bytes]:
    """Bytes of every file by its path, the manifest last. Pure: no clock, no host, no folder."""
    contents: dict[str, bytes] = dict(as_collected)
    for name, table in found.items():
        for path in codebook.table(name).paths:
            is_csv = path.endswith(".csv")
            contents[path] = (
                serialise.csv_bytes(name, table) if is_csv else serialise.parquet_bytes(table)
            )
    for file, recipe in (("scenario.toml", scenario), ("study.toml", study)):
        comment = f"SYNTHETIC: {recipe.id} as used, everything filled in"
        contents[file] = serialise.toml_bytes(recipe.resolved(), comment)
    spoiled = {path.rpartition(".")[0]: found[PurePosixPath(path).stem] for path in as_collected}
    contents |= _words(package, {**found, **spoiled}, contents, scenario, study, provenance)
    digests = {name: _digest(table) for name, table in found.items()}
    listed = manifest(
        provenance, scenario=scenario, study=study, contents=contents, digests=digests
    )
    return {**contents, MANIFEST: serialise.json_bytes(listed)}


def _words(
    package: str,
    found: Mapping[str, pa.Table],
    contents: Mapping[str, bytes],
    scenario: Recipe,
    study: Recipe,
    provenance: Provenance,
) -> dict[str, bytes]:
    """What says of the other files what they are; of those with errors, what they were before."""
    last_wave = pc.max(found["attrition"]["wave"]).as_py() or 1
    title = f"study {study.id} in scenario {scenario.id}"
    credit = credits_of(provenance, (one.resolved().get("cite", ()) for one in (study, scenario)))
    return {
        "codebook.csv": describe.codebook_csv(found, last_wave),
        "datapackage.json": describe.datapackage_json(
            found, contents, package=package, title=title, credit=credit
        ),
        "README_SYNTHETIC.md": describe.readme(
            list(found),
            version=provenance.versions["egocohort"],
            study=study.id,
            scenario=scenario.id,
            seed=provenance.seed,
            replicate=provenance.replicate,
            earlier=len(study.resolved().get("recruitment", {}).get("earlier", ())),
        ),
    }


def _digest(table: pa.Table) -> dict[str, Any]:
    return {"rows": table.num_rows, "digest": tables.digest(table)}
