"""What questionnaires show in a usual-care world, beside what is published of them.

Everybody eligible is interviewed at week 0 and a year later, and once more at week 0, nothing
having changed, for the retest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.evidence.course import YEAR
from analysis.evidence.interviewed import everybody_interviewed
from analysis.evidence.rows import EvidenceRow, rate_row, share_row
from sim.study.instruments import item_places
from sim.study.scales import draw_scores
from sim.study.settings import SCORES
from sim.study.simulated import SimulatedStudy
from sim.study.tables import study_tables
from sim.world.scenario import read_scenario
from sim.world.streams import key_of

__all__ = ["cronbach_alpha", "instrument_rows"]

AT = {name: number for number, name in enumerate(SCORES)}
REPEATS = 8

LONELY = 6
"""Points of UCLA-3 from which a person is held to be lonely."""

BOUNDS = {
    "mean of SWEMWBS": ("vaingankar2017", (21.9, 23.7)),
    "SD of SWEMWBS": ("vaingankar2017", (4.9, 6.2)),
    "mean of ReQoL-10": ("chua2021", (26.9, 28.7)),
    "SD of ReQoL-10": ("chua2021", (7.2, 8.4)),
    "alpha of SWEMWBS": ("vaingankar2017", (0.87, 0.91)),
    "alpha of MCSI": ("boothroyd2008", (0.90, 0.94)),
    "retest of SWEMWBS": ("", (0.80, 0.86)),
    "retest of ReQoL-10": ("B48", (0.82, 0.88)),
    "retest of MCSI": ("boothroyd2008", (0.68, 0.74)),
    "MCSI with itself a year later": ("win2018", (0.50, 0.64)),
    "SWEMWBS with MCSI": ("vaingankar2017", (-0.50, -0.20)),
    "lonely, 6 points of UCLA-3 or more": ("heron2022", (0.29, 0.34)),
    "mean minutes of an interview": ("N10", (57, 63)),
    "furthest of two scales' correlation from latent times root of reliabilities": ("", (0, 0.03)),
}
"""Source and bounds by quantity.

