"""The ignorance band: which headline statements survive if all that is assumed may be otherwise.

Every draw sets all assumed parameters at once, by a Latin hypercube over their ranges, balances
births, and makes the paired experiments behind the statements. The answer is the share of draws in
which the contrast has the sign that is claimed.

Each contrast has a Monte Carlo error of its own, so signs near zero are uncertain. A draw is
*decided* where the 95 % interval of its contrast leaves out zero; the rest are undecided. Between
the share of draws decided for, and the share not decided against, lies what more teams could show.
`corrected` is the best guess within: contrasts are taken to be normal over draws, with the errors
that were measured, and the chance of each draw's sign, given its estimate, is averaged.

Many draws are worlds that lose ties far faster than any that was observed. So the share is given
once more for the draws *near* the losses of B16, a judgement: friends and relatives are lost from
error-free maps at no less than half and no more than twice its bounds.

What flips a statement: for every parameter the slope of the contrast over draws, lowest to highest
value, with an interval that holds for all parameters together (Bonferroni, 95 %); and how far the
parameter's mean differs between draws that agree and that do not, in SDs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.evidence.targets import LOST_IN_A_YEAR
from analysis.measures.study import wilson
from analysis.runs.parameter_draws import corrected_share, joint_draws
from analysis.runs.parameter_space import MIDDLE, Space, choose_space
from analysis.runs.run import Run
from analysis.sensitivity.answers import Answers, MeasuredWorld
from sim.side_by_side import Progress

__all__ = ["STATEMENTS", "Band", "Flip", "Held", "Statement", "fate",
           "ignorance", "slopes"]  # fmt: skip

FEWEST = 10
"""Draws on each side below which means of a parameter are not compared."""
NEAR = {
    "friend_map_loss_12m": LOST_IN_A_YEAR["friend"],
    "kin_map_loss_12m": LOST_IN_A_YEAR["kin"],
}
"""Outputs that say whether a draw is near the losses of B16, a judgement, and those bounds."""
SD_EVEN = np.sqrt(1 / 12)  # of a coordinate of the unit cube
RESAMPLES = 1000
FALSE_ALARMS = 0.05


@dataclass(frozen=True)
class Statement:
    """A headline: what is said, the output that shows it, and the sign it must have."""

    text: str
    output: str
    sign: int


STATEMENTS: Mapping[str, Statement] = {
    "friends_first": Statement("Friends are lost first after an episode", "friends_lost_first", 1),
    "contact": Statement("A cutback lowers contact", "cutback_contact_ratio", -1),
    "wellbeing": Statement("A cutback lowers wellbeing", "cutback_wellbeing", -1),
    "recovery": Statement("Constriction speeds recovery", "constriction_recovery", 1),
    "thin": Statement(
        "A cutback harms most where informal support is thin", "cutback_thin_support", -1
    ),
}


@dataclass(frozen=True)
class Held:
    """How a statement fared over n draws.

    Attributes
    ----------
    share, low, high : float
        Draws whose contrast has the sign claimed, with 95 % Wilson interval.
    corrected, corrected_low, corrected_high : float
        The share corrected for Monte Carlo error, with a bootstrap interval over draws.
    decided_for, decided_against, undecided, undefined : int
    shipped, shipped_mcse : float
        The contrast in the shipped world.
    agree_with_shipped : float
        Draws with the shipped world's sign.
    near, near_share, near_low, near_high : int, float, float, float
        Draws near the losses of B16; of them the share with the sign claimed, 95 % interval.
    """

    statement: Statement
    n: int
    share: float
    low: float
    high: float
    corrected: float
    corrected_low: float
    corrected_high: float
    decided_for: int
    decided_against: int
    undecided: int
    undefined: int
    shipped: float
    shipped_mcse: float
    agree_with_shipped: float
    near: int
    near_share: float
    near_low: float
    near_high: float


@dataclass(frozen=True)
class Flip:
    """What a parameter does to a statement: slope of its contrast, and how the two sides differ.

    A positive slope strengthens the statement. `apart` is nan where too few draws are on a side.
    """

    path: str
    slope: float
    low: float
    high: float
    apart: float
    apart_low: float
    apart_high: float

    @property
    def certain(self) -> bool:
        """Whether the simultaneous interval of the slope leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Band:
    """The fate of the statements over joint draws of everything assumed.

    Attributes
    ----------
    space : Space
    points : ndarray, (n, k)
        The draws as coordinates of the unit cube.
    contrasts : dict of Answers
        By statement, at every draw.
    held : dict of Held
    flips : dict of tuple of Flip
        By statement, the most certain slope first.
    teams : int
    """

    space: Space
    points: np.ndarray
    contrasts: Mapping[str, Answers]
    held: Mapping[str, Held]
    flips: Mapping[str, tuple[Flip, ...]]
    teams: int


