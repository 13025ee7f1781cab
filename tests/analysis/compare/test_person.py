"""One person's year: theirs alone, the same as in the whole, and what differs is said."""

import numpy as np
import pytest

from analysis.compare.asked import asked_comparison
from analysis.compare.looks import forked
from analysis.compare.outcomes import LIFE_OUTCOMES
from analysis.compare.person import lives_of_person
from analysis.compare.words import person_in_words
from sim.errors import InputError
from sim.world.run import Place
from sim.world.streams import key_of

NAMES = tuple(one.name for one in LIFE_OUTCOMES)
HEAD = """\
id = "{name}"
title = "A small world"
[world]
teams_per_site = [1, 1]
scale = 0.1
runin_weeks = 4
horizon_weeks = 12
"""
ILL = """
[[shock]]
acts_on = "event.episode"
how = "force"
from_week = 3
"""


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    for name, shock in (("usual", ""), ("ill", ILL)):
        (folder / f"{name}.toml").write_text(HEAD.format(name=name) + shock)
    return asked_comparison([folder / "usual.toml", folder / "ill.toml"], every=4, seed=1)


@pytest.fixture(scope="module")
def person(spec):
    return lives_of_person(spec, "2.1.7")


def test_figures_are_those_of_the_person_in_the_whole(spec, person):
    levels = forked(spec.scenarios, Place(2, 1), key_of(1, 0), spec.weeks).levels[:, :, 6]
    rows = person.outcomes(NAMES)
    for at, world in enumerate(("1 usual", "2 ill")):
        found = np.array([row[world] for row in rows]).reshape(len(NAMES), len(spec.weeks)).T
        assert found == pytest.approx(levels[at])


def test_what_happens_under_one_scenario_alone_is_told_apart(person):
    events = person.events()
    began = [one for one in events if one["event"] == "an acute episode starts"]
    assert [(one["1 usual"], one["2 ill"]) for one in began if one["week"] == 3] == [(False, True)]
    assert [one["week"] for one in events] == sorted(one["week"] for one in events)
    assert all(one["1 usual"] and one["2 ill"] for one in events if one["week"] < 3)
    said = person_in_words(person, NAMES)
    assert any("week 3, ill only: an acute episode starts" in line for line in said)
    assert said[-1].startswith("One person's difference in one future is mostly luck")


def test_maps_have_those_in_touch_at_the_end(person):
    figure = person.figure()
    rows = person.outcomes(NAMES[:6])  # ties by class
    last = [row for row in rows if row["week"] == max(one["week"] for one in rows)]
    for at, world in enumerate(("1 usual", "2 ill")):
        count = int(sum(row[world] for row in last))
        assert f"{count} member" in figure.axes[at].get_title()


@pytest.mark.parametrize("name", ["2.1", "3.1.1", "2.1.0", "2.1.30", "2.1.x", "somebody"])
def test_a_person_who_is_not_there_is_said(spec, name):
    with pytest.raises(InputError, match=r"of teams 1\.1, 2\.1 and a number from 1 to 29"):
        lives_of_person(spec, name)
