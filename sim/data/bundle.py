"""The bundle: the folder that one simulated study writes, read back."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.data import codebook, serialise, tables
from sim.data.codebook import CodebookError
from sim.data.disk import read_bytes
from sim.data.provenance import MANIFEST, Difference, compared, read_manifest
from sim.errors import InputError, typed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Bundle", "read_bundle"]


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
        self._held: dict[str, bytes] = {}
        self._parsed: dict[str, pa.Table] = {}

    def __repr__(self) -> str:
        return f"<SYNTHETIC bundle {self.folder.name}>"

    def arrow(self, name: str) -> pa.Table:
        """Return one table of the codebook by name, from Parquet if it is there, else from CSV.

        It is read when it is first asked for.

        Raises
        ------
        sim.errors.InputError
            If the bundle has no such table, or its file is not as it was written.
        """
        if name not in self._parsed:
            listed = [path for path in _paths(name) if path in self.manifest["files"]]
            there = [path for path in listed if (self.folder / path).exists()]
            if not there:
                gone = f"; {listed[0]} is gone: {self._again}" if listed else ""
                raise InputError(f"{self.folder}: the bundle has no table {name}{gone}")
            path = there[-1]  # Parquet comes last and reads faster
            self._parsed[name] = _parsed(name, self.folder / path, self._read(path))
        return self._parsed[name]

    def differences(self) -> list[Difference]:
        """Files that are not as the manifest says; those of tables are read, and not once more.

        Raises
        ------
        sim.errors.InputError
            If a file cannot be read.
        """
        listed = self.manifest["files"]
        read_from = {path.rpartition(".")[0]: path for path in sorted(listed)}  # Parquet after CSV
        held = set(read_from.values())
        found = (self._compared(path, hold=path in held) for path in listed)
        return [one for one in found if one is not None]

    def _compared(self, path: str, *, hold: bool) -> Difference | None:
        file, expected = self.folder / path, self.manifest["files"][path]
        if not hold or not file.is_file():
            return compared(self.folder, path, expected)
        data = read_bytes(file)
        if hashlib.sha256(data).hexdigest() != expected:
            return Difference(path, "changed")
        self._held[path] = data
        return None

    def _read(self, path: str) -> bytes:
        """Bytes of a file that is as the manifest says."""
        if path in self._held:
            return self._held.pop(path)
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
        return f"{typed('egocohort', 'rerun', self.folder)} --out FOLDER makes the bundle again"

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
    def items(self) -> "pd.DataFrame":
        """Answers to questionnaires, one row for each interview."""
        return self.table("items")

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
    def truth_waves(self) -> "pd.DataFrame":
        """What was true of each participant at each wave, interviewed or not."""
        return self.table("truth/waves")

    @cached_property
    def truth_items(self) -> "pd.DataFrame":
        """Answers as they were given, or would have been."""
        return self.table("truth/items")

    @cached_property
    def truth_members(self) -> "pd.DataFrame":
        """Ties there were at each wave, and which are on the error-free map."""
        return self.table("truth/members")

    @cached_property
    def truth_pairs(self) -> "pd.DataFrame":
        """Members of the error-free map who know each other."""
        return self.table("truth/pairs")

    @cached_property
    def truth_ladder(self) -> "pd.DataFrame":
        """The same estimands rung by rung, from the frame to the data."""
        return self.table("truth/ladder")

    @cached_property
    def truth_counterfactual(self) -> "pd.DataFrame":
        """Participants in other arms; only where it was asked for."""
        return self.table("truth/counterfactual")

    @cached_property
    def estimands(self) -> "pd.DataFrame":
        """True values of what the study wants to know, each with its definition."""
        return self.table("truth/estimands")


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
