"""Machine code of a function in files that are checked before they are read.

numba's own cache unpickles whatever it finds. Here a file is named by a hash of all that its code
was made of, and begins with a digest of that name and of the rest: one that is damaged, or that
another user could have written, is removed and the function compiled again. A function has one
file for each signature and processor, so processes that compile at once cannot mix them up.
"""

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from sim.sources import sources_hash
from sim.world.private_folder import is_foreign

__all__ = ["SUFFIX", "MachineCode", "before_compiling"]

SUFFIX = ".code"

_told: list[Callable[[], None]] = []


def before_compiling(tell: Callable[[], None]) -> None:
    """Have somebody told each time a function is to be compiled, as no code of it is kept.

    Parameters
    ----------
    tell
        In place of who was told before; called by the thread that compiles.
    """
    _told[:] = [tell]


class MachineCode(NullCache):
    """What numba asks of a dispatcher's cache, kept in a folder that is this user's own.

    Parameters
    ----------
    folder
        Where the files are; its name has a hash of the sources and versions they depend on.
    function
        The function that is compiled.
    options
        What the compiler is told.
    """

    def __init__(self, folder: Path, function: Callable, options: dict[str, Any]) -> None:
        self._folder = folder
        self._name = f"{function.__module__}.{function.__qualname__}".translate(_NO_BRACKETS)
        code = function.__code__
        sources = sources_hash(Path(code.co_filename))
        closure = dumps(tuple(cell.cell_contents for cell in function.__closure__ or ()))
        self._made_of = (sources, code.co_firstlineno, closure, sorted(options))

    @property
    def cache_path(self) -> str:
        """Where the files are."""
        return str(self._folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The code for a signature, ready to run; None if there is none that can be trusted."""
        target_context.refresh()
        payload = _unsealed(self._path(sig, target_context.codegen()))
        if payload is None:
            for tell in _told:
                tell()
            return None
        return CompileResult._rebuild(target_context, *pickle.loads(payload))  # noqa: S301  # ours

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for a signature, unless it holds addresses of this process."""
        if data.library.has_dynamic_globals or not all(part.can_cache for part in data.lifted):
            return
        _seal(self._path(sig, data.codegen), dumps(data._reduce()))

    def flush(self) -> None:
        """Forget the function."""
        for path in self._folder.glob(f"{self._name}-*{SUFFIX}"):
            _remove(path)

    def _path(self, signature: Any, codegen: Any) -> Path:
        made_of = repr((self._name, self._made_of, signature, codegen.magic_tuple()))
        digest = hashlib.sha256(made_of.encode()).hexdigest()[:32]
        return self._folder / f"{self._name}-{digest}{SUFFIX}"


_NO_BRACKETS = str.maketrans("", "", "<>")  # of `<locals>`: Windows has no such names
_SEAL = hashlib.sha256().digest_size


def _digest(path: Path, payload: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(path.name.encode())
    digest.update(payload)
    return digest.digest()


def _unsealed(path: Path) -> memoryview | None:
    """What a file holds behind its seal; one that is not as it was written is removed."""
    try:
        with path.open("rb") as file:
            foreign = is_foreign(os.fstat(file.fileno()))
            content = file.read()
    except FileNotFoundError:
        return None
    except OSError:
        content, foreign = b"", True
    payload = memoryview(content)[_SEAL:]
    if foreign or content[:_SEAL] != _digest(path, payload):
        _remove(path)
        return None
    return payload


def _seal(path: Path, payload: bytes) -> None:
    """Write a file whole or not at all; without room for it the code is done without."""
    with suppress(OSError):
        handle, unfinished = tempfile.mkstemp(dir=path.parent)
        try:
            with open(handle, "wb") as file:  # noqa: PTH123  # of a handle
                file.write(_digest(path, payload) + payload)
            Path(unfinished).replace(path)
        except OSError:
            _remove(Path(unfinished))


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
