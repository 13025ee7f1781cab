"""Members known again by name, kind and age, where no id lasts from wave to wave.

Two members of one person's maps are the same if their names are the same but for capitals, spaces
and signs, their kinds are the same, and their ages, where both are known, are no further apart than
the user allows. A name and kind that stand twice on one map can be anybody: such members are left
out of who stayed, neither kept nor lost. A name written in another way is a member lost and another
gained, so linked figures of who stayed are too low by as much as names change.
"""

from __future__ import annotations

import numpy as np

from analysis.pilots.faults import Faults
from analysis.pilots.given import PilotMap
from analysis.pilots.table import NOBODY, PilotTable, number_in
from analysis.pilots.words import plain_word

__all__ = ["linked_ids"]


def linked_ids(
    alters: PilotTable,
    person: np.ndarray,
    wave: np.ndarray,
    kind: np.ndarray,
    given: PilotMap,
    faults: Faults,
) -> tuple[np.ndarray, str]:
    """Number of each member, the same for the same one, -1 if it can be anybody; and a note.

    Parameters
    ----------
    person, wave, kind : ndarray of int, (m,)
        Of each member; any number that is the same for the same class and kind.
    """
    n = len(person)
    if "alter_name" not in alters.cells:
        faults.add(
            alters.where,
            "there is no column alter_name, by which members are to be known again; if it has "
            'another name, say so in the file of --map: [columns] alter_name = "its name"',
        )
        return np.full(n, NOBODY), ""
    cells = alters.cells["alter_name"]
    words = [plain_word(text) for text in cells.texts]
    number = {word: place for place, word in enumerate(dict.fromkeys(words))}
    label = np.array([number[word] for word in words] or [0])[cells.codes]
    _, key = np.unique(np.stack([person, kind, label]), axis=1, return_inverse=True)
    _, at, times = np.unique(np.stack([key, wave]), axis=1, return_inverse=True, return_counts=True)
    anybody = np.zeros(int(key.max(initial=0)) + 1, bool)
    anybody[key[times[at] > 1]] = True
    unknown = anybody[key] | cells.blank()
    ids = _split_by_age(alters, key, wave, given.years_apart)
    ids = np.where(unknown, NOBODY, ids)
    aged = "alter_age" in alters.cells
    by = f"name, kind and age (within {given.years_apart} years)" if aged else "name and kind"
    _, met = np.unique(ids[ids >= 0], return_counts=True)
    return ids, (
        f"members were known again by {by}: {int((met > 1).sum())} met at more than one wave, "
        f"{int((met == 1).sum())} at one; left out of who stayed, for a name that is blank or "
        f"stands twice on a map: {int(unknown.sum())} entries. Who stayed is too low by as much as "
        "names are written differently"
    )


def _split_by_age(alters: PilotTable, key: np.ndarray, wave: np.ndarray, apart: int) -> np.ndarray:
    """A number for each key, and another from where the age jumps, (m,)."""
    if "alter_age" not in alters.cells or not len(key):
        return np.asarray(key)
    age = alters.cells["alter_age"].read(number_in, float)
    order = np.lexsort((wave, key))
    ages, keys = age[order], key[order]
    with np.errstate(invalid="ignore"):
        jump = np.abs(np.diff(ages)) > apart  # nan, an unknown age, is no jump
    begins = np.concatenate([[True], (np.diff(keys) != 0) | jump])
    ids = np.empty(len(key), np.int64)
    ids[order] = np.cumsum(begins) - 1
    return ids
