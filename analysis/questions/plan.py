"""The `[plan]` table of a study file: what the study asks, and what must come of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, FiniteFloat, model_validator

from analysis.questions.choices import Choices
from analysis.questions.elsewhere import asked_elsewhere
from analysis.questions.given import Given
from analysis.questions.money import Costs, IncentiveCurve, Recruiting
from analysis.questions.panel import Panel
from analysis.questions.question import Question
from sim.study.settings import Count
from sim.world.shock import STRICT

__all__ = ["Plan"]


def _can_be_reached(chance: float) -> float:
    if not 0.01 <= chance <= 0.9999:
        raise ValueError(
            f"{chance:g} cannot be asked for: no number of people makes success certain; "
            "0.8 and 0.9 are usual, 0.01 to 0.9999 possible"
        )
    return chance


def _as_questions(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Plan(BaseModel):
    """What the study is to find out, and how sure it must be of finding it.

    Attributes
    ----------
    process
        Where outcomes come from: "panel", the classical longitudinal model of `[plan.panel]`, or
        "world", the simulated world of the study's scenario and arms.
    chance
        Wanted chance that the study succeeds: power, where success is significance.
    type_m
        Instead: by what factor significant results may exaggerate the truth on average.
    succeeds_with
        Whether all questions must succeed, or any one.
    people_at_least, people_at_most
        The sizes among which to search.
    question
        The questions.
    costs, choices, incentive_curve
        Prices, the designs to choose from, and what an incentive buys.
    recruiting
        How people are found.
    sources
        Where numbers come from, for the protocol; see `analysis.questions.given`.
    """

    model_config = STRICT

    process: Literal["panel", "world"] = "panel"
    chance: Annotated[FiniteFloat, AfterValidator(_can_be_reached)] | None = None
    type_m: Annotated[FiniteFloat, Field(gt=1)] | None = None
    succeeds_with: Literal["all", "any"] = "all"
    people_at_least: Count = 8
    people_at_most: Annotated[int, Field(ge=8, le=20_000)] = 1000
    question: Annotated[
        tuple[Question, ...], BeforeValidator(_as_questions), Field(min_length=1, max_length=8)
    ]
    panel: Panel | None = None
    costs: Costs | None = None
    choices: Choices | None = None
    incentive_curve: IncentiveCurve | None = None
    recruiting: Recruiting | None = None
    sources: Given = {}

    @model_validator(mode="before")
    @classmethod
    def _is_planned_here(cls, said: object) -> object:
        models: dict[str, type[BaseModel]] = {"plan": cls, "question": Question, "panel": Panel}
        known = {name: frozenset(one.model_fields) for name, one in models.items()}
        if what := asked_elsewhere(said, known):
            raise ValueError(what)
        return said

    @model_validator(mode="after")
    def _agree(self) -> Plan:
        if (self.chance is None) == (self.type_m is None):
            raise ValueError("needs chance, such as 0.9, or type_m: one of the two")
        if (self.panel is None) == (self.process == "panel"):
            raise ValueError(
                'process = "panel" takes its numbers from [plan.panel], and process = "world" from '
                "the scenario alone: give the table or leave it out"
            )
        if self.people_at_least > self.people_at_most:
            raise ValueError(
                f"people_at_least = {self.people_at_least} is more than "
                f"people_at_most = {self.people_at_most}"
            )
        if self.type_m is not None and (len(self.question) > 1 or self.tests_nothing):
            raise ValueError("type_m is about one question whose success is significance")
        return self

    @property
    def tests_nothing(self) -> bool:
        """Whether some question succeeds with something else than significance."""
        return any(one.success != "significant" for one in self.question)
