"""What feasibility studies of several sizes would tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from analysis.feasibility.chances import Chances, Errors, chances, errors_of, people_that_tell
from analysis.feasibility.settings import Criterion, Feasibility, feasibility_of
from analysis.feasibility.widths import (
    IccWidth,
    SdWidth,
    icc_width,
    sd_width,
    share_width,
)
from sim.errors import InputError
from sim.study.spec import Study

__all__ = ["At", "CriterionAt", "FeasibilityResult", "study_feasibility"]

SIZES = (12, 20, 30, 40, 60, 80, 120)
"""People that are looked at in any case; 12 and 30 are rules of thumb, 60 is a large pilot."""
MOST = 5_000


@dataclass(frozen=True)
class CriterionAt:
    """One criterion in a study of one size.

    Attributes
    ----------
    criterion : Criterion
    people : int
        How many its share is of.
    chances : Chances
        If the share is as expected.
    errors : Errors
    width : float
        Of the interval of the share, on average.
    """

    criterion: Criterion
    people: int
    chances: Chances
    errors: Errors
    width: float


@dataclass(frozen=True)
class At:
    """A study of n people.

    Attributes
    ----------
    n : int
    criteria : tuple of CriterionAt
    together : Chances
        Of all criteria if everything is as expected and one tells nothing of another.
    sd : SdWidth or None
    icc : IccWidth or None
        None where there are no clusters, or fewer than two.
    """

    n: int
    criteria: tuple[CriterionAt, ...]
    together: Chances
    sd: SdWidth | None
    icc: IccWidth | None


@dataclass(frozen=True)
class FeasibilityResult:
    """What feasibility studies would tell, by exact formulas: nothing is simulated.

    Attributes
    ----------
    study : Study
    own : At
        The study file's number of people, or the one asked about.
    sizes : tuple of At
        In order, `own` among them.
    needed : tuple of (int or None)
        By criterion, people that tell good from bad; None if more than 5,000.
    """

    study: Study
    own: At
    sizes: tuple[At, ...]
    needed: tuple[int | None, ...]

    @property
    def asked(self) -> Feasibility:
        """The `[feasibility]` of the study."""
        return feasibility_of(self.study)


def study_feasibility(study: Study, sizes: Sequence[int] = ()) -> FeasibilityResult:
    """What studies of several sizes would tell.

    Parameters
    ----------
    study
        With a `[feasibility]`.
    sizes
        Numbers of people, the one of most interest first; the study's own by default.

    Raises
    ------
    sim.errors.InputError
        No `[feasibility]`, or a number of people that nobody would call a pilot.
    """
    asked = feasibility_of(study)
    for n in sizes:
        if not 2 <= n <= MOST:
            raise InputError(f"n = {n}: a feasibility study has from 2 to {MOST} people")
    own = sizes[0] if sizes else study.recruitment.n
    wanted = {own, *sizes, *asked.people, *(() if sizes else SIZES)}
    found = {n: _at(asked, n) for n in sorted(wanted)}
    needed = tuple(people_that_tell(one, asked.alpha, asked.power) for one in asked.criterion)
    return FeasibilityResult(study, found[own], tuple(found.values()), needed)


def _at(asked: Feasibility, n: int) -> At:
    criteria = tuple(
        CriterionAt(
            one, one.people(n), chances(one, n, one.expected), errors_of(one, n),
            share_width(one.people(n), one.expected, asked.level),
        )
        for one in asked.criterion
    )  # fmt: skip
    go = prod(one.chances.go for one in criteria)
    stop = 1 - prod(1 - one.chances.stop for one in criteria)
    together = Chances(go, max(1 - go - stop, 0.0), stop)
    return At(n, criteria, together, sd_width(n, asked.level), _icc(asked, n))


def _icc(asked: Feasibility, n: int) -> IccWidth | None:
    groups = asked.clusters
    if groups is None:
        return None
    return icc_width(n // groups.size, groups.size, groups.icc, asked.level)
