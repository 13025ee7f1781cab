"""What the words of a table mean: the status of each interview, class and kind of each member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from analysis.pilots.faults import Faults
from analysis.pilots.given import PilotMap
from analysis.pilots.table import PilotTable, no_column
from analysis.pilots.words import (
    CLASS_WORDS,
    KIN_WORDS,
    KIND_WORDS,
    STATUSES,
    class_of_kind,
    plain_word,
    synonyms,
)
from analysis.worlds.moments import MOMENT_CLASSES
from sim.errors import nearest

__all__ = ["Roles", "VisitStatus", "member_roles", "statuses_of"]

MOST_SAID = 12
UNKNOWN = -1


class VisitStatus(IntEnum):
    """Numbers of `words.STATUSES`."""

    COMPLETE = 0
    PARTIAL = 1
    MISSED = 2


@dataclass(frozen=True)
class Roles:
    """What each member is, (rows,) each.

    Attributes
    ----------
    what : ndarray of int
        Number of the class among `MOMENT_CLASSES`, in which a partner is a class of its own.
    kind : ndarray of int
        Number of the kind among `words.KIND_WORDS`; -1 where it is unknown.
    notes : tuple of str
        Which words were read as which.
    """

    what: np.ndarray
    kind: np.ndarray
    notes: tuple[str, ...]


def statuses_of(
    egos: PilotTable, given: PilotMap, faults: Faults
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Number of each interview's status among `words.STATUSES`, and what to say of it."""
    if "interview_status" not in egos.cells:
        return np.zeros(len(egos), np.int64), ()
    found, read = _words(egos, "interview_status", STATUSES, given, faults, needed=True)
    return np.where(found == UNKNOWN, VisitStatus.COMPLETE, found), _told(
        egos, "interview_status", read
    )


def member_roles(alters: PilotTable, given: PilotMap, faults: Faults) -> Roles:
    """Class and kind of each member, from the one, the other, or both."""
    n = len(alters)
    notes: tuple[str, ...] = ()
    kind = np.full(n, UNKNOWN)
    if "tie_kind" in alters.cells:
        kind, read = _words(alters, "tie_kind", KIND_WORDS, given, faults)
        notes += _told(alters, "tie_kind", read)
    of_kind = np.array([*(CLASS_WORDS.index(class_of_kind(one)) for one in KIND_WORDS), UNKNOWN])
    class_ = of_kind[kind]
    unread = np.zeros(n, bool)
    if "tie_class" in alters.cells:
        known = (*CLASS_WORDS, *(one for one in KIND_WORDS if one not in CLASS_WORDS))
        said, read = _words(alters, "tie_class", known, given, faults)
        notes += _told(alters, "tie_class", read)
        named = [UNKNOWN if one in CLASS_WORDS else KIND_WORDS.index(one) for one in known]
        kind = np.where(kind == UNKNOWN, np.array([*named, UNKNOWN])[said], kind)
        classes = [
            CLASS_WORDS.index(one if one in CLASS_WORDS else class_of_kind(one)) for one in known
        ]
        said = np.array([*classes, UNKNOWN])[said]
        _conflicts(alters, said, class_, faults)
        unread = (said == UNKNOWN) & ~alters.cells["tie_class"].blank()
        class_ = np.where(said == UNKNOWN, class_, said)
    if "tie_kind" in alters.cells:
        unread |= (kind == UNKNOWN) & ~alters.cells["tie_kind"].blank()
    _unclear(alters, class_, kind, unread, faults)
    what = np.array([MOMENT_CLASSES.index(one) for one in CLASS_WORDS] + [0])[class_]
    return Roles(np.where(kind == KIND_WORDS.index("partner"), 0, what), kind, notes)


