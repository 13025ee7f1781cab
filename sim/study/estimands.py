"""What a study wants to know, with its value: of this study, and rung by rung down to the data.

The estimands have one vocabulary everywhere: tables, summaries and pages say the same names. All
are census values of the people they speak of, so none has a Monte Carlo error.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.alter_tables import CLASS_OF_KIND
from sim.study.columns import Columns
from sim.study.members import UNKNOWN
from sim.study.other_lives import OtherLives
from sim.study.simulated import SimulatedStudy
from sim.study.tally import CLASSES_SHOWN, COUNTED, parts_of_people, sums_by_arm, values_of
from sim.study.texts import Texts
from sim.world.kinds import TIE_CLASSES, WEEKS_A_YEAR

__all__ = ["estimands", "ladder"]

EVERY_ARM = "all"


class Defined(NamedTuple):
    """An estimand in words: its layer, what it is, how it was found."""

    layer: str
    definition: str
    found_by: str


TRUE, IDEAL = "the simulated state of each", "the error-free map of each"
DEFINED = {
    "retention": Defined(
        "recorded",
        "Share interviewed at the wave of the participants enrolled; deaths count as not "
        "interviewed",
        "counted in attrition",
    ),
    "alive": Defined(
        "latent", "Share alive at the wave of the participants enrolled", "counted in truth/waves"
    ),
    "score_mean": Defined(
        "latent",
        "Mean at the wave, over participants alive then, interviewed or not, of the score expected "
        "without error of measurement; of hccq those with a professional",
        TRUE,
    ),
    "score_change": Defined(
        "latent",
        "Mean, over participants alive at the wave, interviewed or not, of the score expected "
        "without error there minus that at the first wave",
        TRUE,
    ),
    "map_size": Defined(
        "error_free",
        "Mean number of members at the wave on the error-free map, over participants alive then, "
        "interviewed or not",
        IDEAL,
    ),
    "map_loss": Defined(
        "error_free",
        "Share of the ties on the first error-free map that are not on it at the wave, ended or "
        "out of touch, over participants alive at the wave; ties of the dead do not count",
        IDEAL,
    ),
    "ties_ended": Defined(
        "latent",
        "Share of the ties there were at baseline, on a map or not, active or dormant, that ended "
        "by the week for any cause, over all participants; an ego's death ends its ties, being "
        "out of touch does not",
        "counted in truth/ties",
    ),
}
EFFECT = Defined(
    "",
    " Here: that value with {contrast}, minus that with the arm it is compared with, over the "
    "participants alive in both of their lives",
    "paired lives, every draw shared",
)
CONTRASTS = {
    "all": "everybody in the arm",
    "direct": "each participant's own unit of allocation in the arm, all others as allocated",
}
RUNGS = (
    "frame_true", "participants_true", "attending_true", "attending_elicited", "as_collected",
)  # fmt: skip


class _Rows:
    """Rows of truth/estimands as they are found."""

    def __init__(self) -> None:
        self.of: dict[str, list[object]] = {}

    def add(self, estimand: str, value: float, n: float, **said: object) -> None:
        """One estimand; `said`: item, arm, versus, contrast, wave, week as far as it has them."""
        one = DEFINED[estimand]
        row = {"item": "", "arm": EVERY_ARM, "versus": "", "contrast": "", "wave": UNKNOWN}
        row |= {"estimand": estimand, "value": value, "n": int(n), "mcse": np.nan, **said}
        row |= {"layer": one.layer, "definition": one.definition, "found_by": one.found_by}
        if contrast := said.get("contrast"):
            row["definition"] = f"{one.definition}.{EFFECT.definition}".format(
                contrast=CONTRASTS[str(contrast)]
            )
            row["found_by"] = EFFECT.found_by
        for name, cell in row.items():
            self.of.setdefault(name, []).append(cell)

    def columns(self) -> Columns:
        """As the codebook has them."""
        whole, real = ("wave", "week", "n"), ("value", "mcse")
        kinds = {**dict.fromkeys(whole, np.int64), **dict.fromkeys(real, np.float64)}
        return {name: np.array(cells, kinds.get(name)) for name, cells in self.of.items()}


def estimands(study: SimulatedStudy, other: OtherLives | None = None) -> Columns:
    """Columns of truth/estimands.

    Parameters
    ----------
    study : SimulatedStudy
    other : OtherLives, optional
        What participants would have been in other arms, for effects.
    """
    rows, weeks = _Rows(), study.study.waves.weeks
    arms = _arms(study)
    shares = {"retention": study.visits.attended, "alive": study.sample.egos["alive"] > 0}
    for name, held in shares.items():
        for arm, mine in arms.items():
            for k, week in enumerate(weeks):
                rows.add(name, _share(held[mine, k]), mine.sum(), arm=arm, wave=k + 1, week=week)
    sums = _participants(study)
    values, n = values_of(sums), sums[..., 1]
    for g, arm in enumerate(arms):
        for k, q in _cells(study):
            counted = COUNTED[q]
            rows.add(
                counted.estimand, values[g, k, q], n[g, k, q], item=counted.item, arm=arm,
                wave=k + 1, week=weeks[k],
            )  # fmt: skip
    _ended(study, arms, rows)
    if other is not None:
        _effects(study, other, rows)
    return rows.columns()


def _arms(study: SimulatedStudy) -> dict[str, np.ndarray]:
    """Who is in each arm, everybody first."""
    found = {EVERY_ARM: np.ones(study.n, np.bool_)}
    for number, name in enumerate(study.study.arm_names):
        found[name] = study.sample.arm == number
    return found


def _share(held: np.ndarray) -> float:
    return float(held.sum()) / held.size if held.size else float("nan")


def _cells(study: SimulatedStudy) -> list[tuple[int, int]]:
    """Waves, from 0, and positions in COUNTED of all that is told."""
    waves = range(len(study.study.waves.weeks))
    return [(k, q) for q, one in enumerate(COUNTED) for k in waves if k + 1 >= one.first_wave]


def _participants(study: SimulatedStudy) -> np.ndarray:
    return _sums(study, study.maps.ideal, study.true_scores, study.sample.egos["alive"] > 0)


def _sums(
    study: SimulatedStudy, on_map: np.ndarray, scores: np.ndarray, seen: np.ndarray
) -> np.ndarray:
    parts = parts_of_people(study.sample.members, on_map, scores, seen)
    return sums_by_arm(parts, study.sample.arm, len(study.study.arm_names))


def _ended(study: SimulatedStudy, arms: dict[str, np.ndarray], rows: _Rows) -> None:
    """Shares of true ties ended by the week each wave is due, and by a year."""
    ties, due = study.ties.rows, study.study.waves.weeks
    of_class = CLASS_OF_KIND[ties["kind"]]
    ended = np.where(ties["ended"] == UNKNOWN, np.iinfo(np.int32).max, ties["ended"])
    alive = (ties["began"] <= 0) & (ended > 0)
    times = {week: k + 1 for k, week in enumerate(due) if k > 0}
    if due[-1] > WEEKS_A_YEAR:
        times.setdefault(WEEKS_A_YEAR, UNKNOWN)
    for arm, mine in arms.items():
        for c, name in enumerate(CLASSES_SHOWN):
            of = alive & mine[ties["person"]] & ((of_class == c) | (c == len(TIE_CLASSES)))
            for week, wave in times.items():
                share = _share(ended[of] <= week)
                rows.add("ties_ended", share, of.sum(), item=name, arm=arm, wave=wave, week=week)


def _effects(study: SimulatedStudy, other: OtherLives, rows: _Rows) -> None:
    """What another arm would make of each estimand, in those alive in both lives."""
    reference, *others = study.study.arm_names
    for a, arm in enumerate(others, start=1):
        pair = [other.sums(one, among=(a, 0)) for one in (a, 0)]
        values = values_of(pair[0]) - values_of(pair[1])
        for k, q in _cells(study):
            counted = COUNTED[q]
            rows.add(
                counted.estimand, values[k, q], pair[0][k, q, 1], item=counted.item, arm=arm,
                versus=reference, contrast=other.contrast, wave=k + 1,
                week=study.study.waves.weeks[k],
            )  # fmt: skip


def ladder(
    study: SimulatedStudy, frame: np.ndarray, collected: np.ndarray | None = None
) -> Columns:
    """Columns of truth/ladder: the same estimands on every rung from the frame to the data.

    Parameters
    ----------
    study : SimulatedStudy
    frame : ndarray, (1 + A, W, Q, 2)
        What everybody eligible truly adds up to.
    collected : ndarray, (1 + A, W, Q, 2), optional
        What the data as collected add up to, if anything was done to them after the interview.
    """
    attended = study.visits.attended
    elicited = _sums(study, study.maps.recorded, study.scores, attended)
    sums = np.stack([
        frame,
        _participants(study),
        _sums(study, study.maps.ideal, study.true_scores, attended),
        elicited,
        elicited if collected is None else collected,
    ])  # fmt: skip
    k, q = np.array(_cells(study)).T
    values, n = (np.moveaxis(one[:, :, k, q], 2, 0) for one in (values_of(sums), sums[..., 1]))
    arms = np.array([EVERY_ARM, *study.study.arm_names])
    cell, rung, arm = (one.ravel() for one in np.indices(values.shape))
    return {
        "estimand": Texts(q[cell], np.array([one.estimand for one in COUNTED])),
        "item": Texts(q[cell], np.array([one.item for one in COUNTED])),
        "wave": k[cell] + 1,
        "rung": Texts(rung, np.array(RUNGS)),
        "arm": Texts(arm, arms),
        "value": values.ravel(),
        "n": n.ravel().astype(np.int64),
    }
