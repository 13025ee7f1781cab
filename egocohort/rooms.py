"""Take egocohort's own rooms, whatever a user's files are called.

The rooms are top-level packages with plain names (``sim``, ``analysis``, ``scenarios``). Python
looks into the folder of the user's script first, where an ``analysis.py`` may well lie. So the
first import of egocohort takes its rooms from beside itself, before the search would find others.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import NoReturn

__all__ = ["ROOMS", "ShadowedRoomError", "take"]

ROOMS = ("sim", "analysis", "scenarios")


class ShadowedRoomError(ImportError):
    """A user's module was imported under the name of a room before; the message names it."""


def take() -> None:
    """Make ``sim``, ``analysis`` and ``scenarios`` mean egocohort's own.

    Raises
    ------
    ShadowedRoomError
        If another module of that name has been imported already, and so is in use.
    """
    home = Path(__file__).resolve().parent.parent
    for room in ROOMS:
        there = sys.modules.get(room)
        if there is None:
            _load(room, home / room)
        elif (place := _place(there)) != home / room:
            raise ShadowedRoomError(_message(room, place), name=room, path=str(place))


def _load(room: str, folder: Path) -> None:
    spec = spec_from_file_location(
        room, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None  # noqa: S101  # a path that ends in .py always has a loader
    assert spec.loader is not None  # noqa: S101
    module = sys.modules[room] = module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["__getattr__"] = lambda name: _missed(room, name)


def _missed(room: str, name: str) -> NoReturn:
    """Say whose package it is that lacks a name: a user may have meant a file of their own."""
    raise AttributeError(
        f"egocohort's own package {room!r} has no {name!r}; to import a {room}.py of yours "
        f"beside egocohort, rename it (my_{room}.py, say)"
    )


def _place(module: ModuleType) -> Path:
    """The file of a module, or the folder of a package."""
    file = getattr(module, "__file__", None)
    if file is None:
        return Path(next(iter(getattr(module, "__path__", [])), module.__name__)).resolve()
    path = Path(file).resolve()
    return path.parent if path.name == "__init__.py" else path


def _message(room: str, place: Path) -> str:
    return (
        f"{place} was imported as {room!r}, which is the name of a package of egocohort.\n"
        f"Rename it (my_{place.name}, say), or import egocohort before it."
    )
