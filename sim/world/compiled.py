"""Compile once, keep the machine code, never run a stale one.

A change in a rule changes the code of all that call it. Machine code is therefore kept in a folder
named by a hash of every source the kernel is made of, of the parameter catalogue's names, and of
the versions of numba and NumPy.
"""

import errno
import hashlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np

from sim.world.machine_code import SUFFIX, MachineCode
from sim.world.private_folder import private_folder

vars(numba.config)["SLP_VECTORIZE"] = 1
"""Blocks of eight slots become vector instructions in the compiler's straight-line vectoriser."""

_WORLD = Path(__file__).parent
_SOURCES = ("arithmetic", "streams", "kinds", "state", "week", "phases/*", "rules/*")


@cache
def kernel_hash() -> str:
    """Sixteen hex digits that change with anything the compiled week depends on."""
    from sim.world.parameters import catalogue

    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sources(_WORLD, pattern):
            digest.update(path.read_bytes())
    versions = (numba.__version__, llvmlite.__version__, np.__version__, sys.version)
    digest.update(repr((versions, tuple(catalogue()))).encode())
    return digest.hexdigest()[:16]


def sources(folder: Path, pattern: str) -> list[Path]:
    """Sources of a name or pattern; FileNotFoundError if one that is hashed has moved away."""
    found = sorted(folder.glob(f"{pattern}.py"))
    if not found:
        raise FileNotFoundError(errno.ENOENT, "no source is named so", f"{folder / pattern}.py")
    return found


def cache_folder(name: str | None = None) -> Path | None:
    """Where compiled code is kept; None if there is no place where it would be safe.

    `EGOCOHORT_CACHE` names another place than the user's cache; `name`, which must hold a hash of
    all sources, another folder there than the kernel's. InputError if that place cannot be used.
    """
    return private_folder(name or f"kernel-{kernel_hash()}")


def is_kept() -> bool:
    """Whether machine code of the kernel is in its folder."""
    folder = cache_folder()
    return folder is not None and any(folder.glob(f"*{SUFFIX}"))


def compiled(function: Callable) -> Callable:
    """njit for kernels.

    Releases the lock, keeps IEEE order, divides as NumPy does, is cached safely.
    """
    return compiled_into(cache_folder(), function)


def compiled_into(folder: Path | None, function: Callable) -> Callable:
    """As `compiled`, for code whose sources the folder's name has a hash of."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    kernel: Any = numba.njit(**options)(function)
    if folder is not None and hasattr(kernel, "_cache"):  # else NUMBA_DISABLE_JIT is set
        kernel._cache = MachineCode(folder, function, options)
    return kernel
