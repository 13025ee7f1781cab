"""Conditions under which an analysis is tried: each is the study with a named change.

The same replicates are used in all, and most live the same lives, so differences are paired. What
is true is asked of the study as its file has it; a condition changes what is seen of it, except
where `is_null` says that there is nothing to find. Where a user plants an effect, it takes the
place of what arms do by themselves in all conditions but those that say they are `without_it`.

Each error of `scenarios/errors.toml` is a condition of its own at its typical rate, under its own
name, and all those of files together are one; they take nothing from the list that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from analysis.stress.effects import without_effects
from analysis.stress.planted_effect import PlantedEffect
from sim.errors import InputError, nearest
from sim.study.error_kinds import error_kinds
from sim.study.frame import whole_numbers
from sim.study.spec import Study, parse_study

__all__ = [
    "ALL_FILES",
    "CLEAN",
    "CONDITIONS",
    "EFFECT",
    "MUST",
    "Condition",
    "changed_study",
    "chosen_conditions",
]

CLEAN = "clean"
"""The condition beside which others are seen."""
EFFECT = "effect"
"""That beside which others are seen where an effect is planted."""
MUST = ("null", CLEAN, EFFECT, "absence")
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
    without_it : bool
        Whether no effect is planted in it.
    """

    name: str
    words: str
    change: Callable[[Said], bool]
    is_null: bool = False
    is_usual: bool = True
    without_it: bool = False


def _clean(said: Said) -> bool:
    said["participation"].pop("retention", None)
    said["map"]["telephone_share"] = 0.0
    return True


def _null(said: Said) -> bool:
    if "arms" not in said:
        return False
    without_effects(said)
    return _clean(said)


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
        said["map"]["telephone_share"] = 0.0
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
    said["map"]["telephone_share"] = 0.0
    return True


def _error(*names: str) -> Callable[[Said], bool]:
    def change(said: Said) -> bool:
        _clean(said)
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
    Condition("null", "where the arms do nothing", _null, is_null=True, without_it=True),
    Condition(CLEAN, "where nobody stays away", _clean, without_it=True),
    Condition(EFFECT, "where the effect is planted and nobody stays away", _clean),
    Condition("absence", "with the absence the study declares", _absence),
    Condition("mcar", "where people are absent at random (MCAR)", _drop_out("MCAR")),
    Condition("mar", "where those last recorded as worse stay away (MAR)", _drop_out("MAR")),
    Condition(
        "mnar", "where those who are worse by then stay away (MNAR)", _drop_out("MNAR-outcome")
    ),
    Condition(
        "mnar_by_arm", "where more of the last arm are absent, those worse by then", _by_arm
    ),
    Condition("small", "with half as many people", _small),
    Condition("teams", "where whole teams are allocated", _teams),
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
    said["map"].setdefault("telephone_share", 0.0)
    if not condition.change(said) or (effect is None and condition.name == EFFECT):
        return None
    if effect is not None and not condition.without_it:
        effect.put(said)
    return parse_study(said, f"{study.id} ({condition.name})")


def chosen_conditions(names: Sequence[str]) -> tuple[Condition, ...]:
    """Conditions by their names, in the order of `CONDITIONS`; the usual ones where none is named.

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
    return tuple(one for one in CONDITIONS if one.name in names or (not names and one.is_usual))