def _conflicts(alters: PilotTable, said: np.ndarray, of_kind: np.ndarray, faults: Faults) -> None:
    wrong = (said != UNKNOWN) & (of_kind != UNKNOWN) & (said != of_kind)
    for mine, theirs in sorted(
        set(zip(said[wrong].tolist(), of_kind[wrong].tolist(), strict=True))
    ):
        rows = np.flatnonzero(wrong & (said == mine) & (of_kind == theirs))
        kind = alters.cells["tie_kind"].at(int(rows[0]))
        alters.add(
            faults, rows,
            f"{alters.called('tie_class')} is {CLASS_WORDS[mine]}, but {alters.called('tie_kind')} "
            f"{kind!r} is {CLASS_WORDS[theirs]}; correct one of them, or leave one blank",
        )  # fmt: skip


def _unclear(
    alters: PilotTable, class_: np.ndarray, kind: np.ndarray, unread: np.ndarray, faults: Faults
) -> None:
    """Members of no class, and kin of whom the kind does not tell whether it is the partner."""
    nothing = np.flatnonzero((class_ == UNKNOWN) & ~unread)
    column = "tie_class" if "tie_class" in alters.cells else "tie_kind"
    known = CLASS_WORDS if column == "tie_class" else KIND_WORDS
    alters.add(
        faults, nothing, f"{alters.called(column)} must be one of {', '.join(known)}, not blank"
    )
    kin = (class_ == CLASS_WORDS.index("kin")) & (kind == UNKNOWN) & ~unread
    if kin.any() and "tie_kind" not in alters.cells:
        faults.add(alters.where, no_column(alters, "tie_kind", "which of the kin is a partner"))
        return
    alters.add(
        faults, np.flatnonzero(kin),
        f"{alters.called('tie_kind')} is blank, so this may be the partner; write "
        f"{', '.join(KIN_WORDS)}",
    )  # fmt: skip


def _words(
    table: PilotTable,
    column: str,
    known: Sequence[str],
    given: PilotMap,
    faults: Faults,
    *,
    needed: bool = False,
) -> tuple[np.ndarray, dict[str, str]]:
    """Number of each row's word among those known, -1 if none; and words that are read as ours."""
    own, ours = given.words.get(column, {}), {plain_word(word): word for word in known}
    meant = {**ours, **synonyms(column), **own}
    if column == "tie_class":
        meant = {**{plain_word(k): v for k, v in synonyms("tie_kind").items()}, **meant}
    cells = table.cells[column]
    read = {text: meant[word] for text in cells.texts if (word := plain_word(text)) in meant}
    found = cells.read(lambda text: known.index(read[text]) if text in read else UNKNOWN, np.int64)
    wrong = (found == UNKNOWN) & (needed | ~cells.blank())
    for code in np.unique(cells.codes[wrong]).tolist():
        text = cells.texts[code]
        hint = nearest(plain_word(text), meant) if text else ""
        if hint and (close := hint.split('"')[1]) not in ours:
            hint = f'; did you mean "{meant[close]}"?'
        if text and not hint:
            hint = f"; or say which it is in a file of --map: [{column}] {_quoted(text)} = ..."
        these = wrong & (cells.codes == code)
        told = f"{table.called(column)} must be one of {', '.join(known)}, {{not}}{hint}"
        told += table.unless(column)
        table.refuse(faults, column, these, told)
    others = {t: word for t, word in read.items() if plain_word(t) != plain_word(word)}
    return np.asarray(found), others


def _quoted(text: str) -> str:
    cut = "".join(c for c in text[:30] if c.isprintable() and c not in '"\\')
    return f'"{cut}"'


def _told(table: PilotTable, column: str, read: Mapping[str, str]) -> tuple[str, ...]:
    if not read:
        return ()
    cells = table.cells[column]
    rows = np.bincount(cells.codes, minlength=len(cells.texts))
    told = [
        f"{_quoted(text)} as {word} ({rows[cells.texts.index(text)]})"
        for text, word in list(read.items())[:MOST_SAID]
        if rows[cells.texts.index(text)]
    ]
    more = len(read) - MOST_SAID
    rest = f" and {more} more" if more > 0 else ""
    return (f"{table.called(column)} read as ours: {', '.join(told)}{rest}",)
