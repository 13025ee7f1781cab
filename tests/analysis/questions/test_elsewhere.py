"""What plans cannot do is refused in one line that names a tool that can."""

import tomllib

import pytest

import egocohort as ec
from sim.errors import InputError
from sim.study.spec import list_studies, parse_study, read_study


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return ec.new(tmp_path_factory.mktemp("new") / "mine.toml").text


ASKED = [
    ('about = "difference"', 'about = "noninferiority"', "rpact"),
    ('about = "difference"', 'about = "difference"\nmargin = 2', "rpact"),
    ('about = "difference"', 'about = "equivalence"', "TOSTER"),
    ('outcome = "swemwbs"', 'outcome = "binary"', "power.prop.test"),
    ('outcome = "swemwbs"', 'outcome = "time to event"', "powerSurvEpi"),
    ('outcome = "swemwbs"', 'outcome = "ordinal"', "Hmisc"),
    ('outcome = "swemwbs"', 'outcome = "count"', "simr"),
    ("[plan]", "[plan]\nsided = 1", "twice its level"),
    ("[plan]", '[plan]\nalternative = "less"', "TrialSize"),
    ("[plan]", "[plan]\ninterim = [0.5]", "rpact"),
    ("[plan]", '[plan]\ndesign = "stepped wedge"', "swCRTdesign"),
    ("[plan]", '[plan]\ndesign = "cross-over"', "TrialSize"),
    ("[plan]", "[plan]\nassurance = true", "SHELF"),
    ("[plan]", "[plan]\noutcome_correlation = 0.4", "gMCP"),
    ('arms = ["intervention", "usual_care"]', 'arms = ["a", "b", "c"]', "for each pair"),
]


@pytest.mark.parametrize(("old", "new", "tool"), ASKED)
def test_what_is_planned_elsewhere_is_refused_with_the_tool(text, old, new, tool):
    assert old in text
    with pytest.raises(InputError, match=tool) as refused:
        parse_study(tomllib.loads(text.replace(old, new)), "mine.toml")
    assert "\n" not in str(refused.value)


def test_a_key_mistyped_is_still_told_its_nearest(text):
    with pytest.raises(InputError, match='did you mean "chance"'):
        parse_study(tomllib.loads(text.replace("[plan]", "[plan]\nchanse = 1")))


def test_no_shipped_study_asks_for_it():
    assert all(read_study(name) for name in list_studies())


def test_a_scale_of_ones_own_may_be_called_anything(text):
    own = text.replace('outcome = "swemwbs"', 'outcome = "relapse"') + (
        '\n[plan.panel.scale]\nname = "Relapse"\nlow = 7\nhigh = 35\nworse = "low"\n'
        'source = "ours"\n'
    )
    assert parse_study(tomllib.loads(own))


def test_the_way_to_a_one_sided_test_that_is_proposed_can_be_gone(text):
    assert parse_study(tomllib.loads(text.replace("alpha = 0.05", "alpha = 0.1")))
