"""The `[plan.panel]` of a study file: the classical longitudinal model in numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, FiniteFloat, model_validator

from analysis.questions.question import Positive
from sim.study.settings import Count, Score, Tuple, Variation
from sim.world.shock import STRICT

__all__ = ["Clusters", "Members", "Panel"]

MOST_CLUSTERS = 500
MOST_UNEQUAL = 0.9
"""Of k positive numbers the squared coefficient of variation is below k - 1."""
FEWEST_PEOPLE = 2

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
