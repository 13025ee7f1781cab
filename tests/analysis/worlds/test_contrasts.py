"""Contrasts of arms in the world: identities, and what a study of people side by side estimates."""

import tomllib

import numpy as np
import pytest

from analysis.planning.planner import plan_study
from analysis.planning.validity.null import without
from analysis.questions.of_study import plan_of
from analysis.questions.question import Question
from analysis.runs.purposes import Purpose
from analysis.trials.trial import Trial
from analysis.worlds.census import census
from analysis.worlds.contrasts import what_is_seen
from analysis.worlds.estimand import estimand, question_in_words
from analysis.worlds.process import world_process
from sim.errors import InputError
from sim.study.allocate import GivenArms
from sim.study.fieldwork import Fieldwork
from sim.study.frame import lived_scenario
from sim.study.recruit import candidates_of_site
from sim.study.seen import gather
from sim.study.spec import parse_study
from sim.world.run import places
from sim.world.scenario import read_scenario
from sim.world.streams import key_of

CONTRASTS = ("all", "direct", "spillover")
ALIKE = 'new = "usual-care"'
SCORES_ALONE = """\
[arms.scenario.new]
id = "lift"
title = "Support does more for wellbeing, and touches nobody else"
[arms.scenario.new.parameters]
"wellbeing.support" = 2.0
"""
CROWDING = """\
[arms.scenario.new]
id = "often"
title = "People of the arm are to be visited twice as often by the same staff"
[[arms.scenario.new.shock]]
acts_on = "service.coordinator.interval_weeks"
how = "multiply"
value = 0.4
from_week = 0
"""
HEAD = """\
id = "small"
title = "Two teams"
[frame]
teams_per_site = [2]
egos_per_team = 288
scale = 0.125
[recruitment]
n = 20
interest = 0.9
consent = 0.9
[waves]
weeks = [0, 26]
[participation]
retention = [1.0]
[plan]
process = "world"
chance = 0.8
people_at_most = 56
"""


def study(arm, outcomes, unit="ego", contrasts=CONTRASTS):
    """A small study with a question for each outcome and contrast."""
    scenario = arm if arm.startswith("[") else f"[arms.scenario]\n{arm}\n"
    arms = f'[arms]\nunit = "{unit}"\nshare = {{ old = 1, new = 3 }}\n{scenario}'
    asked = "".join(
        f'[[plan.question]]\noutcome = "{name}"\nanalysis = "{by}"\ncontrast = "{contrast}"\n'
        for name, by in outcomes.items()
        for contrast in contrasts
    )
    return parse_study(tomllib.loads(HEAD + asked + arms), "small.toml")


def truths_of(asked, worlds, seed=3):
    process = world_process(asked, plan_of(asked), seed)
    process.find_truths(worlds, 2)
    return process.truths


def apart(one, other):
    """Difference in standard errors, as if the two were independent."""
    return abs(one.value - other.value) / np.hypot(one.mcse, other.mcse)


def test_arms_that_live_alike_differ_by_nothing_in_any_contrast():
    outcomes = {"service_contacts": "negative_binomial", "ties_lost": "hazard"}
    for truth in truths_of(study(ALIKE, outcomes), 2):
        assert (truth.value, truth.mcse) == (0, 0)


def test_a_planted_effect_is_in_a_plan_and_not_where_there_is_nothing_to_find():
    planted = '[arms.planted]\narm = "new"\nscale = "swemwbs"\nshift = [1.0]\n'
    asked = study(planted, {"swemwbs": "t_test"})
    every, direct, spilt = truths_of(asked, 2)
    assert every.value > 3
    assert direct.value == pytest.approx(every.value, abs=4 * (direct.mcse + every.mcse))
    assert (spilt.value, spilt.mcse) == (0, 0)
    empty = without(asked, plan_of(asked).question)
    assert asked.arms_act
    assert not empty.arms_act
    assert empty.hash != asked.hash
    assert [one.value for one in truths_of(empty, 2)] == [0, 0, 0]


def test_first_maps_may_differ_between_the_worlds_that_are_compared():
    at_once = """\
[arms.scenario.new]
id = "close"
title = "What is on the map of things is closed before anybody is interviewed"
[[arms.scenario.new.shock]]
acts_on = "event.closure"
how = "force"
value = 1.0
from_week = 0
"""
    asked = study(at_once, {"ties_lost": "gee_logit"}, contrasts=("all",))
    lived = lived_scenario(read_scenario(asked.scenario), asked)
    questions = plan_of(asked).question
    for replicate in range(6):  # in some, nobody's map is so large any more
        sums = census(asked, lived, questions, 3, replicate)[0]
        assert sums[0, 1] < sums[1, 1]  # fewer ties in the arm in which some are gone
        assert (sums[:, 0] > 0).all()


def test_what_touches_nobody_else_is_direct_and_spills_nothing():
    everybody, direct, spilled = truths_of(study(SCORES_ALONE, {"swemwbs": "t_test"}), 20)
    assert everybody.value > 0.3
    assert (spilled.value, spilled.mcse) == (0, 0)
    assert apart(everybody, direct) < 4  # false alarm below .0001, as they share their draws
    assert direct.mcse < 0.1 * direct.value  # the luck of the draw has gone


