"""What must be true of an analysis in a condition, and how surely the studies say so.

Each criterion has a zone. Two one-sided tests say where the truth lies: `outside` is the chance of
so good a result were the truth at the zone's edge or beyond, `inside` of so bad a one were it at
the edge or within. A small `outside` means that the interval at that level lies inside the zone, a
small `inside` that it lies outside. Shares are tested exactly; the rest by their Monte Carlo errors
(Morris, White and Crowther 2019, doi 10.1002/sim.8086), with the error of the truth added.

Studies of one world may be alike. So worlds are the clusters of all errors, which have as many
degrees of freedom as there are worlds, less one; and an exact test of a share has as many studies
as would tell as much if each had a world of its own (Korn and Graubard 1998).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from scipy import special, stats

from analysis.stress.answers import OFFERED, USABLE
from analysis.stress.clusters import Mean, clustered_mean
from analysis.worlds.census import Truth
from sim.errors import InputError, meant_or_known

__all__ = [
    "ALPHA",
    "Demand",
    "StudyRows",
    "Zones",
    "criteria_of",
    "is_one_number",
    "rows_by_term",
    "share_or_less",
    "share_or_more",
    "study_rows",
    "zones_said",
    "zones_with",
]

ALPHA = 0.05
"""Of the user's own intervals and p-values: 95 % intervals."""
FEWEST = 10
"""Studies below which nothing is said."""
TRUTH_ERRORS = 2.0
"""Standard errors by which the truth may be off when intervals are held against it."""
ALWAYS = 0.5
"""Share of studies above which a warning says nothing."""
ROUNDING = 1e-9
"""Of numbers, as a share of the largest, or of 1."""


class Zones(NamedTuple):
    """Where an analysis is as it should be.

    Attributes
    ----------
    bias : float
        Largest, in empirical standard errors.
    relative_bias : float
        Largest, as a share of the effect; asked where the effect is an empirical SE or more.
    coverage : float
        Smallest of 95 % intervals.
    wasteful : float
        Coverage above which intervals are wider than need be; said, no failure.
    type_i : float
        Largest share of significant results where there is nothing.
    se_low, se_high : float
        Of the root mean square of the standard errors over the empirical one.
    usable : float
        Smallest share of studies with an answer.
    """

    bias: float = 0.25
    relative_bias: float = 0.10
    coverage: float = 0.925
    wasteful: float = 0.975
    type_i: float = 0.075
    se_low: float = 0.85
    se_high: float = 1.15
    usable: float = 0.95


def zones_said(said: Sequence[str]) -> dict[str, float]:
    """Edges that are said in words, such as ``coverage=0.9``, by their names.

    Raises
    ------
    sim.errors.InputError
        If there is no such edge, or it is no number above 0.
    """
    found = {}
    for one in said:
        name, _, number = (part.strip() for part in one.partition("="))
        try:
            found[name] = float(number)
        except ValueError:
            found[name] = np.nan
    zones_with(found)
    return found


def zones_with(edges: Mapping[str, float]) -> Zones:
    """The usual zones but for some edges; an `InputError` as of `zones_said`."""
    for name, value in edges.items():
        if name not in Zones._fields:
            hint = meant_or_known(name, Zones._fields)
            raise InputError(f'there is no zone "{name}"{hint}')
        if not 0 < value < np.inf:
            raise InputError(f"zone {name}: is no number above 0; such as {name}=0.9")
    return Zones()._replace(**edges)


class StudyRows(NamedTuple):
    """What came of one term in one condition, study by study, (n,) each.

    Attributes
    ----------
    estimate, se, lo, hi, p : ndarray of float64
        NaN where there is none.
    usable, warned : ndarray of bool
    world : ndarray of int
        In which a study took place; those of one world may be alike.
    """

    estimate: np.ndarray
    se: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    p: np.ndarray
    usable: np.ndarray
    warned: np.ndarray
    world: np.ndarray

    def first(self, n: int) -> StudyRows:
        """The first n studies."""
        return StudyRows(*(one[:n] for one in self))


