"""A file that was written for a user to go on with."""

from __future__ import annotations

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egocohort.results.files import check_free
from egocohort.results.result import Result
from sim.errors import InputError
from sim.world.toml_file import at_home

if TYPE_CHECKING:
    import pandas as pd

    from egocohort.results.files import FileContent
    from egocohort.study_files.questions import Answer

__all__ = ["AnsweredFile", "WrittenFile", "free_toml", "id_from"]


@dataclass(frozen=True)
class WrittenFile(Result):
    """A file that was written.

    Attributes
    ----------
    path : pathlib.Path
    text : str
    """

    path: Path
    text: str

    @property
    @abstractmethod
    def next(self) -> str:
        """What to do with it: a command, in most cases."""

    @property
    def headline(self) -> str:
        """What to do with it."""
        return f"Next: {self.next}"

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        return {self.path.name: self.text}


@dataclass(frozen=True)
class AnsweredFile(WrittenFile):
    """A file that was written from answers.

    Attributes
    ----------
    answers : dict of Answer
        By question.
    """

    answers: Mapping[str, Answer]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`answers`: one row per question, with its value and where that comes from."""
        import pandas as pd

        rows = [{"question": name, **one} for name, one in self._said.items()]
        return {"answers": pd.DataFrame(rows)}

    @property
    def _said(self) -> dict[str, dict[str, Any]]:
        """The answers as plain data."""
        return {name: one._asdict() for name, one in self.answers.items()}


def free_toml(path: str | Path, kind: str, *, force: bool) -> Path:
    """Where a file is to be written, of a kind that ends in ``.toml``.

    Raises
    ------
    sim.errors.InputError
        If it ends otherwise, or is there already and not to be replaced.
    """
    file = at_home(Path(path))
    if file.suffix != ".toml":
        right = file.with_suffix(".toml").name
        raise InputError(f"{file}: a {kind} file ends in .toml; {right} would be right")
    check_free(file, force=force)
    return file


def id_from(file: Path) -> str:
    """The id of what is in a file: its name, in the letters that an id may have."""
    plain = unicodedata.normalize("NFKD", file.stem).encode("ascii", "ignore").decode()
    if re.fullmatch("[a-z0-9_-]+", file.stem):
        return file.stem
    found = re.sub("[^a-z0-9_]+", "-", plain.lower()).strip("-_")
    return re.sub("[-_]*-[-_]*", "-", found) or "study"
