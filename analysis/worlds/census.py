"""What is true in the world: everybody eligible, seen on the layer a question names.

For a contrast of arms the whole caseload lives in two worlds, such as once with everybody in the
one arm and once with everybody in the other; `contrasts` says in which. Both lives go on from the
same week 0 and share every draw. Other questions take a census of the world as the study finds it.
The dead leave both; the discharged stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.estimators.catalogue import analysis
from analysis.estimators.tie_groups import groups_of
from analysis.estimators.tie_hazard import cells_of, hazard_of_cells
from analysis.questions.question import Question
from analysis.worlds.contrasts import AS_ALLOCATED, parts_of, signs_of, worlds_of
from analysis.worlds.interviews import Interviews, Recorded, joined_interviews, outcomes_of
from analysis.worlds.layers import maps_on_layer
from sim.study.allocate import Allocation, GivenArms
from sim.study.eligible import is_eligible
from sim.study.fieldwork import Fieldwork
from sim.study.planted import study_scores
from sim.study.recruit import candidates_of_site
from sim.study.seen import gather
from sim.study.spec import Study
from sim.world.parameters import catalogue
from sim.world.run import Place, places
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = ["Truth", "census", "contrast_of", "value_in"]


NO_ARM = (-1, -1)
"""Nobody's arms: everybody of a part is compared with another part, not within it."""

Way = tuple[tuple[int, ...], str]
"""The arms in which everybody lives, one after the other, and the layer on which they are seen."""


class Truth(NamedTuple):
    """The value of an estimand, its Monte Carlo standard error, and the worlds it is from."""

    value: float
    mcse: float
    replicates: int


def census(
    study: Study, lived: Scenario, questions: Sequence[Question], seed: int, replicate: int
) -> list[np.ndarray]:
    """What one replicate of the worlds adds up to, question by question; for `contrast_of`."""
    key = key_of(seed, replicate)
    asked: list[Way] = [(worlds_of(one, study.arm_names), one.layer) for one in questions]
    wanted: dict[Way, set[str]] = {}
    for way, one in zip(asked, questions, strict=True):
        wanted.setdefault(way, set()).add(str(one.outcome))
    found: dict[Way, list[list[Interviews]]] = {way: [[] for _ in way[0]] for way in wanted}
    for place in places(lived):
        for way, parts in _team_seen(study, lived, key, place, wanted).items():
            for of_arm, part in zip(found[way], parts, strict=True):
                of_arm.append(part)
    seen = {way: [joined_interviews(of_arm) for of_arm in parts] for way, parts in found.items()}
    weeks = list(study.waves.weeks)
    return [
        _sums(one, weeks, parts_of(one, study.arm_names, seen[way]))
        for one, way in zip(questions, asked, strict=True)
    ]


def _team_seen(
    study: Study, lived: Scenario, key: np.ndarray, place: Place, wanted: Mapping[Way, set[str]]
) -> dict[Way, list[Interviews]]:
    """Everybody eligible in a team, seen in each of the ways that are wanted, arm by arm."""
    begun: dict[Place, Team] = {}
    entry = candidates_of_site(study, lived, place.site, key).entry_of_team(place.team)
    fit: dict[int, np.ndarray] = {}
    states: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    lives_differ = any(shock.who.arm for shock in lived.shocks)
    for arm in sorted({arm for worlds, _ in wanted for arm in worlds}):
        if states and not lives_differ:
            fit[arm], states[arm] = next(iter(fit.values())), next(iter(states.values()))
            continue
        work = Fieldwork(study, lived, key, begun)
        if arm != AS_ALLOCATED and study.arms is not None:
            work.allocation = GivenArms.everybody_in(
                study.arm_names, arm, work.team(place), study.arms.unit != "ego"
            )
        history = work.watch(place, np.arange(entry.size), entry, entry, weekly=False)
        fit[arm] = is_eligible(study, history.egos[:, 0])
        states[arm] = gather([history], [np.flatnonzero(fit[arm])])
        del history  # the next arm has its memory
    own, _ = Allocation(study, lived, key).of_team(place, begun[place])
    own = np.zeros(entry.size, np.int32) if own is None else own
    found = {}
    for way in wanted:
        worlds, layer = way
        in_all = np.all([fit[arm] for arm in worlds], axis=0)
        found[way] = [
            _seen(
                study, lived, key, layer, wanted[way], *_among(states[arm], in_all[fit[arm]]),
                own[in_all], arm, place.site, entry[in_all],
            )
            for arm in worlds
        ]  # fmt: skip
    return found


