"""A source is cited only where its formula gives the number: its printed examples are found again.

The examples are put to the closed form that a plan shows, as a study; where a source tests by the
normal distribution so does the comparison, as a plan's closed form takes Student's t.
"""

import numpy as np
import pytest
from scipy import special

from analysis.estimators.catalogue import analyses, analysis
from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.all_waves import variance_of
from analysis.estimators.formulas.design import Design
from analysis.estimators.formulas.longitudinal import contrast_variance, monotone, random_effects
from analysis.questions.question import Question
from analysis.trials.analyses import Asked

EVERYBODY = (1.0, 1.0, 1.0)
DIGGLE_SLOPE = {  # page 29: people in each arm by correlation, variance 100, 200, 300
    0.2: (313, 625, 938),
    0.5: (196, 391, 586),
    0.8: (79, 157, 235),
}
LU_TABLE_2 = {  # inflation by the share lost, AR(1) over four waves; correlation of first and last
    0.1: (1.11111111, 1.10050207, 1.08280449, 1.06283003, 1.03996686, 1.01408550),
    0.2: (1.25, 1.22474451, 1.18392909, 1.13886229, 1.08796962, 1.03089518),
    0.3: (1.42857143, 1.38254162, 1.31065330, 1.23318261, 1.14702200, 1.05142637),
    0.4: (1.66666667, 1.59010471, 1.47488823, 1.35405270, 1.22198949, 1.07728040),
}
LU_TWO_WAVES = {
    0.1: (1.11111111, 1.11, 1.10111111, 1.08333333, 1.05666667, 1.02111111),
    0.4: (1.66666667, 1.66, 1.60666667, 1.5, 1.34, 1.12666667),
}
ENDS = (0, 0.1, 0.3, 0.5, 0.7, 0.9)
LIU_LIANG = [  # Table 1: waves, correlation, people; a difference of half an SD, power .9
    (4, 0.0, 43), (4, 0.3, 80), (4, 0.5, 106), (4, 0.8, 143),
    (2, 0.0, 85), (2, 0.3, 110), (2, 0.5, 127), (2, 0.8, 152), (1, 0.0, 169),
]  # fmt: skip
LIU_LIANG_UNEQUAL = [(0.0, 66), (0.3, 125), (0.5, 165), (0.8, 224)]
"""Table 3a: four waves, four in five people in one arm."""


def exchangeable(rho, waves=3):
    return np.full((waves, waves), float(rho)) + (1 - rho) * np.eye(waves)


def design(by, years, covariance, kept, truth=0.5, share=0.5, **question):
    """A study of two arms."""
    weeks = [round(52 * one) for one in years]
    if question["about"] == "difference":
        question["at_week"] = weeks[-1]
    one = Question(outcome="swemwbs", analysis=by, arms=("b", "a"), **question)
    asked = Asked.of(one, ("a", "b"), weeks)

    def homes(n):
        first = round(n * share)
        return [np.full(first, -1), np.full(n - first, -1)]

    kept = [np.asarray(one, float) for one in kept]
    return Design(
        asked,
        truth,
        (1, 0),
        np.asarray(covariance),
        kept,
        [0.0] * 2,
        [np.zeros((len(covariance),) * 2)] * 2,
        homes,
        (False,) * 2,
        False,
    )


def people(one, power, alpha, n=1000):
    """In both arms together, by the normal distribution; alpha is one-sided."""
    z = special.ndtri(power) + special.ndtri(1 - alpha)
    return z**2 * n * variance_of(one, n) / one.truth**2


@pytest.mark.parametrize("rho", DIGGLE_SLOPE)
@pytest.mark.parametrize("by", ["random_intercept", "random_slope", "gee"])
def test_slopes_with_a_mean_for_each_arm_need_the_people_of_diggle_page_29(rho, by):
    for variance, expected in zip((100, 200, 300), DIGGLE_SLOPE[rho], strict=True):
        v = variance * exchangeable(rho)
        one = design(by, (0, 2, 5), v, [EVERYBODY] * 2, about="slope", baseline="free")
        assert np.ceil(people(one, 0.8, 0.05) / 2) == expected
        source = analysis(by).closed_form(one).source
        assert "Liu and Liang" in source if by == "gee" else "Diggle et al. 2002, page 29" in source


