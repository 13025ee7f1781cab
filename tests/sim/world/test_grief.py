"""A death is felt, also where people die by age."""

import numpy as np
import pytest

from sim.world.kinds import Cause, Event
from sim.world.run import Place, live, run_in
from sim.world.streams import key_of

HERE, KEY = Place(1, 1), key_of(5)


@pytest.mark.parametrize("by_age", [0, 1])
def test_a_death_lowers_wellbeing_by_its_weight_and_of_those_bereaved_alone(world_of, by_age):
    quiet = {"illness.onset_multiplier": 0, "life.onset": 1, "mortality.switch": by_age}
    found = []
    for weight in (0, 0.8):
        scenario = world_of(parameters=quiet | {"life.grief": weight})
        begun = run_in(world_of(parameters=quiet | {"life.grief": 0}), HERE, KEY)
        found.append(live(scenario, HERE, begun, KEY, 4))
    events = found[0].events
    died = (events["event"] == Event.TIE_ENDED) & (events["cause"] == Cause.BEREAVEMENT)
    died &= events["week"] < 3
    bereaved = np.zeros(found[0].team.egos.size, bool)
    bereaved[events["ego"][died]] = True
    later = np.isin(
        np.arange(bereaved.size), events["ego"][(events["cause"] == Cause.BEREAVEMENT) & ~died]
    )
    lower = found[0].team.egos["wellbeing"] - found[1].team.egos["wellbeing"]
    assert bereaved.sum() >= 3
    assert (lower[bereaved] > 0.05).all()
    assert np.abs(lower[~bereaved & ~later]).max() < 0.02
