"""Solved absence, kept on disk beside the compiled kernel: solving takes longer than a study.

A file is named by a hash of everything the solution depends on: the solver and all it imports, all
parameters, the study, the world, and what tells the compiler or NumPy to use other instructions.
One that cannot be read or written is done without.
"""

import hashlib
import os
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np

from sim.errors import RunError
from sim.files.whole import write_whole
from sim.sources import sources_hash
from sim.study.spec import Study
from sim.world.compiled import cache_folder
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario

__all__ = ["keep_solution", "name_of", "recall"]

_SOLVER = Path(__file__).with_name("reference.py")


def name_of(study: Study, lived: Scenario) -> str:
    """Name of the file that holds the solution for a study in a world."""
    parts = [study.hash, lived.hash, sources_hash(_SOLVER), repr(_instructions())]
    digest = hashlib.sha256("\n".join(parts).encode())
    digest.update(catalogue().record(lived.parameters).tobytes())
    return f"absence-{digest.hexdigest()[:32]}.npz"


def recall(name: str) -> dict[str, np.ndarray] | None:
    """Arrays kept under a name; None if there are none, or the file is damaged."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        with np.load(BytesIO((folder / name).read_bytes()), allow_pickle=False) as kept:
            return {key: kept[key] for key in kept.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def keep_solution(name: str, arrays: dict[str, np.ndarray]) -> None:
    """Keep arrays under a name, whole or not at all."""
    folder = cache_folder()
    if folder is None:
        return
    content = BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]  # names are the keyword arguments
    with suppress(RunError):
        write_whole(folder / name, content.getvalue())


def _instructions() -> list[tuple[str, str]]:
    return sorted(item for item in os.environ.items() if item[0].startswith(("NUMBA_", "NPY_")))
