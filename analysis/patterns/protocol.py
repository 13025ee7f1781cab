"""What a pattern is, and how it is judged: direction, magnitude, ablation.

- **D**: 95 % Monte Carlo intervals, over teams, lie on the stated side of zero; a claim of "about
  none" must have its interval inside a margin.
- **M**: figures lie in their bands.
- **A**: with the responsible rule switched off, the leading contrast is within a quarter of what it
  is by default (or within the pattern's own margin).

V29 is the share of simulated studies of 29 people, interviewed three times, that would see the
right sign; it is reported, and judged only where a pattern says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from analysis.patterns.lives import TeamLives
from analysis.patterns.statistics import Stat

__all__ = [
    "PROOFS",
    "Measure",
    "Pattern",
    "TeamEstimate",
    "Verdict",
    "judge",
    "pattern",
    "team_estimate",
]

PROOFS = ("imposed", "emergent", "reserved")
QUARTER = 0.25
BEYOND = 5.0
"""Standard errors past what was asked at which a failure is one however few the teams.

Of ten teams, a figure that truly lies at the edge is that far past it once in 2,700 runs.
"""
ALL = (-np.inf, np.inf)
Measure = Mapping[str, Stat]


@dataclass(frozen=True)
class Pattern:
    """One claim about the world.

    Attributes
    ----------
    id, claim : str
    evidence : str
        F stated across cases, f of some, Q one quotation, C literature, A authors' suggestion.
    proof : str
        One of `PROOFS`: a rule says it, no rule says it, or it was set apart beforehand.
    measure : callable
        Takes the lives of one team, gives named statistics; the first is the leading contrast.
    above, below : tuple of str
        Statistics whose interval must lie above, below zero.
    within : mapping of str to (low, high)
        Statistics whose whole interval must lie inside.
    bands : mapping of str to (low, high)
        Statistics whose value must lie inside.
    off : mapping of str to float
        Parameters that switch the responsible rule off.
    same : bool
        The contrast is a shock's or a setting's; without it both worlds are one.
    off_margin : float, optional
        What the leading contrast may still be when switched off; by default a quarter of it.
    world : mapping of str to float
        Parameters of the world the claim is about, where it is not the default.
    v29 : str
        Name of the sign a small study would look for, in `analysis.patterns.studies`.
    """

    id: str
    claim: str
    evidence: str
    proof: str
    measure: Callable[[TeamLives], Measure]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    within: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    bands: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    off: Mapping[str, float] = field(default_factory=dict)
    same: bool = False
    off_margin: float | None = None
    world: Mapping[str, float] = field(default_factory=dict)
    v29: str = ""

    @property
    def can_be_off(self) -> bool:
        """Whether there is something to switch off."""
        return bool(self.off) or self.same


@dataclass(frozen=True)
class TeamEstimate:
    """One statistic over all teams: value, standard error, 95 % interval, observations."""

    value: float
    mcse: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Verdict:
    """What became of a pattern.

    `kind` is the kind of proof, `n` observations behind `effect`. `refuted` tells a failure that is
    `BEYOND` standard errors past what was asked from one that more teams might undo.
    """

    id: str
    claim: str
    kind: str
    D: bool
    M: bool
    A: bool | None
    effect: float
    lo: float
    hi: float
    mcse: float
    n: int
    v29: float | None
    reason: str
    measures: Mapping[str, TeamEstimate]
    off_effect: float | None
    refuted: bool

    @property
    def passes(self) -> bool:
        """Whether direction, magnitude and, where there is one, ablation are as they must be."""
        return self.D and self.M and self.A is not False


def pattern(
    id: str, claim: str, **how: object
) -> Callable[[Callable[[TeamLives], Measure]], Pattern]:
    """Make a pattern of a function that measures one team."""

    def made(measure: Callable[[TeamLives], Measure]) -> Pattern:
        return Pattern(id, claim, measure=measure, **how)  # type: ignore[arg-type]

    return made


def team_estimate(stats: list[Stat]) -> TeamEstimate:
    """One statistic of every team, put together; its error by leaving out one team at a time."""
    from scipy.stats import t

    parts = np.stack([stat.parts for stat in stats])
    teams, total = len(parts), parts.sum(axis=0)
    value = stats[0].value
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = float(value(total))
        rest = np.asarray(value(total - parts), float)
    error = float(np.sqrt((teams - 1) / teams * ((rest - rest.mean()) ** 2).sum()))
    reach = float(t.ppf(0.975, max(teams - 1, 1))) * error
    return TeamEstimate(whole, error, whole - reach, whole + reach, sum(stat.n for stat in stats))


def judge(
    what: Pattern,
    found: Mapping[str, TeamEstimate],
    off: TeamEstimate | None,
    v29: float | None = None,
) -> Verdict:
    """Compare the figures of a pattern with what it claims."""
    lead = found[next(iter(found))]
    direction = [f"{name} is not above 0" for name in what.above if not found[name].low > 0]
    direction += [f"{name} is not below 0" for name in what.below if not found[name].high < 0]
    for name, (low, high) in what.within.items():
        if not (low <= found[name].low and found[name].high <= high):
            direction.append(f"the interval of {name} is not inside {low:g} to {high:g}")
    values = {name: one.value for name, one in found.items()}
    values |= {} if v29 is None else {"V29": v29}
    size = [
        f"{name} {values[name]:.3g} is outside {low:g} to {high:g}"
        for name, (low, high) in what.bands.items()
        if name in values and not low <= values[name] <= high
    ]
    ablated, left = None, []
    if off is not None:
        margin = QUARTER * abs(lead.value) if what.off_margin is None else what.off_margin
        ablated = bool(abs(off.value) <= margin)
        if not ablated:
            left = [f"{off.value:.3g} is left when switched off, more than {margin:.3g}"]
    return Verdict(
        what.id, what.claim, what.proof, not direction, not size, ablated, lead.value, lead.low,
        lead.high, lead.mcse, lead.n, v29, "; ".join(direction + size + left), dict(found),
        None if off is None else off.value, _refuted(what, found, off),
    )  # fmt: skip


def _refuted(what: Pattern, found: Mapping[str, TeamEstimate], off: TeamEstimate | None) -> bool:
    """Whether something asked is missed by more than `BEYOND` standard errors."""
    asked = {
        **{(name, "above"): (0.0, np.inf) for name in what.above},
        **{(name, "below"): (-np.inf, 0.0) for name in what.below},
        **{(name, "within"): edges for name, edges in what.within.items()},
        **{(name, "band"): edges for name, edges in what.bands.items() if name in found},
    }
    for (name, _), (low, high) in asked.items():
        one, reach = found[name], BEYOND * found[name].mcse
        if one.value + reach < low or one.value - reach > high:
            return True
    if off is None:
        return False
    lead = found[next(iter(found))]
    margin = QUARTER * (abs(lead.value) + BEYOND * lead.mcse)
    margin = margin if what.off_margin is None else what.off_margin
    return bool(abs(off.value) - BEYOND * off.mcse > margin)
