"""Studies with a plan, written as their files are."""

import tomllib

import pytest

from sim.study.spec import parse_study

TRIAL = """\
id = "trial"
title = "A trial of two arms"
[recruitment]
n = 100
[arms]
unit = "ego"
share = { control = 1, treated = 1 }
[waves]
weeks = [0, 26, 52]
[participation]
retention = [0.9, 0.8]
[plan]
chance = 0.8
people_at_most = 600
[[plan.question]]
outcome = "swemwbs"
analysis = "t_test"
[plan.panel]
outcome = "swemwbs"
mean = 19
sd = 4
correlation = 0.6
[plan.panel.effect]
treated = [0.25, 0.5]
"""


@pytest.fixture
def study():
    """A small trial, with pairs of old and new text to change it."""

    def make(*changes):
        text = TRIAL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return parse_study(tomllib.loads(text), "trial.toml")

    return make
