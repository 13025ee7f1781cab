"""A death is felt, also where people die by age."""

import numpy as np
import pytest

from sim.world.kinds import Cause
from sim.world.run import Place, live, run_in
from sim.world.streams import key_of

HERE, KEY = Place(1, 1), key_of(5)


@pytest.mark.parametrize("by_age", [0, 1])
def test_a_death_lowers_wellbeing_by_its_weight_and_of_the_bereaved_alone(world_of, by_age):
    quiet = {"illness.onset_multiplier": 0, "life.onset": 1, "life.switch": 1}
    quiet["mortality.switch"] = by_age
    begun = run_in(world_of(parameters=quiet | {"life.grief": 0}), HERE, KEY)
    without, grieved = (
        live(world_of(parameters=quiet | {"life.grief": weight}), HERE, begun, KEY, 26)
        for weight in (0, 0.8)
    )
    deaths = without.events[without.events["cause"] == Cause.BEREAVEMENT]
    lately = np.unique(deaths["ego"][(deaths["week"] >= 16) & (deaths["week"] < 25)])
    lower = without.team.egos["wellbeing"] - grieved.team.egos["wellbeing"]
    spared = np.setdiff1d(np.arange(lower.size), deaths["ego"])
    assert lately.size >= 3
    assert (lower[lately] > 0.03).all()
    assert not lower[spared].any()
