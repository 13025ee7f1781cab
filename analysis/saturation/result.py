"""What a study of codes comes to: codes, discovery curve, stopping rules, numbers of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.measures.study import Z_95, wilson
from analysis.planning.found import PlanResult
from analysis.planning.planner import plan_study
from analysis.questions.of_study import plan_in
from analysis.runs.fingerprint import open_rows
from analysis.runs.run import Run
from analysis.saturation.code_table import CodeRow, Pair, WaveRow, code_rows, pairs, wave_rows
from analysis.saturation.estimates import first_reaching
from analysis.saturation.formulas import all_seen, discovery
from analysis.saturation.operating import Operating, operating
from analysis.saturation.settings import Saturation, saturation_in
from analysis.saturation.sightings import see
from sim.errors import InputError
from sim.side_by_side import Progress
from sim.study.spec import Study

__all__ = ["Curve", "Needed", "SaturationResult", "saturate"]

SPREAD = (0.05, 0.95)


@dataclass(frozen=True)
class Curve:
    """What N = 1, 2, ... people show.

    Attributes
    ----------
    people : ndarray of int, (N,)
    share, share_mcse : ndarray, (N,)
        Mean share of the codes seen.
    low, high : ndarray, (N,)
        Quantiles .05 and .95 over studies: how far one study may lie from the mean.
    exact : ndarray, (N,)
        The share expected if people were independent.
    all_seen, all_mcse : ndarray, (N,)
        Chance that every code that is frequent enough has been seen.
    all_exact : ndarray, (N,)
        The same if people and codes were independent.
    """

    people: np.ndarray
    share: np.ndarray
    share_mcse: np.ndarray
    low: np.ndarray
    high: np.ndarray
    exact: np.ndarray
    all_seen: np.ndarray
    all_mcse: np.ndarray
    all_exact: np.ndarray


@dataclass(frozen=True)
class Needed:
    """The number of people for a target; None is more than were simulated.

    Attributes
    ----------
    n, low, high : int or None
        With the 95 % Monte Carlo interval: where the curve's interval meets the target.
    exact : int or None
        By the closed form.
    """

    n: int | None
    low: int | None
    high: int | None
    exact: int | None


@dataclass(frozen=True)
class SaturationResult:
    """What was found.

    Attributes
    ----------
    study : Study
    seed, replicates : int
    sizes : tuple of int
        Numbers of people looked at.
    codes : tuple of CodeRow
    by_wave : tuple of WaveRow
    pairs : tuple of Pair
        Codes that go together, the closest first.
    curve : Curve
    rules : tuple of Operating
    frequent : tuple of str
        Codes at least as prevalent as asked.
    every_code, share : Needed
        People for all of those, and for the wanted share of codes on average.
    plan : PlanResult or None
        What the study's `[plan]` needs.
    simulated : bool
    notes : tuple of str
    """

    study: Study
    seed: int
    replicates: int
    sizes: tuple[int, ...]
    codes: tuple[CodeRow, ...]
    by_wave: tuple[WaveRow, ...]
    pairs: tuple[Pair, ...]
    curve: Curve
    rules: tuple[Operating, ...]
    frequent: tuple[str, ...]
    every_code: Needed
    share: Needed
    plan: PlanResult | None
    simulated: bool
    notes: tuple[str, ...]

    @property
    def asked(self) -> Saturation:
        """The `[saturation]` of the study."""
        return _asked(self.study)

    @property
    def for_both(self) -> int | None:
        """People that satisfy both strands; None if there is no plan or a strand has no answer."""
        found = self.plan.found if self.plan is not None else None
        if found is None or found.answer is None or self.every_code.n is None or found.edge == ">=":
            return None
        return max(int(found.answer), self.every_code.n)


def _asked(study: Study) -> Saturation:
    found = saturation_in(study)
    if found is None:
        raise InputError(
            f'study "{study.id}" has no [saturation]; '
            '"qualitative-saturation" shows what one looks like'
        )
    return found


def saturate(
    study: Study,
    *,
    seed: int,
    sizes: Sequence[int] = (),
    replicates: int = 500,
    threads: int = 1,
    kept: Run | None = None,
    progress: Progress | None = None,
) -> SaturationResult:
    """Simulate studies and see what share of the codes comes up after how many people.

    Parameters
    ----------
    study
        With a `[saturation]`; a `[plan]` is planned too.
    seed
        Of all draws.
    sizes
        Numbers of people to look at; the study's own by default.
    replicates
        Studies to simulate.
    threads
        Studies side by side; no figure depends on it.
    kept
        Where rows of simulated studies are kept, and taken from if they are there.
    progress
        Called with what is being done, the number of its steps done, and of all.

    Raises
    ------
    InputError
        Without a `[saturation]`, or with more people than the frame has.
    """
    asked = _asked(study)
    looked_at = tuple(sorted(set(sizes) or {study.recruitment.n}))
    people = max(asked.people_at_most, *looked_at)
    found = see(
        study, asked, people, replicates, at_least=_at_least(asked, looked_at), seed=seed,
        threads=threads, kept=kept, progress=progress,
    )  # fmt: skip
    counts = np.cumsum(found.seen.any(axis=2), axis=1, dtype=np.int32)
    rows = code_rows(found, counts, asked, looked_at)
    is_frequent = np.array([row.prevalence.value >= asked.prevalence_above for row in rows])
    frequent = tuple(
        row.code.name for row in rows if row.prevalence.value >= asked.prevalence_above
    )
    curve = _curve(counts, rows, is_frequent, asked.seen_in)
    rules = tuple(operating(rule, found, counts, asked) for rule in asked.rule)
    plan = None
    if plan_in(study) is not None:
        of_plan = None if kept is None else open_rows(kept.folder / "plan", study, seed)
        plan = plan_study(study, seed=seed, threads=threads, kept=of_plan, progress=progress)
    return SaturationResult(
        study, seed, replicates, looked_at, rows, wave_rows(found, study), pairs(found), curve,
        rules, frequent, _needed(curve.all_seen, curve.all_exact, asked.chance, replicates),
        _needed_for_share(curve, asked.share_wanted), plan, found.simulated,
        _notes(rows, asked, counts.shape[1], people),
    )  # fmt: skip


def _curve(counts: np.ndarray, rows: Sequence[CodeRow], frequent: np.ndarray, times: int) -> Curve:
    enough = counts >= times
    replicates, people, _ = enough.shape
    share, every = enough.mean(axis=2), enough[:, :, frequent].all(axis=2).mean(axis=0)
    n, chances = np.arange(1, people + 1), np.array([row.per_person.value for row in rows])
    low, high = np.quantile(share, SPREAD, axis=0)
    spread = share.std(axis=0, ddof=1) if replicates > 1 else np.full(people, np.nan)
    return Curve(
        n, share.mean(axis=0), spread / np.sqrt(replicates), low, high,
        discovery(n, chances, times), every, np.sqrt(every * (1 - every) / replicates),
        all_seen(n, chances[frequent], times),
    )  # fmt: skip


def _needed(shares: np.ndarray, exact: np.ndarray, target: float, replicates: int) -> Needed:
    """Where the share of studies reaches a target; the interval is Wilson's at every n."""
    ends = np.array([wilson(share * replicates, replicates) for share in shares])
    low, high = first_reaching(ends[:, 1], target), first_reaching(ends[:, 0], target)
    return Needed(first_reaching(shares, target), low, high, first_reaching(exact, target))


