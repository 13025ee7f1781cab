"""Where a bundle lies: a folder whose name says what it is, and in which nothing else is lost."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sim.data.provenance import MANIFEST, Recipe, read_manifest
from sim.data.serialise import canonical_hash
from sim.errors import InputError
from sim.files.whole import UNFINISHED

__all__ = ["MAPS", "PAGE", "Which", "check_place"]

MAPS, PAGE = "pictures/maps.png", "pictures/report.html"
"""What is drawn into a bundle's folder; no part of the bundle, and drawn anew at any time."""

MARK = "__SYNTHETIC__"
OF_SYSTEMS = (".DS_Store", "Thumbs.db", "desktop.ini")  # left by whoever looks at a folder
NAMED = 3  # strangers that a message names


class Which(NamedTuple):
    """Which bundle it is.

    Attributes
    ----------
    study, scenario : str
        Ids of what was simulated.
    seed, replicate
        The key of the random draws; the replicate is None for a study that is no repetition.
    errors
        Names the errors that were asked for: six hex digits of their rates; "" without errors.
    """

    study: str
    scenario: str
    seed: int
    replicate: int | None = None
    errors: str = ""

    @classmethod
    def of_recipes(
        cls, study: Recipe, scenario: Recipe, seed: int, replicate: int | None
    ) -> "Which":
        """Which bundle a study in a scenario will be."""
        return cls(study.id, scenario.id, seed, replicate, _errors(study.resolved()))

    @classmethod
    def of_manifest(cls, said: Mapping[str, Any]) -> "Which":
        """Which bundle a manifest is of."""
        study, scenario = (str(said[kind].get("id", "?")) for kind in ("study", "scenario"))
        errors = _errors(said["study"]["resolved"])
        return cls(study, scenario, said["seed"], said.get("replicate"), errors)

    @property
    def folder_name(self) -> str:
        """``<study>__<scenario>__SYNTHETIC__s<seed>[-r<replicate>][-errors-<digits>]``."""
        repetition = "" if self.replicate is None else f"-r{self.replicate}"
        errors = f"-errors-{self.errors}" if self.errors else ""
        return f"{self.study}__{self.scenario}{MARK}s{self.seed}{repetition}{errors}"

    def __str__(self) -> str:
        repetition = "" if self.replicate is None else f", replicate {self.replicate}"
        errors = f", with errors ({self.errors})" if self.errors else ""
        said = f"study {self.study} in scenario {self.scenario}, seed {self.seed}"
        return f"{said}{repetition}{errors}"


def _errors(resolved: Mapping[str, Any]) -> str:
    rates = resolved.get("errors")
    return "" if rates is None else canonical_hash(rates)[:6]


def check_place(folder: Path, which: Which, *, force: bool) -> None:
    """Check that a bundle may be written to a folder.

    Raises
    ------
    sim.errors.InputError
        If the folder is not named as a bundle, or exists and is not to be replaced, is no bundle,
        is another one, or holds files that are no part of it.
    """
    if (folder.parent / MANIFEST).is_file():
        raise InputError(
            f"{folder.parent}: is a bundle, in which no other can lie; give a folder for bundles, "
            "with --force if the same bundle is in it and is to be replaced"
        )
    if MARK not in folder.name:
        raise InputError(
            f'{folder}: the name of a bundle must hold "{MARK}", so that nobody takes it for '
            f"real data; for instance {which.folder_name}"
        )
    if not os.path.lexists(folder):
        return
    if not force:
        raise InputError(f"{folder}: already exists; choose another folder or give --force")
    is_bundle = folder.is_dir() and not folder.is_symlink() and (folder / MANIFEST).is_file()
    if not is_bundle:
        raise InputError(f"{folder}: not a bundle (no {MANIFEST}), so it will not be replaced")
    there = read_manifest(folder, any_version=True)
    if (said := Which.of_manifest(there)) != which:
        raise InputError(
            f"{folder}: is {said}, and would be replaced by {which}\n"
            "Give that folder a name of its own, or give another --out."
        )
    _check_strangers(folder, there["files"])


def _check_strangers(folder: Path, listed: Mapping[str, Any]) -> None:
    """Raise if there are files that a replacement would delete and nobody could make again."""
    found = sorted(_files(folder) - {*listed, MANIFEST, MAPS, PAGE})
    if not found:
        return
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    what = "a file that is" if len(found) == 1 else f"{len(found)} files that are"
    raise InputError(
        f"{folder}: holds {what} no part of the bundle: {', '.join(found[:NAMED])}{more}\n"
        "Move what is yours elsewhere, then --force replaces the rest; or give another --out."
    )


def _files(folder: Path) -> set[str]:
    """Paths of all files and links in a folder, but those of systems and of killed runs."""
    found = set()
    for above, folders, files in os.walk(folder):
        place = Path(above)
        links = [name for name in folders if (place / name).is_symlink()]
        for name in (*files, *links):
            is_litter = name.startswith(".") and name.endswith(UNFINISHED)
            if name not in OF_SYSTEMS and not is_litter:
                found.add((place / name).relative_to(folder).as_posix())
    return found