Of means, SDs and alpha of SWEMWBS and ReQoL-10, 95 % intervals for samples as large as theirs (138,
350 and 300 people); of other reliabilities .02 or .03 to either side, of the retest of SWEMWBS
about what is assumed. A year later, the figure of another self-report of people with mental
illness (.57); "moderate" is the word of the abstract.
"""


class _Pairs(NamedTuple):
    """Two measurements of the same people, those who have both."""

    first: np.ndarray
    second: np.ndarray

    @classmethod
    def of(cls, first: np.ndarray, second: np.ndarray) -> _Pairs:
        known = ~np.isnan(first) & ~np.isnan(second)
        return cls(first[known].astype(float), second[known].astype(float))

    def row(self, what: str) -> EvidenceRow:
        r, n = float(np.corrcoef(*self)[0, 1]), self.first.size
        return _row(what, r, (1 - r * r) / np.sqrt(n), n)


def _row(what: str, value: float, mcse: float, n: int) -> EvidenceRow:
    source, bounds = BOUNDS[what]
    return rate_row(what, source, bounds, float(value), float(mcse), n)


def cronbach_alpha(answers: np.ndarray) -> float:
    """Cronbach's alpha of people who answered all items.

    Parameters
    ----------
    answers : ndarray of int, (n, k)
        Below 0 where an item was left out.
    """
    whole = answers[(answers >= 0).all(axis=1)].astype(float)
    k = whole.shape[1]
    together = whole.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1 - whole.var(axis=0, ddof=1).sum() / together))


def instrument_rows(teams: int = 20, *, seed: int = 1, threads: int = 2) -> list[EvidenceRow]:
    """Rows on means, SDs and reliabilities of scales, and on the length of interviews.

    Parameters
    ----------
    teams : int
        Whole teams of usual care.
    seed, threads : int
        As of `sim.study.simulate.simulate_study`.
    """
    usual = read_scenario("usual-care")
    found = everybody_interviewed(usual, (0, YEAR), teams, seed=seed, threads=threads)
    again = draw_scores(
        found.sample.egos[:, [0, 0]], found.sample.members[:, [0, 0]], found.params,
        key_of(seed, 1),
    )  # fmt: skip
    rows: list[EvidenceRow] = []
    for name, short in (("swemwbs", "SWEMWBS"), ("reqol10", "ReQoL-10")):
        rows += _mean_and_sd(found.scores[:, 0, AT[name]], short)
    for name, short in (("swemwbs", "SWEMWBS"), ("symptoms", "MCSI")):
        rows.append(_alpha(found.answers[:, 0, item_places(name)], f"alpha of {short}"))
    for name, short in (("swemwbs", "SWEMWBS"), ("reqol10", "ReQoL-10"), ("symptoms", "MCSI")):
        two = again.scores[:, :, AT[name]]
        rows.append(_Pairs.of(two[:, 0], two[:, 1]).row(f"retest of {short}"))
    symptoms, wellbeing = (found.scores[:, :, AT[name]] for name in ("symptoms", "swemwbs"))
    alive = found.sample.egos["alive"][:, -1] > 0
    later = _Pairs.of(symptoms[alive, 0], symptoms[alive, -1])
    rows.append(later.row("MCSI with itself a year later"))
    rows.append(_Pairs.of(wellbeing[:, 0], symptoms[:, 0]).row("SWEMWBS with MCSI"))
    return [*rows, _lonely(found), _minutes(found), _attenuated(found, seed)]


def _mean_and_sd(scores: np.ndarray, short: str) -> list[EvidenceRow]:
    known = scores[~np.isnan(scores)].astype(float)
    n, sd = known.size, float(known.std(ddof=1))
    return [
        _row(f"mean of {short}", known.mean(), sd / np.sqrt(n), n),
        _row(f"SD of {short}", sd, sd / np.sqrt(2 * n), n),
    ]


def _alpha(answers: np.ndarray, what: str) -> EvidenceRow:
    """The error is Feldt's, by the F distribution's variance for many people."""
    n, k = answers.shape
    alpha = cronbach_alpha(answers)
    return _row(what, alpha, (1 - alpha) * np.sqrt(2 * k / ((k - 1) * n)), n)


def _attenuated(found: SimulatedStudy, seed: int) -> EvidenceRow:
    """How far a correlation of two scales is from the latent one, times the root of reliabilities.

    The furthest of all pairs, each on average over interviews of the same people repeated in the
    same week; reliability is the correlation of a scale with itself in two of them.
    """
    egos, members = found.sample.egos[:, [0, 0]], found.sample.members[:, [0, 0]]
    apart = []
    for repeat in range(1, 1 + REPEATS):
        again = draw_scores(egos, members, found.params, key_of(seed, repeat))
        known = ~np.isnan(again.scores).any(axis=(1, 2))
        seen = again.scores[known].astype(float)
        retest = [np.corrcoef(scale.T)[0, 1] for scale in np.moveaxis(seen, 2, 0)]
        latent = np.corrcoef(again.true[known, 0].astype(float).T)
        expected = latent * np.sqrt(np.outer(retest, retest))
        pairs = np.triu_indices(len(retest), 1)
        apart.append((np.corrcoef(seen[:, 0].T) - expected)[pairs])
    mean = np.mean(apart, axis=0)
    worst = int(np.abs(mean).argmax())
    error = float(np.std(apart, axis=0, ddof=1)[worst] / np.sqrt(REPEATS))
    what = "furthest of two scales' correlation from latent times root of reliabilities"
    return _row(what, abs(mean[worst]), error, egos.shape[0])


def _lonely(found: SimulatedStudy) -> EvidenceRow:
    scores = found.scores[:, 0, AT["loneliness"]]
    known = scores[~np.isnan(scores)]
    what = "lonely, 6 points of UCLA-3 or more"
    source, bounds = BOUNDS[what]
    return share_row(what, source, bounds, int((known >= LONELY).sum()), known.size)


def _minutes(found: SimulatedStudy) -> EvidenceRow:
    minutes = np.asarray(study_tables(found)["egos"]["duration_min"], float)
    error = minutes.std(ddof=1) / np.sqrt(minutes.size)
    return _row("mean minutes of an interview", minutes.mean(), error, minutes.size)