def test_one_mean_at_baseline_takes_360_where_diggle_has_626_and_is_not_cited_to_him():
    v = 100 * exchangeable(0.2)
    free, one = (
        design("random_intercept", (0, 2, 5), v, [EVERYBODY] * 2, about="slope", baseline=baseline)
        for baseline in ("free", "constrained")
    )
    assert 2 * np.ceil(people(free, 0.8, 0.05) / 2) == 626
    assert 2 * np.ceil(people(one, 0.8, 0.05) / 2) == 360
    shift = np.sqrt(0.25 / variance_of(free, 360)) - special.ndtri(0.95)
    assert special.ndtr(shift) == pytest.approx(0.596, abs=0.001)  # fitted free with so many
    assert "Hu, Mackey and Thomas" in analysis("random_intercept").closed_form(one).source


def test_random_slopes_need_the_people_of_longpower():
    # lmmpower by the method of Diggle: 207.310093 in each arm; by that of Hu: 135.4827
    t = np.arange(0, 1.51, 0.25)
    v = random_effects(t, 55, 24, 0.8 * np.sqrt(55 * 24), 10)
    kept = [np.ones(7)] * 2
    free, one = (
        design("random_slope", t, v, kept, truth=1.5, about="slope", baseline=baseline)
        for baseline in ("free", "constrained")
    )
    assert people(free, 0.8, 0.025) / 2 == pytest.approx(207.310093300903, rel=1e-6)
    assert people(one, 0.8, 0.025) / 2 == pytest.approx(135.4827, abs=1e-4)


def test_slopes_from_one_baseline_lose_to_drop_out_as_hu_mackey_and_thomas_say():
    t = np.arange(0, 3.6, 0.5)
    last = np.array([0.0397, 0.0381, 0.0366, 0.0351, 0.2740, 0.2535, 0.2343, 0.0886])
    v = random_effects(t, 0.54, 1.01, 0.07 * np.sqrt(0.54 * 1.01), 0.81)
    kept = [1 - np.concatenate([[0], np.cumsum(last)[:-1]])] * 2
    one = design("random_slope", t, v, kept, truth=0.33, about="slope", baseline="constrained")
    power = special.ndtr(0.33 / np.sqrt(variance_of(one, 368)) - special.ndtri(0.95))
    assert power == pytest.approx(0.873552188556, abs=1e-4)
    assert "Hu, Mackey and Thomas 2021" in analysis("random_slope").closed_form(one).source


@pytest.mark.parametrize(
    ("waves", "lost", "expected"),
    [(4, lost, row) for lost, row in LU_TABLE_2.items()]
    + [(2, lost, row) for lost, row in LU_TWO_WAVES.items()],
)
def test_repeated_measures_are_inflated_as_in_table_2_of_lu_luo_and_chen(waves, lost, expected):
    lags = np.abs(np.subtract.outer(np.arange(waves), np.arange(waves)))
    kept = [np.linspace(1, 1 - lost, waves)] * 2
    for ends, inflation in zip(ENDS, expected, strict=True):
        v = (ends ** (1 / (waves - 1))) ** lags
        one = design("mmrm", range(waves), v, kept, about="difference", baseline="free")
        assert 1000 * variance_of(one, 1000) / 4 == pytest.approx(inflation, abs=1e-6)
        assert "Lu, Luo and Chen 2008" in analysis("mmrm").closed_form(one).source


