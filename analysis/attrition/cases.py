"""On what absence hangs: the cases of the dial, each a study that differs in nothing else."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.study.settings import MECHANISMS
from sim.study.spec import Study, parse_study

__all__ = ["COMPLETE", "OWN", "REFERENCE", "Case", "cases_of", "study_in"]

COMPLETE, REFERENCE, OWN = "nobody missing", "MCAR", "as in the file"
STEEPER = 2.0
"""By what the odds ratio of the last arm is multiplied where arms differ in it."""


class Case(NamedTuple):
    """On what absence hangs; by arm, or for everybody.

    Attributes
    ----------
    name : str
    mechanism, odds_ratio : dict
        As in a study file; None keeps the file's.
    complete : bool
        Nobody is missing; in the world but for the dead.
    """

    name: str
    mechanism: dict[str, str] | None = None
    odds_ratio: dict[str, float] | None = None
    complete: bool = False


def cases_of(study: Study) -> list[Case]:
    """The mechanisms in all arms, in one arm only, steeper in one arm; the study file's own.

    The first is that of nobody missing, the last the file's own.
    """
    found = [Case(COMPLETE, complete=True), Case(REFERENCE, {"all": REFERENCE})]
    found += [Case(name, {"all": name}) for name in MECHANISMS[1:]]
    arms = study.arm_names
    if len(arms) > 1:
        others, last = arms[:-1], arms[-1]
        for name in MECHANISMS[1:]:
            table = dict.fromkeys(others, REFERENCE) | {last: name}
            found.append(Case(f"{name} in {last}, else MCAR", table))
        odds = {one: float(study.participation.of("odds_ratio", one)) for one in arms}
        steeper = odds | {last: min(STEEPER * odds[last], 100.0)}
        for name in MECHANISMS[1:]:
            said = f"{name}, odds ratio {steeper[last]:g} in {last}"
            found.append(Case(said, {"all": name}, steeper))
    return [*found, Case(OWN)]


def study_in(study: Study, case: Case) -> Study:
    """The study with absence as in a case."""
    said = study.resolved()
    part: dict[str, Any] = said["participation"]
    rates = said.get("errors", {})
    if case.complete:
        part["retention"] = {}
        rates.pop("missed_waves", None), rates.pop("mnar_attrition", None)
    if case.mechanism is not None:
        rates.pop("mnar_attrition", None)
        part["mechanism"] = case.mechanism
    if case.odds_ratio is not None:
        part["odds_ratio"] = case.odds_ratio
    return parse_study(said, study.id)
