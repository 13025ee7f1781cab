"""Ties of people in a planned panel, as a process of studies.

Person i names some members at baseline and keeps each with a chance of their own at each wave; a
member is kept where a number of its own lies below that chance, so one that is lost stays lost
where fewer are kept later. Members kept are recognised, or not, anew at each wave. Whoever is not
interviewed at a wave has no map there.

Streams: [PANEL_PERSON] place of the person (which 1), members (when: the member, which 2 and more),
[PANEL_WAVE] absence and return. An address names person, wave or member and never a sample size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.estimators.asked import TieCounts
from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from analysis.questions.ties import PanelTies
from analysis.trials.batch import Batch
from analysis.trials.enrolment import arm_order
from analysis.trials.frames import arm_shares, batches, words_of
from analysis.trials.panel import panel_in
from analysis.trials.study_key import study_key
from analysis.trials.tie_law import CELLS, NamedAtFirst, kept_by_place, named_at_first
from analysis.trials.tie_truth import true_value_of
from analysis.trials.variances import by_person
from sim.errors import InputError
from sim.study.spec import Study
from sim.world.compiled import compiled
from sim.world.streams import Stream, uniforms

__all__ = ["CountedTies", "TiePanelProcess", "tie_panel_process"]

PERSON, WAVE = int(Stream.PANEL_PERSON), int(Stream.PANEL_WAVE)
WORDS = 4
"""Numbers at one address."""


class TieTables(NamedTuple):
    """What compiled code draws from.

    Attributes
    ----------
    places : ndarray, (CELLS,)
        Members named, by a person's place.
    kept : ndarray, (A, T, CELLS)
        Share of them named again, by another place.
    missed : ndarray, (A, T)
        Chance to miss a wave, of those who may come.
    back, unrecognised, mistaken : float
        Chance to come back after a wave missed, and errors of linking.
    """

    places: np.ndarray
    kept: np.ndarray
    missed: np.ndarray
    back: float
    unrecognised: float
    mistaken: float


@compiled
def draw_ties(
    seed: tuple[int, int],
    first: int,
    arm: np.ndarray,
    law: TieTables,
    named: np.ndarray,
    lost: np.ndarray,
) -> None:
    """Fill named (B, n) and lost (B, n, T) with replicates first, first + 1, ..."""
    replicates, n, waves = lost.shape
    for b in range(replicates):
        key = study_key(seed, first + b)
        for i in range(n):
            a = arm[i]
            u, v, w, _ = uniforms(PERSON, i, 0, 1, key)
            members, place = int(law.places[int(u * CELLS)] + w), int(v * CELLS)
            named[b, i], lost[b, i, :], lost[b, i, 0] = members, np.nan, 0.0
            record = 0
            for t in range(1, waves):
                _, x, returns, _ = uniforms(WAVE, i, t, 1, key)
                away = record < t - 1 and returns >= law.back
                if not away and x >= law.missed[a, t]:
                    record, lost[b, i, t] = t, 0.0
            for j in range(members):
                words = uniforms(PERSON, i, j, 2, key)
                own = words[0]
                for t in range(1, waves):
                    if t % WORDS == 0:
                        words = uniforms(PERSON, i, j, 2 + t // WORDS, key)
                    if np.isnan(lost[b, i, t]):
                        continue
                    link = words[t % WORDS]
                    if own < law.kept[a, t, place]:
                        lost[b, i, t] += link < law.unrecognised
                    else:
                        lost[b, i, t] += link >= law.mistaken


class CountedTies(NamedTuple):
    """B replicates of one study of n people whose ties are counted.

    Attributes
    ----------
    ties : TieCounts
    arm, cluster : ndarray of int, (n,)
        Position in the process's `arms`; -1, as people are in no cluster.
    """

    ties: TieCounts
    arm: np.ndarray
    cluster: np.ndarray

    @property
    def held(self) -> np.ndarray:
        """Interviews that took place, (B, n, T)."""
        return np.isfinite(self.ties.lost)

    @property
    def met_by_chance(self) -> bool:
        """Never: people are enrolled in a fixed order."""
        return False

    def of(self, outcome: str) -> Batch:
        """The share of ties that each person lost."""
        return Batch(self.ties.lost / self.ties.named[..., None], self.arm, self.cluster)

    def first(self, n: int) -> CountedTies:
        """The same studies, had they stopped at n people."""
        counts = TieCounts(self.ties.named[:, :n], self.ties.lost[:, :n])
        return CountedTies(counts, self.arm[:n], self.cluster[:n])

    def only(self, mine: np.ndarray) -> CountedTies:
        """The same studies of some of their people."""
        if mine.all():
            return self
        counts = TieCounts(self.ties.named[:, mine], self.ties.lost[:, mine])
        return CountedTies(counts, self.arm[mine], self.cluster[mine])


@dataclass(frozen=True)
class TiePanelProcess:
    """Studies of ties; see `analysis.trials.process`.

    Attributes
    ----------
    arms : tuple of str
    weeks : tuple of int
    arm : ndarray of int, (frame,)
    law : PanelTies
        Of the study file.
    kept : tuple of tuple of float
        Share truly kept, by arm and wave after the first.
    named : NamedAtFirst
    seen : ndarray of float64, (A, T)
        Share of people interviewed.
    tables : TieTables
    seed : int
    """

    arms: tuple[str, ...]
    weeks: tuple[int, ...]
    arm: np.ndarray
    law: PanelTies
    kept: tuple[tuple[float, ...], ...]
    named: NamedAtFirst
    seen: np.ndarray
    tables: TieTables
    seed: int

    @property
    def frame(self) -> int:
        """People there are to enrol."""
        return int(self.arm.size)

    def draw(self, n: int, replicates: range) -> Iterator[CountedTies]:
        """Studies of the first n people, some of them at a time."""
        arm, alone = self.arm[:n], np.full(n, -1)
        for first, count in batches(n, self.frame, replicates):
            named, lost = np.empty((count, n)), np.empty((count, n, len(self.weeks)))
            draw_ties(words_of(self.seed), first, arm, self.tables, named, lost)
            yield CountedTies(TieCounts(named, lost), arm, alone)

    def truth(self, question: Question) -> float:
        """What the analysis of a question would find were everybody seen and linked by an id."""
        wave = self.weeks.index(question.at_week or 0)
        shares = arm_shares(self.arm, len(self.arms))
        asked = [self.arms.index(name) for name in question.arms] or range(len(self.arms))
        lost = [1 - self.kept[a][wave - 1] for a in asked]
        weights = [float(shares[a]) for a in asked]
        return true_value_of(question, lost, weights)


def tie_panel_process(study: Study, plan: Plan, seed: int, effect: float = 1.0) -> TiePanelProcess:
    """The process of a study file with `[plan.panel.ties]`.

    Parameters
    ----------
    study, plan
        The study and its `[plan]`.
    seed
        Of all draws.
    effect
        Multiplies what the arms do.

    Raises
    ------
    sim.errors.InputError
        No table of ties, arms that are not of people, or absence that hangs on scores.
    """
    panel = panel_in(plan, "this process")
    law, arms = ties_in(panel), study.arm_names or ("",)
    _check_people(study, arms)
    weeks, parts = study.waves.weeks, study.arms.parts if study.arms else (1.0,)
    arm = arm_order(parts, plan.people_at_most)
    kept = tuple(law.truly(name, len(weeks) - 1, effect) for name in arms)
    rules = study.participation
    seen = np.array(
        [[1.0, *(rules.of("retention", name) or [1.0] * (len(weeks) - 1))] for name in arms]
    )
    named = named_at_first(law)
    places = np.array(
        [[kept_by_place(one, law.icc) for one in (1.0 - 1e-9, *of_arm)] for of_arm in kept]
    )
    tables = TieTables(
        named.places, places, _missed(seen, rules.return_rate), rules.return_rate,
        law.missed_links, law.false_links,
    )  # fmt: skip
    return TiePanelProcess(arms, weeks, arm, law, kept, named, seen, tables, seed)


def ties_in(panel: Panel) -> PanelTies:
    """The panel's `[plan.panel.ties]`; an `InputError` if it has none."""
    if panel.ties is None:
        raise InputError("studies of ties take their numbers from [plan.panel.ties]; give it")
    return panel.ties


def _check_people(study: Study, arms: tuple[str, ...]) -> None:
    """Raise an `InputError` if people share clusters, or if who is absent hangs on a score."""
    if study.arms is not None and not by_person(study):
        raise InputError(
            "plan.panel.ties: people of a panel share nothing, and whole clusters are allocated; "
            'give arms.unit = "ego", or plan with process = "world"'
        )
    rules = study.participation
    for name in arms:
        mechanism = rules.of("mechanism", name)
        if mechanism != "MCAR" and rules.of("odds_ratio", name) != 1:
            raise InputError(
                f"participation.mechanism: {mechanism} has absence hang on a score, and a panel of "
                'ties has none; give "MCAR"'
            )


def _missed(seen: np.ndarray, back: float) -> np.ndarray:
    """Chance to miss each wave, of those who may come, so that the shares seen come of it, (A, T).

    Shares seen only fall, so that enough may come at every wave.
    """
    found = np.zeros(seen.shape)
    for t in range(1, seen.shape[1]):
        found[:, t] = 1 - seen[:, t] / (seen[:, t - 1] + back * (1 - seen[:, t - 1]))
    return found
