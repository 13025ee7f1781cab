"""No two purposes share replicates."""

from itertools import combinations

from analysis.runs.purposes import Purpose


def test_no_two_purposes_share_replicates():
    meet = {
        (one.name, other.name)
        for one, other in combinations(Purpose.__members__.values(), 2)
        if max(one.first, other.first)
        < min(one.first + one.value.most, other.first + other.value.most)
    }
    assert meet == set()


def test_every_purpose_is_one_of_its_own():
    # Equal values would make one name an alias of another.
    assert len(list(Purpose)) == len(Purpose.__members__)


def test_parts_of_a_purpose_follow_each_other():
    assert Purpose.BAND.some(2) == range(6_000_000, 6_000_002)
    assert Purpose.BAND.some(2, 3) == range(6_000_006, 6_000_008)
