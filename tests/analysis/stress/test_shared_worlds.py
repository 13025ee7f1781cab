"""Worlds that serve several studies: which, of whom, and that none depends on what else is made."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.stress import shared_worlds
from analysis.stress.code import user_code
from analysis.stress.result import spec_of_stress
from analysis.stress.run import Hands, rows_of_run
from analysis.stress.shared_worlds import MOST_STUDIES, KeptLives, studies_a_world, world_and_turn
from analysis.stress.studies import studies_of, study_in_turn
from analysis.stress.workers.hand import ON_HAND
from sim.data import tables
from sim.study.frame import lived_scenario
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study, read_study
from sim.study.tables import study_tables
from sim.world.scenario import read_scenario

CODE = """
# estimates: m = mean swemwbs 0

def fit(study):
    y = study.egos[study.egos.wave == 1].swemwbs.dropna()
    return {"m": {"estimate": y.mean(), "lo": y.mean() - 2, "hi": y.mean() + 2}}
"""
LATE = 2 * shared_worlds.FEWEST_WORLDS + 3
"""The third study of the fourth world, where worlds have three or more."""


@pytest.fixture
def spec(write, small_study):
    """Worlds of three studies each, under conditions that live three lives."""
    said = small_study.resolved()
    said |= {"frame": {"teams_per_site": [2, 1], "egos_per_team": 60}}
    said["recruitment"] |= {"n": 9, "site_quota": [7, 2], "interest": 0.9, "consent": 0.9}
    found = spec_of_stress(
        user_code(write(CODE)), parse_study(said),
        conditions=["clean", "small", "sites", "teams", "cap"], seed=5,
    )  # fmt: skip
    return replace(found, studies_a_world=3)


def test_a_hundred_studies_in_a_row_have_a_world_each_and_none_is_made_twice():
    for studies in (1, 2, 4):
        places = [world_and_turn(replicate, studies) for replicate in range(900)]
        assert len(set(places)) == 900
        assert [turn for _, turn in places[:100]] == [0] * 100
        assert [world for world, _ in places[:100]] == list(range(100))
        assert max(turn for _, turn in places) == studies - 1
        for first in range(0, 900, 100):
            assert len({world for world, _ in places[first : first + 100]}) == 100
        assert len({world for world, _ in places[: 100 * studies]}) == 100


@pytest.mark.parametrize(
    ("name", "compares", "studies"),
    [
        ("founding-study", False, MOST_STUDIES),
        ("founding-study", True, 1),  # arms are teams
        ("feasibility-of-guided-help", True, MOST_STUDIES),
        ("network-intervention-trial", True, 1),  # of whom there are not twice as many
        ("service-cutback-wellbeing", True, 1),
    ],
)
def test_how_many_studies_a_world_has_people_for(name, compares, studies):
    study = read_study(name)
    lived = lived_scenario(read_scenario(study.scenario), study)
    assert studies_a_world(study, lived, compares=compares) == studies
    larger = study.wanting(300 if name == "founding-study" else 2800)
    assert studies_a_world(larger, lived, compares=compares) == 1
    strict = study.recruitment.model_copy(update={"severity_ceiling": 0.3})
    assert studies_a_world(study.but(recruitment=strict), lived, compares=compares) == 1


def test_worlds_that_are_shared_hardly_ever_run_short():
    study = read_study("founding-study")
    lived = lived_scenario(read_scenario(study.scenario), study)
    others = study.but(
        recruitment=study.recruitment.model_copy(
            update={"earlier": ((12, 5, 3, 7, 2),) * (MOST_STUDIES - 1)}
        )
    )
    for replicate in range(3):
        found = simulate_study(lived, others, seed=11, replicate=replicate, interviews_only=True)
        assert found.n == 29


def test_a_study_is_the_same_whatever_else_is_made_of_its_world(spec):
    kept = KeptLives(3 * shared_worlds.FEWEST_WORLDS)
    assert kept.studies == 3
    first = {case.condition: given for case, given in studies_of(spec, 3, kept)}
    waited = {case.condition: given for case, given in studies_of(spec, LATE, kept)}
    alone = {case.condition: given for case, given in studies_of(spec, LATE)}
    one = replace(spec, cases=spec.cases[1:2])
    ((case, single),) = studies_of(one, LATE)
    assert case.condition == "small"
    for condition, given in waited.items():
        for name in ON_HAND:
            assert given[name].equals(alone[condition][name])
            assert condition != "small" or given[name].equals(single[name])
        people = [
            set(tables_of["persons"]["ego_pid"].to_pylist())
            for tables_of in (first[condition], given)
        ]
        assert min(len(one) for one in people) > 0
        assert not people[0] & people[1]


def test_what_finds_no_room_to_wait_is_lived_again(spec, monkeypatch):
    monkeypatch.setattr(shared_worlds, "KEPT_BYTES", 1)
    kept = KeptLives(3 * shared_worlds.FEWEST_WORLDS)
    list(studies_of(spec, 3, kept))
    assert kept.take(3, 2, spec.lives[0]) is None
    assert next(case.condition for case, _ in studies_of(spec, LATE, kept)) == "clean"


def test_a_later_study_of_a_world_is_that_of_egocohort_simulate(spec):
    for case, given in studies_of(spec, LATE):
        said = study_in_turn(spec, case, 2)
        again = parse_study(said.resolved())
        assert again.recruitment.earlier == said.recruitment.earlier
        alone = simulate_study(spec.world, again, seed=spec.seed, replicate=3)
        found = study_tables(alone)
        for name in ON_HAND:
            assert given[name].equals(tables.build(name, found[name])), (case.condition, name)


def test_rows_say_which_studies_share_a_world(spec):
    with Hands(spec) as hands:
        rows = rows_of_run(spec, hands, [3, LATE], lives=KeptLives(300))
    assert set(zip(rows["replicate"].to_pylist(), rows["world"].to_pylist(), strict=True)) == {
        (3, 3), (LATE, 3)
    }  # fmt: skip
    by_study = np.array(rows["estimate"]).reshape(2, -1)
    assert (by_study[0] != by_study[1]).all()


def test_a_condition_may_want_more_people_than_the_study(write, small_study):
    said = small_study.resolved()
    said |= {"frame": {"teams_per_site": [2, 1], "egos_per_team": 60}}
    said["recruitment"] |= {"n": 9, "site_quota": [7, 2], "interest": 0.9, "consent": 0.9}
    said["stress"] = {"condition": {"many": {"words": "with many", "n": 18}}}
    code, study = user_code(write(CODE)), parse_study(said)
    spec = spec_of_stress(code, study, conditions=["clean", "many"], seed=5)
    assert spec.studies_a_world == spec_of_stress(code, study, seed=5).studies_a_world > 1
    found = {case.condition: given for case, given in studies_of(spec, 103)}
    assert found["many"]["persons"].num_rows == 18
    said = study_in_turn(spec, spec.cases[1], 1)
    assert said.recruitment.site_quota == (14, 4)
    alone = study_tables(simulate_study(spec.world, said, seed=5, replicate=3))
    assert found["many"]["egos"].equals(tables.build("egos", alone["egos"]))
    ((_, clean),) = studies_of(replace(spec, cases=spec.cases[:1]), 103)
    assert found["clean"]["egos"].equals(clean["egos"])
