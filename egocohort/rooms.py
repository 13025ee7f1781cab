"""Notice when a user's own file hides a part of egocohort.

The parts are top-level packages with plain names (``sim``, ``analysis``, ``scenarios``). Python
looks into the folder of the user's script first, so an ``analysis.py`` there is imported in place
of ours, and everything after fails in ways that are hard to read.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

__all__ = ["ROOMS", "ShadowedRoomError", "check"]

ROOMS = ("sim", "analysis", "scenarios")


class ShadowedRoomError(ImportError):
    """A file or folder of the user's hides a part of egocohort; the message names it."""


def check() -> None:
    """Make sure that Python finds egocohort's own ``sim``, ``analysis`` and ``scenarios``.

    Raises
    ------
    ShadowedRoomError
        If another file or folder comes first, and egocohort is used as a library.
    SystemExit
        With code 2 (the input is wrong) and the same message on stderr, if this is the command
        line: there the import comes before any code that could catch the error.
    """
    home = Path(__file__).resolve().parent.parent
    for room in ROOMS:
        found = _location(room)
        if found is not None and found != home / room:
            message = _message(room, found)
            if _is_command_line():
                sys.stderr.write(f"Error: {message}\n")
                raise SystemExit(2)
            raise ShadowedRoomError(message, name=room, path=str(found))


def _location(room: str) -> Path | None:
    """Return the file, or the folder of the package, that ``import <room>`` gives."""
    try:
        spec = find_spec(room)
    except ValueError:  # already imported, by something that left no spec
        spec = None
        file = getattr(sys.modules[room], "__file__", None)
    else:
        file = spec.origin if spec else None
    if file is not None:
        path = Path(file).resolve()
        return path.parent if path.name == "__init__.py" else path
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0]).resolve() if folders else None


def _message(room: str, found: Path) -> str:
    kind = "folder" if found.is_dir() else "file"
    return (
        f"the {kind} {found} hides egocohort's own package {room!r}.\n"
        f"Rename it (my_{found.name}, say), or run from a folder that holds nothing of that name."
    )


def _is_command_line() -> bool:
    """Tell ``egocohort ...`` and ``python -m egocohort ...`` from a script that imports us."""
    if Path(sys.argv[0]).stem == "egocohort":
        return True
    # While `python -m egocohort` looks for us, argv[0] is only "-m"; orig_argv has the whole.
    if sys.argv[0] != "-m" or "-m" not in sys.orig_argv:
        return False
    return sys.orig_argv[sys.orig_argv.index("-m") + 1].partition(".")[0] == "egocohort"