def ignorance(
    draws: int,
    teams: int,
    *,
    among: Sequence[str] = ("assumed",),
    seed: int = 1,
    threads: int = 1,
    egos: int = 288,
    kept: Run | None = None,
    progress: Progress | None = None,
) -> Band:
    """Draw everything assumed together, many times, and see which statements hold.

    Parameters
    ----------
    draws : int
        Joint draws, at least 2.
    teams : int
        Teams behind each contrast, at least 2; the shipped world takes four times as many.
    among : sequence of str
        What varies, as `space.choose_space` takes it.
    threads : int
        Draws side by side; the figures do not depend on it.
    kept : Run, optional
        Where contrasts of draws are kept, and taken from if they are there.
    """
    space = choose_space(among)
    points = joint_draws(space, draws, np.random.default_rng([seed, 4]))
    outputs = [one.output for one in STATEMENTS.values()]
    how: dict[str, Any] = {"seed": seed, "threads": threads, "egos": egos, "kept": kept}
    world = MeasuredWorld([*outputs, *NEAR], teams, **how)
    answers = world.answers(space, points, progress, "draws")
    found = dict(zip(STATEMENTS, answers, strict=False))
    near = _near(answers[len(STATEMENTS) :])
    larger = MeasuredWorld(outputs, 4 * teams, **how)
    middle = np.full((1, points.shape[1]), MIDDLE)
    shipped = dict(zip(STATEMENTS, larger.answers(space, middle), strict=True))
    held = {
        name: fate(one, found[name], shipped[name], near, np.random.default_rng([seed, 5]))
        for name, one in STATEMENTS.items()
    }
    flips = {name: slopes(space, points, one, found[name]) for name, one in STATEMENTS.items()}
    return Band(space, points, found, held, flips, teams)


def _near(losses: Sequence[Answers]) -> np.ndarray:
    """Which draws are near the losses of B16, (n,)."""
    apart = [
        (low / 2 <= one.value) & (one.value <= 2 * high)
        for one, (low, high) in zip(losses, NEAR.values(), strict=True)
    ]
    return np.all(apart, axis=0)


def fate(
    statement: Statement,
    found: Answers,
    shipped: Answers,
    near: np.ndarray,
    rng: np.random.Generator,
) -> Held:
    """How a statement fared: `found` over the n draws, `shipped` in the shipped world.

    `near` says which draws are near the losses of B16, (n,).
    """
    from scipy.stats import t

    there = found.finite
    value, error = statement.sign * found.value[there], found.mcse[there]
    reach = t.ppf(0.975, found.rest.shape[1] - 1) * error
    n, agree = value.size, int((value > 0).sum())
    decided_for, against = int((value > reach).sum()), int((-value > reach).sum())
    resampled = rng.integers(0, n, (RESAMPLES, n))
    corrected = [corrected_share(value[i], error[i]) for i in resampled]
    at, at_error = statement.sign * float(shipped.value[0]), float(shipped.mcse[0])
    low, high = wilson(agree, n)
    share = agree / n if n else float("nan")
    close = value[near[there]] > 0
    return Held(
        statement, n, share, low, high, corrected_share(value, error),
        float(np.quantile(corrected, 0.025)), float(np.quantile(corrected, 0.975)),
        decided_for, against, n - decided_for - against, int((~there).sum()),
        statement.sign * at, at_error, share if at > 0 else 1 - share,
        close.size, float(close.mean()) if close.size else float("nan"),
        *wilson(int(close.sum()), close.size),
    )  # fmt: skip


def slopes(
    space: Space, points: np.ndarray, statement: Statement, found: Answers
) -> tuple[Flip, ...]:
    """What each parameter does to a statement over draws (n, k), the most certain first."""
    from scipy.stats import t

    there = found.finite
    u, value = points[there], statement.sign * found.value[there]
    n, k = u.shape
    z = float(t.isf(FALSE_ALARMS / (2 * k), max(n - 2, 1)))
    centred = u - u.mean(axis=0)
    slope = centred.T @ (value - value.mean()) / (centred**2).sum(axis=0)
    left = (value - value.mean())[:, None] - centred * slope
    error = np.sqrt((left**2).sum(axis=0) / max(n - 2, 1) / (centred**2).sum(axis=0))
    yes = value > 0
    apart, apart_error = np.full(k, np.nan), np.nan
    if min(yes.sum(), (~yes).sum()) >= FEWEST:
        apart = (u[yes].mean(axis=0) - u[~yes].mean(axis=0)) / SD_EVEN
        apart_error = float(np.sqrt(1 / yes.sum() + 1 / (~yes).sum()))
    order = np.argsort(-np.abs(slope / np.maximum(error, 1e-300)), kind="stable")
    return tuple(
        Flip(
            space.paths[i], float(slope[i]), float(slope[i] - z * error[i]),
            float(slope[i] + z * error[i]), float(apart[i]), float(apart[i] - z * apart_error),
            float(apart[i] + z * apart_error),
        )
        for i in order
    )  # fmt: skip
