"""Making a bundle again from its manifest, and comparing every file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egocohort.results.result import Result
from sim.data.provenance import MANIFEST, Difference, check, git_commit, read_manifest
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from egocohort.simulation_run import SimulationRun
    from sim.side_by_side import Progress

__all__ = ["Reproduction", "reproduce", "run_of_manifest"]


@dataclass(frozen=True)
class Reproduction(Result):
    """How a bundle made again compares with its manifest.

    Attributes
    ----------
    bundle
        What was made again: its study and scenario.
    files
        How many files the manifest lists.
    differences
        Files that came out differently (changed, missing or new).
    on_disk
        Files beside the manifest that are no longer as it says; empty if it lies alone.
    folder
        Where the remade bundle is kept, if it was to be.
    commits
        Commit that made the bundle and commit of this program, where known.
    """

    bundle: str
    files: int
    differences: tuple[Difference, ...]
    on_disk: tuple[Difference, ...]
    folder: Path | None
    commits: tuple[str | None, str | None]

    @property
    def same(self) -> bool:
        """Whether every file is the same, remade and on disk."""
        return not self.differences and not self.on_disk

    @property
    def title(self) -> str:
        """What was made again, in a line."""
        return f"{self.bundle}, made again"

    @property
    def headline(self) -> str:
        """Whether all files came out the same."""
        return self.summary().splitlines()[0]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`differences`: the files that differ."""
        return {"differences": self.table}

    @property
    def table(self) -> pd.DataFrame:
        """The files that differ: `file`, `problem`, and `where` it was seen."""
        import pandas as pd

        rows = [(*one, "remade") for one in self.differences]
        rows += [(*one, "on disk") for one in self.on_disk]
        return pd.DataFrame(rows, columns=["file", "problem", "where"])

    def as_data(self) -> dict[str, Any]:
        """The comparison as plain data."""
        return {
            "same": self.same,
            "files": self.files,
            "differences": [one._asdict() for one in self.differences],
            "on_disk": [one._asdict() for one in self.on_disk],
            "bundle": str(self.folder) if self.folder else None,
        }

    def summary(self) -> str:
        """The comparison in a few lines."""
        lines = []
        if self.differences:
            lines.append(f"{len(self.differences)} of {self.files} files came out differently:")
            lines += [f"  {one}" for one in self.differences]
            made, ours = self.commits
            if made != ours:
                lines.append(f"made by commit {made or 'unknown'}, this is {ours or 'unknown'}")
        else:
            lines.append(f"all {self.files} files came out the same, byte for byte")
        if self.on_disk:
            lines.append("files beside the manifest that are not as it says:")
            lines += [f"  {one}" for one in self.on_disk]
        return "\n".join(lines)


def reproduce(
    manifest: str | Path,
    *,
    out: str | Path | None = None,
    force: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
) -> Reproduction:
    """Make a bundle again and compare; see `egocohort.api.rerun`."""
    from egocohort.simulation_run import carry_out

    said = read_manifest(manifest)
    place = Path(manifest) if Path(manifest).is_dir() else Path(manifest).parent
    run = run_of_manifest(said, str(place / MANIFEST if Path(manifest).is_dir() else manifest))
    with run.placed(out, force=force):
        made = carry_out(run, threads=threads, progress=progress)
        if out is not None:
            made.save(out, force=force)
    folder = made.folder
    if folder is not None:
        remade = read_manifest(folder)
    else:
        with tempfile.TemporaryDirectory(prefix="egocohort-") as passing:
            remade = read_manifest(made.save(passing)[-1])
    lies_alone = not any((place / path).exists() for path in said["files"])
    on_disk = () if lies_alone else tuple(check(place))
    differences = _differences(said["files"], remade["files"])
    commits = (said.get("git_commit"), git_commit())
    return Reproduction(made.title, len(said["files"]), differences, on_disk, folder, commits)


def run_of_manifest(said: Mapping[str, Any], name: str) -> SimulationRun:
    """What a manifest says was simulated.

    Parameters
    ----------
    said
        From `sim.data.provenance.read_manifest`.
    name
        What messages call it.

    Raises
    ------
    sim.errors.InputError
        If a recipe cannot be used, or is not the one whose hash stands beside it.
    """
    from egocohort.simulation_run import SimulationRun
    from sim.study.spec import parse_study
    from sim.world.scenario import parse_scenario

    study = parse_study(said["study"]["resolved"], f"{name}, study")
    scenario = parse_scenario(said["scenario"]["resolved"], f"{name}, scenario")
    for kind, one in (("study", study), ("scenario", scenario)):
        if (one.id, one.hash) != (said[kind]["id"], said[kind]["hash"]):
            raise InputError(
                f"{name}: {kind} id and hash are not those of its resolved recipe; one of them was "
                "changed, so it cannot be made again"
            )
    return SimulationRun(
        study, scenario, said["seed"], said["replicate"], tuple(said["command"]), said["truth"]
    )


def _differences(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[Difference, ...]:
    problems = []
    for path in sorted({*wanted, *found}):
        if path not in found:
            problems.append(Difference(path, "missing"))
        elif path not in wanted:
            problems.append(Difference(path, "new"))
        elif wanted[path] != found[path]:
            problems.append(Difference(path, "changed"))
    return tuple(problems)
