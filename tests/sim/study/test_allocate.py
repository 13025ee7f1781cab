import numpy as np
import pytest

from sim.errors import InputError
from sim.study.allocate import Allocation
from sim.study.frame import lived_scenario, whole_numbers
from sim.study.simulate import simulate_study
from sim.study.spec import read_study
from sim.world.parameters import catalogue
from sim.world.run import places
from sim.world.scenario import read_scenario
from sim.world.streams import key_of


def test_whole_numbers_come_nearest_to_the_parts():
    assert whole_numbers((11 / 29, 18 / 29), 10) == (4, 6)
    assert whole_numbers((0.5, 0.5), 3) == (2, 1)
    assert whole_numbers((0.2, 0.3, 0.5), 10) == (2, 3, 5)


def overlay(**said):
    return {"id": "x", "title": "X", "world": {"runin_weeks": 4}, **said}


def trial(unit, **said):
    arms = {"unit": unit, "share": {"control": 1, "treated": 1}}
    return {**arms, "scenario": {"treated": overlay(**said)}}


def test_teams_are_allocated_whole_and_in_the_numbers_asked_for(make_study, make_world):
    study = make_study(arms={"unit": "team", "count": {"control": 1, "intervention": 2}})
    found = simulate_study(make_world(), study, seed=2)
    by_team = {}
    for site, team, arm in zip(found.sample.site, found.sample.team, found.sample.arm, strict=True):
        by_team.setdefault((site, team), set()).add(arm)
    assert all(len(arms) == 1 for arms in by_team.values())


def test_numbers_that_are_not_those_of_the_teams_are_refused(make_study, make_world):
    study = make_study(arms={"unit": "team", "count": {"a": 1, "b": 1}})
    with pytest.raises(InputError, match="adds up to 2, but the world has 3 teams"):
        simulate_study(make_world(), study, seed=2)


def test_an_arm_of_egos_cannot_change_staff(make_study, make_world):
    path = next(path for path, entry in catalogue().items() if entry.level == "post")
    said = {"parameters": {path: catalogue()[path].high}}
    with pytest.raises(InputError, match="belongs to staff"):
        lived_scenario(make_world(), make_study(arms=trial("ego", **said)))
    assert lived_scenario(make_world(), make_study(arms=trial("team", **said))).shocks


def test_a_shock_of_an_arm_after_the_end_is_refused(make_study, make_world):
    shock = {"acts_on": "event.link", "how": "force", "from_week": 400}
    with pytest.raises(InputError, match="week 400"):
        lived_scenario(make_world(), make_study(arms=trial("ego", shock=[shock])))


def test_an_arm_lives_in_its_own_world_and_the_other_in_the_usual_one(make_study, make_world):
    shock = {"acts_on": "event.link", "how": "force", "from_study_week": 2}
    arms = trial("team", shock=[shock])
    plain = simulate_study(make_world(), make_study(arms={**arms, "scenario": {}}), seed=3)
    treated = simulate_study(make_world(), make_study(arms=arms), seed=3)
    same = (plain.sample.members == treated.sample.members).all(axis=(1, 2))
    control = treated.sample.arm == 0
    assert control.any()
    assert (~control).any()
    assert same[control].all()
    assert not same[~control].all()


@pytest.mark.parametrize("unit", ["ego", "worker", "site"])
def test_every_unit_gives_everybody_an_arm(make_study, make_world, unit):
    study = make_study(arms={"unit": unit, "share": {"a": 1, "b": 1}})
    found = simulate_study(make_world(), study, seed=5)
    assert set(found.sample.arm.tolist()) <= {0, 1}
    assert found.n == 10


def test_arms_are_drawn_by_address_with_the_chances_stated(make_study, make_world):
    study = make_study(arms={"unit": "ego", "share": {"a": 1, "b": 3}})
    world = lived_scenario(make_world(), study)
    drawn = [Allocation(study, world, key_of(0, r)) for r in range(300)]
    who = np.arange(1, 101, dtype=np.uint32)
    share = np.mean([one._drawn(who) for one in drawn])
    # 30,000 draws: false alarm below 1e-4
    assert abs(share - 0.75) < 3.9 * (0.75 * 0.25 / 30_000) ** 0.5
    assert len(places(world)) == 3


def test_a_scenario_that_was_asked_for_its_hash_can_still_be_lived_in():
    scenario, study = read_scenario("usual-care"), read_study("founding-study")
    lived = lived_scenario(scenario, study)
    assert scenario.hash != lived.hash  # the world has the size of the study's frame
    assert lived_scenario(scenario, study).hash == lived.hash
