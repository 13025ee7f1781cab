"""What pairing buys: how far one event or cut ripples, how much noise common draws remove.

Two worlds that share every draw differ only by what a scenario changes. How well that works is
measured from one baseline state over many futures: the variance of a difference between two
*unrelated* futures, over its variance between two *paired* ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.evidence.rows import EvidenceRow, limit_row
from analysis.runs.purposes import Purpose
from sim.side_by_side import Progress, side_by_side
from sim.world.kinds import LINES_OF_SERVICE
from sim.world.run import History, Place, Watched, live, run_in
from sim.world.scenario import Scenario, parse_scenario, read_scenario
from sim.world.state import WEEKLY_COLUMNS
from sim.world.streams import key_of

__all__ = ["Pairs", "cut", "pairing_rows", "ripple"]

COLUMN = {name: number for number, name in enumerate(WEEKLY_COLUMNS)}
OUTCOMES = {
    "contacts": "visits in the last 8 weeks",
    "trust": "trust in the team",
    "wellbeing": "wellbeing",
}
STRUCK_AT, LAST, WINDOW = 8, 52, 8
SHIFTED = 0.2
"""Change of wellbeing, in its SD, that counts as a person moved."""

RATIO_STRUCK, RATIO_OTHERS, MOST_MOVED, MOST_SHIFTED = 3.0, 5.0, 60.0, 0.1
"""What the design promises."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of worlds that share all draws, over B baselines with F futures each.

    Attributes
    ----------
    gaps, noise : dict of ndarray, (B,)
        By outcome, and for a forced episode with ``struck_`` or ``others_`` before it: variance
        over futures of the paired difference, and of a difference between unrelated futures; means
        over the people concerned.
    moved, shifted : ndarray, (B,)
        Mean number of people, but for the struck one, whose visits by week 52 differ, and whose
        wellbeing then differs by more than .2 SD.
    futures : int
    """

    gaps: Mapping[str, np.ndarray]
    noise: Mapping[str, np.ndarray]
    moved: np.ndarray
    shifted: np.ndarray
    futures: int

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return self.moved.size * self.futures

    def ratio(self, what: str) -> tuple[float, float]:
        """Variance ratio, unpaired over paired, and its standard error (jackknife of baselines)."""
        gaps, noise = self.gaps[what], self.noise[what]
        n = gaps.size
        left_out = (noise.sum() - noise) / np.maximum(gaps.sum() - gaps, 1e-12)
        error = np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
        return float(noise.sum() / max(gaps.sum(), 1e-12)), float(error)


def ripple(
    baselines: int = 20,
    futures: int = 10,
    *,
    seed: int = 1,
    scale: float = 1.0,
    threads: int = 2,
    progress: Progress | None = None,
) -> Pairs:
    """Force one episode on one co-ordinated, well ego at week 8 and follow everyone to week 52.

    Parameters
    ----------
    baselines, futures : int
        Teams at week 0, at least 2; futures of each, at least 2.
    scale : float
        Size of the team.
    """
    calm = _scaled(read_scenario("usual-care"), scale)

    def work(b: int) -> _Baseline:
        team = run_in(calm, PLACE, key_of(seed, b))
        well = np.flatnonzero((team.lines["slot"][:, 1] >= 0) & (team.egos["acute"] == 0))
        return _pair(calm, calm, b, futures, seed, int(well[b % well.size]))

    found = side_by_side(
        work, range(baselines), threads, progress=progress, stage="pairs, one with an episode"
    )
    return _pairs(found, futures)


def cut(
    baselines: int = 10,
    futures: int = 10,
    share: float = 0.9,
    *,
    seed: int = 2,
    scale: float = 1.0,
    threads: int = 2,
    progress: Progress | None = None,
) -> Pairs:
    """Multiply capacity by `share` from week 8; otherwise as `ripple`."""
    calm = _scaled(read_scenario("usual-care"), scale)
    data = calm.resolved()
    data["id"] = "less-capacity"
    data["shock"] = [
        {"acts_on": f"service.{line}.capacity", "how": "multiply", "value": share,
         "from_week": STRUCK_AT}
        for line in LINES_OF_SERVICE
    ]  # fmt: skip
    less = parse_scenario(data)

    def work(b: int) -> _Baseline:
        return _pair(calm, less, b, futures, seed, None)

    found = side_by_side(
        work, range(baselines), threads, progress=progress, stage="pairs, one with a cut"
    )
    return _pairs(found, futures)


def pairing_rows(
    baselines: int = 200,
    futures: int = 5,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
) -> list[EvidenceRow]:
    """What pairing must do, as rows of evidence: ripples of one episode, ratios, a cut of 10 %."""
    fewer = max(baselines // 5, 2)  # a cut strikes everybody, so few baselines say enough
    one = ripple(baselines, futures, seed=seed, threads=threads, progress=progress)
    less = cut(fewer, futures, seed=seed, threads=threads, progress=progress)
    rows = []
    for what, values, most in (
        ("others whose visits one episode moves", one.moved, MOST_MOVED),
        ("others whose wellbeing it moves by > .2 SD", one.shifted, MOST_SHIFTED),
    ):
        error = float(values.std(ddof=1) / np.sqrt(values.size))
        rows.append(
            limit_row(what, "pairing", float(values.mean()), error, one.pairs, at_most=most)
        )
    for who, least, pairs, prefix in (
        ("the struck person", RATIO_STRUCK, one, "struck_"),
        ("the others", RATIO_OTHERS, one, "others_"),
        ("everyone, a 10 % cut", RATIO_OTHERS, less, ""),
    ):
        for outcome, words in OUTCOMES.items():
            value, error = pairs.ratio(prefix + outcome)
            what = f"variance ratio, {words}, {who}"
            rows.append(limit_row(what, "pairing", value, error, pairs.pairs, at_least=least))
    return rows


PLACE = Place(1, 1)

_Baseline = dict[str, float]
"""Figures of one baseline; a variance is named by its outcome with ``gap`` or ``noise`` before."""


def _pairs(baselines: Iterable[_Baseline], futures: int) -> Pairs:
    found = list(baselines)
    table = {name: np.array([one[name] for one in found]) for name in found[0]}
    gaps = {name[4:]: values for name, values in table.items() if name.startswith("gap ")}
    noise = {name[6:]: values for name, values in table.items() if name.startswith("noise ")}
    return Pairs(gaps, noise, table["moved"], table["shifted"], futures)


def _pair(
    calm: Scenario, other: Scenario, b: int, futures: int, seed: int, struck: int | None
) -> _Baseline:
    """Live both worlds from one baseline in many futures."""
    team = run_in(calm, PLACE, key_of(seed, b))
    n = team.egos.size
    watched = Watched(np.arange(n, dtype=np.int32), np.full((n, 1), LAST - 1, np.int32), 0, LAST)
    force_at = None if struck is None else (STRUCK_AT, struck)
    sides: tuple[list[dict[str, np.ndarray]], list[dict[str, np.ndarray]]] = ([], [])
    for replicate in Purpose.FUTURE.some(futures, b):
        key = key_of(seed, replicate)
        quiet = live(calm, PLACE, team, key, LAST, watched=watched)
        moved = live(other, PLACE, team, key, LAST, watched=watched, force_at=force_at)
        sides[0].append(_outcomes(quiet))
        sides[1].append(_outcomes(moved))
    zero, one = ({name: np.array([s[name] for s in side]) for name in side[0]} for side in sides)
    others = np.arange(n) != (-1 if struck is None else struck)
    groups = {"": others} if struck is None else {"struck_": ~others, "others_": others}
    found = {}
    for outcome in OUTCOMES:
        gap = (one[outcome] - zero[outcome]).var(axis=0, ddof=1)
        noise = one[outcome].var(axis=0, ddof=1) + zero[outcome].var(axis=0, ddof=1)
        for prefix, who in groups.items():
            found[f"gap {prefix}{outcome}"] = float(gap[who].mean())
            found[f"noise {prefix}{outcome}"] = float(noise[who].mean())
    differ = (one["visits"] != zero["visits"]).any(axis=2)[:, others]
    apart = np.abs(one["wellbeing"] - zero["wellbeing"])[:, others] > SHIFTED
    return found | {
        "moved": float(differ.sum(1).mean()),
        "shifted": float(apart.sum(1).mean()),
    }


def _outcomes(history: History) -> dict[str, np.ndarray]:
    """Outcomes of every ego at week 52, and its visits week by week."""
    kept = history.weekly[:, :, COLUMN["kept"]]
    team = history.column("post")[:, 0] >= 0
    trust = np.where(team, history.column("trust")[:, 0], 0).sum(1) / np.maximum(team.sum(1), 1)
    return {
        "contacts": kept[:, LAST - 1] - kept[:, LAST - 1 - WINDOW],
        "trust": trust,
        "wellbeing": history.weekly[:, LAST - 1, COLUMN["wellbeing"]],
        "visits": kept,
    }


def _scaled(scenario: Scenario, scale: float) -> Scenario:
    data = scenario.resolved()
    data["world"]["scale"] = scale
    return parse_scenario(data)
