"""Codes one by one: how many people have them, can tell of them, and are seen to have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.saturation.estimates import Estimate, estimate
from analysis.saturation.formulas import people_needed, seen
from analysis.saturation.settings import Saturation
from analysis.saturation.sightings import Code, Sightings
from sim.study.spec import Study

__all__ = ["CodeRow", "Pair", "WaveRow", "code_rows", "pairs", "wave_rows"]


class CodeRow(NamedTuple):
    """One code.

    Attributes
    ----------
    code : Code
    prevalence : Estimate
        Share of the people enrolled who have it at some interview, held or not.
    within_reach : Estimate
        Share who have it at an interview that was held.
    per_person : Estimate
        Chance that it is seen in a person, over detection.
    at : tuple of (int, Estimate, float)
        For each number of people: the chance that it has been seen, simulated, and by the closed
        form, which takes people to be independent.
    needed : int or None
        People for the wanted chance, by the closed form (Fugard and Potts).
    """

    code: Code
    prevalence: Estimate
    within_reach: Estimate
    per_person: Estimate
    at: tuple[tuple[int, Estimate, float], ...]
    needed: int | None


class WaveRow(NamedTuple):
    """One code at one wave: among all enrolled, among those interviewed then, and the difference.

    The difference is paired by simulated study.
    """

    code: str
    week: int
    among_all: Estimate
    among_interviewed: Estimate
    difference: Estimate


class Pair(NamedTuple):
    """Two codes of a person: share who have both, share if they were independent, and phi."""

    first: str
    second: str
    both: Estimate
    if_independent: float
    phi: float


def code_rows(
    found: Sightings, counts: np.ndarray, asked: Saturation, sizes: Sequence[int]
) -> tuple[CodeRow, ...]:
    """All codes.

    Parameters
    ----------
    found : Sightings
    counts : ndarray of int, (R, N, C)
        People in whom each code has been seen, after 1, 2, ... N people.
    asked : Saturation
    sizes : sequence of int
        Numbers of people to look at.
    """
    rows = []
    for number, code in enumerate(found.codes):
        prevalence, reach, each = _shares(found, number)
        at = tuple(
            (
                n,
                estimate(counts[:, n - 1, number] >= asked.seen_in),
                float(seen(n, each.value, asked.seen_in)),
            )
            for n in sizes
        )
        needed = people_needed(each.value, asked.chance, asked.seen_in)
        rows.append(CodeRow(code, prevalence, reach, each, at, needed))
    return tuple(rows)


def _shares(found: Sightings, number: int) -> tuple[Estimate, Estimate, Estimate]:
    """Prevalence, share within reach, chance of being seen in a person.

    A stated code's prevalence is known; only who was interviewed is simulated.
    """
    code = found.codes[number]
    if code.prevalence is None:
        has = found.has[..., number]
        told, share = has & found.held, 1.0
        prevalence = estimate(has.any(axis=2).mean(axis=1))
    else:
        told, share = found.held[:, :, list(code.waves)], code.prevalence
        prevalence = Estimate(code.prevalence, 0.0, told.shape[0])
    chance = 1 - (1 - code.detection) ** told.sum(axis=2)
    reach = estimate(share * told.any(axis=2).mean(axis=1))
    return prevalence, reach, estimate(share * chance.mean(axis=1))


def wave_rows(found: Sightings, study: Study) -> tuple[WaveRow, ...]:
    """Every code at every wave at which it may come up."""
    rows = []
    for number, code in enumerate(found.codes):
        for wave in code.waves:
            has, held = found.has[:, :, wave, number], found.held[:, :, wave]
            everybody: np.ndarray = has.mean(axis=1)
            there: np.ndarray = held.sum(axis=1)
            told = (has & held).sum(axis=1) / np.maximum(there, 1)
            interviewed = np.where(there > 0, told, np.nan)
            rows.append(
                WaveRow(
                    code.name, study.waves.weeks[wave], estimate(everybody),
                    estimate(interviewed), estimate(interviewed - everybody),
                )
            )  # fmt: skip
    return tuple(rows)


def pairs(found: Sightings) -> tuple[Pair, ...]:
    """All pairs of codes, by how closely they go together in people, the closest first."""
    has = np.any(found.has, axis=2)
    share = has.mean(axis=(0, 1))
    rows = []
    for i in range(len(found.codes)):
        for j in range(i + 1, len(found.codes)):
            both = estimate(np.logical_and(has[:, :, i], has[:, :, j]).mean(axis=1))
            spread = np.sqrt(share[i] * (1 - share[i]) * share[j] * (1 - share[j]))
            alone = float(share[i] * share[j])
            phi = float((both.value - alone) / spread) if spread > 0 else 0.0
            rows.append(Pair(found.codes[i].name, found.codes[j].name, both, alone, phi))
    return tuple(sorted(rows, key=lambda one: -abs(one.phi)))
