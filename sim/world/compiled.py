"""Compile once, keep the machine code, never run a stale one.

A change in a rule changes the code of all that call it. Machine code is therefore kept in a folder
named by a hash of the week and all it imports, of the parameter catalogue, and of the
versions of numba and NumPy; each function besides says what its own module is made of.
"""

import hashlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from numba.core.dispatcher import Dispatcher
from numba.core.types import unliteral
from numba.extending import register_jitable

from sim.sources import sources_hash
from sim.world.machine_code import SUFFIX, MachineCode
from sim.world.private_folder import private_folder

vars(numba.config)["SLP_VECTORIZE"] = 1
"""Blocks of eight slots become vector instructions in the compiler's straight-line vectoriser."""

inlined = register_jitable(forceinline=True)
"""For helpers that do little, or get the bundle of arrays in one place: part of their caller.

A call costs more than most of them do: it counts references to each of the arrays, unless the
kernel is lean.
"""

_KERNEL = Path(__file__).with_name("week.py")


@cache
def kernel_hash() -> str:
    """Sixteen hex digits that change with anything the compiled week depends on."""
    from sim.world.toml_file import shipped

    return code_hash(_KERNEL, (shipped() / "parameters.toml").read_bytes())


def code_hash(root: Path, *others: object) -> str:
    """Sixteen hex digits that change with what modules import, the compiler, and anything else."""
    versions = (numba.__version__, llvmlite.__version__, np.__version__, sys.version)
    made_of = repr((sources_hash(root), versions, *others))
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


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


def compiled_lean(function: Callable) -> Callable:
    """As `compiled`, for what makes no array: references to those it is given are not counted.

    A call that is not inlined counts references to every array of a bundle, one atomic
    operation each, which can cost more than the call does.
    """
    return compiled_into(cache_folder(), function, _nrt=False)


def compiled_into(folder: Path | None, function: Callable, **more: bool) -> Callable:
    """As `compiled`, for code whose sources the folder's name has a hash of."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", **more}
    kernel: Any = numba.njit(**options)(function)
    if isinstance(kernel, Dispatcher):  # else NUMBA_DISABLE_JIT is set
        _serve_every_constant(kernel)
        if folder is not None:
            vars(kernel)["_cache"] = MachineCode(folder, function, options)
    return kernel


def _serve_every_constant(kernel: Any) -> None:
    """Have one machine code serve all calls whose arguments are of the same types.

    numba compiles a function once more for each constant that stands in a call of it, such as the
    number of a register. Nothing is quicker for it: what is small becomes part of its caller.
    """
    template = kernel.get_call_template

    def template_of_types(args: tuple, kws: dict) -> Any:
        return template(
            tuple(map(unliteral, args)), {name: unliteral(kind) for name, kind in kws.items()}
        )

    kernel.get_call_template = template_of_types
