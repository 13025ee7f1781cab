"""The `[saturation]` table of a study file: codes to be seen, and rules that say when to stop."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, FiniteFloat, model_validator

from analysis.saturation.code_list import world_codes
from sim.errors import meant_or_known
from sim.study.owners import Fail, Owner
from sim.study.settings import Count, Tuple
from sim.study.spec import Study
from sim.world.shock import STRICT

__all__ = ["EVERY_CODE", "OWNER", "Rule", "Saturation", "Stated", "saturation_in"]

EVERY_CODE = ("all",)
FIRST, ALL = "first interviews", "all interviews"
LEAST = 1e-4
"""A chance next to none, and what is missing from a chance next to certain."""


def _is_prevalence(share: float) -> float:
    if not LEAST <= share <= 1 - LEAST:
        raise ValueError(
            f"{share:g} is no prevalence: it lies between 0 and 1, such as 0.2; from {LEAST:g} to "
            f"{1 - LEAST:g} can be worked with"
        )
    return share


def _is_chance(chance: float) -> float:
    if not LEAST <= chance <= 1 - LEAST:
        raise ValueError(
            f"{chance:g} cannot be asked for: no number of people makes it certain; 0.9 is usual, "
            f"{LEAST:g} to {1 - LEAST:g} possible"
        )
    return chance


def _detects(chance: float) -> float:
    if not LEAST <= chance <= 1:
        raise ValueError(
            f"{chance:g} is no chance of detection: it is more than 0, or the code is never seen, "
            f"and at most 1; from {LEAST:g} on it can be worked with"
        )
    return chance


Prevalence = Annotated[FiniteFloat, AfterValidator(_is_prevalence)]
Chance = Annotated[FiniteFloat, AfterValidator(_is_chance)]
Detection = Annotated[FiniteFloat, AfterValidator(_detects)]


class Stated(BaseModel):
    """A code whose prevalence the study file states.

    Attributes
    ----------
    name
        What to call it.
    prevalence
        Share of people to whom it applies, independently of all else.
    detection
        As `Saturation.detection`, where it differs.
    at_weeks
        Waves at which it may come up; all by default.
    """

    model_config = STRICT

    name: Annotated[str, Field(min_length=1)]
    prevalence: Prevalence
    detection: Detection | None = None
    at_weeks: Annotated[tuple[int, ...], Tuple] = ()


class Rule(BaseModel):
    """When to stop: after so many people, once enough in a row have brought little that is new.

    Attributes
    ----------
    name
        What to call it.
    base
        People interviewed in any case.
    run
        People in a row after them that are looked at; the run moves on by one person at a time.
    new_information
        New codes in the run, as a share of the codes seen in the base, at most.
    decides_on
        The interviews that are coded when it is decided: recruitment may be over before there are
        any others.
    """

    model_config = STRICT

    name: Annotated[str, Field(min_length=1)]
    base: Count
    run: Count
    new_information: Annotated[FiniteFloat, Field(ge=0, lt=1)] = 0.0
    decides_on: Literal["all interviews", "first interviews"] = "all interviews"


def _rows(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Saturation(BaseModel):
    """Which codes there are to see, how easily, and what is asked of the study.

    Attributes
    ----------
    codes
        Names of codes of the world (`scenarios/codes.toml`), or "all".
    detection
        Chance that a code which applies comes up in an interview and is recognised in coding.
    detection_of
        By name of a code: where it differs.
    stated
        Further codes with a prevalence of their own.
    seen_in
        People in whom a code must have been seen before it counts.
    share_wanted
        Share of the codes that is wanted: to stop below it is to stop too early.
    prevalence_above
        Every code at least so frequent is to be seen ...
    chance
        ... with this chance.
    people_at_most
        There are no more to interview.
    rule
        Rules of stopping to be judged.
    """

    model_config = STRICT

    codes: Annotated[tuple[str, ...], Tuple] = ()
    detection: Detection
    detection_of: dict[str, Detection] = {}
    stated: Annotated[tuple[Stated, ...], BeforeValidator(_rows)] = ()
    seen_in: Count = 1
    share_wanted: Chance = 0.9
    prevalence_above: Prevalence = 0.1
    chance: Chance = 0.9
    people_at_most: Annotated[int, Field(ge=2, le=5000)] = 60
    rule: Annotated[tuple[Rule, ...], BeforeValidator(_rows)] = ()

    @model_validator(mode="after")
    def _agree(self) -> Saturation:
        if not self.codes and not self.stated:
            raise ValueError('names no code: give codes = "all", some names, or [[...stated]]')
        names = [*(self.codes if self.codes != EVERY_CODE else world_codes()),
                 *(one.name for one in self.stated)]  # fmt: skip
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f'names the code "{twice}" twice')
        return self


def saturation_in(study: Study) -> Saturation | None:
    """The study's `[saturation]`; None if it has none."""
    found: Saturation | None = study.asked.get("saturation")
    return found


def settled_saturation(
    asked: Saturation, _: tuple[str, ...], weeks: tuple[int, ...], fail: Fail
) -> Saturation:
    """The table with "all" spelled out, checked with the study's waves.

    Parameters
    ----------
    asked
        As read.
    weeks
        The study's waves; its arms do not matter.
    fail
        Called with the first thing wrong.
    """
    known = world_codes()
    fits = [name for name, one in known.items() if one.at != "follow-ups" or len(weeks) > 1]
    chosen = tuple(fits) if asked.codes == EVERY_CODE else asked.codes
    for name in chosen:
        if name not in known:
            hint = meant_or_known(name, known)
            fail(("saturation", "codes"), f'there is no code "{name}"{hint}')
        if name not in fits:
            fail(
                ("saturation", "codes"),
                f'"{name}" happens between two interviews, but there is only one; '
                "add a wave, or leave it out",
            )
    names = [*chosen, *(one.name for one in asked.stated)]
    for name in asked.detection_of:
        if name not in names:
            hint = meant_or_known(name, names, "they are")
            fail(("saturation", "detection_of", name), f'the study has no code "{name}"{hint}')
    for number, one in enumerate(asked.stated):
        for week in one.at_weeks:
            if week not in weeks:
                fail(
                    ("saturation", "stated", number, "at_weeks"),
                    f"there is no wave in week {week}; there are {', '.join(map(str, weeks))}",
                )
    for number, rule in enumerate(asked.rule):
        if rule.base + rule.run > asked.people_at_most:
            fail(
                ("saturation", "rule", number, "base"),
                f"{rule.base} and {rule.run} people are more than "
                f"people_at_most = {asked.people_at_most}",
            )
    return asked.model_copy(update={"codes": chosen})


OWNER = Owner(Saturation, settled_saturation)
"""Reads the table `[saturation]` of a study file."""
