"""One question of a study, and what counts as an answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, FiniteFloat, PlainValidator, model_validator
from pydantic_core import PydanticKnownError

from analysis.estimators.catalogue import analysis, answering, nameable
from analysis.questions.asking import (
    COMPARES_ARMS,
    Contrast,
    Layer,
    TieClassName,
    family,
)
from sim.study.settings import Tuple
from sim.world.shock import STRICT

__all__ = ["About", "Positive", "Question", "has_baseline", "wrong"]

Positive = Annotated[FiniteFloat, Field(ge=1e-6)]
Correlation = Annotated[FiniteFloat, Field(gt=-1, lt=1)]


def _known(name: object) -> str:
    names = nameable()
    if name not in names:
        expected = ", ".join(f"'{one}'" for one in names)
        raise PydanticKnownError("literal_error", {"expected": expected})
    return str(name)


AnalysisName = Annotated[str, PlainValidator(_known)]
"""A name of the catalogue, refused as a `Literal` of all of them would."""
Baseline = Literal["free", "constrained"]
About = Literal[
    "difference", "slope", "change", "mean", "classes", "episode", "moderation", "change_on_change"
]  # fmt: skip


class Question(BaseModel):
    """One question, and what counts as an answer.

    Attributes
    ----------
    outcome
        The scale it is about, that of the panel; in the world what `analysis.questions.asking`
        names.
    about
        "difference": between two arms at a wave. "slope": between two arms in the change a year.
        "change": from baseline to a wave, within people. "mean": at a wave. Of ties lost since the
        first map: "classes", one class against another; "episode", people in whom an acute episode
        began against others, for one class, or for two against each other. "moderation": by how
        much two arms differ more, at a wave, in people with a characteristic known at baseline.
        "change_on_change": by how much the outcome changes to a wave, within people, for each unit
        that something else does.
    at_week
        The wave; the last one by default. A slope has none.
    arms
        First minus second; the last arm of the study minus its first by default. One arm, or none
        for everybody, where people are not compared.
    analysis
        How it is analysed. "hazard" follows ties over all waves up to `at_week`.
    baseline
        Of a model of all waves that compares arms: "free", a mean at baseline for each arm, the
        default, or "constrained", one for both.
    classes
        Classes of ties; all where none is named.
    among
        Of whose ties: "all", or "episode", people in whom an acute episode began since baseline.
    contrast
        Between arms, in the world: "all", everybody in the one arm against everybody in the other;
        "direct", one's own arm with all others as allocated; "spillover", what others in the first
        arm do to those in the second.
    layer
        What counts as true, in the world: what interviews record, the map or score without error,
        or the ties there are.
    success
        "significant": p at most alpha. "narrow": half of the 1 - alpha interval at most
        half_width. "covers": the interval holds the truth.
    half_width
        In points of the outcome; for a slope, points a year.
    alpha
        Two-sided.
    """

    model_config = STRICT

    outcome: str
    about: About = "difference"
    at_week: int | None = None
    arms: Annotated[tuple[str, ...], Tuple, Field(max_length=2)] = ()
    analysis: AnalysisName
    baseline: Baseline | None = None
    classes: Annotated[tuple[TieClassName, ...], Tuple, Field(max_length=2)] = ()
    among: Literal["all", "episode"] = "all"
    contrast: Contrast = "all"
    layer: Layer = "elicited"
    success: Literal["significant", "narrow", "covers"] = "significant"
    half_width: Positive | None = None
    alpha: Annotated[FiniteFloat, Field(ge=1e-6, lt=0.5)] = 0.05

    @model_validator(mode="after")
    def _agree(self) -> Question:
        if (self.half_width is None) == (self.success == "narrow"):
            raise ValueError('success = "narrow" and half_width go together: give both or neither')
        if self.about == "slope" and self.at_week is not None:
            raise ValueError("a slope runs over all waves; leave at_week out")
        if what := wrong(self):
            raise ValueError(what)
        return self


def has_baseline(one: Question) -> bool:
    """Whether the means of arms at baseline are a choice: in models of all waves with two arms."""
    return analysis(one.analysis).rows == "all waves" and one.about in COMPARES_ARMS


def wrong(one: Question) -> str:
    """What is wrong with a question to the world, on its own; empty if nothing."""
    kind = family(one.outcome)
    usual, every = answering(kind), answering(kind, None)
    if one.about not in every:
        return f'about = "{one.about}" has no meaning for {one.outcome}; {", ".join(usual)} have'
    if one.analysis not in every[one.about]:
        return (
            f'"{one.analysis}" does not answer a question about a {one.about}; '
            f"what does: {', '.join(usual.get(one.about, every[one.about]))}"
        )
    if one.baseline is not None and not has_baseline(one):
        return (
            f'baseline = "{one.baseline}" is about models of all waves that compare arms; '
            f'"{one.analysis}" of a {one.about} has none, so leave it out'
        )
    if kind != "ties" and (one.classes or one.among == "episode"):
        return f"classes and among are about ties, not about {one.outcome}"
    if one.contrast != "all" and one.about not in COMPARES_ARMS:
        return f'contrast = "{one.contrast}" is between arms; about = "difference" asks for that'
    if one.about == "classes" and len(one.classes) != 2:
        return 'about = "classes" compares two: classes = ["friend", "kin"] is first against second'
    if one.about in ("difference", "mean") and len(one.classes) > 1:
        return "ties are of one class, or of all with no class named"
    if one.about == "episode" and one.among == "episode":
        return 'about = "episode" compares those with an episode to those without; leave among out'
    if kind != "value" and one.at_week == 0:
        return f"{one.outcome} counts from baseline, so there is none at week 0"
    return ""
