"""A user's analysis: a function of a Python file, an R script, or any program."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sim.data.disk import read_bytes
from sim.errors import InputError, typed

__all__ = ["Limits", "UserCode", "user_code"]

OF_PYTHON = re.compile(r"(?P<file>.+\.py):(?P<function>[^\W\d]\w*)")
LARGEST_SOURCE = 50
"""MB of a file of the user's."""


class Limits(NamedTuple):
    """What the code may use for one study.

    Attributes
    ----------
    seconds : float
    memory : int
        Resident, in MB, of all its processes together.
    output : int
        MB printed.
    """

    seconds: float = 60.0
    memory: int = 2000
    output: int = 10


class UserCode(NamedTuple):
    """How a user's analysis is run.

    Attributes
    ----------
    kind : str
        "python": a function, called for one study after the other in one process; "r": a script,
        evaluated for one after the other in one process; "program": started for each study.
    said : str
        As the user named it.
    words : tuple of str
        File and function; the script; or the command line. Files by their whole path.
    digest : str
        sha256 of the files named, which says whether rows are of the same code.
    """

    kind: str
    said: str
    words: tuple[str, ...]
    digest: str

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of the user's that are named."""
        return tuple(Path(word) for word in self.words if Path(word).is_absolute())

    @property
    def gets_tables(self) -> bool:
        """Whether it is given tables that have been read, and not files."""
        return self.kind == "python"

    @property
    def takes_many(self) -> bool:
        """Whether one process serves many studies."""
        return self.kind != "program"


def user_code(said: str) -> UserCode:
    """The analysis that a user names.

    Parameters
    ----------
    said
        ``my.py:fit``, or a command line such as ``Rscript fit.R``.

    Raises
    ------
    sim.errors.InputError
        If there is no such file or program, or no function is named.
    """
    if found := OF_PYTHON.fullmatch(said.strip()):
        file = Path(found["file"])
        return _code("python", said, (_whole(file), found["function"]), [file])
    words = _words(said)
    alone = Path(words[0])
    if len(words) == 1 and alone.suffix == ".py":
        raise InputError(f'{said}: names no function; "{alone}:fit" runs the function fit of it')
    if len(words) == 1 and alone.suffix in (".R", ".r"):
        raise InputError(f"{said}: is no program; {typed(typed('Rscript', alone))} runs it")
    if alone.is_file():
        words[0] = _whole(alone)
    elif shutil.which(words[0]) is None:
        raise InputError(
            f'{words[0]}: there is no such program; name a function ("my.py:fit") or a command '
            '("Rscript fit.R")'
        )
    is_script = len(words) == 2 and Path(words[1]).suffix in (".R", ".r")
    if Path(words[0]).stem == "Rscript" and is_script:
        return _code("r", said, (_whole(Path(words[1])),), [Path(words[1])])
    files = [Path(word) for word in words[1:] if Path(word).is_file()]
    whole = [_whole(Path(word)) if Path(word).is_file() else word for word in words[1:]]
    mine = [alone] if alone.is_file() else []
    return _code("program", said, (words[0], *whole), [*mine, *files])


def _words(said: str) -> list[str]:
    try:
        words = shlex.split(said)
    except ValueError as error:
        raise InputError(f"{said}: no command line ({error})") from None
    if not words:
        raise InputError('no analysis is named: "my.py:fit", or a command such as "Rscript fit.R"')
    return words


def _whole(file: Path) -> str:
    return str(file.absolute())


def _code(kind: str, said: str, words: tuple[str, ...], files: Sequence[Path]) -> UserCode:
    text = hashlib.sha256(repr((kind, [Path(word).name for word in words])).encode())
    for file in files:
        text.update(read_bytes(file, most=LARGEST_SOURCE))
    return UserCode(kind, said.strip(), words, text.hexdigest())
