"""Studies without any effect of counts, of shares and of ties, and how they are analysed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from analysis.estimators.catalogue import analysis, answering
from analysis.estimators.contract import Fits
from analysis.questions.question import Question
from analysis.trials.analyses import Asked, analyse
from analysis.trials.batch import Batch
from analysis.trials.trial import joined_fits
from sim.world.kinds import TIE_CLASSES

__all__ = ["LAWS", "counts_and_shares", "ties"]

LAWS = (
    ("count", "negative binomial"),
    ("count", "lognormal rates"),
    ("count", "two kinds of people"),
    ("yes_no", "a share of .35"),
)
ARMS, WEEKS = ("control", "treated"), (0, 26, 52)
CONTACTS, SHARE, CHUNK, TIES = 12.0, 0.35, 1000, 8
ODDS = -1.5
"""Of losing a tie between two waves, on the log scale, on average over people; their SD is 1."""
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
KEPT = float(WEIGHTS @ (1 + np.exp(ODDS + NODES)) ** -2.0 / WEIGHTS.sum())
"""Share of ties that stand after two such times."""
OUTCOME = {"count": "service_contacts", "yes_no": "had_episode"}


def counts_and_shares(
    family: str, law: str, people: int, half: bool, *, replicates: int, seed: int
) -> Iterator[tuple[Question, Fits, float]]:
    """Each question with what every analysis makes of it, and the truth.

    Contacts are 12 on average: negative binomial of dispersion .5, of rates that are lognormal with
    an SD of .9, which has a longer tail, or of 30 % of people with 1 and others with 16.7, which
    has none. Where half stay away they are lost at random.
    """
    mean = SHARE if family == "yes_no" else CONTACTS
    arm, alone = np.arange(people) % 2, np.full(people, -1)
    asked = [
        Question(
            outcome=OUTCOME[family], about=about, at_week=52, analysis=name,
            arms=ARMS[::-1] if about == "difference" else (),
        )
        for about, names in answering(family).items() for name in names
    ]  # fmt: skip
    found: list[list[Fits]] = [[] for _ in asked]
    for first in range(0, replicates, CHUNK):
        rng = np.random.default_rng([seed, people, half, LAWS.index((family, law)), first])
        y = np.full((CHUNK, people, len(WEEKS)), np.nan)
        y[..., -1] = _drawn(law, rng, (CHUNK, people))
        if half:
            y[rng.random((CHUNK, people)) < 0.5] = np.nan
        for one, into in zip(asked, found, strict=True):
            into.append(analyse(Asked.of(one, ARMS, WEEKS), Batch(y, arm, alone)))
    for one, fits in zip(asked, found, strict=True):
        yield one, joined_fits(fits), 0.0 if one.about == "difference" else mean


def _drawn(law: str, rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    if law == "negative binomial":
        return rng.poisson(CONTACTS * rng.gamma(2, 0.5, size=shape)).astype(np.float64)
    if law == "lognormal rates":
        rates = CONTACTS * np.exp(0.9 * rng.normal(size=shape) - 0.9**2 / 2)
        return rng.poisson(rates).astype(np.float64)
    if law == "two kinds of people":
        few = (CONTACTS - 0.3) / 0.7
        return rng.poisson(np.where(rng.random(shape) < 0.3, 1.0, few)).astype(np.float64)
    return 1.0 * (rng.random(shape) < SHARE)


class _Maps(NamedTuple):
    of_class: np.ndarray
    lost: np.ndarray
    episode: np.ndarray


class _Followed(NamedTuple):
    ties: _Maps
    arm: np.ndarray


def ties(people: int, *, replicates: int, seed: int) -> Iterator[tuple[Question, Fits, float]]:
    """Each question about ties with what every analysis makes of it, and the truth.

    Eight ties each, kin and friends, of which 35 % are gone at the end, those of one person alike
    (SD of 1 in log odds); 30 % have an episode.
    """
    asked = [
        Question(
            outcome="ties_lost", about=about, at_week=52, analysis=name,
            arms=ARMS[::-1] if about == "difference" else (),
            classes=("friend", "kin") if about == "classes" else (),
        )
        for about, names in answering("ties").items() for name in names
    ]  # fmt: skip
    found: list[list[Fits]] = [[] for _ in asked]
    for replicate in range(replicates):
        study = _followed(np.random.default_rng([seed, people, replicate]), people)
        for one, into in zip(asked, found, strict=True):
            into.append(analysis(one.analysis).fit(Asked.of(one, ARMS, WEEKS), study))
    for one, fits in zip(asked, found, strict=True):
        yield one, joined_fits(fits), KEPT if one.about == "mean" else 0.0


def _followed(rng: np.random.Generator, people: int) -> _Followed:
    shape = (people, TIES)
    odds = ODDS + rng.normal(size=(people, 1))
    hazard = 1 / (1 + np.exp(-odds))
    gone_by = rng.geometric(np.broadcast_to(hazard, shape))
    lost = 1.0 * (gone_by[..., None] <= np.arange(len(WEEKS)))
    kinds = [TIE_CLASSES.index(name) for name in ("friend", "kin")]
    episode = np.cumsum(rng.random((people, len(WEEKS))) < 0.15, axis=1) > 0
    return _Followed(
        _Maps(np.array(kinds)[np.arange(TIES) % 2][None].repeat(people, 0), lost, episode),
        np.arange(people) % 2,
    )