def _needed_for_share(curve: Curve, target: float) -> Needed:
    half = Z_95 * np.nan_to_num(curve.share_mcse)
    low = first_reaching(curve.share + half, target)
    high = first_reaching(curve.share - half, target)
    return Needed(
        first_reaching(curve.share, target), low, high, first_reaching(curve.exact, target)
    )


def _at_least(asked: Saturation, sizes: Sequence[int]) -> int:
    """People without whom a size or a rule could not be looked at."""
    return max([*sizes, *(rule.base + rule.run for rule in asked.rule)])


def _notes(rows: Sequence[CodeRow], asked: Saturation, people: int, wanted: int) -> tuple[str, ...]:
    notes = []
    if people < wanted:
        notes.append(
            f"in the smallest simulated study {people} people consent, not {wanted}: what is said "
            "of more people stops there"
        )
    absent = [row.code.name for row in rows if row.prevalence.value == 0]
    if absent:
        notes.append(
            f"nobody simulated had {', '.join(absent)}: counted among the codes, and never seen"
        )
    close = [
        row.code.name
        for row in rows
        if abs(row.prevalence.value - asked.prevalence_above) < 2 * row.prevalence.mcse
    ]
    if close:
        notes.append(
            f"whether {', '.join(close)} reach a prevalence of {asked.prevalence_above:g} is not "
            "settled by so few studies, and N for every such code hangs on it"
        )
    if not any(row.prevalence.value >= asked.prevalence_above for row in rows):
        notes.append(
            f"no code has a prevalence of {asked.prevalence_above:g} or more, so nothing is asked "
            "of the number for every such code"
        )
    return tuple(notes)
