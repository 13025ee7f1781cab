"""The `[plan.panel]` of a study file: the classical longitudinal model in numbers."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, FiniteFloat, model_validator

from analysis.questions.correlations import matrix_of, smallest_eigenvalue
from analysis.questions.question import Positive
from analysis.questions.scales import Scale, known_scales
from analysis.questions.ties import PanelTies, of_ties_alone
from sim.missing_words import names_a_value
from sim.study.settings import EVERYBODY, ByArm, Count, Tuple, Variation
from sim.world.shock import STRICT

__all__ = ["Clusters", "Members", "Moderator", "Panel", "Predictor", "Strata", "Therapists"]

MOST_CLUSTERS = 500
MOST_UNEQUAL = 0.9
"""Of k positive numbers the squared coefficient of variation is below k - 1."""
FEWEST_PEOPLE = 2


def _is_id(name: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]{0,39}", name):
        raise ValueError(f'"{name[:40]}" is no id; one has small letters, digits and _, as in phq9')
    return names_a_value(name)


OutcomeId = Annotated[str, AfterValidator(_is_id)]
Correlation = Annotated[FiniteFloat, Field(gt=-1, lt=1)]


class Clusters(BaseModel):
    """People of an arm who share something: a team, a group, a worker.

    Attributes
    ----------
    icc
        Share of the variance of the outcome that is between clusters.
    cac
        Cluster autocorrelation: of the effects of one cluster at two waves.
    size
        People in a cluster: with more people there are more clusters.
    number
        Instead: clusters there are; with more people they grow.
    size_cv
        Coefficient of variation of the sizes.
    sizes
        "fixed": the same in every study. "drawn": drawn anew in each.
    """

    model_config = STRICT

    icc: Annotated[FiniteFloat, Field(ge=0, lt=1)]
    cac: Annotated[FiniteFloat, Field(ge=0, le=1)] = 1.0
    size: Count | None = None
    number: Annotated[int, Field(ge=1, le=MOST_CLUSTERS)] | None = None
    size_cv: Annotated[Variation, Field(le=2)] = 0.0
    sizes: Literal["fixed", "drawn"] = "fixed"

    @model_validator(mode="after")
    def _agree(self) -> Clusters:
        if (self.size is None) == (self.number is None):
            raise ValueError("needs the size of a cluster or the number of them, one of the two")
        if self.sizes == "drawn" and self.size_cv == 0:
            raise ValueError('sizes = "drawn" needs size_cv, by how much they differ')
        if self.size_cv > 0 and 1 in (self.number, self.size):
            what = "one cluster" if self.number else "clusters of one person"
            raise ValueError(f"{what} cannot differ in size: leave size_cv out")
        if self.number is not None and self.size_cv**2 > MOST_UNEQUAL * (self.number - 1):
            most = (MOST_UNEQUAL * (self.number - 1)) ** 0.5
            raise ValueError(
                f"{self.number} clusters cannot differ by size_cv = {self.size_cv:g}; give at most "
                f"{int(100 * most) / 100:g}, or more clusters"
            )
        return self

    @property
    def fewest(self) -> int:
        """People of the smallest cluster there may be: two, where a size does not say one."""
        return min(self.size or FEWEST_PEOPLE, FEWEST_PEOPLE)


class Therapists(BaseModel):
    """Therapists each of whom treats people of every arm, from the first follow-up on.

    Attributes
    ----------
    icc
        Share of the variance of the outcome that is between therapists, in every arm alike.
    arm_icc
        Share that is between the arms of one therapist beside what the arms do on average: how far
        therapists differ in what the treatment does with them.
    number
        Therapists there are; with more people each treats more.
    size
        Instead: people whom each treats in each arm; with more people there are more therapists.
    """

    model_config = STRICT

    icc: Annotated[FiniteFloat, Field(ge=0, lt=1)]
    arm_icc: Annotated[FiniteFloat, Field(ge=0, lt=1)] = 0.0
    number: Annotated[int, Field(ge=2, le=MOST_CLUSTERS)] | None = None
    size: Count | None = None

    @model_validator(mode="after")
    def _agree(self) -> Therapists:
        if (self.size is None) == (self.number is None):
            raise ValueError("needs the number of therapists, or the size of what one treats")
        if self.icc + self.arm_icc >= 1:
            raise ValueError("icc and arm_icc are parts of one variance, so they sum to below 1")
        return self

    @property
    def in_an_arm(self) -> Clusters:
        """What they are to people of one arm."""
        return Clusters(icc=self.icc + self.arm_icc, number=self.number, size=self.size)

    @property
    def alike(self) -> float:
        """Correlation of what one therapist adds in two arms."""
        whole = self.icc + self.arm_icc
        return self.icc / whole if whole > 0 else 1.0


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
Share = Annotated[FiniteFloat, Field(ge=0, lt=1)]


class Strata(BaseModel):
    """Strata of randomisation, in each of which the arms are balanced.

    Attributes
    ----------
    share
        Parts of the people in each stratum, as `arms.share` has those of arms.
    r2
        Share of the variance of the outcome that is between strata, whose means are evenly spaced.
    """

    model_config = STRICT

    share: Annotated[tuple[Positive, ...], Tuple, Field(min_length=2, max_length=20)]
    r2: Annotated[FiniteFloat, Field(gt=0, lt=1)]


class Moderator(BaseModel):
    """A characteristic known at baseline on which it may hang what an arm does.

    Attributes
    ----------
    share
        Part of the people who have it; left out of one that is normal, in its own SD.
    effect
        By arm: how much more the arm adds at each follow-up, in SD of the outcome at baseline, to
        people with it than to those without; or for each SD of it. On average over people an arm
        adds what `[plan.panel.effect]` says.
    """

    model_config = STRICT

    share: Annotated[FiniteFloat, Field(ge=0.01, le=0.99)] | None = None
    effect: dict[str, Effect] = {}


class Predictor(BaseModel):
    """Something else that is measured at each wave of a cohort, such as the size of the network.

    Attributes
    ----------
    sd
        In its own unit, at every wave.
    correlation
        Of two measurements of one person.
    with_outcome
        Its correlation with the outcome at one wave.
    effect
        Points by which the outcome changes for each unit that it changes, within people.
    """

    model_config = STRICT

    sd: Positive
    correlation: Annotated[FiniteFloat, Field(ge=0.01, lt=1)]
    with_outcome: Correlation = 0.0
    effect: FiniteFloat

    def without_effect(self, sd: float) -> Predictor:
        """The same beside an outcome of this SD, but that changes have nothing to do with it.

        What lasts of the two goes together as before, so the whole correlates less.
        """
        of_changes = self.effect * (1 - self.correlation) * self.sd / sd
        less = {"effect": 0.0, "with_outcome": self.with_outcome - of_changes}
        return self.model_copy(update=less)


class Panel(BaseModel):
    """The classical longitudinal model.

    Attributes
    ----------
    outcome
        The one scale there is: an id of scales.toml, or any other with a `scale` of its own.
    scale
        What the outcome is measured on. A scale of the catalogue needs none given; those of the
        simulated world take none.
    mean, sd
        At baseline, in points.
    correlation
        Of two measurements of one person, without what different slopes take away; with
        structure = "ar1" of the first two.
    structure
        "exchangeable": waves correlate alike, but for slopes. "ar1": as much less as they are
        further apart, `correlation` for a stretch as long as that between the first two waves,
        its square for twice that.
    correlations
        Instead of `correlation`: the upper triangle of the matrix, row by row, as
        [[0.6, 0.5], [0.7]] for three waves.
    sd_ratio
        SD at each follow-up over that at baseline, of everybody or by arm; 1 where not said.
    covariate_r2
        Share of the variance of the outcome that covariates known at baseline explain, and models
        that adjust for them take off.
    strata
        Of randomisation.
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
    therapists
        Instead: those who treat people of every arm, and are the clusters of each.
    moderator
        What the effects of arms may hang on.
    predictor
        What the changes of a cohort may hang on.
    members
        Where the outcome is a mean over the members asked about; `sd` above is then that with all
        of them asked about.
    ties
        Instead of all the rest: the outcome is whether members named at baseline are named again.
    """

    model_config = STRICT

    outcome: OutcomeId
    scale: Scale | None = None
    mean: FiniteFloat = 0.0
    sd: Positive
    correlation: Annotated[FiniteFloat, Field(ge=0, lt=1)]
    structure: Literal["exchangeable", "ar1"] = "exchangeable"
    correlations: Annotated[tuple[Annotated[tuple[Correlation, ...], Tuple], ...], Tuple] = ()
    sd_ratio: Annotated[dict[str, Annotated[tuple[Positive, ...], Tuple]], ByArm] = {}
    covariate_r2: Share = 0.0
    strata: Strata | None = None
    slope_sd: Annotated[FiniteFloat, Field(ge=0)] = 0.0
    slope_correlation: Correlation = 0.0
    trend: Effect = ()
    effect: dict[str, Effect] = {}
    clusters: dict[str, Clusters] = {}
    therapists: Therapists | None = None
    moderator: Moderator | None = None
    predictor: Predictor | None = None
    members: Members | None = None
    ties: PanelTies | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_score_beside_ties(cls, said: object) -> object:
        if not isinstance(said, dict) or said.get("ties") is None:
            return said
        return of_ties_alone(said, {name: one.default for name, one in cls.model_fields.items()})

    @model_validator(mode="before")
    @classmethod
    def _first_of_several(cls, said: object) -> object:
        """Where the matrix is given, `correlation` is its first element."""
        match said:
            case {"correlation": _}:
                return said
            case {"correlations": [[first, *_], *_] as given, **others}:
                return {**others, "correlations": given, "correlation": first}
        return said

    @model_validator(mode="after")
    def _one_structure(self) -> Panel:
        if self.is_classical:
            return self
        if self.slope_sd > 0 and (self.correlations or self.structure != "exchangeable"):
            raise ValueError(
                "slope_sd makes waves correlate in a way of its own; give it, or structure or "
                "correlations, and not both"
            )
        if self.correlations:
            self._check_matrix()
        return self

    def _check_matrix(self) -> None:
        rows = self.correlations
        if [len(one) for one in rows] != list(range(len(rows), 0, -1)):
            raise ValueError(
                "correlations is the upper triangle of a matrix, row by row: each row is one "
                "shorter than the last, as [[0.6, 0.5], [0.7]] for three waves"
            )
        if self.structure != "exchangeable" or self.correlation != rows[0][0]:
            raise ValueError(
                "correlations says all there is to say; leave correlation and structure out"
            )
        least = smallest_eigenvalue(matrix_of(rows))
        if least <= 1e-6:
            raise ValueError(
                "no outcome has these correlations, as their matrix is not positive definite "
                f"(smallest eigenvalue {least:.3g}); what correlates highly with one wave must "
                "correlate with what that correlates with"
            )

    @property
    def is_classical(self) -> bool:
        """Whether waves correlate alike, with one SD, and nothing is known at baseline."""
        return (
            self.structure == "exchangeable" and not self.correlations and not self.sd_ratio
            and self.covariate_r2 == 0 and self.strata is None
        )  # fmt: skip

    @property
    def there(self) -> tuple[str, ...]:
        """Tables it has of those that some analyses need."""
        able = ("therapists", "moderator", "predictor")
        return tuple(name for name in able if getattr(self, name) is not None)

    @property
    def has_fixed_clusters(self) -> bool:
        """Whether more people make its clusters larger, and not more of them."""
        those = self.therapists
        return any(one.number is not None for one in self.clusters.values()) or (
            those is not None and those.number is not None
        )

    def effects_times(self, by: float) -> dict[str, object]:
        """What changes where all that arms do is multiplied."""

        def times(effect: dict[str, Effect]) -> dict[str, Effect]:
            return {arm: tuple(by * one for one in added) for arm, added in effect.items()}

        one = self.moderator
        more = {"moderator": one.model_copy(update={"effect": times(one.effect)})} if one else {}
        return {"effect": times(self.effect), **more}

    def ratios(self, arm: str) -> tuple[float, ...]:
        """SD of an arm at each follow-up over that at baseline; empty where it stays."""
        return self.sd_ratio.get(arm, self.sd_ratio.get(EVERYBODY, ()))

    @property
    def measured_on(self) -> Scale:
        """The scale of the outcome."""
        return self.scale or known_scales()[self.outcome]
