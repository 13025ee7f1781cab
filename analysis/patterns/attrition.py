"""The pattern of who is missed at an interview."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from analysis.patterns.lives import TeamLives
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import Stat
from sim.study.simulate import simulate_study
from sim.study.spec import Study, parse_study, read_study
from sim.world.scenario import read_scenario

__all__ = ["PATTERNS"]

RETENTION = (0.75, 0.6)
ODDS_RATIO = 2.0


@lru_cache(maxsize=2)
def _study(odds_ratio: float) -> Study:
    """The founding study with twice the people, absence moved by severity, and more of it."""
    data = read_study("founding-study").resolved()
    data["participation"] |= {
        "mechanism": "MNAR-state", "odds_ratio": odds_ratio, "retention": list(RETENTION),
    }  # fmt: skip
    data["recruitment"]["n"] = 100
    data["recruitment"]["site_quota"] = [41, 17, 10, 24, 8]
    return parse_study(data)


@pattern(
    "P59", "The more ill are missed more often", evidence="F", proof="imposed",
    above=("log odds of absence per SD of severity",),
    bands={"odds ratio of absence per SD of severity": (1.5, 3.0)}, same=True,
)  # fmt: skip
def missed(lives: TeamLives) -> Measure:
    """Absence is partly driven by illness, where a study says so.

    Statistic: odds ratio of missing an interview per SD of severity when it is due, of the living,
    in a study like the founding one whose absence depends on the state of illness with an odds
    ratio of 2 per SD: log odds ratio to first order, cov(absent, severity) / (p (1 - p) SD).
    Passes between 1.5 and 3. Switched off: an odds ratio of 1.
    """
    study = _study(1.0 if lives.same else ODDS_RATIO)
    scenario = read_scenario(study.scenario)
    done = simulate_study(
        scenario, study, seed=lives.seed, replicate=lives.replicate, interviews_only=True
    )
    due = (done.sample.egos["alive"] > 0)[:, 1:]
    absent, severity = ~done.visits.attended[:, 1:][due], done.sample.egos["severity"][:, 1:][due]
    one = _log_odds(absent.astype(float), severity.astype(float))
    return {
        "log odds of absence per SD of severity": one,
        "odds ratio of absence per SD of severity": one.of(np.exp),
    }


def _log_odds(absent: np.ndarray, x: np.ndarray) -> Stat:
    parts = np.array([x.size, absent.sum(), x.sum(), (x * x).sum(), (absent * x).sum()])

    def value(t: np.ndarray) -> np.ndarray:
        n = np.maximum(t[..., 0], 1)
        share, middle = t[..., 1] / n, t[..., 2] / n
        spread = np.sqrt(np.maximum(t[..., 3] / n - middle**2, 1e-12))
        return (t[..., 4] / n - share * middle) / (share * (1 - share) * spread)

    return Stat(parts, value, x.size)


PATTERNS = (missed,)