def study_rows(rows: pa.Table) -> StudyRows:
    """Rows of a run, in their order: the columns of `analysis.stress.answers.Row`, and `world`."""
    estimate, se, lo, hi, p = (rows[name].to_numpy() for name in OFFERED)
    usable = np.array(rows["status"].to_pylist(), object) == USABLE
    of_study = (rows[name].to_numpy() for name in ("warned", "world"))
    return StudyRows(estimate, se, lo, hi, p, usable, *of_study)


def is_one_number(values: np.ndarray) -> bool:
    """Whether some values, (n,), are all the same but for rounding; False of fewer than two."""
    if values.size < 2:
        return False
    return bool(np.ptp(values) <= ROUNDING * max(np.abs(values).max(), 1.0))


def rows_by_term(rows: pa.Table) -> dict[tuple[str, str], np.ndarray]:
    """Which rows of a run are of a condition and a term, study by study."""
    condition, term = (np.array(rows[name].to_pylist(), object) for name in ("condition", "term"))
    replicate, found = rows["replicate"].to_numpy(), {}
    for key in dict.fromkeys(zip(condition.tolist(), term.tolist(), strict=True)):
        mine = np.flatnonzero((condition == key[0]) & (term == key[1]))
        found[key] = mine[np.argsort(replicate[mine], kind="stable")]
    return found


class Demand(NamedTuple):
    """One thing that must be true.

    Attributes
    ----------
    name : str
    value, mcse : float
        As the studies have it, with its Monte Carlo standard error.
    n : int
        Studies it is taken over.
    effective : float
        As many that share no world would tell as much.
    outside, inside : float
        p-values: that the truth is outside the zone; that it is inside.
    edge : float
        Where the zone ends, on the side of the value; NaN of what is not known.
    """

    name: str
    value: float
    mcse: float
    n: int
    effective: float
    outside: float
    inside: float
    edge: float


def criteria_of(
    rows: StudyRows, truth: Truth, zones: Zones, *, compares: bool, null: bool, quiet: bool
) -> list[Demand]:
    """Every criterion that has a meaning here.

    Parameters
    ----------
    rows, truth
        Of a term in a condition.
    compares
        Whether it is a contrast of arms, whose value is an effect.
    null
        Whether there is nothing to find, so that significance is an error.
    quiet
        Whether the analysis should not warn, for there is nothing to warn about.
    """
    used = rows.usable
    found = [_share("usable", used, rows.world, zones.usable, at_least=True)]
    if quiet:
        found.append(_share("warned", rows.warned, rows.world, ALWAYS, at_least=False))
    n, world = int(used.sum()), rows.world[used]
    if n < FEWEST:
        return [*found, Demand("bias", np.nan, np.nan, n, n, 1.0, 1.0, np.nan)]
    error = rows.estimate[used] - truth.value
    found += _of_bias(error, world, truth, zones, compares=compares)
    found.append(_coverage(rows, truth, zones))
    if np.isfinite(rows.se[used]).all():
        found.append(_standard_error(error, rows.se[used], world, zones))
    if null:
        wrong = significant(rows)[used]
        found.append(_share("type I error", wrong, world, zones.type_i, at_least=False))
    return found


def significant(rows: StudyRows) -> np.ndarray:
    """Which studies would claim that there is something: by p, or by the interval without one."""
    by_interval = (rows.lo > 0) | (rows.hi < 0)
    return np.where(np.isfinite(rows.p), rows.p <= ALPHA, by_interval) & rows.usable


def share_or_more(share: float, n: float, limit: float) -> float:
    """The chance of so large a share of n studies or a larger one, were it `limit` in truth."""
    hits = share * n
    return float(special.betainc(hits, n - hits + 1, limit)) if hits > 0 else 1.0


def share_or_less(share: float, n: float, limit: float) -> float:
    """The chance of so small a share of n studies or a smaller one, were it `limit` in truth."""
    return share_or_more(1 - share, n, 1 - limit)