def test_visits_given_to_some_are_taken_from_others_and_a_trial_sees_the_direct_contrast():
    asked = study(CROWDING, {"service_contacts": "t_test"})
    everybody, direct, spilled = truths_of(asked, 120)
    assert spilled.value < -4 * spilled.mcse < 0
    assert direct.value > everybody.value
    process = world_process(asked, plan_of(asked), 3)
    process.prepare(range(80), 2)
    fit = Trial(process, plan_of(asked)).fits([56], range(80))[0][1]
    error = np.hypot(fit.estimate.std(ddof=1) / np.sqrt(80), direct.mcse)
    assert abs(fit.estimate.mean() - direct.value) < 4 * error  # false alarm .0001


def test_the_total_effect_is_direct_and_spillover():
    """Parts of the direct contrast: new and old as allocated, the same in a world of old alone."""
    asked = study(CROWDING, {"service_contacts": "t_test"})
    process = world_process(asked, plan_of(asked), 3)
    asked_of = plan_of(asked).question
    _, direct, spilled = census(asked, process.lived, asked_of, 3, Purpose.TRUTH.first)
    np.testing.assert_array_equal(spilled, direct[[1, 3]])
    assert direct[:2, 1].sum() == direct[2:, 1].sum()
    new, old, new_without, old_without = direct[:, 0] / direct[:, 1]
    total = new - new_without
    assert total == pytest.approx((new - old) - (new_without - old_without) + (old - old_without))


def test_teams_do_not_interact():
    """Flipping a team is flipping all there is: direct is all, and nothing spills."""
    asked = study('new = "service-cutback"', {"service_contacts": "t_test"}, unit="team")
    everybody, direct, spilled = truths_of(asked, 30)
    assert everybody.value < -4 * everybody.mcse < 0
    assert apart(everybody, direct) < 4
    assert (spilled.value, spilled.mcse) == (0, 0)


@pytest.mark.verify
def test_direct_is_each_person_flipped_in_turn():
    """E[Y_i(new, others) - Y_i(old, others)] by 36 pairs of worlds, against the contrast."""
    text = {"service_contacts": "t_test"}
    asked = study(CROWDING, text, contrasts=("direct",))
    frame = asked.frame.model_copy(update={"teams_per_site": (1,)})
    plan = plan_of(asked).model_copy(update={"people_at_most": 20})
    asked = asked.but(frame=frame)
    process = world_process(asked, plan, 3)
    flipped = []
    for replicate in Purpose.TRUTH.some(30):
        key, begun = key_of(3, replicate), {}
        place = places(process.lived)[0]
        site = candidates_of_site(asked, process.lived, place.site, key)
        entry = site.entry_of_team(place.team)

        def visits(arm, key=key, place=place, entry=entry, begun=begun):
            work = Fieldwork(asked, process.lived, key, begun)
            if arm is not None:
                work.allocation = GivenArms(asked.arm_names, arm, None)
            history = work.watch(place, np.arange(entry.size), entry, entry, weekly=False)
            egos, _ = gather([history], [np.arange(entry.size)])
            fit = (egos[:, 0]["on_caseload"] > 0) & (egos["alive"] > 0).all(axis=1)
            fit &= egos[:, 0]["severity"] <= np.float32(asked.recruitment.severity_ceiling)
            return np.where(fit, egos[:, 1]["kept"] - egos[:, 0]["kept"], np.nan)

        visits(None)
        own = Fieldwork(asked, process.lived, key).allocation.of_team(place, begun[place])[0]
        for i in range(entry.size):
            each = [np.where(np.arange(own.size) == i, a, own).astype(np.int32) for a in (1, 0)]
            flipped.append(visits(each[0])[i] - visits(each[1])[i])
    by_world = np.nanmean(np.reshape(flipped, (30, -1)), axis=1)
    process.find_truths(30, 2)
    direct = process.truths[0]
    error = np.hypot(by_world.std(ddof=1) / np.sqrt(30), direct.mcse)
    assert direct.value > 4 * error
    assert abs(by_world.mean() - direct.value) < 4 * error  # false alarm below .0001


def test_a_plan_says_what_a_study_side_by_side_can_see():
    asked = study(CROWDING, {"service_contacts": "t_test"})
    assert 'contrast = "direct" asks for' in what_is_seen(asked, plan_of(asked).question[0])
    assert not any(what_is_seen(asked, one) for one in plan_of(asked).question[1:])
    by_team = study(ALIKE, {"swemwbs": "t_test"}, unit="team")
    assert not what_is_seen(by_team, plan_of(by_team).question[0])
    plan = plan_study(asked, seed=3, sizes=[56], replicates=10)
    assert not any("question 3: with" in note for note in plan.notes)
    assert any("question 3: no study of people side by side sees" in note for note in plan.notes)


@pytest.mark.parametrize(
    ("contrast", "said"),
    [
        ("all", "contrast all: everybody in new against everybody in old"),
        ("direct", "contrast direct: each in new against the same person in old"),
        ("spillover", "contrast spillover: those allocated to old, beside people in new"),
    ],
)
def test_an_estimand_names_its_contrast(contrast, said):
    one = Question(
        outcome="swemwbs", arms=["new", "old"], at_week=52, analysis="ancova", contrast=contrast
    )
    assert said in estimand(one)
    assert (f"{contrast} contrast" in question_in_words(one)) == (contrast != "all")


def test_only_questions_between_arms_have_a_contrast():
    asked = study(ALIKE, {"swemwbs": "t_test"}).resolved()
    asked["plan"]["question"][1] |= {"about": "mean", "arms": []}
    with pytest.raises(InputError, match='about = "difference" asks for that'):
        parse_study(asked)
    asked["plan"]["question"][1] |= {"about": "difference", "contrast": "directt"}
    with pytest.raises(InputError, match='"directt" is not one of'):
        parse_study(asked)
