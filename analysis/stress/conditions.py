"""Conditions under which an analysis is tried: each is the study with a named change.

The same replicates are used in all, and most live the same lives, so differences are paired. What
is true is asked of the study as its file has it; a condition changes what is seen of it, except
where `is_null` says that there is nothing to find.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sim.errors import InputError, nearest
from sim.study.frame import whole_numbers
from sim.study.spec import Study, parse_study

__all__ = ["CLEAN", "CONDITIONS", "MUST", "Condition", "changed_study", "chosen_conditions"]

CLEAN = "clean"
"""The condition beside which others are seen."""
MUST = ("null", CLEAN, "absence")
"""What must hold by default, as far as the study has it."""

STAYED = 0.8
"""Share interviewed at the end in conditions of drop-out, where the study says nothing of it."""
TELEPHONE, CAP = 0.5, 10
SMALL, FEWEST = 0.5, 8

Said = dict[str, Any]


class Condition(NamedTuple):
    """A named change of a study.

    Attributes
    ----------
    name, words : str
        As the user names it; in a sentence: "where ...".
    change : callable
        Takes what a study file says and changes it; False where the study has nothing to change.
    is_null : bool
        Whether arms do nothing, so that every contrast of them is 0.
    errors : tuple of str
        Of its files: applied, in order, to what the study recorded.
    """

    name: str
    words: str
    change: Callable[[Said], bool]
    is_null: bool = False
    errors: tuple[str, ...] = ()


def _clean(said: Said) -> bool:
    said["participation"].pop("retention", None)
    said["map"]["telephone_share"] = 0.0
    return True


def _null(said: Said) -> bool:
    if "arms" not in said:
        return False
    said["arms"].pop("scenario", None)
    return _clean(said)


def _absence(said: Said) -> bool:
    return bool(said["participation"].get("retention"))


def _drop_out(mechanism: str) -> Callable[[Said], bool]:
    def change(said: Said) -> bool:
        waves = len(said["waves"]["weeks"])
        if waves < 2:
            return False
        falling = [1 - (1 - STAYED) * k / (waves - 1) for k in range(1, waves)]
        there = said["participation"]
        if not there.get("retention"):
            there["retention"] = {"all": falling}
        there["mechanism"] = {"all": mechanism}
        said["map"]["telephone_share"] = 0.0
        return True

    return change


def _map(**rules: Any) -> Callable[[Said], bool]:
    def change(said: Said) -> bool:
        _clean(said)
        as_it_is = {name: said["map"].get(name) for name in rules}
        said["map"].update(rules)
        return as_it_is != rules

    return change


def _small(said: Said) -> bool:
    asked = said["recruitment"]
    n = max(int(asked["n"] * SMALL), FEWEST)
    if n >= asked["n"]:
        return False
    if "site_quota" in asked:
        total = asked["n"]
        asked["site_quota"] = list(whole_numbers([q / total for q in asked["site_quota"]], n))
    asked["n"] = n
    return _clean(said)


def _teams(said: Said) -> bool:
    arms = said.get("arms")
    if not arms or arms["unit"] in ("team", "site"):
        return False
    arms["unit"] = "team"
    return _clean(said)


CONDITIONS = (
    Condition("null", "where the arms do nothing", _null, is_null=True),
    Condition(CLEAN, "where nobody stays away", _clean),
    Condition("absence", "with the absence the study declares", _absence),
    Condition("mcar", "where people are absent at random (MCAR)", _drop_out("MCAR")),
    Condition("mar", "where those last recorded as worse stay away (MAR)", _drop_out("MAR")),
    Condition(
        "mnar", "where those who are worse by then stay away (MNAR)", _drop_out("MNAR-outcome")
    ),
    Condition(
        "telephone", "with half the interviews by telephone", _map(telephone_share=TELEPHONE)
    ),
    Condition("forgotten", "where maps are drawn afresh and members forgotten", _map(how="afresh")),
    Condition("cap", f"where at most {CAP} members are recorded", _map(most_members=CAP)),
    Condition("small", "with half as many people", _small),
    Condition("teams", "where whole teams are allocated", _teams),
)  # fmt: skip
"""Those there are, in the order in which they are shown."""


def changed_study(study: Study, condition: Condition) -> Study | None:
    """The study under a condition; None where it has nothing that would be changed."""
    said = study.resolved()
    said["map"].setdefault("telephone_share", 0.0)
    if not condition.change(said):
        return None
    return parse_study(said, f"{study.id} ({condition.name})")


def chosen_conditions(names: Sequence[str]) -> tuple[Condition, ...]:
    """Conditions by their names, in the order of `CONDITIONS`; all where none is named.

    Raises
    ------
    sim.errors.InputError
        If there is none of a name.
    """
    known = {one.name: one for one in CONDITIONS}
    for name in names:
        if name not in known:
            hint = nearest(name, known) or f"; known: {', '.join(known)}"
            raise InputError(f'there is no condition "{name}"{hint}')
    return tuple(one for one in CONDITIONS if not names or one.name in names)
