"""Writing the bundle: the folder of one simulated study, under its name whole or not at all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sim.data import codebook, describe, serialise, tables
from sim.data.codebook import CodebookError
from sim.data.place import Which, check_place
from sim.data.provenance import MANIFEST, Provenance, Recipe, manifest
from sim.files.folder import hold_place, write_folder

__all__ = ["write_bundle"]


def write_bundle(
    folder: str | Path,
    *,
    tables: Mapping[str, pa.Table],
    truth: Mapping[str, pa.Table],
    estimands: Mapping[str, Any],
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
        ``ties``, ``events``, ``weekly``, ``missing``, and if there are any ``world_addresses`` and
        ``corruption_log``.
    estimands
        Content of truth/estimands.json; what is not finite becomes null.
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
        contents = _contents(
            folder.name, ordered, estimands, scenario, study, provenance, as_collected or {}
        )
        write_folder(folder, contents, lambda: check_place(folder, which, force=force))
    return folder


def _in_order(found: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Order the tables as the codebook does, each ``_miss`` after its own; check all of them."""
    wanted = [name for known in codebook.tables() for name in (known, f"{known}_miss")]
    for name in found:
        tables.check_schema(name, found[name])
    absent = [n for n, one in codebook.tables().items() if n not in found and not one.optional]
    if absent:
        raise CodebookError(f"a bundle needs the table {', '.join(absent)}")
    ordered = {name: found[name] for name in wanted if name in found}
    tables.check_keys(ordered)
    return ordered


def _contents(
    package: str,
    found: Mapping[str, pa.Table],
    estimands: Mapping[str, Any],
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
    contents["truth/estimands.json"] = serialise.json_bytes(estimands)
    names = [*found, *(path.rpartition(".")[0] for path in as_collected)]
    last_wave = pc.max(found["attrition"]["wave"]).as_py() or 1
    title = f"study {study.id} in scenario {scenario.id}"
    contents["codebook.csv"] = describe.codebook_csv(names, last_wave)
    contents["datapackage.json"] = describe.datapackage_json(
        names, contents, package=package, title=title
    )
    for file, recipe in (("scenario.toml", scenario), ("study.toml", study)):
        comment = f"SYNTHETIC: {recipe.id} as used, everything filled in"
        contents[file] = serialise.toml_bytes(recipe.resolved(), comment)
    contents["README_SYNTHETIC.md"] = describe.readme(
        names,
        version=provenance.versions["egocohort"],
        study=study.id,
        scenario=scenario.id,
        seed=provenance.seed,
        replicate=provenance.replicate,
    )
    digests = {name: _digest(table) for name, table in found.items()}
    listed = manifest(
        provenance, scenario=scenario, study=study, contents=contents, digests=digests
    )
    return {**contents, MANIFEST: serialise.json_bytes(listed)}


def _digest(table: pa.Table) -> dict[str, Any]:
    return {"rows": table.num_rows, "digest": tables.digest(table)}
