"""Stopping rules as procedures: a base, then runs until one brings little that is new.

"25 + 4" stops when four in a row after the first 25 have brought no new code (Francis et al. 2010,
doi 10.1080/08870440903194015, name the form; 25 and 4 are the founding study's). Guest, Namey and
Chen (2020, doi 10.1371/journal.pone.0232076) allow new codes up to a share of those in the base.
"""

from __future__ import annotations

import numpy as np

from analysis.saturation.settings import Rule

__all__ = ["stops_at"]

ROUNDING = 1e-9


def stops_at(seen: np.ndarray, rule: Rule) -> np.ndarray:
    """Number of people after which a rule stops, in each of R studies; 0 if it never does.

    Parameters
    ----------
    seen : ndarray of int, (R, N)
        Codes seen after 1, 2, ... N people.
    rule : Rule

    Returns
    -------
    ndarray of int, (R,)
        At least `rule.base + rule.run`. A base that has shown no code at all never stops.
    """
    studies, people = seen.shape
    first = rule.base + rule.run
    if people < first:
        return np.zeros(studies, np.int64)
    base = seen[:, rule.base - 1]
    new = seen[:, first - 1 :] - seen[:, rule.base - 1 : people - rule.run]
    quiet = (new <= rule.new_information * base[:, None] + ROUNDING) & (base[:, None] > 0)
    return np.where(quiet.any(axis=1), quiet.argmax(axis=1) + first, 0)
