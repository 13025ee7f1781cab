"""Which sources something follows from: a module, and all it imports, directly or not.

Imports are read and not run, so those inside functions and those for types alone count as well.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["HOUSE", "closure", "sources_hash"]

HOUSE = Path(__file__).parents[1]
"""The folder that holds all rooms."""

_IMPORTS = re.compile(
    rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))",
    re.MULTILINE,
)
_ROOMS = (b"sim", b"analysis", b"egocohort", b"scenarios")


@cache
def closure(*roots: Path, house: Path = HOUSE) -> tuple[Path, ...]:
    """Files that some modules are made of, sorted.

    Parameters
    ----------
    roots
        Files of modules; a folder stands for all modules in it.
    house
        Folder of the rooms that imports are followed into.
    """
    found: set[Path] = set()
    todo = [one for root in roots for one in (_modules(root) if root.suffix != ".py" else [root])]
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            todo += _read(file, house)[1]
    return tuple(sorted(found))


@cache
def sources_hash(*roots: Path, house: Path = HOUSE) -> str:
    """Hash that changes with any file of a `closure`, in hexadecimal digits.

    Raises
    ------
    FileNotFoundError
        A root that has moved away.
    """
    digest = hashlib.sha256()
    for file in closure(*roots, house=house):
        digest.update(file.name.encode() + _read(file, house)[0])
    return digest.hexdigest()


def _modules(folder: Path) -> list[Path]:
    return list(folder.rglob("*.py")) or [folder / "__init__.py"]  # which cannot be read


@cache
def _read(file: Path, house: Path) -> tuple[bytes, tuple[Path, ...]]:
    """Digest of a file, and the files of what it imports."""
    text = file.read_bytes()
    names = dict.fromkeys(name for found in _IMPORTS.findall(text) for name in _named(*found))
    files = tuple(one for name in names for one in _files(name, house))
    return hashlib.sha256(text).digest(), files


def _named(package: bytes, members: bytes, modules: bytes) -> Iterator[str]:
    """Dotted names of the house in one statement of import; some may be no modules."""
    for module in (package, *modules.split(b",")):
        words = module.split()  # of `x as y` the first
        if words and words[0].partition(b".")[0] in _ROOMS:
            yield words[0].decode()
            for member in re.findall(rb"\w+", members):
                yield f"{words[0].decode()}.{member.decode()}"


@cache
def _files(name: str, house: Path) -> tuple[Path, ...]:
    """Files that importing a dotted name runs: its packages and itself, if it is a module."""
    above = _files(name.rpartition(".")[0], house) if "." in name else ()
    if "." in name and (not above or above[-1].name != "__init__.py"):
        return above
    place = house / name.replace(".", "/")
    here = (place.with_suffix(".py"), place / "__init__.py")
    return (*above, *(one for one in here if one.is_file()))
