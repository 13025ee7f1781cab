"""Ties of people in a planned panel: the `[plan.panel.ties]` of a study file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, BeforeValidator, Field, FiniteFloat, model_validator

from analysis.estimators.catalogue import analysis, answering
from analysis.questions.asking import LOSS
from analysis.questions.question import Question
from sim.errors import counted, meant_or_known
from sim.study.owners import Fail
from sim.study.settings import Tuple
from sim.world.shock import STRICT

__all__ = [
    "PanelTies",
    "analyses_of_panel_ties",
    "check_kept",
    "check_of_ties",
    "of_ties_alone",
]

NO_SCORE: Mapping[str, object] = {"outcome": LOSS, "sd": 1.0, "correlation": 0.0}
"""What stands in `[plan.panel]` for a score where there is none."""
MOST_NAMED = 50


def _each(said: object) -> object:
    """One number as a tuple of one, which holds at every follow-up."""
    if isinstance(said, int | float) and not isinstance(said, bool):
        return (float(said),)
    return tuple(said) if isinstance(said, list) else said


Part = Annotated[FiniteFloat, Field(gt=0, lt=1)]
Wrong = Annotated[FiniteFloat, Field(ge=0, lt=1)]
Added = Annotated[tuple[FiniteFloat, ...], Tuple]


class PanelTies(BaseModel):
    """Members that people name at baseline, and how many of them they name again.

    The share that a person names again is beta between people; members of one person are
    independent given that share, so that their number is beta-binomial.

    Attributes
    ----------
    number
        Members a person names at baseline, mean.
    number_sd
        SD of that between people; 0 if all name as many. At least one is named.
    kept
        Share of them named again at each follow-up, or one number for all of them.
    icc
        Correlation of kept, yes or no, of two members of one person.
    missed_links
        Of members named again the share that are not recognised as the same.
    false_links
        Of members not named again the share taken for somebody who is.
    effect
        By arm: what the arm adds to `kept` at each follow-up. Arms not named add nothing.
    """

    model_config = STRICT

    number: Annotated[FiniteFloat, Field(ge=1, le=MOST_NAMED)]
    number_sd: Annotated[FiniteFloat, Field(ge=0)] = 0.0
    kept: Annotated[tuple[Part, ...], BeforeValidator(_each), Field(min_length=1)]
    icc: Annotated[FiniteFloat, Field(ge=0, le=0.95)]
    missed_links: Wrong = 0.0
    false_links: Wrong = 0.0
    effect: dict[str, Added] = {}

    @model_validator(mode="after")
    def _agree(self) -> PanelTies:
        if self.number_sd > self.number - 1:
            raise ValueError(
                f"everybody names at least one member, so with number = {self.number:g} number_sd "
                f"is at most {self.number - 1:g}"
            )
        if self.missed_links + self.false_links >= 1:
            raise ValueError(
                "missed_links and false_links sum to 1 or more, so that a member recognised is no "
                "likelier to have been named again than another; give less"
            )
        return self

    @property
    def shrinks(self) -> float:
        """Of a true difference of shares the part that is left after linking."""
        return 1 - self.missed_links - self.false_links

    @property
    def by_id(self) -> PanelTies:
        """The same, were members linked without error."""
        return self.model_copy(update={"missed_links": 0.0, "false_links": 0.0})

    def truly(self, arm: str, followups: int, effect: float = 1.0) -> tuple[float, ...]:
        """Share named again in an arm at each follow-up, effects being multiplied."""
        kept = self.kept * followups if len(self.kept) == 1 else self.kept
        added = self.effect.get(arm, (0.0,) * followups)
        return tuple(one + effect * more for one, more in zip(kept, added, strict=True))

    def linked(self, kept: float) -> float:
        """Share that is recognised as kept, where this share is."""
        return self.false_links + self.shrinks * kept

    def linked_icc(self, kept: float) -> float:
        """Intraclass correlation of recognised, yes or no, where this share is kept."""
        seen = self.linked(kept)
        return self.icc * self.shrinks**2 * kept * (1 - kept) / (seen * (1 - seen))


def of_ties_alone(said: Mapping[str, Any], defaults: Mapping[str, object]) -> dict[str, Any]:
    """What a panel of ties says, with what stands for the score that it has not.

    Parameters
    ----------
    said
        The table `[plan.panel]`, with `ties`.
    defaults
        Of all its keys.

    Raises
    ------
    ValueError
        If something is said of a score.
    """
    for key, value in said.items():
        usual = NO_SCORE.get(key, defaults.get(key, value))
        if key != "ties" and value != usual and value not in ([], {}, ()):
            right = f'; outcome = "{LOSS}" or none' if key == "outcome" else ""
            raise ValueError(
                f"a panel of ties has no score, so leave {key} out of [plan.panel]{right}; what is "
                "known of the ties stands in [plan.panel.ties]"
            )
    return {**said, **NO_SCORE}


def check_kept(ties: PanelTies, arms: tuple[str, ...], followups: int, fail: Fail) -> None:
    """Whether there is a share for each follow-up, and one in every arm.

    Parameters
    ----------
    ties
        As read.
    arms
        The study's.
    followups
        Waves after the first.
    fail
        Called with the first thing wrong.
    """
    where = ("plan", "panel", "ties")
    waves = f"the study has {counted(followups, 'wave')} after the first; give one for each"
    if followups < 1:
        fail(where, "are followed from baseline, so the study needs a wave after it")
    if len(ties.kept) not in (1, followups):
        fail((*where, "kept"), f"has {counted(len(ties.kept), 'value')}, but {waves}, or one")
    for name, added in ties.effect.items():
        if name not in arms:
            hint = meant_or_known(name, arms, "it has")
            fail((*where, "effect", name), f'the study has no arm "{name}"{hint}')
        if len(added) != followups:
            fail((*where, "effect", name), f"has {counted(len(added), 'value')}, but {waves}")
        for wave, then in enumerate(ties.truly(name, followups), start=1):
            if not 0 < then < 1:
                fail(
                    (*where, "effect", name),
                    f"makes the share kept {then:.3g} at follow-up {wave}; it is between 0 and 1",
                )


def check_of_ties(one: Question, fail: Callable[[str, str], NoReturn]) -> None:
    """Whether a question is one that a panel of ties answers."""
    if one.classes:
        fail(
            "classes",
            'members of a panel are of no class; leave it out, or plan with process = "world"',
        )
    if one.about == "episode" or one.among == "episode":
        key = "about" if one.about == "episode" else "among"
        fail(key, 'nobody in a panel falls ill; process = "world" follows episodes')
    able = analyses_of_panel_ties(one.about)
    if one.analysis not in able:
        fail(
            "analysis",
            f'"{one.analysis}" is planned with process = "world", as a panel knows no more of '
            f"ties than the shares kept; these ask about those: {', '.join(able)}",
        )


def analyses_of_panel_ties(about: str) -> tuple[str, ...]:
    """Names of the analyses that answer a kind of question from the shares kept alone."""
    every = map(analysis, answering("ties").get(about, ()))
    return tuple(one.name for one in every if one.rows == "ties" and not one.within_people)
