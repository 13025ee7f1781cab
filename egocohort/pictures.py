"""Pictures and pages beside a bundle: in its folder ``pictures/``, outside its manifest.

A bundle's files are hashed and made again byte for byte. A picture's bytes depend on the version of
the library that drew it, so pictures are no part of that promise and lie apart.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, RunError

if TYPE_CHECKING:
    from egocohort.simulation import Simulation

__all__ = ["FOLDER", "check_free", "write_maps", "write_whole"]

FOLDER = "pictures"
DOTS_AN_INCH = 100


def write_maps(simulation: Simulation, folder: Path) -> Path:
    """Draw six ego maps over the waves into ``pictures/maps.png`` of a bundle's folder."""
    sink = BytesIO()
    picture = simulation.plot("maps")
    picture.savefig(sink, format="png", dpi=DOTS_AN_INCH, pil_kwargs={"compress_level": 1})
    return write_whole(folder / FOLDER / "maps.png", sink.getvalue(), force=True)


def check_free(file: Path, *, force: bool) -> None:
    """Raise an `InputError` if the file exists and is not to be replaced, or is a folder."""
    if file.is_dir():
        raise InputError(f"{file}: is a folder; give the name of a file")
    if file.exists() and not force:
        raise InputError(f"{file}: already exists; choose another name or give --force")


def write_whole(file: Path, data: bytes, *, force: bool) -> Path:
    """Write a file whole or not at all; its folder is made if need be.

    Raises
    ------
    sim.errors.InputError
        If the file exists and `force` is not given, or is a folder.
    sim.errors.RunError
        If the disk is full or cannot be written. Nothing is left behind.
    """
    check_free(file, force=force)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}.unfinished")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(data)
        unfinished.replace(file)
    except OSError as error:
        raise RunError(f"{file}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return file
