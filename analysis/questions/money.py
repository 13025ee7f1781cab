"""What a study costs, what an incentive buys, and how fast people can be found."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, FiniteFloat, model_validator

from sim.errors import counted
from sim.study.settings import Count, Share, Tuple, Variation, Week
from sim.world.shock import MOST_WEEKS, STRICT

__all__ = ["FOUNDING_CONSENT", "Costs", "IncentiveCurve", "Recruiting"]

FOUNDING_INTERESTED, FOUNDING_CONSENTED = 47, 29
FOUNDING_CONSENT = FOUNDING_CONSENTED / FOUNDING_INTERESTED
"""Of the founding study's 47 people who were interested, 29 took part (N7)."""

Price = Annotated[FiniteFloat, Field(ge=0)]


class Costs(BaseModel):
    """What things cost, in one currency.

    Attributes
    ----------
    currency
        Its name, for the reader.
    fixed
        Whatever the size of the study.
    approach
        For each person approached, who may decline.
    enrolment
        For each person enrolled.
    interview
        For each interview held face to face.
    telephone
        For each held by telephone, which is `map.telephone_share` of them; `interview` by default.
    member
        For each network member asked about, in addition.
    incentive
        Paid to the person for each interview held.
    tracing
        For each interview that was due and missed.
    cluster
        For each cluster.
    wave
        For each wave of the study, whatever its size.
    """

    model_config = STRICT

    currency: str = ""
    fixed: Price = 0.0
    approach: Price = 0.0
    enrolment: Price = 0.0
    interview: Price = 0.0
    telephone: Price | None = None
    member: Price = 0.0
    incentive: Price = 0.0
    tracing: Price = 0.0
    cluster: Price = 0.0
    wave: Price = 0.0


class IncentiveCurve(BaseModel):
    """How retention answers to an incentive; assumed, and to be said so.

    An incentive of x multiplies the odds of having been lost at a wave by
    1 - most_fewer x / (x + half_at), against no incentive. The study's `participation.retention` is
    that with `costs.incentive`. On what absence hangs does not change.

    Attributes
    ----------
    most_fewer
        Share by which the odds fall with an incentive beyond all bounds.
    half_at
        Incentive at which half of that is reached.
    """

    model_config = STRICT

    most_fewer: Annotated[FiniteFloat, Field(ge=0, lt=1)]
    half_at: Annotated[FiniteFloat, Field(gt=0)]

    def odds(self, incentive: float, usual: float) -> float:
        """Ratio of the odds of being lost with an incentive to those with the usual one.

        Examples
        --------
        >>> IncentiveCurve(most_fewer=0.5, half_at=10.0).odds(10.0, 0.0)
        0.75
        """
        return self._against_none(incentive) / self._against_none(usual)

    def retention(self, kept: float, incentive: float, usual: float) -> float:
        """Share kept with an incentive, from the share kept with the usual one."""
        return kept / (kept + (1 - kept) * self.odds(incentive, usual))

    def _against_none(self, incentive: float) -> float:
        return 1 - self.most_fewer * incentive / (incentive + self.half_at)


class Recruiting(BaseModel):
    """How people are found: Poisson approaches at sites, of which a share enrols.

    Attributes
    ----------
    sites
        Sites that recruit.
    approached_a_week
        People approached at a site in a week, on average.
    site_cv
        Coefficient of variation of that rate over sites.
    opens
        Week in which each site opens; all in the first week by default.
    weeks
        Weeks there are to recruit in.
    consent
        Share of the interested who enrol, those too unwell or gone not doing so; by default that of
        the founding study. `recruitment.interest` is the share of those approached who are
        interested.
    consent_from
        People interested from whom that share is known: so unsure it is. Without it, it counts as
        known.
    """

    model_config = STRICT

    sites: Annotated[int, Field(ge=1, le=1000)] = 1
    approached_a_week: Annotated[FiniteFloat, Field(ge=1e-3, le=1e5)]
    site_cv: Variation = 0.0
    opens: Annotated[tuple[Week, ...], Tuple] = ()
    weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)]
    consent: Share = FOUNDING_CONSENT
    consent_from: Count | None = None

    @model_validator(mode="after")
    def _agree(self) -> Recruiting:
        if self.opens and len(self.opens) != self.sites:
            raise ValueError(
                f"opens has {counted(len(self.opens), 'week')}, but there must be one for each of "
                f"{counted(self.sites, 'site')}"
            )
        if min(self.opens or (0,)) >= self.weeks:
            raise ValueError(f"no site opens within the {counted(self.weeks, 'week')} there are")
        if self.consent_from is not None and self.consent >= 1:
            raise ValueError("a consent of 1 is not an estimate; leave consent_from out")
        return self
