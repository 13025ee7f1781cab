"""What the shipped analyses have in common: intervals, tables by wave, and which ties are kept."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from scipy import stats

from analysis.estimators.welch import welch
from analysis.stress.clusters import clustered_ratio

__all__ = [
    "TermAnswer", "arms_answer", "at_last", "by_wave", "fits_answer", "kept_answer", "last_of",
    "mapped_before", "mean_answer", "on_last_map", "ratio_answer", "stands_later", "t_answer",
    "team_of_rows",
]  # fmt: skip

LEVEL = 0.95

TermAnswer: TypeAlias = dict[str, float]
"""Estimate, se, lo, hi and p."""


def t_answer(estimate: float, se: float, df: float) -> TermAnswer:
    """An estimate with its t interval of 95 %; normal where df is infinite."""
    half = stats.t.ppf(0.975, df) * se
    p = 2 * stats.t.sf(abs(estimate) / se, df) if se > 0 else np.nan
    return {"estimate": estimate, "se": se, "lo": estimate - half, "hi": estimate + half, "p": p}


def mean_answer(values: Any) -> TermAnswer:
    """The mean of people."""
    y = np.asarray(values, np.float64)
    return t_answer(y.mean(), y.std(ddof=1) / np.sqrt(y.size), y.size - 1)


def fits_answer(fits: Any) -> TermAnswer:
    """The one answer of an estimator of `analysis.estimators`."""
    return {name: float(getattr(fits, name)[0]) for name in ("estimate", "se", "lo", "hi", "p")}


def ratio_answer(kept: pd.Series, cluster: pd.Series) -> TermAnswer:
    """A mean of ties or people, with an error robust to what those of a cluster share."""
    by_cluster = kept.groupby(cluster).agg(["sum", "count"]).to_numpy(np.float64)
    share, se = clustered_ratio(*by_cluster.T)
    return t_answer(share, se, len(by_cluster) - 1)


def last_of(study: Any) -> int:
    """The number of the last wave."""
    return int(study.attrition.wave.max())


def at_last(study: Any, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the last wave."""
    return rows[rows.wave == last_of(study)]


def by_wave(study: Any, scale: str) -> pd.DataFrame:
    """Scores of a scale: a row for each person, a column for each wave; with `arm` and `team`."""
    wide = study.egos.pivot_table(index="ego_pid", columns="wave", values=scale)
    people = study.persons.set_index("ego_pid")[["arm", "team", "site"]]
    return people.join(wide)


def arms_answer(people: pd.DataFrame, values: pd.Series) -> TermAnswer:
    """The first arm by its name minus the second, by Welch's test."""
    arms = sorted(people.arm.unique())
    first, second = (values[people.arm == arm].to_numpy(np.float64)[None] for arm in arms)
    return fits_answer(welch(first, second, LEVEL))


def team_of_rows(study: Any, rows: pd.DataFrame) -> pd.Series:
    """The team of the person of each row."""
    return rows.ego_pid.map(study.persons.set_index("ego_pid").team)


def on_last_map(study: Any, members: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """How many of some members are on each last map, and the team of its person."""
    last = at_last(study, study.egos).set_index("egoID")
    return members.groupby("egoID").size().reindex(last.index, fill_value=0), last.team


def mapped_before(study: Any, tie_class: str) -> pd.DataFrame:
    """Members of the first map, of a class, of people who were seen last."""
    alters, seen = study.alters, at_last(study, study.egos).ego_pid
    is_first = (alters.wave == 1) & alters.ego_pid.isin(seen)
    return alters[is_first & (alters.tie_class == tie_class)]


def stands_later(study: Any, first: pd.DataFrame) -> pd.Series:
    """Whether members of the first map are on the last, as 1 and 0."""
    last = at_last(study, study.alters)
    there = pd.MultiIndex.from_frame(last[["ego_pid", "alter_id"]])
    kept = pd.MultiIndex.from_frame(first[["ego_pid", "alter_id"]]).isin(there)
    return pd.Series(kept.astype(float), first.index)


def kept_answer(study: Any, tie_class: str) -> TermAnswer:
    """The share of a class of the first map who are on the last, people being the clusters."""
    first = mapped_before(study, tie_class)
    return ratio_answer(stands_later(study, first), first.ego_pid)