@pytest.mark.parametrize(("ratio", "power", "expected"), [(1, 0.903, 80), (2, 0.904, 84)])
def test_table_5_of_lu_luo_and_chen_with_each_arm_s_own_drop_out(ratio, power, expected):
    """Arm a, with more drop-out, has `ratio` people for each of arm b."""
    v = 0.6 ** np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    kept = [(1, 0.76, 0.63, 0.52), (1, 0.87, 0.81, 0.78)]
    share = ratio / (1 + ratio)
    one = design(
        "mmrm", range(4), v, kept, truth=0.9, share=share, about="difference", baseline="free"
    )
    both = people(one, power, 0.025, n=99_000)
    assert np.ceil(both * share) + np.ceil(both * (1 - share)) == expected


def test_one_mean_at_baseline_is_cited_to_nobody_where_waves_are_compared():
    kept = [(1, 0.9, 0.8)] * 2
    one = design(
        "mmrm", range(3), exchangeable(0.5), kept, about="difference", baseline="constrained"
    )
    assert analysis("mmrm").closed_form(one).source.startswith("derived here")
    assert people(one, 0.8, 0.025) == pytest.approx(116.3, abs=0.05)
    free = design("mmrm", range(3), exchangeable(0.5), kept, about="difference", baseline="free")
    assert people(free, 0.8, 0.025) == pytest.approx(147.7, abs=0.05)


@pytest.mark.parametrize(("waves", "rho", "expected"), LIU_LIANG)
def test_estimating_equations_need_the_people_of_table_1_of_liu_and_liang(waves, rho, expected):
    assert _liu_liang(waves, rho, 0.5) == expected


@pytest.mark.parametrize(("rho", "expected"), LIU_LIANG_UNEQUAL)
def test_arms_of_unequal_size_need_the_people_of_table_3_of_liu_and_liang(rho, expected):
    assert _liu_liang(4, rho, 0.8) == _liu_liang(4, rho, 0.2) == expected


def _liu_liang(waves, rho, share):
    v = exchangeable(rho, waves)
    one = np.ones(waves)
    x = [np.stack([one, 0 * one], 1), np.stack([one, one], 1)]
    seen = [monotone(one)] * 2
    unit = contrast_variance(x, [v, v], seen, [1 - share, share], np.array([0, 1.0]))
    z = special.ndtri(0.9) + special.ndtri(0.975)
    return np.ceil(round(z**2 * unit / 0.25, 9))


@pytest.mark.parametrize(("d", "expected"), [(0.2, 393), (0.5, 64), (0.8, 26)])
def test_two_groups_need_the_people_of_cohen_s_tables(d, expected):
    # Cohen 1992, Psychological Bulletin 112:155, Table 2: a power of .8 at .05
    one = design("t_test", (0, 1), np.eye(2), [(1, 1)] * 2, truth=d, about="difference")
    form = analysis("t_test").closed_form(one)
    needed = closed.smallest(lambda n: form.power(2 * n) >= 0.8, 2, 1000)
    assert abs(needed - expected) <= (1 if d == 0.2 else 0)  # his tables round


def test_every_other_closed_form_says_that_it_is_derived_here():
    """Over all analyses, what can be asked of them, and both choices of baseline."""
    cited = ("Diggle et al. 2002, page 29", "Hu, Mackey and Thomas 2021", "Lu, Luo and Chen 2008",
             "Liu and Liang 1997")  # fmt: skip
    plain = ("t test", "t test of changes", "t test of cluster means")
    found = set()
    for name, one in analyses().items():
        for about in one.answers.get("value", ()):
            if one.closed_form is None or about not in ("difference", "slope"):
                continue
            choices = ("free", "constrained") if one.rows == "all waves" else (None,)
            for baseline in choices:
                for kept in ([EVERYBODY] * 2, [(1, 0.9, 0.8)] * 2):
                    v = exchangeable(0.5)
                    each = design(name, range(3), v, kept, about=about, baseline=baseline)
                    form = one.closed_form(each)
                    if form is not None:
                        found.add(form.source)
    assert len(found) >= 6
    for source in found:
        is_cited = any(one in source for one in cited)
        assert source in plain or source.startswith("derived here") or is_cited, source
