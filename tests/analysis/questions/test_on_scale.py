"""What a plan says of an outcome must be possible on its scale, and a study within a world."""

import pytest

from analysis.questions.of_study import plan_of
from analysis.questions.on_scale import Ends, ends_of
from analysis.questions.scales import known_scales
from sim.errors import InputError
from sim.study.frame import check_frame, lived_scenario
from sim.study.spec import list_studies, parse_study, read_study
from sim.world.scenario import read_scenario


def panel(**values):
    said = read_study("network-intervention-trial").resolved()
    for key, value in values.items():
        said["plan"]["panel"][key] = value
    return said


def test_half_the_people_at_either_end_vary_most():
    ends = ends_of(known_scales()["swemwbs"])
    assert ends == Ends(7, 35)
    assert ends.largest_sd(21) == ends.largest_sd() == 14
    assert ends.largest_sd(19.28) == pytest.approx(13.894, abs=1e-3)
    assert ends.largest_sd(7) == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"mean": 192.8, "sd": 39.2}, "plan.panel.mean: 192.8 is not within the scale: swemwbs"),
        ({"mean": -1.0}, "plan.panel.mean: -1 is not within the scale"),
        ({"sd": 39.2}, "plan.panel.sd: 39.2 is more than scores of 7 to 35 (swemwbs) can vary"),
        ({"mean": 34.0, "sd": 6.0}, "around a mean of 34: at most 5.2"),
        ({"trend": [0.3, 20.0]}, "plan.panel.trend: at follow-up 2 the mean becomes 42.8"),
        ({"effect": {"intervention": [0.2, 4.0]}}, "effect.intervention: at follow-up 2"),
        ({"effect": {"intervention": []}}, "effect.intervention: has 0 values, but the study"),
        ({"mean": 0.0, "sd": 14.5}, "can vary: at most 14"),
        ({"mean": 0.0, "trend": [0.3, 29.0]}, "the mean changes by 29"),
        ({"slope_sd": 29.0}, "plan.panel.slope_sd: 29 a year"),
        ({"members": {"sd": 20.0, "named": 5}}, "plan.panel.members.sd: 20 is more than"),
        ({"clusters": {"intervention": {"icc": 0.1, "size": 8, "size_cv": 1e-6}}}, "next to none"),
        ({"clusters": {"intervention": {"icc": 0.1, "number": 501}}}, "must be at most 500"),
    ],
)  # fmt: skip
def test_what_the_scale_cannot_show_is_refused(values, expected):
    with pytest.raises(InputError) as caught:
        parse_study(panel(**values))
    assert expected in str(caught.value)


def test_a_mean_that_is_not_said_is_no_mean_off_the_scale():
    said = panel()
    del said["plan"]["panel"]["mean"]
    study = parse_study(said)
    assert plan_of(parse_study(study.resolved())) == plan_of(study)


@pytest.mark.parametrize(
    ("table", "values", "expected"),
    [
        ("waves", {"weeks": [0, 26, 1100]}, "waves.weeks 3: 1100 is out of range: must be at most"),
        ("waves", {"weeks": [0, 26, 960]}, "waves.weeks: the last interview would be in week 1048"),
        (
            "recruitment",
            {"entry_weeks": 4000},
            "entry_weeks: 4000 is out of range: must be at most",
        ),
        ("recruitment", {"entry_weeks": 1000}, "but a world has at most 1040 weeks"),
        ("recruitment", {"start": "9999-12-01"}, "must be from 1900-01-01 to 2200-12-31"),
        ("recruitment", {"interest": 1e-7}, "must be at least 1e-06"),
        ("recruitment", {"n": 2_000_000}, "must be at most 1e+06"),
        ("arms", {"share": {"a": 1, "b": 1e-9}}, '"b" has 1e-09 of the people'),
        ("arms", {"share": {"a": 1, "": 1}}, "an arm has no name"),
        (
            "arms",
            {"share": {"a": 1, "all": 1}},
            'an arm is called "all", which stands for all arms',
        ),
        ("arms", {"share": {f"a{n}": 1 for n in range(40)}}, "has 40 arms; at most 32"),
    ],
)
def test_what_no_world_can_run_is_refused_on_reading(table, values, expected):
    said = read_study("founding-study").resolved()
    said[table] |= values
    said["participation"]["retention"] = [0.9, 0.8]
    with pytest.raises(InputError) as caught:
        parse_study(said)
    assert expected in str(caught.value)


def test_the_longest_study_is_read():
    said = read_study("founding-study").resolved()
    said["waves"]["weeks"] = [0, 26, 1040 - 1 - 2 - 86]
    assert parse_study(said).horizon == 1040


def test_an_arm_without_a_team_is_refused():
    said = read_study("founding-study").resolved()
    said["arms"]["share"] = {"control": 1, "intervention": 100}
    study = parse_study(said)
    with pytest.raises(InputError, match='none of the 10 teams falls to arm "control"'):
        check_frame(study, lived_scenario(read_scenario("usual-care"), study))


GOLDEN = {
    "equip-like": "8f6cc87af6fb", "feasibility-of-guided-help": "1bd4b8c45fca",
    "founding-study": "ba5a464419e1",
    "friends-lost-after-an-episode": "11709a94a6d1", "network-intervention-trial": "c010cff02037",
    "qualitative-saturation": "f6af23e40959", "retention-incentive": "fd918cb452d9",
    "service-cutback-wellbeing": "16cf6985dc8e",
}  # fmt: skip


def test_shipped_studies_say_what_they_said():
    assert {name: read_study(name).hash[:12] for name in list_studies()} == GOLDEN
