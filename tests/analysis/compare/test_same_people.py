"""Scenarios whose parameters say whom a world begins with cannot stand beside another one."""

import pytest

from analysis.compare.asked import comparison_of
from sim.errors import InputError
from sim.world.parameters import catalogue
from sim.world.scenario import read_scenario

USUAL = read_scenario("usual-care")


def other(**parameters):
    said = {path.replace("__", "."): value for path, value in parameters.items()}
    return USUAL.with_parameters(said).but(id="other")


@pytest.mark.parametrize("path", ["ego.psychosis_share", "tie.friend.latent_mean"])
def test_what_would_do_nothing_is_refused_by_name(path):
    acts = {"wellbeing.support": 0.9, "service.coordinator.interval_weeks": 6.0}
    changed = USUAL.with_parameters({path: catalogue()[path].high, **acts}).but(id="other")
    with pytest.raises(InputError, match=f"differ in people: {path} says with whom"):
        comparison_of([USUAL, changed], seed=1)
    for pair in ([USUAL, other(**{k.replace(".", "__"): v for k, v in acts.items()})],
                 [changed, changed.but(id="again")]):  # fmt: skip
        comparison_of(pair, seed=1)


def test_leaving_out_what_the_first_has_is_the_same():
    with pytest.raises(InputError, match="differ in people: ego"):
        comparison_of([other(ego__psychosis_share=0.1), USUAL], seed=1)


@pytest.mark.parametrize("name", ["network-constriction", "first-episode"])
def test_shipped_worlds_of_other_people_are_refused(name):
    with pytest.raises(InputError, match="differ in people"):
        comparison_of([USUAL, read_scenario(name)], seed=1)
