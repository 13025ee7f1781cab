"""An analysis to be tested: change it into your own.

Try it on one study:        egocohort stress fit.py:fit --check
Test it on hundreds:        egocohort stress fit.py:fit --study founding-study

What each term estimates is said here; a term must come back from every study.
"""

# estimates: wellbeing = change swemwbs 52
# estimates: friends_kept = kept friend 52

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats


def fit(study: Any) -> dict[str, dict[str, float]]:
    """Change of wellbeing over a year, and the share of friends still named then.

    Parameters
    ----------
    study
        Has the tables `egos` (a row per interview), `alters` (per interview and member), `aaties`,
        `persons` and `attrition` as DataFrames, and `seed` for an analysis that draws.
    """
    scores = study.egos.pivot(index="ego_pid", columns="wave", values="swemwbs")
    last = max(scores.columns)
    change = (scores[last] - scores[1]).dropna()
    return {"wellbeing": of_people(change.to_numpy()), "friends_kept": friends_kept(study, last)}


def friends_kept(study: Any, last: int) -> dict[str, float]:
    """The share of friends of the first map that are on the last, people being the clusters."""
    alters = study.alters
    interviewed = set(study.egos.query("wave == @last").ego_pid)
    first = alters[(alters.wave == 1) & (alters.tie_class == "friend")]
    first = first[first.ego_pid.isin(interviewed)]
    there = alters.loc[alters.wave == last, ["ego_pid", "alter_id"]]
    kept = pd.MultiIndex.from_frame(first[["ego_pid", "alter_id"]]).isin(
        pd.MultiIndex.from_frame(there)
    )
    kept = pd.Series(kept, first.index)
    by_person = kept.groupby(first.ego_pid).agg(["sum", "count"])
    share = by_person["sum"].sum() / by_person["count"].sum()
    off = (by_person["sum"] - share * by_person["count"]).to_numpy()
    people = len(off)
    se = np.sqrt(people / (people - 1) * (off**2).sum()) / by_person["count"].sum()
    return interval(share, se, people - 1)


def of_people(values: Any) -> dict[str, float]:
    """A mean of people, with its t interval."""
    n = len(values)
    return interval(values.mean(), values.std(ddof=1) / np.sqrt(n), n - 1)


def interval(estimate: float, se: float, df: int) -> dict[str, float]:
    """What egocohort reads: estimate, se, lo, hi and p; se and p may be left out."""
    half = stats.t.ppf(0.975, df) * se
    p = 2 * stats.t.sf(abs(estimate) / se, df)
    return {"estimate": estimate, "se": se, "lo": estimate - half, "hi": estimate + half, "p": p}
