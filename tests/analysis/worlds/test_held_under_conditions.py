"""Plans in the world: a study that asks for conditions is interviewed under them."""

import tomllib

import numpy as np
import pytest

from analysis.attrition.cases import cases_of, study_in
from analysis.questions.of_study import plan_of
from analysis.worlds.process import world_process
from sim.study.conditions import as_held
from sim.study.spec import parse_study
from tests.analysis.planning.test_world import SMALL

MAPS = SMALL.replace('outcome = "swemwbs"', 'outcome = "map_size"')
CHANGE = MAPS.replace('analysis = "t_test"', 'about = "change"\nanalysis = "change_score"')


def process_under(errors, text=MAPS):
    study = parse_study({**tomllib.loads(text), "errors": errors}, "small.toml")
    return world_process(study, plan_of(study), 3)


@pytest.fixture(scope="module")
def usual():
    return process_under({})


def test_studies_of_a_plan_are_held_under_conditions(usual):
    held = process_under({"cap": 5, "missed_waves": 0.5})
    one, other = (next(iter(process.draw(60, range(1)))) for process in (usual, held))
    assert np.nanmax(one.values["map_size"]) > 5
    assert np.nanmax(other.values["map_size"]) == 5
    assert other.attended[:, 1].mean() < one.attended[:, 1].mean()


def test_what_is_true_of_maps_as_elicited_is_so_under_conditions():
    """Half of the names go at the second interview, and with them half of the first map's size."""
    text = CHANGE.replace('outcome = "map_size"', 'outcome = "map_size"\nlayer = "elicited"')
    usual, learned = (process_under(one, text) for one in ({}, {"panel_learning": 0.5}))
    size = np.nanmean(next(iter(usual.draw(60, range(1)))).values["map_size"][:, 0])
    lost = usual.truth(usual.questions[0]) - learned.truth(learned.questions[0])
    assert 0.4 * size < lost < 0.6 * size


@pytest.mark.parametrize("case", ["MCAR", "MNAR-outcome"])
def test_the_dial_of_absence_turns_from_what_a_condition_says(case):
    study = as_held(
        parse_study({**tomllib.loads(SMALL), "errors": {"mnar_attrition": 1.0, "forgotten": 0.1}})
    )
    turned = study_in(study, next(one for one in cases_of(study) if one.name == case))
    assert turned.errors == {"forgotten": 0.1}
    assert turned.participation.mechanism == {"all": case}
