"""What is said of an error that nobody foresaw: a line for the user, and a file with the rest."""

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sim.errors import InputError
from sim.world.private_folder import private_folder

__all__ = ["told"]

PACKAGES = ("egocohort", "numpy", "numba", "scipy", "pandas", "pyarrow", "pydantic")
LONGEST_MESSAGE = 120


def told(error: BaseException, words: Sequence[str]) -> str:
    """Two lines about an error: what happened, and where the rest of it is written.

    The file is the user's own (0600), and neither says where things lie on this machine. Nothing
    in here fails; if no file can be written, the second line says so.

    Parameters
    ----------
    error
        As caught.
    words
        Of the command line.
    """
    what = _what(error)
    try:
        file = _written(_report(error, words))
    except Exception:
        file = None
    if file is None:
        return f"{what}\nNo file could be written that would say more."
    return f"{what}\nThe details are in {file}; please report it with that file."


def _what(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; fewer people, weeks or studies take less"
    lines = str(error).strip().splitlines()
    said = lines[0] if lines else ""
    said = said if len(said) <= LONGEST_MESSAGE else f"{said[: LONGEST_MESSAGE - 3]}..."
    return f"egocohort went wrong: {type(error).__name__}{': ' * bool(said)}{said}"


def _report(error: BaseException, words: Sequence[str]) -> str:
    """Command, versions and traceback, with places of this machine cut out."""
    lines = ["egocohort " + " ".join(map(repr, words)), ""]
    lines += [f"{name} {_version(name)}" for name in PACKAGES]
    lines += [f"Python {platform.python_version()}, {platform.system()}, {platform.machine()}", ""]
    text = "\n".join(lines) + "\n" + "".join(traceback.format_exception(error))
    for place, sign in _places().items():
        text = text.replace(place, sign)
    return text


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _places() -> dict[str, str]:
    """Folders of this machine and what stands for them, the innermost first."""
    places = {str(Path(__file__).resolve().parent.parent): "(egocohort)", sys.prefix: "(Python)"}
    places |= {sys.base_prefix: "(Python)", tempfile.gettempdir(): "(temporary)"}
    with suppress(OSError, RuntimeError):
        places |= {str(Path.cwd()): "(here)", str(Path.home()): "~"}
    return dict(sorted(places.items(), key=lambda one: -len(one[0])))


def _written(text: str) -> Path | None:
    """The file, or None if there is no place for it."""
    for place in (_kept, tempfile.gettempdir):
        with suppress(OSError, InputError):
            handle, name = tempfile.mkstemp(prefix="egocohort-", suffix=".log", dir=place())  # 0600
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            return Path(name)
    return None


def _kept() -> Path | None:
    """A folder of the user's own beside compiled code; None for the temporary files."""
    return private_folder("mishaps")
