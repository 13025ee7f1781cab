"""Compile once, keep the machine code, never run a stale one.

numba's own cache looks at one source file only, so a change in a rule would go unnoticed. The code
is therefore kept in a folder named by a hash of every source the kernel is made of, of the
parameter catalogue's names, and of the versions of numba and NumPy.
"""

import hashlib
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np

from sim.caches import cache_places

vars(numba.config)["SLP_VECTORIZE"] = 1
"""Blocks of eight slots become vector instructions in the compiler's straight-line vectoriser."""

warnings.filterwarnings("ignore", message="variable '_compiled_")
"""numba warns, in its own pedantic words, of the scope of draws it inlines; they are tested."""

_WORLD = Path(__file__).parent
_SOURCES = ("arithmetic", "streams", "kinds", "state", "week", "phases/*", "rules/*")


def kernel_hash() -> str:
    """Sixteen hex digits that change with anything the compiled week depends on."""
    from sim.world.parameters import catalogue

    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(_WORLD.glob(f"{pattern}.py")):
            digest.update(path.read_bytes())
    versions = (numba.__version__, llvmlite.__version__, np.__version__, sys.version)
    digest.update(repr((versions, tuple(catalogue()))).encode())
    return digest.hexdigest()[:16]


def cache_folder(name: str | None = None) -> Path | None:
    """Where compiled code is kept; None if no folder can be written.

    `EGOCOHORT_CACHE` names another place than the user's cache; `name`, which must hold a hash of
    all sources, another folder there than the kernel's.
    """
    for place in cache_places():
        folder = place / (name or f"kernel-{kernel_hash()}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError:
            continue
        return folder
    return None


def compiled(function: Callable) -> Callable:
    """njit for kernels.

    Releases the lock, keeps IEEE order, divides as NumPy does, is cached safely.
    """
    return compiled_into(cache_folder(), function)


def compiled_into(folder: Path | None, function: Callable) -> Callable:
    """As `compiled`, for code whose sources the folder's name has a hash of."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    settings = vars(numba.config)
    if folder is None:
        return numba.njit(**options)(function)
    before = settings["CACHE_DIR"]
    settings["CACHE_DIR"] = str(folder)
    try:
        return numba.njit(cache=True, **options)(function)
    finally:
        settings["CACHE_DIR"] = before
