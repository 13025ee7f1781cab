"""Scales of the catalogue and of a study's own: complete, in range, and turned the right way."""

import tomllib

import numpy as np
import pytest

from analysis.planning.planner import plan_study
from analysis.questions.of_study import plan_of
from analysis.questions.scales import known_scales
from analysis.trials.panel import panel_process
from sim.errors import InputError
from sim.study.instruments import INSTRUMENTS
from sim.study.settings import SCORES, WORSE_BELOW
from sim.study.spec import parse_study
from sim.world.parameters import catalogue, sources

SCALES = known_scales()
PHQ9 = """\
id = "mood"
title = "A trial of two arms"
[recruitment]
n = 100
[arms]
unit = "ego"
share = { control = 1, treated = 1 }
[waves]
weeks = [0, 26]
[participation]
retention = [0.8]
mechanism = "MAR"
odds_ratio = 3.0
[plan]
chance = 0.8
people_at_most = 600
[[plan.question]]
outcome = "phq9"
analysis = "ancova"
[plan.panel]
outcome = "phq9"
mean = 14
sd = 5.5
correlation = 0.6
[plan.panel.effect]
treated = [-0.4]
"""
OWN = """
[plan.panel.scale]
name = "Mood by our own questions"
low = 0
high = 27
worse = "high"
source = "our pilot"
"""


def study(text=PHQ9, *changes):
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse_study(tomllib.loads(text), "mood.toml")


def own(*changes):
    return study(PHQ9.replace("phq9", "mood") + OWN, *changes)


def published(scale):
    return [one for one in (scale.typical, *scale.important, scale.retest) if one is not None]


@pytest.mark.parametrize("name", SCALES)
def test_what_is_said_of_a_scale_has_a_source_and_an_honest_grade(name):
    scale = SCALES[name]
    assert scale.short
    assert scale.step is not None
    assert scale.step <= scale.high - scale.low
    assert scale.source or scale.note
    assert set(scale.source.split()) <= set(sources())
    for one in published(scale):
        assert one.of
        assert one.source in sources()
        read = sources()[one.source].status == "seen"
        assert read or one.grade == "assumed", f"{name}: a figure from memory is not reported"


@pytest.mark.parametrize("name", SCALES)
def test_typical_scores_are_possible_on_the_scale(name):
    scale = SCALES[name]
    if scale.typical is not None:
        spread = (scale.typical.mean - scale.low) * (scale.high - scale.typical.mean)
        assert scale.typical.sd <= np.sqrt(spread)
        for one in scale.important:
            assert one.points <= 2 * scale.typical.sd


def test_the_scales_of_the_world_are_as_the_world_has_them():
    assert tuple(SCALES)[: len(SCORES)] == SCORES
    assert tuple(name for name in SCORES if SCALES[name].worse == "low") == WORSE_BELOW
    for name in SCORES:
        one = INSTRUMENTS[name]
        assert (SCALES[name].low, SCALES[name].high) == pytest.approx((one.low, one.high))
        steps = one.points.astype(float) / SCALES[name].step
        np.testing.assert_allclose(steps, np.rint(steps), atol=1e-3)
        assert {f"scale.{name}.mean", f"scale.{name}.sd"} <= set(catalogue())
        assert SCALES[name].typical is None, "its mean and SD are in parameters.toml"


def test_a_plan_is_of_its_numbers_and_not_of_the_name_of_its_scale():
    plans = [plan_study(one, seed=1, replicates=100) for one in (study(), own())]
    assert plans[0].found.answer == plans[1].found.answer
    assert plans[0].found.points.share.tolist() == plans[1].found.points.share.tolist()


def test_a_scale_of_the_catalogue_goes_with_the_study():
    written = study().to_toml()
    assert tomllib.loads(written)["plan"]["panel"]["scale"]["name"] == SCALES["phq9"].name
    assert parse_study(tomllib.loads(written)).resolved() == study().resolved()
    assert "scale" not in study(PHQ9, ("phq9", "loneliness"), ("14", "6"), ("5.5", "1.9")).to_toml()


def test_those_worse_stay_away_at_whichever_end_that_is():
    def missing_less_seen(one):
        (batch,) = panel_process(one, plan_of(one), seed=1).draw(600, range(1))
        y = batch.y[0]
        gone = np.isnan(y[:, 1])
        return y[gone, 0].mean() - y[~gone, 0].mean()

    assert missing_less_seen(own()) > 1
    assert missing_less_seen(own(('worse = "high"', 'worse = "low"'))) < -1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("mean = 14", "mean = 28")], "plan.panel.mean: 28 is not within the scale: mood has 0"),
        ([("sd = 5.5", "sd = 14")], "14 is more than scores of 0 to 27 (mood) can vary"),
        ([("high = 27", "high = -1")], "low = 0 must be less than high = -1"),
        ([('worse = "high"', 'worse = "top"')], '"top" is not one of high, low'),
        ([('source = "our pilot"', "sauce = 1")], 'did you mean "source"?'),
        ([('"mood"', '"swemwbs"')], '"swemwbs" is a scale of the simulated world'),
        ([('outcome = "mood"', 'outcome = "Our mood"')], '"Our mood" is no id'),
    ],
)
def test_a_scale_that_cannot_be_is_refused(changes, said):
    with pytest.raises(InputError) as wrong:
        own(*changes)
    assert said in str(wrong.value)


def test_a_scale_nobody_knows_is_told_what_would_be_right():
    with pytest.raises(InputError, match='there is no scale "phq8"; did you mean "phq9"') as wrong:
        study(PHQ9, ("phq9", "phq8"))
    assert "[plan.panel.scale] with name, low, high, worse and source" in str(wrong.value)
    assert plan_of(own()).panel.scale.name == "Mood by our own questions"


def test_in_the_world_there_are_its_own_scales_alone():
    panel = PHQ9[PHQ9.index("[plan.panel]") :]
    in_world = study(PHQ9, (panel, ""), ("[plan]", '[plan]\nprocess = "world"'), ("phq9", "hccq"))
    assert plan_of(in_world).question[0].outcome == "hccq"
    with pytest.raises(InputError) as wrong:
        study(PHQ9, (panel, ""), ("[plan]", '[plan]\nprocess = "world"'))
    said = str(wrong.value)
    assert "nobody in the simulated world is asked phq9; its scales are swemwbs, reqol10" in said
    assert 'process = "panel" takes any' in said
    with pytest.raises(InputError, match='did you mean "map_size"'):
        study(PHQ9, (panel, ""), ("[plan]", '[plan]\nprocess = "world"'), ("phq9", "mapsize"))
