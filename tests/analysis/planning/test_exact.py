"""Numbers that formulas have exactly, against noncentral t distributions summed by hand."""

from itertools import product

import numpy as np
import pytest
from scipy import special, stats

from analysis.estimators.formulas import closed_forms
from analysis.estimators.formulas.numbers_seen import averaged, numbers_seen
from analysis.planning.formulas.beside import closed_form
from analysis.planning.planner import plan_study
from analysis.planning.search.by_formula import ByFormula
from analysis.planning.search.tally import Looked
from analysis.planning.sizing import exact_form
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial

LOSS = [
    ("weeks = [0, 26, 52]", "weeks = [0, 52]"),
    ("retention = [0.9, 0.8]", "retention = [0.85]"),
    ("sd = 4", "sd = 7.881"),
    ("treated = [0.25, 0.5]", "treated = [0.380662]"),
]
"""A difference of 3 points, of whom 15 % are lost."""
MAR = ("retention = [0.9, 0.8]", 'retention = [0.9, 0.8]\nmechanism = "MAR"\nodds_ratio = 2.0')
PLAIN_ODDS = ("retention = [0.9, 0.8]", 'retention = [0.9, 0.8]\nmechanism = "MAR"\nodds_ratio = 1')
QUESTION = '[[plan.question]]\noutcome = "swemwbs"\nanalysis = "t_test"\n'


def by(name):
    return ('analysis = "t_test"', f'analysis = "{name}"')


def t_power(shift, df, alpha=0.05):
    t = stats.t.ppf(1 - alpha / 2, df)
    return stats.nct.sf(t, df, shift) + stats.nct.cdf(-t, df, shift)


def power_of_those_seen(n, d, kept):
    """Of two arms, over every pair of numbers seen that has a chance worth counting."""
    found = 0.0
    arms = ((n + 1) // 2, n // 2)
    near = [range(int(m * kept) - 40, min(int(m * kept) + 41, m + 1)) for m in arms]
    chance = [stats.binom.pmf(list(who), m, kept) for who, m in zip(near, arms, strict=True)]
    for (i, a), (j, b) in product(enumerate(near[0]), enumerate(near[1])):
        if chance[0][i] * chance[1][j] > 1e-11:
            power = t_power(d / np.sqrt(1 / a + 1 / b), a + b - 2)
            found += chance[0][i] * chance[1][j] * power
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_t_test_of_two_arms_with_loss_has_one_number_whatever_the_seed(study, seed):
    found = plan_study(study(*LOSS), seed=seed, replicates=100).found
    assert found.answer == found.low == found.high == 258
    assert (found.error, found.counted_in, found.units) == (0.0, "people", 258)
    assert not found.notes


def test_its_power_is_the_mean_over_how_many_are_seen(study):
    trial = study(*LOSS)
    process = panel_process(trial, plan_of(trial), 1)
    form = closed_form(trial, process, Trial(process, plan_of(trial)).asked[0])
    for n in (257, 258):
        assert form.power(n) == pytest.approx(power_of_those_seen(n, 0.380662, 0.85), abs=1e-6)
    assert form.power(257) < 0.8 <= form.power(258)
    assert form.exact


def test_the_call_of_r_gives_the_number_seen_in_each_arm(study):
    beside = plan_study(study(*LOSS), seed=1, sizes=[100], replicates=100).beside[0]
    assert beside.call == (
        'pwr::pwr.t.test(d = 0.380662, sig.level = 0.05, power = 0.8, type = "two.sample")'
    )
    # pwr.t.test's answer by its own definition: 109.3, so 110 of each arm are to be seen
    enough = next(m for m in range(2, 500) if t_power(0.380662 * np.sqrt(m / 2), 2 * m - 2) >= 0.8)
    assert enough == 110
    assert np.ceil(2 * 109.3 / 0.85) == beside.n


def test_the_call_of_r_for_one_sample_is_of_one_sample(study):
    alone = (
        'analysis = "t_test"',
        'about = "change"\narms = ["treated"]\nanalysis = "change_score"',
    )
    result = plan_study(study(alone), seed=1, replicates=100)
    d = 2 / (4 * np.sqrt(2 * (1 - 0.6)))
    assert f"d = {d:.7g}" in result.beside[0].call
    assert 'type = "one.sample"' in result.beside[0].call
    enough = next(m for m in range(3, 500) if t_power(d * np.sqrt(m), m - 1) >= 0.8)
    seen = enough / 0.8 / 0.5  # 80 % stay, and half of the people are in the arm
    assert result.found.answer == pytest.approx(seen, abs=4)
    assert result.found.exact >= 0.8


@pytest.mark.parametrize(
    ("changes", "is_exact"),
    [
        ([], True), ([by("change_score")], True), ([by("ancova")], True), ([PLAIN_ODDS], True),
        ([MAR], False), ([by("mmrm")], False), ([(QUESTION, QUESTION + QUESTION)], False),
    ],
)  # fmt: skip
def test_what_is_exact_and_what_is_not(study, changes, is_exact):
    trial = study(*changes)
    plan, process = plan_of(trial), panel_process(trial, plan_of(trial), 1)
    forms = [closed_form(trial, process, one) for one in Trial(process, plan).asked]
    assert (exact_form(plan, forms) is not None) == is_exact
    if len(forms) == 1 and not is_exact:
        assert forms[0].caveat
        assert forms[0].call is None


@pytest.mark.verify
def test_returning_changes_nothing_of_who_is_seen_at_one_wave(study):
    returns = ("retention = [0.9, 0.8]", "retention = [0.9, 0.8]\nreturn_rate = 0.5")
    one, other = (plan_study(study(*some), seed=1, replicates=100) for some in ([], [returns]))
    assert one.found.answer == other.found.answer
    for result in (one, other):
        run = result.found.confirmed
        assert abs(run.share - result.found.exact) < 4 * run.mcse


def test_an_effect_is_found_by_the_formula_too(study):
    found = plan_study(study(*LOSS), seed=1, detect=258, replicates=100).detectable.found
    assert found.method == "exact formula, checked by simulation"
    assert power_of_those_seen(258, 0.380662 * found.answer, 0.85) == pytest.approx(0.8, abs=1e-5)


@pytest.mark.parametrize(("simulated", "speaks"), [(0.81, False), (0.7, True), (0.9, True)])
def test_a_simulation_that_contradicts_the_formula_is_told_loudly(simulated, speaks):
    def oracle(at, replicates):
        draws = np.random.Generator(np.random.Philox(replicates.start)).random(len(replicates))
        return Looked(np.broadcast_to(draws < simulated, (len(at), len(replicates))))

    found = ByFormula(
        oracle, 0.8, chance=lambda n: 0.81, answer=100, people=lambda n: n, low=8, high=400
    ).run().found()  # fmt: skip
    assert any("DISAGREE" in note for note in found.notes) == speaks


def test_a_formula_that_no_number_satisfies_says_so(study):
    found = plan_study(study(("people_at_most = 600", "people_at_most = 60")), seed=1).found
    assert (found.answer, found.edge) == (None, ">=")
    assert found.confirmed.at == 60


@pytest.mark.parametrize("people", [3, 41, 300, 5000])
@pytest.mark.parametrize("kept", [0.05, 0.6, 0.97])
def test_numbers_seen_are_binomial(people, kept):
    numbers, weights = numbers_seen(people, kept)
    for power in range(4):
        centred = (numbers - people * kept) ** power
        expected = stats.binom(people, kept).expect(lambda k, p=power: (k - people * kept) ** p)
        assert weights @ centred == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("people", "kept"), [(10, 0.6), (16, 0.8), (16, 0.95), (17, 0.85), (40, 0.7), (64, 0.5)]
)
@pytest.mark.parametrize("d", [0.4, 1, 2.5])
def test_a_power_over_numbers_seen_is_the_sum_over_all_of_them(people, kept, d):
    def of_seen(a, b):
        return closed_forms.two_sided_powers(d / np.sqrt(1 / a + 1 / b), a + b - 2)

    expected = 0.0
    for a, b in product(range(1, people + 1), repeat=2):
        if a + b > 2:
            chance = stats.binom.pmf(a, people, kept) * stats.binom.pmf(b, people, kept)
            expected += chance * of_seen(np.array([float(a)]), np.array([float(b)]))[0]
    assert averaged(of_seen, [people] * 2, [kept] * 2) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(("people", "share"), [(20, 0.9), (60, 0.5), (150, 0.5)])
