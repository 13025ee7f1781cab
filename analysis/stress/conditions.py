"""Conditions under which an analysis is tried: each is the study with a named change.

The same replicates are used in all, and most live the same lives, so differences are paired. What
is true is asked of the study as its file has it; a condition changes what is seen of it, except
where `is_null` says that there is nothing to find. Where a user plants an effect, it takes the
place of what arms do by themselves in all conditions but those that say they are `without_it`.

Each error of `scenarios/errors.toml` is a condition of its own at its typical rate, under its own
name, and all those of files together are one; they take nothing from the list that is not there.
Conditions that are crossed, "mar+forgotten", hold together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from analysis.stress.effects import without_effects
from analysis.stress.planted_effect import PlantedEffect
from sim.errors import InputError, meant_or_known
from sim.study.error_kinds import error_kinds
from sim.study.frame import whole_numbers
from sim.study.spec import Study, parse_study

__all__ = [
    "ALL_FILES",
    "ALL_THERE",
    "AND",
    "CLEAN",
    "CONDITIONS",
    "EFFECT",
    "MADE",
    "MUST",
    "NO_EFFECT",
    "Condition",
    "Said",
    "changed_study",
    "chosen_conditions",
    "enrol",
]

CLEAN = "clean"
"""The condition beside which others are seen."""
EFFECT = "effect"
"""That beside which others are seen where an effect is planted."""
NO_EFFECT = "no_effect"
"""That in which the arms do nothing. (pandas would take the word null for a missing value.)"""
MUST = (NO_EFFECT, CLEAN, EFFECT, "absence")
"""What must hold by default, as far as the study has it."""

STAYED = 0.8
"""Share interviewed at the end in conditions of drop-out, where the study says nothing of it."""
STAYED_BY_ARM, ODDS_BY_ARM = (0.9, 0.7), 4.0
"""Shares still there in the first and the last arm, and how much it hangs on the outcome."""
ALL_FILES, TYPICAL = "files", "typical"
"""All errors of files together."""
USUAL = ("forgotten", "interviewers", "mode", "cap", "break_off")
"""Errors that are run where no condition is named."""
SMALL, FEWEST = 0.5, 8

ALL_THERE, MADE, DECLARED = "nobody", "made", "declared"
"""Who is absent: nobody, whom a condition makes so, or whom the study declares to be."""
SAME_IN_ARMS, BY_ARM = ("mcar", "mar", "mnar"), "mnar_by_arm"
"""Drop-out of the same mechanism and retention in every arm, and drop-out that differs."""
AND = "+"
"""Between conditions that hold together."""

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
    is_usual : bool
        Whether it is run where no condition is named.
    absent : str
        `ALL_THERE`, `MADE` or `DECLARED`.
    without_it : bool
        Whether no effect is planted in it.
    """

    name: str
    words: str
    change: Callable[[Said], bool]
    is_null: bool = False
    is_usual: bool = True
    absent: str = ALL_THERE
    without_it: bool = False


def _as_it_is(said: Said) -> bool:
    del said
    return True


def _null(said: Said) -> bool:
    if "arms" not in said:
        return False
    without_effects(said)
    return True


def _absence(said: Said) -> bool:
    return bool(said["participation"].get("retention"))


def _drop_out(mechanism: str) -> Callable[[Said], bool]:
    def change(said: Said) -> bool:
        waves = len(said["waves"]["weeks"])
        if waves < 2:
            return False
        falling = _falling(STAYED, waves)
        there = said["participation"]
        if not there.get("retention"):
            there["retention"] = {"all": falling}
        there["mechanism"] = {"all": mechanism}
        return True

    return change


def _falling(stayed: float, waves: int) -> list[float]:
    return [1 - (1 - stayed) * k / (waves - 1) for k in range(1, waves)]


def _by_arm(said: Said) -> bool:
    waves = len(said["waves"]["weeks"])
    if waves < 2 or "arms" not in said:
        return False
    names = list(said["arms"].get("share") or said["arms"]["count"])
    stayed = dict.fromkeys(names, STAYED_BY_ARM[0]) | {names[-1]: STAYED_BY_ARM[1]}
    said["participation"] |= {
        "retention": {arm: _falling(share, waves) for arm, share in stayed.items()},
        "mechanism": {"all": "MNAR-outcome"},
        "odds_ratio": {"all": ODDS_BY_ARM},
    }
    return True


def _error(*names: str) -> Callable[[Said], bool]:
    def change(said: Said) -> bool:
        own = said.get("errors") or {}
        said["errors"] = {**own, **dict.fromkeys(names, TYPICAL)}
        return True

    return change


def _of_vocabulary() -> list[Condition]:
    """Each error as a condition, one that needs absence with it."""
    found = []
    for name in error_kinds():
        asked = ("missed_waves", name) if name == "mnar_attrition" else (name,)
        words = f'with the error "{name}" at its typical rate'
        found.append(Condition(name, words, _error(*asked), is_usual=name in USUAL))
    return found


def _small(said: Said) -> bool:
    asked = said["recruitment"]
    n = max(int(asked["n"] * SMALL), FEWEST)
    if n >= asked["n"]:
        return False
    enrol(said, n)
    return True


