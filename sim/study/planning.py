"""The `[plan]` table of a study file: what the study asks, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal, NoReturn

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, FiniteFloat, model_validator

from sim.errors import nearest
from sim.study.asking import COMPARES_ARMS, Contrast, Layer, Outcome, TieClassName, family, wrong
from sim.study.choices import Choices, check_choices
from sim.study.given import Given
from sim.study.money import Costs, IncentiveCurve, Recruiting
from sim.study.on_scale import check_on_scale
from sim.study.settings import Count, Score, Tuple, Variation
from sim.world.shock import STRICT

Positive = Annotated[FiniteFloat, Field(ge=1e-6)]
Correlation = Annotated[FiniteFloat, Field(gt=-1, lt=1)]

Analysis = Literal[
    "t_test", "ancova", "change_score", "random_intercept", "random_slope", "mmrm", "gee",
    "cluster_t", "negative_binomial", "proportion", "gee_logit", "gee_share", "mixed_logit",
    "hazard",
]  # fmt: skip
About = Literal["difference", "slope", "change", "mean", "classes", "episode"]


def _can_be_reached(chance: float) -> float:
    if not 0.01 <= chance <= 0.9999:
        raise ValueError(
            f"{chance:g} cannot be asked for: no number of people makes success certain; "
            "0.8 and 0.9 are usual, 0.01 to 0.9999 possible"
        )
    return chance


class Question(BaseModel):
    """One question, and what counts as an answer.

    Attributes
    ----------
    outcome
        The scale it is about; in the world also what `sim.study.asking` names.
    about
        "difference": between two arms at a wave. "slope": between two arms in the change a year.
        "change": from baseline to a wave, within people. "mean": at a wave. Of ties lost since the
        first map: "classes", one class against another; "episode", people in whom an acute episode
        began against others, for one class, or for two against each other.
    at_week
        The wave; the last one by default. A slope has none.
    arms
        First minus second; the last arm of the study minus its first by default. One arm, or none
        for everybody, where people are not compared.
    analysis
        How it is analysed. "hazard" follows ties over all waves up to `at_week`.
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

    outcome: Outcome
    about: About = "difference"
    at_week: int | None = None
    arms: Annotated[tuple[str, ...], Tuple, Field(max_length=2)] = ()
    analysis: Analysis
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


MOST_CLUSTERS = 500


class Clusters(BaseModel):
    """People of an arm who share something: a team, a group, a worker.

    Attributes
    ----------
    icc
        Share of the variance of the outcome that is between clusters.
    size
        People in a cluster: with more people there are more clusters.
    number
        Instead: clusters there are; with more people they grow.
    size_cv
        Coefficient of variation of the sizes.
    """

    model_config = STRICT

    icc: Annotated[FiniteFloat, Field(ge=0, lt=1)]
    size: Count | None = None
    number: Annotated[int, Field(ge=1, le=MOST_CLUSTERS)] | None = None
    size_cv: Annotated[Variation, Field(le=2)] = 0.0

    @model_validator(mode="after")
    def _agree(self) -> Clusters:
        if (self.size is None) == (self.number is None):
            raise ValueError("needs the size of a cluster or the number of them, one of the two")
        return self


class Members(BaseModel):
    """An outcome that is a mean over the network members asked about.

    With fewer asked about than named, the mean of those asked about strays from that of all by
    sd^2 (1 / asked - 1 / named), anew at each wave: sampling from a finite number (Cochran 1977).

    Attributes
    ----------
    sd
        Over the members of one ego, in points of the outcome.
    named
        Members an ego names.
    """

    model_config = STRICT

    sd: Positive
    named: Count

    def strays(self, asked: int | None) -> float:
        """Variance added when at most so many are asked about."""
        return 0.0 if asked is None or asked >= self.named else (
            self.sd**2 * (1 / asked - 1 / self.named)
        )  # fmt: skip


Effect = Annotated[tuple[FiniteFloat, ...], Tuple]


class Panel(BaseModel):
    """The classical longitudinal model.

    Attributes
    ----------
    outcome
        The one scale there is.
    mean, sd
        At baseline, in points.
    correlation
        Of two measurements of one person, without what different slopes take away.
    slope_sd
        SD over people of their own change a year, in points.
    slope_correlation
        Of a person's level at baseline with that change.
    trend
        Change of the mean since baseline at each follow-up in the first arm, in points.
    effect
        By arm: what the arm adds at each follow-up, in SD at baseline. Arms not named add nothing.
    clusters
        By arm. Where arms are allocated by person, people form clusters after baseline, as in
        group treatment; where they are allocated by worker, team or site, they come from them.
    members
        Where the outcome is a mean over the members asked about; `sd` above is then that with all
        of them asked about.
    """

    model_config = STRICT

    outcome: Score
    mean: FiniteFloat = 0.0
    sd: Positive
    correlation: Annotated[FiniteFloat, Field(ge=0, lt=1)]
    slope_sd: Annotated[FiniteFloat, Field(ge=0)] = 0.0
    slope_correlation: Correlation = 0.0
    trend: Effect = ()
    effect: dict[str, Effect] = {}
    clusters: dict[str, Clusters] = {}
    members: Members | None = None


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
        Where numbers come from, for the protocol; see `sim.study.given`.
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


