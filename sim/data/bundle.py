"""The bundle: the folder that one simulated study writes, and the way to read it back.

A bundle is made in a hidden folder beside its place and moved there when it is complete: under its
final name there is all of it or nothing. Its name says SYNTHETIC and no switch changes that.
"""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from sim.data import codebook, describe, serialise, tables
from sim.data.codebook import CodebookError
from sim.data.disk import parse_json, read_bytes
from sim.data.provenance import MANIFEST, Provenance, Recipe, manifest, read_manifest
from sim.errors import InputError, RunError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Bundle", "check_place", "folder_name", "read_bundle", "write_bundle"]

_MARK = "__SYNTHETIC__"


def folder_name(study: str, seed: int, replicate: int | None = None) -> str:
    """Name of a bundle's folder: ``<study>__SYNTHETIC__s<seed>[-r<replicate>]``."""
    return f"{study}{_MARK}s{seed}" + ("" if replicate is None else f"-r{replicate}")


def write_bundle(
    folder: str | Path,
    *,
    tables: Mapping[str, pa.Table],
    truth: Mapping[str, pa.Table],
    estimands: Mapping[str, Any],
    scenario: Recipe,
    study: Recipe,
    provenance: Provenance,
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
    force
        Replace a bundle that is already there.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    sim.errors.InputError
        If the folder exists and ``force`` is not given, is no bundle, or is not named as one.
    sim.errors.RunError
        If the disk is full or cannot be written. Nothing is left behind.
    sim.data.codebook.CodebookError
        If a table is absent, was not made by ``build``, or a key does not find its row.
    """
    folder = Path(folder)
    check_place(folder, force)
    together = {**tables, **{f"truth/{name}": table for name, table in truth.items()}}
    ordered = _in_order(together)
    contents = _contents(folder.name, ordered, estimands, scenario, study, provenance)
    _write_folder(folder, contents, force)
    return folder


def read_bundle(folder: str | Path) -> "Bundle":
    """Open a bundle; its tables are read when they are first asked for.

    Raises
    ------
    sim.errors.InputError
        If the folder holds no readable manifest.
    """
    return Bundle(Path(folder), read_manifest(folder, any_version=True))


class Bundle:
    """A bundle on disk. The tables are pandas DataFrames, NA as pandas has it.

    Attributes
    ----------
    folder : pathlib.Path
        Where it lies.
    manifest : dict
        Content of manifest.json.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest

    def __repr__(self) -> str:
        return f"<SYNTHETIC bundle {self.folder.name}>"

    def arrow(self, name: str) -> pa.Table:
        """Read one table of the codebook by name, from Parquet if it is there, else from CSV.

        Raises
        ------
        sim.errors.InputError
            If the bundle has no such table, or its file is not as it was written.
        """
        listed = [path for path in _paths(name) if path in self.manifest["files"]]
        for path in reversed(listed):  # Parquet comes last and reads faster
            if (self.folder / path).exists():
                return _parsed(name, self.folder / path, self._read(path))
        gone = f"; {listed[0]} is gone: {self._again}" if listed else ""
        raise InputError(f"{self.folder}: the bundle has no table {name}{gone}")

    def _read(self, path: str) -> bytes:
        """Bytes of a file that is as the manifest says."""
        file = self.folder / path
        data = read_bytes(file, absent=f"the bundle's file is gone\n{self._again}")
        if hashlib.sha256(data).hexdigest() != self.manifest["files"].get(path):
            raise InputError(
                f"{file}: changed since it was written (its sha256 is not that of {MANIFEST})\n"
                f"{self._again}; a table that was changed on purpose can be read with pandas"
            )
        return data

    @property
    def _again(self) -> str:
        return f"egocohort rerun {self.folder} --out FOLDER makes the bundle again"

    def table(self, name: str) -> "pd.DataFrame":
        """Read one table of the codebook by name, for instance ``alters_miss``."""
        return self.arrow(name).to_pandas(date_as_object=False)

    @cached_property
    def persons(self) -> "pd.DataFrame":
        """Participants, one row each."""
        return self.table("persons")

    @cached_property
    def egos(self) -> "pd.DataFrame":
        """Interviews, one row each."""
        return self.table("egos")

    @cached_property
    def alters(self) -> "pd.DataFrame":
        """Network members, one row per interview and member."""
        return self.table("alters")

    @cached_property
    def aaties(self) -> "pd.DataFrame":
        """Ties between network members."""
        return self.table("aaties")

    @cached_property
    def attrition(self) -> "pd.DataFrame":
        """Scheduled waves, kept and missed."""
        return self.table("attrition")

    @cached_property
    def flow(self) -> "pd.DataFrame":
        """Numbers of people by stage of the study."""
        return self.table("flow")

    @cached_property
    def truth_ties(self) -> "pd.DataFrame":
        """Ties that were alive in the study window."""
        return self.table("truth/ties")

    @cached_property
    def truth_events(self) -> "pd.DataFrame":
        """Events in the lives of the egos."""
        return self.table("truth/events")

    @cached_property
    def truth_weekly(self) -> "pd.DataFrame":
        """States of every ego in every week."""
        return self.table("truth/weekly")

    @cached_property
    def truth_missing(self) -> "pd.DataFrame":
        """Ties that existed at a wave and were not seen."""
        return self.table("truth/missing")

    @cached_property
    def estimands(self) -> dict[str, Any]:
        """True values of what the study wants to know."""
        path = "truth/estimands.json"
        found = parse_json(self._read(path), str(self.folder / path))
        if not isinstance(found, dict):
            raise InputError(f"{self.folder / path}: must hold one object, from {{ to }}")
        return found


def _paths(name: str) -> tuple[str, ...]:
    try:
        return codebook.table(name).paths
    except CodebookError as error:
        raise InputError(str(error)) from None


def _parsed(name: str, file: Path, data: bytes) -> pa.Table:
    """A table from the bytes of its file, with the columns of the codebook."""
    try:
        is_parquet = file.suffix == ".parquet"
        found = serialise.read_parquet(data) if is_parquet else serialise.read_csv(name, data)
        tables.check_schema(name, found)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise InputError(f"{file}: not as the codebook says ({reason})") from None
    return found


def check_place(folder: Path, force: bool) -> None:
    """Check that a bundle may be written to a folder, as `write_bundle` will before it writes.

    Raises
    ------
    sim.errors.InputError
        If the folder is not named as a bundle, exists and is not to be replaced, or is no bundle.
    """
    if _MARK not in folder.name:
        raise InputError(
            f'{folder}: the name of a bundle must hold "{_MARK}", so that nobody takes it for '
            f"real data; for instance {folder_name(folder.name or 'study', 1)}"
        )
    if not os.path.lexists(folder):
        return
    if not force:
        raise InputError(f"{folder}: already exists; choose another folder or give --force")
    is_bundle = folder.is_dir() and not folder.is_symlink() and (folder / MANIFEST).is_file()
    if not is_bundle:
        raise InputError(f"{folder}: not a bundle (no {MANIFEST}), so it will not be replaced")


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
) -> dict[str, bytes]:
    """Bytes of every file by its path, the manifest last. Pure: no clock, no host, no folder."""
    contents: dict[str, bytes] = {}
    for name, table in found.items():
        for path in codebook.table(name).paths:
            is_csv = path.endswith(".csv")
            contents[path] = (
                serialise.csv_bytes(name, table) if is_csv else serialise.parquet_bytes(table)
            )
    contents["truth/estimands.json"] = serialise.json_bytes(estimands)
    names = list(found)
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
    digests = {
        name: {"rows": table.num_rows, "digest": tables.digest(table)}
        for name, table in found.items()
    }
    listed = manifest(
        provenance, scenario=scenario, study=study, contents=contents, digests=digests
    )
    return {**contents, MANIFEST: serialise.json_bytes(listed)}


