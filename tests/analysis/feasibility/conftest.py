"""A feasibility study, written as its file is."""

import tomllib

import pytest

from sim.study.spec import parse_study

PILOT = """\
id = "pilot"
title = "A pilot"
[recruitment]
n = 40
[feasibility]
[[feasibility.criterion]]
name = "stayed"
expected = 0.8
go = 0.75
stop = 0.6
"""


@pytest.fixture
def pilot():
    """The pilot, with pairs of old and new text to change it."""

    def make(*changes):
        text = PILOT
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return parse_study(tomllib.loads(text), "pilot.toml")

    return make