Fail = Callable[[tuple[str | int, ...], str], NoReturn]
"""Says what is wrong with the key at this path, and does not return."""


def settled(plan: Plan, arms: tuple[str, ...], weeks: tuple[int, ...], fail: Fail) -> Plan:
    """The plan with what its questions leave open filled in from the study, and checked with it.

    Parameters
    ----------
    plan
        As read.
    arms, weeks
        The study's.
    fail
        Called with the first thing wrong.
    """
    if plan.panel is not None:
        _check_arms(plan.panel, arms, fail)
        _check_waves(plan.panel, len(weeks) - 1, fail)
        check_on_scale(plan, arms, weeks, fail)
    questions = [
        _settled_question(one, plan.panel, arms, weeks, partial(_at, fail, number))
        for number, one in enumerate(plan.question)
    ]
    whole = plan.model_copy(update={"question": tuple(questions)})
    check_choices(whole, weeks, fail)
    return whole


def _at(fail: Fail, number: int, key: str, what: str) -> NoReturn:
    fail(("plan", "question", number, key), what)


def _settled_question(
    one: Question,
    panel: Panel | None,
    arms: tuple[str, ...],
    weeks: tuple[int, ...],
    fail: Callable[[str, str], NoReturn],
) -> Question:
    if panel is not None and one.outcome != panel.outcome:
        fail("outcome", f'the panel has no "{one.outcome}"; its one outcome is "{panel.outcome}"')
    if panel is not None and one.contrast != "all":
        fail(
            "contrast",
            f'people of a panel share nothing that could spill over, so "{one.contrast}" is "all" '
            'there; leave it out, or plan with process = "world"',
        )
    compares = one.about in COMPARES_ARMS
    asked = one.arms or ((arms[-1], arms[0]) if compares and arms else ())
    if compares and (len(asked) != 2 or asked[0] == asked[1]):
        fail(
            "arms", f"a {one.about} is between two arms; the study has {', '.join(arms) or 'none'}"
        )
    if not compares and len(asked) > 1:
        fail("arms", f"a {one.about} is of one arm, or of everybody with no arm named")
    for name in asked:
        if name not in arms:
            hint = nearest(name, arms) or f"; it has {', '.join(arms) or 'none'}"
            fail("arms", f'the study has no arm "{name}"{hint}')
    week = weeks[-1] if one.at_week is None and one.about != "slope" else one.at_week
    if week is not None and week not in weeks:
        fail("at_week", f"there is no wave in week {week}; there are {', '.join(map(str, weeks))}")
    if week == 0 and (one.about != "mean" or family(one.outcome) != "value"):
        fail("at_week", f"a {one.about} at baseline is nothing yet; name a later wave")
    if one.about == "slope" and panel is not None:
        _check_straight(panel, asked, weeks, fail)
    return one.model_copy(update={"arms": asked, "at_week": week})


def _check_straight(
    panel: Panel,
    arms: tuple[str, ...],
    weeks: tuple[int, ...],
    fail: Callable[[str, str], NoReturn],
) -> None:
    if len(weeks) < 2:
        fail("about", "a slope needs two waves or more")
    for name in arms:
        added = panel.effect.get(name, ())
        straight = [added[-1] * week / weeks[-1] for week in weeks[1:]] if added else []
        if any(abs(a - b) > 1e-6 for a, b in zip(added, straight, strict=True)):
            wanted = ", ".join(f"{one:.4g}" for one in straight)
            fail(
                "about",
                f"a slope asks for an effect that grows evenly, but plan.panel.effect.{name} does "
                f"not; [{wanted}] would",
            )


def _check_arms(panel: Panel, arms: tuple[str, ...], fail: Fail) -> None:
    for table in ("effect", "clusters"):
        for name in getattr(panel, table):
            if name not in arms:
                hint = nearest(name, arms) or f"; it has {', '.join(arms) or 'none'}"
                fail(("plan", "panel", table, name), f'the study has no arm "{name}"{hint}')


def _check_waves(panel: Panel, followups: int, fail: Fail) -> None:
    given: dict[tuple[str, ...], tuple[float, ...]] = {}
    if panel.trend:
        given[("trend",)] = panel.trend
    given |= {("effect", name): one for name, one in panel.effect.items()}
    for path, values in given.items():
        if len(values) != followups:
            fail(
                ("plan", "panel", *path),
                f"has {len(values)} values, but there are {followups} waves after the first; "
                "give one for each",
            )
