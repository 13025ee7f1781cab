"""What egor made of the founding study, beside the same by its definitions.

The tables and figures are in tests/fixtures/egor; record.R there says how they were recorded.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

RECORDED = Path(__file__).resolve().parents[1] / "fixtures" / "egor"
EGOS, ALTERS, AATIES, EGOR = (
    pd.read_csv(RECORDED / f"{name}.csv") for name in ("egos", "alters", "aaties", "egor")
)


def members(rows):
    """Rows of alters that a line of the record is about."""
    return ALTERS if rows == "all" else ALTERS[ALTERS.is_human == 1]


def recorded(rows, measure):
    """Egor's figure by interview."""
    return EGOR[EGOR["rows"] == rows].set_index("egoID")[measure]


def density(people, known):
    """Ties of all pairs."""
    n = len(people)
    return len(known) / (n * (n - 1) / 2) if n > 1 else np.nan


def index(external, internal):
    """(E - I) / (E + I)."""
    return (external - internal) / (external + internal) if external + internal else np.nan


def comp_ei(people, ego_sex):
    """EI between the ego and those whose sex is told."""
    sex = people.alter_sex.dropna()
    return index((sex != ego_sex).sum(), (sex == ego_sex).sum())


def ei(people, known):
    """EI of ties between members by sex, both counts as shares of the pairs there are."""
    if known.empty:
        return np.nan
    sex = people.set_index("alterID").alter_sex.fillna("unknown")
    size = sex.value_counts().to_numpy()
    same = int((sex[known.Source].to_numpy() == sex[known.Target].to_numpy()).sum())
    internal, external = (size * (size - 1) / 2).sum(), (size * (size.sum() - size)).sum() / 2
    if not (internal and external):
        return np.nan
    return index((len(known) - same) / external, same / internal)


@pytest.fixture(params=["all", "people"])
def rows(request):
    return request.param


@pytest.fixture
def ours(rows):
    """Our figures by interview, over all rows of alters or over people."""
    of_ego = dict(list(members(rows).groupby("egoID")))
    ties = dict(list(AATIES.groupby("egoID")))
    found = {}
    for ego in EGOS.itertuples():
        people, known = of_ego[ego.egoID], ties.get(ego.egoID, AATIES[:0])
        found[ego.egoID] = {
            "density": density(people, known),
            "comp_ei": comp_ei(people, ego.ego_sex),
            "ei": ei(people, known),
        }
    return pd.DataFrame.from_dict(found, orient="index")


@pytest.mark.parametrize("measure", ["density", "comp_ei", "ei"])
def test_egor_measures_as_its_definitions_say(measure, rows, ours):
    theirs = recorded(rows, measure)
    assert len(theirs) == len(EGOS)
    pd.testing.assert_series_equal(ours[measure], theirs, check_names=False, atol=1e-9)


def test_objects_hide_how_dense_maps_are():
    # the figures that egor 1.25.10 itself has been seen to give
    assert round(recorded("all", "density").mean(), 3) == 0.128
    assert round(recorded("people", "density").mean(), 3) == 0.360


def test_objects_count_as_the_other_sex():
    assert recorded("all", "comp_ei").mean() > 0.3
    assert abs(recorded("people", "comp_ei").mean()) < 0.05


def test_what_was_recorded_with_what_is_said():
    lines = (RECORDED / "versions.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("R version")
    assert lines[1].split()[0] == "egor"
