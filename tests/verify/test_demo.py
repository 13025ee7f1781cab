"""The demo shows a study as most are: nobody's picture of the tool hangs on a rare draw."""

import re
from pathlib import Path

import numpy as np
import pytest

import egocohort as ec

pytestmark = pytest.mark.verify

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = 200


def figures(seed):
    """People interviewed at waves 2 and 3, and members of each class on a first map."""
    study = ec.simulate("founding-study", seed=seed)
    seen = study.attrition.groupby("wave").attended.sum()
    first = study.alters[study.alters.wave == 1]
    classes = first.groupby("tie_class").size() / seen[1]
    return [seen[2], seen[3], *classes.reindex(["kin", "friend", "professional", "object"])]


def test_the_demo_lies_in_the_middle_of_its_seeds():
    """Each figure within the middle half of 200 seeds."""
    recipe = (REPOSITORY / "Makefile").read_text()
    seed = int(re.search(r"simulate founding-study --seed (\d+)", recipe)[1])
    low, high = np.quantile([figures(one) for one in range(1, SEEDS + 1)], [0.25, 0.75], axis=0)
    shown = np.array(figures(seed))
    assert ((shown >= low) & (shown <= high)).all(), (low, shown, high)