def _write_folder(folder: Path, contents: Mapping[str, bytes], force: bool) -> None:
    unfinished = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.unfinished")
    try:
        _make_parent(folder)
        for path, data in contents.items():
            _write_file(unfinished / path, data)
        for made in (unfinished / "truth", unfinished):
            _sync_folder(made)
        _move_into_place(unfinished, folder, force)
        with suppress(OSError):  # the bundle is there and whole
            _sync_folder(folder.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(f"{folder}: cannot write the bundle: {reason}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _make_parent(folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError(f"{folder.parent}: not a folder, so no bundle can lie in it") from None


def _write_file(file: Path, data: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("xb") as sink:
        sink.write(data)
        sink.flush()
        os.fsync(sink.fileno())


def _sync_folder(folder: Path) -> None:
    """Make renames in a folder last through a power cut, where the system offers that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network disks cannot
            raise
    finally:
        os.close(handle)


def _move_into_place(unfinished: Path, folder: Path, force: bool) -> None:
    """Rename; a bundle to be replaced goes aside first, and comes back if that fails."""
    if not (force and folder.exists()):
        unfinished.rename(folder)  # fails if another process has just made the folder
        return
    aside = unfinished.with_suffix(".old")
    folder.rename(aside)
    try:
        unfinished.rename(folder)
    except BaseException:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)
