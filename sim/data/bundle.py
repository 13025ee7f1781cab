"""The bundle: the folder that one simulated study writes, read back."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.data import codebook, serialise
from sim.data.provenance import read_manifest
from sim.errors import InputError

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

    def __repr__(self) -> str:
        return f"<SYNTHETIC bundle {self.folder.name}>"

    def arrow(self, name: str) -> pa.Table:
        """Read one table of the codebook by name, from Parquet if it is there, else from CSV.

        Raises
        ------
        sim.errors.InputError
            If the bundle has no such file or it does not hold the columns of the codebook.
        """
        for path in reversed(codebook.table(name).paths):  # Parquet comes last and reads faster
            file = self.folder / path
            if file.is_file():
                return _read_table(name, file)
        raise InputError(f"{self.folder}: the bundle has no table {name}")

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
        text = (self.folder / "truth/estimands.json").read_text(encoding="utf-8")
        return dict(json.loads(text))


def _read_table(name: str, file: Path) -> pa.Table:
    data = file.read_bytes()
    try:
        if file.suffix == ".parquet":
            return serialise.read_parquet(data)
        return serialise.read_csv(name, data)
    except (pa.ArrowException, KeyError) as error:
        raise InputError(f"{file}: not as the codebook says ({error})") from None
