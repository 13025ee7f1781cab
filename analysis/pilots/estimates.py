"""What a pilot says of an outcome, with the uncertainty that so few people leave.

Sources
-------
Upper limit of an SD from its chi-square: Browne 1995, Statistics in Medicine 14:1933, who takes the
80 % limit so that a trial planned on a pilot has its power in four of five cases. Interval of a
correlation: Fisher's z. Of an intracluster correlation: Searle's exact F, with the mean cluster
size (Ukoumunne 2002, Statistics in Medicine 21:3757). Of a share: Wilson 1927.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from analysis.pilots.faults import Faults
from analysis.pilots.interviews import PilotInterviews
from analysis.questions.on_scale import ends_of
from analysis.questions.scales import known_scales
from sim.errors import InputError
from sim.study.settings import SCORES

__all__ = [
    "CAUTION",
    "FEWEST_SCORED",
    "PilotOutcome",
    "Range",
    "icc_of",
    "outcome_of",
    "retention_range",
    "scales_of",
    "sd_limit",
]

CAUTION = 0.8
"""Confidence of the upper limit of an SD that is planned with."""
CONFIDENCE = 0.95
FEWEST_SCORED = 10
UNITS = ("team", "worker")


class Range(NamedTuple):
    """An estimate with its 95 % interval, and how many people it rests on."""

    value: float
    low: float
    high: float
    people: int

    def __str__(self) -> str:
        return f"{self.value:.2f} (95 % interval {self.low:.2f} to {self.high:.2f})"


class Alike(NamedTuple):
    """How alike people of one unit are: the unit, the estimate, how many units of which size."""

    unit: str
    icc: Range
    units: int
    size: float


@dataclass(frozen=True)
class PilotOutcome:
    """What a pilot says of one scale.

    Attributes
    ----------
    scale : str
    people : int
        With a score at the first wave.
    mean, sd, sd_upper : float
        At the first wave; the SD and its upper 80 % confidence limit, which is never more than the
        scale allows at that mean.
    correlation : Range or None
        Of the first wave with the last at which enough people have a score.
    wave : int
        That last wave; 0 without one.
    alike : tuple of Alike
        By team and by worker, where the pilot has them.
    """

    scale: str
    people: int
    mean: float
    sd: float
    sd_upper: float
    correlation: Range | None
    wave: int
    alike: tuple[Alike, ...]


def scales_of(found: PilotInterviews) -> tuple[str, ...]:
    """Scales of which the pilot has scores."""
    there = found.egos.cells
    return tuple(name for name in SCORES if name in there and not there[name].blank().all())


def outcome_of(found: PilotInterviews, scale: str) -> PilotOutcome:
    """Estimate what a plan needs of one scale.

    Raises
    ------
    InputError
        If a score is none, or lies outside its scale, by line; or too few people have one.
    """
    scores = _scores(found, scale)
    first = scores[:, 0][np.isfinite(scores[:, 0])]
    if len(first) < FEWEST_SCORED:
        raise InputError(
            f"{found.egos.where}: {len(first)} people have {found.egos.called(scale)} at the first "
            f"wave; an SD needs at least {FEWEST_SCORED}"
        )
    sd = float(first.std(ddof=1))
    if sd == 0:
        raise InputError(f"{found.egos.where}: everybody has the same {found.egos.called(scale)}")
    most = ends_of(known_scales()[scale]).largest_sd(float(first.mean()))
    correlation, wave = _correlation(scores)
    upper = min(sd_limit(sd, len(first)), most)
    alike = [_alike(found, unit, scores[:, 0]) for unit in UNITS if unit in found.egos.cells]
    return PilotOutcome(
        scale, len(first), float(first.mean()), sd, upper, correlation, wave,
        tuple(one for one in alike if one is not None),
    )  # fmt: skip


def sd_limit(sd: float, n: int, confidence: float = CAUTION) -> float:
    """Upper confidence limit of an SD of n values."""
    return float(sd * np.sqrt((n - 1) / stats.chi2.ppf(1 - confidence, n - 1)))


def _scores(found: PilotInterviews, scale: str) -> np.ndarray:
    """Scores by person and wave, nan where there is none, (people, W)."""
    faults, egos, ends = Faults(), found.egos, ends_of(known_scales()[scale])
    values = egos.numbers(scale, faults)
    wrong = np.isfinite(values) & ((values < ends.low) | (values > ends.high))
    right = f"{egos.called(scale)} must lie between {ends.low:g} and {ends.high:g}, {{not}}"
    egos.refuse(faults, scale, wrong, f"{right}; leave the cell blank if it is missing")
    faults.check()
    return found.by_interview(values)


def _correlation(scores: np.ndarray) -> tuple[Range | None, int]:
    for wave in range(scores.shape[1] - 1, 0, -1):
        both = np.isfinite(scores[:, [0, wave]]).all(axis=1)
        n = int(both.sum())
        if n < FEWEST_SCORED or not scores[both][:, [0, wave]].std(axis=0).all():
            continue
        r = float(np.corrcoef(scores[both, 0], scores[both, wave])[0, 1])
        z, far = np.arctanh(np.clip(r, -0.999999, 0.999999)), stats.norm.ppf(0.975) / np.sqrt(n - 3)
        return Range(r, float(np.tanh(z - far)), float(np.tanh(z + far)), n), wave + 1
    return None, 0


def _alike(found: PilotInterviews, unit: str, scores: np.ndarray) -> Alike | None:
    cells, row = found.egos.cells[unit], found.row[:, 0]
    known = np.isfinite(scores) & (row >= 0) & ~cells.blank()[row]
    got = icc_of(scores[known], cells.codes[row[known]])
    return None if got is None else Alike(unit, *got)


def icc_of(values: np.ndarray, units: np.ndarray) -> tuple[Range, int, float] | None:
    """Intracluster correlation from one-way analysis of variance, units, and their mean size.

    None where fewer than two units, or none with two people, can tell.
    """
    names, unit, size = np.unique(units, return_inverse=True, return_counts=True)
    n, k = len(values), len(names)
    if k < 2 or n - k < 2:
        return None
    means = np.bincount(unit, values) / size
    between = float((size * (means - values.mean()) ** 2).sum() / (k - 1))
    within = float(((values - means[unit]) ** 2).sum() / (n - k))
    if within <= 0:
        return None
    ratio, mean_size = between / within, n / k
    low, high = (
        ratio / stats.f.ppf(0.975, k - 1, n - k),
        ratio * stats.f.ppf(0.975, n - k, k - 1),
    )
    value, low, high = (
        float(np.clip((f - 1) / (f + mean_size - 1), 0, 1)) for f in (ratio, low, high)
    )
    return Range(value, low, high, n), k, mean_size


def retention_range(stayed: int, enrolled: int) -> Range:
    """Share who stayed, with Wilson's interval."""
    low, high = stats.binomtest(stayed, enrolled).proportion_ci(CONFIDENCE, method="wilson")
    return Range(stayed / enrolled, float(low), float(high), enrolled)