def test_a_mean_that_bends_at_both_ends_is_taken_over_all_numbers(people, share):
    every = np.arange(1, people)
    chance = stats.binom.pmf(every, people, share)
    numbers, weights = numbers_seen(people, share, bends_at_all=True)
    inside = (numbers > 0) & (numbers < people)
    inverse = [1 / k + 1 / (people - k) for k in (every, numbers[inside])]
    assert weights[inside] @ inverse[1] == pytest.approx(chance @ inverse[0], rel=1e-6)


def test_nobody_seen_in_an_arm_is_no_success():
    # 2 and 2 people of whom half stay: a fit takes one in each arm, and three in all
    certain = averaged(lambda a, b: np.ones(a.shape), [2, 2], [0.5, 0.5])
    assert certain == pytest.approx(1 / 16 + 4 / 16)


def test_ancova_is_exact_to_nine_digits():
    from scipy import integrate

    from analysis.estimators.formulas.closed_forms import ancova_power

    for n1, n2 in ((3, 3), (11, 18), (60, 60)):
        se = np.sqrt((1 - 0.6**2) * (1 / n1 + 1 / n2))

        def at(root, se=se, m=n1 + n2 - 2):
            shift = 0.7 / (se * np.sqrt(1 + root**2 / m))
            t = special.stdtrit(m - 1, 0.975)
            power = 1 - special.nctdtr(m - 1, shift, t) + special.nctdtr(m - 1, shift, -t)
            return 2 * stats.t.pdf(root, m) * power

        expected = integrate.quad(at, 0, np.inf, epsabs=1e-12, epsrel=1e-12, limit=400)[0]
        assert ancova_power(0.7, 1, 0.6, n1, n2) == pytest.approx(expected, abs=1e-9)
