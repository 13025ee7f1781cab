"""Files that are no bundle: tables, pictures and pages.

A bundle's files are hashed and made again byte for byte. A picture's bytes depend on the version of
the library that drew it, so pictures are no part of that promise and lie apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.data.place import MAPS
from sim.errors import InputError
from sim.files.folder import hold_results
from sim.files.whole import write_together, write_whole

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    FileContent: TypeAlias = pd.DataFrame | Figure | str | bytes
    """Of a file: a table for CSV, a figure for PNG, text, or bytes as they are."""

__all__ = ["check_free", "png", "write_files", "write_maps"]

DOTS_AN_INCH = 110
DOTS_AN_INCH_OF_MAPS = 100


def write_maps(maps: Figure, folder: Path) -> Path:
    """Write the picture of ego maps into ``pictures/maps.png`` of a bundle's folder."""
    quickly = {"dpi": DOTS_AN_INCH_OF_MAPS, "pil_kwargs": {"compress_level": 1}}
    picture = png(maps, **quickly)
    return write_whole(folder / MAPS, picture)


def png(figure: Figure, **how: Any) -> bytes:
    """A figure as the bytes of a PNG file; `how` goes to matplotlib's `savefig`."""
    sink = BytesIO()
    figure.savefig(sink, format="png", **{"dpi": DOTS_AN_INCH, **how})
    return sink.getvalue()


def write_files(out: str | Path, contents: Mapping[str, FileContent]) -> list[Path]:
    """Write results into a folder, replacing those there, but no study or scenario of a user's.

    Parameters
    ----------
    out
        The folder; made if need be.
    contents
        By name of the file: tables for CSV, with a column that says they are synthetic; figures for
        PNG; text; bytes as they are.

    Raises
    ------
    sim.errors.InputError
        If the folder holds a study or scenario file that is none of these results.
    sim.errors.HeldError
        If another run is at work in the folder.
    sim.errors.RunError
        If the disk is full or cannot be written.
    """
    made = {Path(out) / name: _bytes_of(content) for name, content in contents.items()}
    with hold_results(out):
        _leave_recipes(Path(out), made)
        write_together(made)
    return [*made]


def _leave_recipes(out: Path, made: Mapping[Path, bytes]) -> None:
    """A file that a user wrote, and edits, goes by the names of two of ours."""
    from analysis.runs.run import FINGERPRINT  # of a folder that holds the rows of a plan

    beside = (file for file in made if file.suffix != ".toml")
    if (out / FINGERPRINT).exists() or any(file.exists() for file in beside):
        return  # results were written here before
    for file, data in made.items():
        if file.suffix == ".toml" and file.is_file() and file.read_bytes() != data:
            raise InputError(
                f"{file}: is there already, and would be replaced by another file of that name; "
                "choose another folder"
            )


def _bytes_of(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode()
    if not hasattr(content, "to_csv"):
        return png(content)
    table = content.assign(synthetic="TRUE")
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    return str(text).encode()


def check_free(file: Path, *, force: bool) -> None:
    """Raise an `InputError` if the file exists and is not to be replaced, or is a folder."""
    if file.is_dir():
        raise InputError(f"{file}: is a folder; give the name of a file")
    if file.exists() and not force:
        raise InputError(f"{file}: already exists; choose another name or give --force")