def _among(state: tuple[np.ndarray, np.ndarray], mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Some of those whose state is given; nearly always all of them, and then no copy."""
    return state if mine.all() else (state[0][mine], state[1][mine])


def _seen(
    study: Study,
    lived: Scenario,
    key: np.ndarray,
    layer: str,
    wanted: Collection[str],
    egos: np.ndarray,
    members: np.ndarray,
    arm: np.ndarray,
    everybody_in: int,
    site: int,
    entry: np.ndarray,
) -> Interviews:
    """Everybody on one layer, nobody but the dead absent; all in one arm, or each in its own."""
    params = catalogue().record(lived.parameters)
    lives_in = arm if everybody_in == AS_ALLOCATED else np.full_like(arm, everybody_in)
    scored = study_scores(study, egos, members, lives_in, params, key)
    alive = egos["alive"] > 0
    weeks = entry[:, None] + np.array(study.waves.weeks, np.int32)
    there = np.full(entry.size, site)
    on_map = maps_on_layer(study, layer, wanted, egos, members, there, weeks, params, key)
    scores = scored.scores if layer == "elicited" else scored.true
    values, ties = outcomes_of(Recorded(egos, members, scores, on_map, alive), wanted)
    nobody = np.zeros(egos.shape[0], int)
    return Interviews(values, ties, arm, nobody, alive, alive, np.arange(egos.shape[0]))


def _sums(question: Question, weeks: list[int], parts: list[Interviews]) -> np.ndarray:
    """Sums and numbers of what is averaged, (k, 2): one row for each mean of `_combined`."""
    wave = len(weeks) - 1 if question.at_week is None else weeks.index(question.at_week)
    if question.outcome == "ties_lost":
        return _tie_sums(question, wave, parts)
    rows = []
    for part in parts:
        y = part.values[question.outcome]
        if question.about in ("change", "slope"):
            y = y - y[:, :1]
        values = y[:, wave]
        rows.append((np.nansum(values), np.isfinite(values).sum()))
    sums = np.array(rows, np.float64)
    if question.about == "slope":
        sums[:, 0] /= weeks[-1] / 52
    return sums


def _tie_sums(question: Question, wave: int, parts: list[Interviews]) -> np.ndarray:
    used = analysis(question.analysis)
    if used.rows == "ties at risk":
        return cells_of(question, wave, NO_ARM, parts)
    lost, group, _ = groups_of(question, wave, NO_ARM, joined_interviews(parts))
    group = group + np.repeat(np.arange(len(parts)), [part.arm.size for part in parts])[:, None]
    known, signs = np.isfinite(lost), signs_of(question)
    if used.within_people:
        X = np.eye(signs.size)[group]
        any_known = known.any(axis=1)
        fit = used.of_arrays(lost[any_known][None], X[any_known][None], signs)
        return np.array([[float(fit.estimate[0]), 1.0]])
    rows = [
        (lost[known & (group == g)].sum(), (known & (group == g)).sum()) for g in range(signs.size)
    ]
    return np.array(rows, np.float64)


def contrast_of(question: Question, sums: np.ndarray) -> Truth:
    """The estimand over all worlds, from their sums (R, k, 2), with a jackknife error."""
    sums = sums[np.isfinite(sums).all(axis=(1, 2))]
    total, replicates = sums.sum(axis=0), len(sums)
    value = _combined(question, total)
    if replicates < 2:
        return Truth(value, float("nan"), replicates)
    without = np.array([_combined(question, total - one) for one in sums])
    spread = (without - without.mean()) ** 2
    error = float(np.sqrt((replicates - 1) / replicates * spread.sum()))
    return Truth(value, error, replicates)


def value_in(question: Question, study: Study, seen: Interviews) -> float:
    """What a question comes to among the people of one study; NaN where nobody shows it.

    A contrast of arms is between the people of both; of spillover a study has nobody who shows it.

    Parameters
    ----------
    question
        To the world.
    study
        Has the waves and the arms.
    seen
        Its people.
    """
    if question.contrast == "spillover":
        return float("nan")
    side_by_side = question.model_copy(update={"contrast": "all"})
    number = list(study.arm_names).index
    parts = [seen.only(seen.arm == number(name)) for name in question.arms] or [seen]
    if any(part.arm.size == 0 for part in parts):
        return float("nan")
    with np.errstate(invalid="ignore", divide="ignore"):
        return _combined(side_by_side, _sums(side_by_side, list(study.waves.weeks), parts))


def _combined(question: Question, sums: np.ndarray) -> float:
    """Means, on the scale of the analysis, contrasted."""
    used = analysis(question.analysis)
    if used.rows == "ties at risk":
        return hazard_of_cells(sums, signs_of(question))
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums[:, 0] / sums[:, 1]
        if used.of_means is not None:
            means = used.of_means(means)
    if means.size == 1:
        return float(means[0])
    return float(signs_of(question) @ means)