def enrol(said: Said, n: int) -> None:
    """So many people, of each site in the proportions of the quota."""
    asked, total = said["recruitment"], said["recruitment"]["n"]
    if "site_quota" in asked:
        asked["site_quota"] = list(whole_numbers([q / total for q in asked["site_quota"]], n))
    asked["n"] = n


def _allocated_by(unit: str, larger: Sequence[str]) -> Callable[[Said], bool]:
    def change(said: Said) -> bool:
        arms = said.get("arms")
        if not arms or arms["unit"] in (unit, *larger):
            return False
        arms["unit"] = unit
        return True

    return change


CONDITIONS = (
    Condition(NO_EFFECT, "where the arms do nothing", _null, is_null=True, without_it=True),
    Condition(CLEAN, "where nobody stays away", _as_it_is, without_it=True),
    Condition(EFFECT, "where the effect is planted and nobody stays away", _as_it_is),
    Condition("absence", "with the absence the study declares", _absence, absent=DECLARED),
    Condition("mcar", "where people are absent at random (MCAR)", _drop_out("MCAR"), absent=MADE),
    Condition("mar", "where those last recorded as worse stay away (MAR)", _drop_out("MAR"),
              absent=MADE),
    Condition("mnar", "where those who are worse by then stay away (MNAR)",
              _drop_out("MNAR-outcome"), absent=MADE),
    Condition("mnar_by_arm", "where more of the last arm are absent, those worse by then", _by_arm,
              absent=MADE),
    Condition("small", "with half as many people", _small),
    Condition("teams", "where whole teams are allocated", _allocated_by("team", ["site"])),
    Condition("workers", "where whole caseloads of workers are allocated",
              _allocated_by("worker", ["team", "site"]), is_usual=False),
    *_of_vocabulary(),
    Condition(ALL_FILES, "with all errors of files together, at typical rates",
              _error(*(name for name, kind in error_kinds().items() if kind.sort == "file"))),
)  # fmt: skip
"""Those there are, in the order in which they are shown."""


def changed_study(
    study: Study, condition: Condition, effect: PlantedEffect | None = None
) -> Study | None:
    """The study under a condition; None where it has nothing that would be changed."""
    said = study.resolved()
    said.pop("stress", None)
    if condition.absent != DECLARED:
        said["map"]["telephone_share"] = 0.0
    if condition.absent == ALL_THERE:
        said["participation"].pop("retention", None)
    said["map"].setdefault("telephone_share", 0.0)
    if not condition.change(said) or (effect is None and condition.name == EFFECT):
        return None
    if effect is not None and not condition.without_it:
        effect.put(said)
    return parse_study(said, f"{study.id} ({condition.name})")


def _crossed(conditions: Sequence[Condition]) -> Condition:
    """Several conditions that hold together, as one.

    Raises
    ------
    sim.errors.InputError
        If one stands there twice, if two of them say who is absent, or if one is `CLEAN` or
        `EFFECT`.
    """
    names = [one.name for one in conditions]
    whole = AND.join(names)
    idle = [one for one in (CLEAN, EFFECT) if one in names]
    if idle or len(set(names)) < len(names):
        raise InputError(
            f'condition "{whole}": "{idle[0] if idle else CLEAN}" adds nothing to another, nor '
            "does one that stands there twice"
        )
    absent = [one for one in conditions if one.absent != ALL_THERE]
    if len(absent) > 1:
        raise InputError(
            f'condition "{whole}": {" and ".join(one.name for one in absent)} each say who is '
            "absent; leave one"
        )

    def change(said: Said) -> bool:
        changes = [one.change(said) for one in conditions]
        return all(changes)

    return Condition(
        whole, " and ".join(one.words for one in conditions), change,
        is_null=any(one.is_null for one in conditions),
        absent=absent[0].absent if absent else ALL_THERE,
        without_it=any(one.without_it for one in conditions),
    )  # fmt: skip


def chosen_conditions(names: Sequence[str], own: Sequence[Condition] = ()) -> tuple[Condition, ...]:
    """Conditions by their names; the usual ones, and one's own, where none is named.

    Parameters
    ----------
    names
        Those that hold together with "+" between: ``"mar+forgotten"``.
    own
        Beside those of `CONDITIONS`.

    Returns
    -------
    tuple of Condition
        In the order of `CONDITIONS`, then one's own, then those that are crossed.

    Raises
    ------
    sim.errors.InputError
        If there is none of a name, or some cannot be crossed.
    """
    known = {one.name: one for one in (*CONDITIONS, *own)}
    asked = [tuple(part.strip() for part in name.split(AND)) for name in names]
    for part in (part for parts in asked for part in parts):
        if part not in known:
            hint = meant_or_known(part, known)
            raise InputError(f'there is no condition "{part}"{hint}')
    alone = {parts[0] for parts in asked if len(parts) == 1}
    single = [one for name, one in known.items() if name in alone or (not names and one.is_usual)]
    together = dict.fromkeys(parts for parts in asked if len(parts) > 1)
    return (*single, *(_crossed([known[part] for part in parts]) for parts in together))
