"""Who the alters are: shares of men by kind, and ages that fit the ego's."""

import numpy as np
import pytest

from sim.world.arithmetic import f4
from sim.world.kinds import Kind
from sim.world.parameters import catalogue
from sim.world.rules.alters import age_of_alter, alter_is_male

USUAL = catalogue().record()[0]
PEOPLE = [kind for kind in Kind if kind < Kind.PET]
SHARES = {
    Kind.PARTNER: (0.93, 0.07),
    Kind.FRIEND: (0.35, 0.65),
    Kind.PEER: (0.35, 0.65),
    Kind.GP: (0.38, 0.38),
    Kind.SIBLING: (0.5, 0.5),
}


@pytest.mark.parametrize("kind", SHARES)
@pytest.mark.parametrize("male", [0, 1])
def test_as_many_are_men_as_stated(kind, male, chance_of):
    found = chance_of(lambda u: alter_is_male(u, kind, male, USUAL))
    assert found == pytest.approx(SHARES[kind][male], abs=1e-6)


def test_one_half_of_u_is_the_age_in_the_middle():
    middle = {kind: float(age_of_alter(f4(0.5), kind, f4(40), USUAL)) for kind in PEOPLE}
    assert middle[Kind.PARTNER] == middle[Kind.SIBLING] == middle[Kind.FRIEND] == 40
    assert middle[Kind.PARENT] == pytest.approx(40 + 28.5)
    assert middle[Kind.CHILD] == pytest.approx(40 - (19 + 22) / 2)  # grown up, born at 19 or later
    assert middle[Kind.YOUNG_KIN] == 9
    assert middle[Kind.PSYCHIATRIST] == 47
    assert middle[Kind.GP] == middle[Kind.CPN] == 43
    assert middle[Kind.NEIGHBOUR] == middle[Kind.OTHER_KIN] == 49


@pytest.mark.parametrize("ego_age", [18, 45, 80])
def test_ages_are_possible(ego_age):
    for u in np.linspace(0.002, 0.998, 99, dtype=np.float32):
        age = {kind: age_of_alter(u, kind, f4(ego_age), USUAL) for kind in PEOPLE}
        assert 18 <= age[Kind.PARENT] - ego_age <= 38
        assert age[Kind.CHILD] == 0 or 19 <= ego_age - age[Kind.CHILD] <= 38
        assert 0 <= age[Kind.YOUNG_KIN] < 18
        assert min(age[kind] for kind in (Kind.PARTNER, Kind.FRIEND, Kind.PEER)) >= 18
        assert 22 <= age[Kind.CPN] <= 64
        assert 30 <= age[Kind.PSYCHIATRIST] <= 64
