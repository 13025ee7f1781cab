"""What hangs together in people: lasting traits as one joint normal distribution.

Every lasting trait of an ego is a standard normal latent. They are drawn independently, each at an
address of its own, and then moved by the lower Cholesky factor of one correlation matrix (a
Gaussian copula): what is said of one trait alone, its mean, its share, stays as it was. The section
`[correlation]` of parameters.toml holds a number for each pair that may be correlated; a pair that
it does not name is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.errors import InputError

__all__ = ["CorrelatedPair", "Latent", "check_correlations", "correlation_factor", "pair_of"]

SECTION = "correlation."
LEAST = 1e-6
"""The least part of a latent's variance that may be its own, given those before it."""


class Latent(IntEnum):
    """The lasting traits, in the order of the matrix; the position is the code.

    More of each is a higher value: for the flags (male, non-white, partner, employed, settled) it
    is to be one. `DIAGNOSIS` goes from bipolar illness over personality disorder and psychosis to
    schizophrenia. From `KIN` on: the ego's own part of how many ties of the group it tends to.
    """

    SEVERITY = 0
    NEED = 1
    SOCIABILITY = 2
    STIGMA = 3
    PROPENSITY = 4
    CAPACITY = 5
    FRAILTY = 6
    WELLBEING = 7
    AGE = 8
    MALE = 9
    NON_WHITE = 10
    DIAGNOSIS = 11
    PARTNER = 12
    EMPLOYED = 13
    SETTLED = 14
    KIN = 15
    FRIEND = 16
    WEAK = 17
    OUTSIDE = 18
    OBJECT = 19


class CorrelatedPair(NamedTuple):
    """Two latents that may be correlated, the earlier one second."""

    later: Latent
    earlier: Latent


def pair_of(path: str) -> CorrelatedPair | None:
    """The latents whose correlation a parameter is; None if it is no correlation.

    Raises
    ------
    InputError
        A parameter of the section that names no two latents.
    """
    if not path.startswith(SECTION):
        return None
    name = path.removeprefix(SECTION)
    for one in Latent:
        for other in Latent:
            if one != other and name == f"{one.name}_{other.name}".lower():
                return CorrelatedPair(max(one, other), min(one, other))
    raise InputError(
        f"{path}: names no two traits; one of "
        f"{', '.join(one.name.lower() for one in Latent)}, an underscore, and another"
    )


def correlation_factor(value_of: Callable[[str], float], paths: tuple[str, ...]) -> np.ndarray:
    """The lower Cholesky factor of the correlations, (n, n) float32, n latents.

    Parameters
    ----------
    value_of
        The value of a parameter, by its path.
    paths
        Those of the parameters that are correlations.

    Raises
    ------
    InputError
        No people could have these correlations together: the matrix is not positive definite.
    """
    return _factor(tuple((path, float(value_of(path))) for path in paths))


def check_correlations(values: Mapping[str, float], where: str) -> None:
    """See that people can have these correlations together.

    Parameters
    ----------
    values
        Parameters by path, correlations and others.
    where
        Where they were written, for the message.

    Raises
    ------
    InputError
        As `correlation_factor`; the message names the pairs.
    """
    paths = tuple(path for path in values if path.startswith(SECTION))
    try:
        correlation_factor(values.__getitem__, paths)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


@lru_cache(maxsize=64)
def _factor(correlations: tuple[tuple[str, float], ...]) -> np.ndarray:
    """Row by row, in double precision; sums in order, for the same bytes everywhere."""
    n = len(Latent)
    matrix = np.eye(n)
    for path, value in correlations:
        pair = pair_of(path)
        if pair is not None:
            matrix[pair] = matrix[pair[::-1]] = value
    factor = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            left = matrix[i, j]
            for k in range(j):
                left -= factor[i, k] * factor[j, k]
            if i == j and left < LEAST:
                raise InputError(_contradiction(Latent(i), correlations))
            factor[i, j] = np.sqrt(left) if i == j else left / factor[j, j]
    found: np.ndarray = factor.astype(np.float32)
    found.flags.writeable = False
    return found


def _contradiction(latent: Latent, correlations: tuple[tuple[str, float], ...]) -> str:
    """What cannot be: every pair of what the first impossible latent hangs together with."""
    linked = {latent}
    pairs = [(path, value, pair_of(path)) for path, value in correlations if value]
    for _ in pairs:
        linked |= {one for _, _, pair in pairs if pair and linked & {*pair} for one in pair}
    named = [f"{path} = {value:g}" for path, value, pair in pairs if pair and {*pair} <= linked]
    return (
        f"no people can have these correlations together ({', '.join(named)}); "
        "bring some of them nearer to 0"
    )