def _share(
    name: str, hits: np.ndarray, world: np.ndarray, limit: float, *, at_least: bool
) -> Demand:
    n = hits.size
    if not n:
        return Demand(name, np.nan, np.nan, 0, 0.0, 1.0, 1.0, np.nan)
    seen = clustered_mean(hits.astype(float), world)
    share, as_many = seen.value, seen.effective
    mcse = float(np.sqrt(share * (1 - share) / as_many))
    above, below = (one(share, as_many, limit) for one in (share_or_more, share_or_less))
    outside, inside = (above, below) if at_least else (below, above)
    return Demand(name, share, mcse, n, as_many, outside, inside, limit)


def _of_bias(
    error: np.ndarray, world: np.ndarray, truth: Truth, zones: Zones, *, compares: bool
) -> list[Demand]:
    seen, spread = clustered_mean(error, world), float(error.std(ddof=1))
    bias, floor = seen.value, ROUNDING * max(abs(truth.value), 1.0)
    known = 0.0 if np.isnan(truth.mcse) else truth.mcse
    in_se = bias / max(spread, floor)
    edge = np.copysign(zones.bias, in_se)
    z = (error - bias) / max(spread, floor)
    adds = z - edge * (z**2 - 1) / 2  # a study to bias over spread
    around = clustered_mean(adds, world)
    least = np.sqrt(0.1 / error.size)
    se = float(np.hypot(max(around.error, least), known / max(spread, floor)))
    found = [_within("bias", in_se, se, around, error.size, zones.bias)]
    if compares and abs(truth.value) >= max(spread, floor):
        se = float(np.hypot(seen.error, known)) / abs(truth.value)
        share = bias / abs(truth.value)
        found.append(_within("relative bias", share, se, seen, error.size, zones.relative_bias))
    return found


def _within(name: str, value: float, se: float, seen: Mean, n: int, limit: float) -> Demand:
    """Whether a number is from -limit to limit."""
    beyond, t = (abs(value) - limit) / max(se, 1e-12), stats.t(seen.df)
    outside, inside = float(t.cdf(beyond)), float(t.sf(beyond))
    edge = float(np.copysign(limit, value))
    return Demand(name, value, se, n, seen.effective, outside, inside, edge)


def _coverage(rows: StudyRows, truth: Truth, zones: Zones) -> Demand:
    """Of intervals; the truth's own error is given to either side."""
    lo, hi, world = rows.lo[rows.usable], rows.hi[rows.usable], rows.world[rows.usable]
    off = 0.0 if np.isnan(truth.mcse) else TRUTH_ERRORS * truth.mcse
    shares = [
        _share("coverage", (lo <= at) & (at <= hi), world, zones.coverage, at_least=True)
        for at in (truth.value, truth.value - off, truth.value + off)
    ]
    worst = max(one.outside for one in shares)
    return shares[0]._replace(outside=worst, inside=max(one.inside for one in shares))


def _standard_error(error: np.ndarray, se: np.ndarray, world: np.ndarray, zones: Zones) -> Demand:
    """Standard errors as they are given, over the spread of the estimates."""
    n, spread = error.size, float(error.std(ddof=1))
    model = float(np.sqrt((se**2).mean()))
    if spread <= 0 or model <= 0:
        at = np.inf if spread <= 0 else 0.0
        return Demand("standard error", at, 0.0, n, n, 1.0, 0.0, np.nan)
    of_model = clustered_mean(se**2, world)
    of_spread = clustered_mean(((error - error.mean()) / spread) ** 2, world)
    least = np.sqrt(0.5 / n)
    off = float(np.hypot(of_model.error / model**2, max(of_spread.error, least)) / 2)
    ratio, t = np.log(model / spread), stats.t(of_spread.df)
    low, high = np.log(zones.se_low), np.log(zones.se_high)
    below, above = (low - ratio) / off, (ratio - high) / off
    return Demand(
        "standard error", model / spread, off * model / spread, n, of_spread.effective,
        float(max(t.cdf(below), t.cdf(above))), float(min(t.sf(below), t.sf(above))),
        zones.se_low if ratio < 0 else zones.se_high,
    )  # fmt: skip
