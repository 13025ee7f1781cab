"""A run's place on disk: what its rows depend on, and stores for them.

Rows of two runs may mix only where all agrees that either depends on: a place that another run has
begun is refused, and the message says what differs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.runs.store import Store
from sim.data.provenance import version
from sim.data.serialise import json_bytes
from sim.errors import InputError, ResumeError
from sim.files.whole import UNFINISHED, remove_each, write_whole
from sim.sources import sources_hash
from sim.world.compiled import kernel_hash

__all__ = ["FINGERPRINT", "JOBS", "Run", "job_run", "job_seed", "made_by", "open_run", "run_seed"]

FINGERPRINT = "fingerprint.json"
JOBS = "rows"
"""Folder, among results, of the rows that jobs keep; each has one of its own in it."""


@dataclass(frozen=True)
class Run:
    """A place for all that one run finds.

    Attributes
    ----------
    folder : pathlib.Path
        Made when the run begins.
    digest : str
        Of what everything in it depends on.
    says : bytes
        What the digest is of, for `fingerprint.json`.
    """

    folder: Path
    digest: str
    says: bytes = b"{}"

    def begin(self) -> Run:
        """Say whose place this is, and remove what a killed run was writing."""
        remove_each(self.folder.rglob(f".*{UNFINISHED}"))
        write_whole(self.folder / FINGERPRINT, self.says)
        return self

    def _say(self) -> None:
        if not (self.folder / FINGERPRINT).exists():
            self.begin()

    def store(self, what: str, *, block: int = 1, **asked: Any) -> Store:
        """Where rows of one kind lie; the run begins with the first of them.

        Parameters
        ----------
        what
            Their name.
        block
            Numbered chunks to a file.
        asked
            What these rows depend on besides the run: others have a store of their own.
        """
        said = json_bytes({"what": what, **asked})
        name = f"{what}-{hashlib.sha256(said).hexdigest()[:8]}" if asked else what
        digest = hashlib.sha256(self.digest.encode() + said).hexdigest()
        return Store(self.folder / name, digest, block, self._say)


def made_by(*sources: Path) -> dict[str, Any]:
    """What all rows depend on: the version, the kernel, and the sources of what makes them.

    Parameters
    ----------
    sources
        Modules or folders; what they import counts as well.
    """
    return {
        "synthetic": True,
        "egocohort": version(),
        "kernel": kernel_hash(),
        "analysis": sources_hash(*sources)[:16],
    }


def open_run(folder: Path, depends_on: Mapping[str, Any]) -> Run:
    """The place of a run, which may have been begun before.

    Parameters
    ----------
    folder
        Nothing is written to it yet.
    depends_on
        All that every row in it depends on, as plain data.

    Raises
    ------
    sim.errors.ResumeError
        If what is there is of another run; the message says what differs.
    """
    wanted = json.loads(json_bytes(depends_on))
    there = _there(folder)
    if there is not None and there != wanted:
        first, *others = _differences(there, wanted)
        more = f", and {len(others)} more" if others else ""
        raise ResumeError(
            f"{folder}: holds results of another run: {first}{more}\n"
            "Give another --out, or what was given then, or remove the folder."
        )
    text = json_bytes(wanted)
    return Run(folder, hashlib.sha256(text).hexdigest(), text)


def run_seed(folder: Path) -> int | None:
    """The seed of the run in a folder; None if there is none."""
    there = _there(folder)
    return None if there is None else there.get("seed")


def job_run(
    out: str | Path | None, job: str, *sources: Path, seed: int, **depends_on: Any
) -> Run | None:
    """The place of a job's rows in a folder of results; None without one.

    Parameters
    ----------
    out
        Folder of the results, which may be those of several jobs.
    job
        Its name.
    sources
        What makes the rows: modules or folders.
    seed, depends_on
        All else that every row depends on.

    Raises
    ------
    sim.errors.ResumeError
        If the job was run there before, otherwise.
    """
    if out is None:
        return None
    return open_run(Path(out) / JOBS / job, {**made_by(*sources), "seed": seed, **depends_on})


def job_seed(out: str | Path | None, job: str) -> int | None:
    """The seed of a job's rows in a folder of results; None if there are none."""
    return None if out is None else run_seed(Path(out) / JOBS / job)


def _there(folder: Path) -> dict[str, Any] | None:
    file = folder / FINGERPRINT
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read ({error}); give another --out") from None
    if not isinstance(found, dict):
        raise InputError(f"{file}: is no fingerprint of a run; give another --out")
    return found


def _differences(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What differs, in words: `plan.panel.sd was 4.0 and is 5.0`."""
    old, new = dict(_flat(there)), dict(_flat(wanted))
    keys = [key for key in dict.fromkeys([*new, *old]) if old.get(key) != new.get(key)]
    return [
        f"{key.removeprefix('study.')} was {old.get(key, 'not given')} and is "
        f"{new.get(key, 'not given')}"
        for key in keys
    ]


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, one in table.items():
        if isinstance(one, Mapping):
            yield from _flat(one, f"{above}{key}.")
        elif isinstance(one, list) and one and isinstance(one[0], Mapping):
            for number, each in enumerate(one, start=1):
                yield from _flat(each, f"{above}{key} {number} ")
        else:
            yield f"{above}{key}", one
