import numpy as np
import pytest

from sim.errors import InputError
from sim.study.fieldwork import Fieldwork
from sim.study.frame import lived_scenario
from sim.study.recruit import FATES, Candidates, quota_of, recruit, sainte_lague
from sim.study.simulate import simulate_study
from sim.world.state import EGO
from sim.world.streams import key_of


def test_quotas_that_add_up_are_met_exactly():
    sequence = sainte_lague((12, 5, 3, 7, 2), 29)
    assert np.bincount(sequence).tolist() == [12, 5, 3, 7, 2]


@pytest.mark.parametrize("weights", [(12, 5, 3, 7, 2), (288, 576), (1,), (0, 3)])
def test_a_smaller_sample_is_the_beginning_of_a_larger_one(weights):
    whole = sainte_lague(weights, 40)
    for n in range(40):
        np.testing.assert_array_equal(sainte_lague(weights, n), whole[:n])


def candidates(interested, refusal):
    n = len(interested)
    blank = np.arange(n, dtype=np.int32)
    return Candidates(
        1, blank.astype(np.uint32), blank, blank, blank, np.array(interested, bool),
        np.array([FATES.index(word) for word in refusal], np.int8),
    )  # fmt: skip


def state_of(severity, on_caseload=1, alive=1):
    state = np.zeros(len(severity), EGO)
    state["severity"], state["on_caseload"], state["alive"] = severity, on_caseload, alive
    return state


def test_people_are_approached_in_order_until_the_quota_is_met():
    site = candidates([1, 0, 1, 1, 1], ["enrolled", "enrolled", "declined", "enrolled", "enrolled"])
    watched = np.array([0, 2, 3, 4])
    fate, enough = recruit(site, watched, state_of([0.1, 0.1, 0.1, 0.1]), 2, 0.6)
    assert [FATES[code] for code in fate] == ["enrolled", "not_interested", "declined", "enrolled"]
    assert enough


def test_those_too_unwell_are_passed_over_and_more_are_asked_for():
    site = candidates([1, 1, 1], ["enrolled"] * 3)
    fate, enough = recruit(site, np.array([0, 1]), state_of([0.9, 0.1]), 2, 0.6)
    assert [FATES[code] for code in fate] == ["ill", "enrolled"]
    assert not enough


def test_a_site_without_enough_people_enrols_those_it_has():
    site = candidates([1, 1, 0], ["enrolled"] * 3)
    fate, enough = recruit(site, np.array([0, 1]), state_of([0.1, 0.1]), 5, 0.6)
    assert [FATES[code] for code in fate] == ["enrolled", "enrolled", "not_interested"]
    assert enough


def test_a_larger_study_includes_the_people_of_a_smaller_one(simulated, make_study, make_world):
    study = make_study(recruitment={"n": 14, "entry": "staggered", "entry_weeks": 6})
    larger = simulate_study(make_world(), study, seed=4)
    np.testing.assert_array_equal(larger.sample.address[:10], simulated.sample.address)
    assert larger.sample.egos[:10].tobytes() == simulated.sample.egos.tobytes()
    np.testing.assert_array_equal(larger.scores[:10], simulated.scores)
    np.testing.assert_array_equal(larger.maps.ideal[:10].sum(2), simulated.maps.ideal.sum(2))


def test_a_quota_not_met_by_those_watched_is_met_in_the_end(make_study, make_world):
    asked = {"n": 12, "severity_ceiling": 0.1, "interest": 1.0, "consent": 1.0}
    found = simulate_study(make_world(), make_study(recruitment=asked), seed=1)
    assert found.n == 12
    assert (found.sample.egos["severity"][:, 0] <= 0.1).all()
    assert any((site.fate == FATES.index("ill")).any() for site in found.flow)


@pytest.mark.parametrize("entry", [{}, {"entry": "staggered", "entry_weeks": 6}])
def test_studies_in_turn_have_other_people_of_the_same_lives(make_study, make_world, entry):
    def asked(earlier, n=8):
        of_turn = {"earlier": earlier} if earlier else {}
        return make_study(recruitment={"n": n, "interest": 0.9, **entry, **of_turn})

    key = key_of(4, 1)
    lived = lived_scenario(make_world(), asked([]))
    half = list(quota_of(asked([]), lived))
    in_turn = Fieldwork(asked([]), lived, key).run_in_turn(3)
    alone = [Fieldwork(asked([half] * turn), lived, key).run() for turn in range(3)]
    for (sample, flow), (own, own_flow) in zip(in_turn, alone, strict=True):
        for name in ("address", "site", "arm", "weeks", "egos", "members"):
            assert getattr(sample, name).tobytes() == getattr(own, name).tobytes()
        assert [site.fate.tolist() for site in flow] == [site.fate.tolist() for site in own_flow]
    assert [(sample.site == 1).sum() for sample, _ in in_turn] == [half[0]] * 3
    people = np.concatenate([sample.address for sample, _ in in_turn])
    assert len(people) == len(set(people.tolist())) == 24
    before = set(people[:16].tolist())
    assert not before & {who for one in in_turn[2][1] for who in one.candidates.address.tolist()}
    smaller = Fieldwork(asked([half], 5), lived, key).run()[0]
    assert smaller.address.tolist() == alone[1][0].address[:5].tolist()


def test_where_others_have_taken_all_who_consent_only_the_rest_enrol(make_study, make_world):
    sizes = {
        "n": 40,
        "interest": 1.0,
        "consent": 1.0,
        "severity_ceiling": 0.2,
        "earlier": [[13, 27]],
    }
    found = simulate_study(make_world(), make_study(recruitment=sizes), seed=1)
    assert 0 < found.n < 40
    first = simulate_study(make_world(), make_study(recruitment=sizes | {"earlier": None}), seed=1)
    assert not set(found.sample.address.tolist()) & set(first.sample.address.tolist())


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"n": 10, "earlier": [[4]]}, "recruitment.earlier: names 1 site, but the world has 2"),
        ({"n": 10, "earlier": [[40, 0]]}, "earlier: 40 people wanted of site 1, whose frame holds"),
        ({"n": 10, "earlier": [[4, 4], [29, 0]]}, "site 1 by this study and those before it"),
        ({"n": 500}, "500 people wanted, but the frame holds 87"),
        ({"n": 10, "site_quota": [10]}, "names 1 site, but the world has 2"),
        ({"n": 40, "site_quota": [40, 0]}, "40 people wanted of site 1, whose frame holds 29"),
    ],
)
def test_more_people_than_the_frame_holds_are_refused(make_study, make_world, asked, message):
    with pytest.raises(InputError, match=message):
        simulate_study(make_world(), make_study(recruitment=asked), seed=0)
