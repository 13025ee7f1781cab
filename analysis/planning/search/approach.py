"""The neighbourhood of the answer, from few studies that are each looked at in several sizes.

A small study is the beginning of a larger one, so a simulated study is looked at in several sizes.

1. Start from an analytic guess: 50 studies, looked at in four sizes around it in geometric order.
2. A probit line in sqrt(n) (Maruo et al. 2018, doi 10.1080/19466315.2017.1349689); further studies,
   half as many as there are, looked at below, at and above where it crosses the target, until that
   is known well enough or an end of what is allowed is surely on the wrong side.
"""

from __future__ import annotations

from math import isfinite

import numpy as np
from scipy import special

from analysis.planning.search.probit import Looks, bent_crossing, crossing, fit_looks
from analysis.planning.search.rules import Z_95, Crossing, Rules
from analysis.planning.search.tally import Tally

__all__ = ["approach", "cross", "edge_of"]

BATCH = 50
AROUND = (0.595, 0.841, 1.19, 1.68)
NEAR = (0.8, 1.0, 1.25)
LEAST = 400
"""Studies before an interval is looked at."""
NEAR_ENOUGH = 0.02
"""Error of the crossing, as a share of it, at which one size is looked at and no longer several."""
BELIEVED, BELIEVED_LEAST = (0.7, 1.45), 150
"""Sizes farther from the crossing are dropped once there are so many studies nearer to it."""
BENDS_FROM = 1500
"""Studies from which on the line may bend."""
MOST_STEEP = 0.7
"""Steps change success by so many probits at most."""
EDGE_LEAST = 200
"""Studies at an edge before it may be called one."""
SURE = 0.003
"""Chance of what was seen at an edge, did it lie on the other side, at which it is called one."""
STAY = 0.05
"""Sizes are asked about again while the crossing has moved by a smaller share."""
BUDGET = 4000


def approach(tally: Tally, rules: Rules, start: float) -> Crossing:
    """Batches about the crossing until it is nearly known, or an edge is reached."""
    tally.run(rules.around(start, AROUND), BATCH)
    asked = None
    while True:
        found = cross(tally, rules)
        edge = edge_of(tally, rules)
        if edge or tally.used >= BUDGET:
            return found._replace(edge=edge)
        if tally.used >= LEAST and found.error <= max(NEAR_ENOUGH, rules.precision):
            return found
        if asked is None or abs(found.at / asked.at - 1) > STAY * found.reach:
            asked = found
        tally.run(rules.around(asked.at, NEAR, asked.reach), max(BATCH, tally.used // 2))


def cross(tally: Tally, rules: Rules) -> Crossing:
    """Where success crosses the target; where it does not rise, a step towards the target."""
    looks = tally.looks(rules.scale)
    found = _through(looks, rules)
    for _ in range(2):  # the steeper the curve, the nearer what is believed
        if not isfinite(found.at):
            break
        low, high = rules.around(found.at, BELIEVED, found.reach)
        near = looks.within(rules.scale(low), rules.scale(high))
        if near.studies < BELIEVED_LEAST:
            break
        local = _through(near, rules)
        if not (isfinite(local.low) and low <= local.at <= high):
            break
        found = local
    if isfinite(found.at):
        return found
    sizes = tally.points().x
    step = sizes[0] / 2 if looks.won.mean() > rules.target else sizes[-1] * 2
    return Crossing(min(max(float(step), rules.low), rules.high), 0.0, np.inf)


def _through(looks: Looks, rules: Rules) -> Crossing:
    """Where the line through some looks crosses, which may bend where they are many."""
    line = fit_looks(looks)
    at, low, high = crossing(line, rules.target)
    if not isfinite(at):
        return Crossing(np.nan, np.nan, np.nan)
    rise = float(line.coefficients[1])
    if looks.studies >= BENDS_FROM and isfinite(low):
        bent = bent_crossing(looks, at, rules.target)
        if isfinite(bent.low) and looks.x.min() <= bent.at <= looks.x.max():
            at, low, high, rise = bent
    # No size lies beyond twice or half of those tried, so a line is not believed further.
    tried = rules.back(looks.x.min()) / 2, rules.back(looks.x.max()) * 2
    size = float(np.clip(rules.back(at), *tried))
    side = abs(rules.scale(size * NEAR[-1]) - rules.scale(size)) * rise
    slope = rise * rules.scale(size) / (2 if rules.whole else 1)
    reach = min(1.0, MOST_STEEP / max(float(side), 1e-9))
    low, high = rules.back(low), rules.back(high)
    error = (high - low) / (2 * Z_95 * size) if size > 0 else np.inf
    return Crossing(size, low, high, error, slope, reach=reach)


def edge_of(tally: Tally, rules: Rules) -> str:
    """Whether an end of what is allowed is surely on the wrong side of the target."""
    for end, name in ((rules.high, ">="), (rules.low, "<=")):
        seen = tally.at(rules.allowed(end)) if tally.tried(rules.allowed(end)) else None
        if seen is not None and seen.n >= EDGE_LEAST:
            lost = round((1 - seen.share) * seen.n)
            by_chance = (
                special.bdtrc(lost - 1, seen.n, 1 - rules.target) if name == ">=" and lost
                else special.bdtr(lost, seen.n, 1 - rules.target) if name == "<=" else 1.0
            )  # fmt: skip
            if by_chance < SURE:
                return name
    return ""
