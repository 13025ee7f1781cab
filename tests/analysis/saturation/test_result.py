"""What a study of codes comes to, beside what it must."""

import numpy as np
import pytest

from analysis.saturation.formulas import all_seen, discovery, seen
from analysis.saturation.result import saturate
from sim.errors import InputError
from sim.study.spec import parse_study

CHANCES = 0.7 * np.array([0.1, 0.3, 0.6])


def test_simulation_agrees_with_the_closed_form_where_codes_are_independent(stated):
    """60 comparisons at 3 MCSE, most of them close kin: about one seed in 20 fails by chance."""
    result = saturate(stated(), seed=3, replicates=4000)
    curve, n = result.curve, np.arange(1, 31)
    np.testing.assert_allclose(curve.exact, discovery(n, CHANCES), rtol=1e-9)
    np.testing.assert_array_less(np.abs(curve.share - curve.exact), 3 * curve.share_mcse + 1e-9)
    exact = all_seen(n, CHANCES)
    mcse = np.sqrt(exact * (1 - exact) / 4000)
    np.testing.assert_array_less(np.abs(curve.all_seen - exact), 3 * mcse + 1e-9)
    assert not result.simulated


def test_a_code_seen_in_two_people_is_rarer_than_one_seen_in_one(stated):
    result = saturate(stated(seen_in=2), seed=3, replicates=3000)
    for row, chance in zip(result.codes, CHANCES, strict=True):
        ((n, simulated, exact),) = row.at
        assert exact == pytest.approx(float(seen(n, chance, 2)))
        assert abs(simulated.value - exact) < 3.5 * simulated.mcse


def test_detection_at_each_of_several_interviews_adds_up():
    study = parse_study(
        {
            "id": "s", "title": "S", "recruitment": {"n": 5}, "waves": {"weeks": [0, 26, 52]},
            "saturation": {
                "detection": 0.5, "people_at_most": 5,
                "stated": [{"name": "a", "prevalence": 0.4},
                           {"name": "b", "prevalence": 0.4, "at_weeks": [26]}],
            },
        }
    )  # fmt: skip
    always, once = saturate(study, seed=1, replicates=10).codes
    assert always.per_person.value == pytest.approx(0.4 * (1 - 0.5**3))
    assert once.per_person.value == pytest.approx(0.4 * 0.5)


def test_a_smaller_study_is_the_beginning_of_a_larger(stated):
    small = saturate(stated(), seed=5, replicates=50).curve.share
    large = saturate(stated(people_at_most=60), seed=5, replicates=50).curve.share
    np.testing.assert_array_equal(small, large[:30])


def test_a_rule_is_too_early_as_often_as_it_has_seen_too_little(stated):
    (rule,) = saturate(stated(share_wanted=0.99), seed=2, replicates=500).rules
    assert 9 <= rule.people_at[0] <= rule.people_at[1]
    assert 0 < rule.too_early.value < 1
    (lenient,) = saturate(stated(share_wanted=0.01), seed=2, replicates=500).rules
    assert lenient.too_early.value == 0
    np.testing.assert_array_equal(rule.n, lenient.n)


def test_an_unreachable_number_is_said_to_be_beyond_those_simulated(stated):
    result = saturate(stated(prevalence_above=0.05, chance=0.999), seed=1, replicates=100)
    assert result.every_code.n is None
    assert result.every_code.exact is None
    assert result.for_both is None


def test_the_world_gives_codes_and_the_most_ill_take_theirs_away(lived):
    result = saturate(lived, seed=1, replicates=30, threads=2)
    by_name = {row.code.name: row for row in result.codes}
    assert result.simulated
    for row in result.codes:
        assert row.within_reach.value <= row.prevalence.value
        assert row.per_person.value <= row.within_reach.value
    late = {one.code: one for one in result.by_wave if one.week == 26}
    gone = late["withdrew-from-everyone"]
    assert gone.difference.value < -4 * gone.difference.mcse
    assert {one.code for one in result.by_wave if one.week == 0} == {
        name for name, row in by_name.items() if 0 in row.code.waves
    }


def test_figures_do_not_depend_on_the_threads(lived):
    one, two = (saturate(lived, seed=4, replicates=6, threads=n) for n in (1, 3))
    np.testing.assert_array_equal(one.curve.share, two.curve.share)
    assert one.codes == two.codes
    assert one.every_code == two.every_code


def test_more_people_than_the_frame_has(lived):
    with pytest.raises(InputError, match="500 people wanted, but the frame holds 180"):
        saturate(lived, seed=1, sizes=[500], replicates=2)
    with pytest.raises(InputError, match="150 people wanted, but only"):
        saturate(lived, seed=1, sizes=[150], replicates=2)


def test_a_study_without_codes_is_told_where_to_look():
    study = parse_study({"id": "s", "title": "S", "recruitment": {"n": 5}})
    with pytest.raises(InputError, match=r"has no \[saturation\]"):
        saturate(study, seed=1)
