"""What pairing buys: how far one event, or one cut, ripples, and how much noise common draws remove.

Two worlds that share every draw differ only by what a scenario changes. How well that works is
measured from one baseline state over many futures: the variance of a difference between two
*unrelated* futures, over its variance between two *paired* ones.
"""

from dataclasses import dataclass

import numpy as np

from sim.world.run import Place, Watched, live, run_in
from sim.world.scenario import Scenario, parse_scenario, read_scenario
from sim.world.state import WEEKLY_COLUMNS
from sim.world.streams import key_of

COLUMN = {name: number for number, name in enumerate(WEEKLY_COLUMNS)}
OUTCOMES = ("contacts", "trust", "wellbeing")
STRUCK_AT, LAST, WINDOW = 8, 52, 8


@dataclass(frozen=True)
class Ripple:
    """One forced episode of one ego, over baselines and futures.

    Attributes
    ----------
    ratio_struck, ratio_others : dict
        Outcome -> variance ratio, unpaired over paired, at week 52.
    moved, wellbeing_moved : float
        Mean number of other egos whose visits moved by week 52, and whose wellbeing differs then by
        more than .2 SD.
    others : int
    pairs : int
    """

    ratio_struck: dict[str, float]
    ratio_others: dict[str, float]
    moved: float
    wellbeing_moved: float
    others: int
    pairs: int


def _everyone(n: int, weeks: int) -> Watched:
    return Watched(np.arange(n, dtype=np.int32), np.full((n, 1), LAST - 1, np.int32), 0, weeks)


def _outcomes(history) -> dict[str, np.ndarray]:
    """Outcomes of every ego at week 52: visits kept in the last 8 weeks, trust in team staff, wellbeing."""
    kept = history.weekly[:, :, COLUMN["kept"]]
    team = history.column("post")[:, 0] >= 0
    trust = np.where(team, history.column("trust")[:, 0], 0).sum(1) / np.maximum(team.sum(1), 1)
    wellbeing = history.weekly[:, LAST - 1, COLUMN["wellbeing"]]
    return {
        "contacts": kept[:, LAST - 1] - kept[:, LAST - 1 - WINDOW],
        "trust": trust,
        "wellbeing": wellbeing,
        "visits": kept,
    }


def ripple(baselines: int = 20, futures: int = 10, *, seed: int = 1, scale: float = 1.0) -> Ripple:
    """Force one episode on one co-ordinated, well ego at week 8 and follow everyone to week 52."""
    calm = _scaled(read_scenario("usual-care"), scale)
    place = Place(1, 1)
    gaps: dict[str, list] = {f"{who}_{o}": [] for who in ("struck", "others") for o in OUTCOMES}
    noise: dict[str, list] = {key: [] for key in gaps}
    moved, shifted = [], []
    for b in range(baselines):
        team = run_in(calm, place, key_of(seed, b))
        n = team.egos.size
        well = (team.lines["slot"][:, 1] >= 0) & (team.egos["acute"] == 0)
        chosen = int(np.flatnonzero(well)[b % well.sum()])
        others = np.arange(n) != chosen
        quiet, struck = [], []
        for f in range(futures):
            key = key_of(seed, 1000 + b * futures + f)
            watched = _everyone(n, LAST)
            quiet.append(_outcomes(live(calm, place, team, key, LAST, watched=watched)))
            hit = live(calm, place, team, key, LAST, watched=watched, force_at=(STRUCK_AT, chosen))
            struck.append(_outcomes(hit))
            differ = (quiet[-1]["visits"] != struck[-1]["visits"]).any(axis=1)
            moved.append(differ[others].sum())
            apart = np.abs(quiet[-1]["wellbeing"] - struck[-1]["wellbeing"])
            shifted.append((apart[others] > 0.2).sum())
        for outcome in OUTCOMES:
            one = np.array([s[outcome] for s in struck])
            zero = np.array([q[outcome] for q in quiet])
            for who, index in (("struck", [chosen]), ("others", np.flatnonzero(others))):
                gaps[f"{who}_{outcome}"].append((one - zero)[:, index].var(axis=0, ddof=1).mean())
                total = one[:, index].var(axis=0, ddof=1) + zero[:, index].var(axis=0, ddof=1)
                noise[f"{who}_{outcome}"].append(total.mean())
    ratio = {key: float(np.mean(noise[key]) / max(np.mean(gaps[key]), 1e-12)) for key in gaps}
    return Ripple(
        {o: ratio[f"struck_{o}"] for o in OUTCOMES},
        {o: ratio[f"others_{o}"] for o in OUTCOMES},
        float(np.mean(moved)),
        float(np.mean(shifted)),
        n - 1,
        baselines * futures,
    )


def cut(
    baselines: int = 10, futures: int = 10, share: float = 0.9, *, seed: int = 2, scale: float = 1.0
) -> dict[str, float]:
    """Variance ratios, each ego, when capacity is multiplied by `share` from week 8."""
    calm = _scaled(read_scenario("usual-care"), scale)
    data = calm.resolved()
    lines = ("psychiatrist", "coordinator", "support_worker")
    data["id"] = "less-capacity"
    data["shock"] = [
        {"acts_on": f"service.{line}.capacity", "how": "multiply", "value": share, "from_week": 8}
        for line in lines
    ]
    less = parse_scenario(data)
    place = Place(1, 1)
    gaps: dict[str, list] = {o: [] for o in OUTCOMES}
    noise: dict[str, list] = {o: [] for o in OUTCOMES}
    for b in range(baselines):
        team = run_in(calm, place, key_of(seed, b))
        watched = _everyone(team.egos.size, LAST)
        pair: tuple[list, list] = ([], [])
        for f in range(futures):
            key = key_of(seed, 1000 + b * futures + f)
            for scenario, into in zip((calm, less), pair, strict=True):
                into.append(_outcomes(live(scenario, place, team, key, LAST, watched=watched)))
        for outcome in OUTCOMES:
            zero, one = (np.array([x[outcome] for x in side]) for side in pair)
            gaps[outcome].append((one - zero).var(axis=0, ddof=1).mean())
            noise[outcome].append((one.var(axis=0, ddof=1) + zero.var(axis=0, ddof=1)).mean())
    return {o: float(np.mean(noise[o]) / max(np.mean(gaps[o]), 1e-12)) for o in OUTCOMES}


def _scaled(scenario: Scenario, scale: float) -> Scenario:
    data = scenario.resolved()
    data["world"]["scale"] = scale
    return parse_scenario(data)
