"""Columns of text as codes of labels, so that text is handled label by label, not row by row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

__all__ = ["Texts", "of_codes", "words"]


@dataclass(frozen=True)
class Texts:
    """A column of text: row r says ``labels[codes[r]]``.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
    labels : ndarray, shape (m,)
        ``<U..``, ``object`` of ``str``, or ``S..`` of ASCII; not all need occur.
    """

    codes: np.ndarray
    labels: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array: (n,)."""
        return self.codes.shape

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: np.ndarray) -> Texts:
        return Texts(self.codes[rows], self.labels)

    def where(self, here: np.ndarray, other: str) -> Texts:
        """The same texts where `here` is true, `other` elsewhere."""
        codes = np.where(here, self.codes, len(self.labels))
        return Texts(codes, np.append(self.labels, other))


def words(codes: np.ndarray, *labels: str) -> Texts:
    """Texts of a few labels; a boolean chooses between two, the first for False."""
    return Texts(codes.astype(np.intp), np.array(labels))


def of_codes(kind: type[IntEnum]) -> np.ndarray:
    """Label of every code of a list, "" where there is none: its name in small letters."""
    labels = dict.fromkeys(range(max(kind) + 1), "") | {one.value: one.name.lower() for one in kind}
    return np.array([*labels.values()])
