"""A new analysis to test: a file of Python or R that runs at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egocohort.results.files import check_free
from egocohort.study_files.written import WrittenFile
from sim.errors import InputError, typed
from sim.files.whole import write_whole
from sim.world.toml_file import at_home

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NewAnalysis", "is_analysis", "new_analysis"]

STARTS = {".py": "fit.py", ".R": "fit.R", ".r": "fit.R"}
"""By the ending of a file: what it begins as, which lies beside this module."""


@dataclass(frozen=True)
class NewAnalysis(WrittenFile):
    """An analysis that was written, to be changed into one's own."""

    @property
    def code(self) -> str:
        """How `egocohort stress` names it."""
        return _code(self.path)

    @property
    def next(self) -> str:
        """The command that tries it on one study."""
        return typed("egocohort", "stress", self.code, "--check")

    @property
    def title(self) -> str:
        """Which file it is."""
        return f"The analysis {self.path.as_posix()}"

    def summary(self) -> str:
        """Where it lies, and the command that tries it."""
        return f"Written: {self.path}\nNext:    {self.next}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """None."""
        return {}

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {"file": str(self.path), "code": self.code, "next": self.next}


def is_analysis(path: str | Path) -> bool:
    """Whether a file of this name would be an analysis, and no study."""
    return Path(path).suffix in STARTS


def new_analysis(path: str | Path = "fit.py", *, force: bool = False) -> NewAnalysis:
    """Write an analysis to begin with, of Python or R by its ending.

    Parameters
    ----------
    path
        Where it will be.
    force
        Replace a file that is there.

    Returns
    -------
    egocohort.study_files.new_analysis.NewAnalysis

    Raises
    ------
    sim.errors.InputError
        If the name ends otherwise, or the file is there already.
    sim.errors.RunError
        If it cannot be written.

    Examples
    --------
    >>> egocohort.new_analysis("fit.py").code  # doctest: +SKIP
    'fit.py:fit'
    """
    file = at_home(Path(path))
    if not is_analysis(file):
        raise InputError(f"{file}: an analysis ends in .py or .R; fit.py would be right")
    check_free(file, force=force)
    start = STARTS[file.suffix]
    text = Path(__file__).with_name(start).read_text("utf-8")
    text = text.replace(typed(_code(Path(start))), typed(_code(Path(file.name))))
    write_whole(file, text.encode())
    return NewAnalysis(file, text)


def _code(file: Path) -> str:
    """How an analysis in a file is named; a script as the end of a command line."""
    if file.suffix == ".py":
        return Path(f"{file}:fit").as_posix()
    return typed("Rscript", file)
