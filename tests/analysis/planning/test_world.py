"""Plans from the simulated world: nested sizes, threads, truth, recruitment as a study has it."""

import tomllib

import numpy as np
import pytest

from analysis.estimators.formulas.closed_forms import two_sided_power
from analysis.planning.planner import plan_study
from analysis.planning.search.pool import Pool, found_in
from analysis.planning.world.detectable import smallest_found
from analysis.questions.of_study import plan_of
from analysis.trials.analyses import analyse
from analysis.trials.trial import Trial
from analysis.worlds.process import world_process
from sim.errors import InputError
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study
from sim.world.scenario import read_scenario

SMALL = """\
id = "small"
title = "Two teams of two sites"
[frame]
teams_per_site = [2, 1]
egos_per_team = 36
[recruitment]
n = 20
interest = 0.9
consent = 0.9
[arms]
unit = "team"
share = { usual_care = 1, cutback = 1 }
[arms.scenario]
cutback = "service-cutback"
[waves]
weeks = [0, 26]
[participation]
retention = [0.8]
[plan]
process = "world"
chance = 0.8
people_at_most = 60
[[plan.question]]
outcome = "swemwbs"
analysis = "t_test"
[[plan.question]]
outcome = "ties_lost"
about = "classes"
classes = ["friend", "kin"]
analysis = "gee_logit"
[[plan.question]]
outcome = "service_contacts"
analysis = "negative_binomial"
"""
BY_EGO = ('unit = "team"', 'unit = "ego"')
ONE_ARM_ALIKE = ('cutback = "service-cutback"', 'cutback = "usual-care"')


@pytest.fixture
def study():
    """A study of a small world, with pairs of old and new text to change it."""

    def make(*changes):
        text = SMALL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return parse_study(tomllib.loads(text), "small.toml")

    return make


def process(study, seed=3):
    return world_process(study, plan_of(study), seed)


def everything(interviews):
    parts = [*interviews.values.values(), *interviews.ties, interviews.arm, interviews.place]
    return [np.ascontiguousarray(one).tobytes() for one in parts]


def quiet(*_):
    pass


def test_the_people_are_those_of_the_simulated_study_of_that_size(study):
    asked = study()
    one = simulate_study(read_scenario("usual-care"), asked, seed=3, replicate=4)
    world = process(asked)
    sample = world.sample(4)
    mine = next(world.draw(20, range(4, 5)))
    assert mine.arm.size == one.n == 20
    np.testing.assert_array_equal(sample.address[:20], one.sample.address)
    np.testing.assert_array_equal(sample.weeks[:20], one.sample.weeks)
    scores = np.where(one.visits.attended, one.scores[:, :, 0], np.nan)
    np.testing.assert_array_equal(mine.values["swemwbs"], scores)
    np.testing.assert_array_equal(mine.arm, one.sample.arm)
    assert (mine.ties.of_class >= 0).sum() == one.maps.recorded[:, 0].sum()


def test_smaller_studies_are_the_first_of_larger_ones(study):
    world = process(study())
    large, small = (next(world.draw(n, range(1))) for n in (50, 17))
    assert everything(small) == everything(large.first(17))
    counts = np.bincount(world.sample(0).site[:17])[1:]
    assert counts.tolist() == [11, 6]  # two teams against one


def test_a_larger_frame_to_enrol_leaves_the_first_as_they_are(study):
    one = next(process(study()).draw(17, range(1)))
    other = next(process(study(("at_most = 60", "at_most = 40"))).draw(17, range(1)))
    assert [v.tobytes() for v in one.values.values()] == [
        v.tobytes() for v in other.values.values()
    ]


def test_threads_change_no_byte(study):
    one, two = process(study()), process(study())
    one.prepare(range(6), 1, quiet)
    two.prepare(range(5, 6), 1, quiet)
    two.prepare(range(6), 3, quiet)
    assert [everything(one.kept[r]) for r in range(6)] == [
        everything(two.kept[r]) for r in range(6)
    ]
    one.find_truths(3, 1, quiet)
    two.find_truths(3, 2, quiet)
    assert one.truths == two.truths


@pytest.mark.parametrize("unit", ["team", "ego"])
def test_arms_that_live_alike_differ_by_nothing(study, unit):
    asked = study(ONE_ARM_ALIKE, ('unit = "team"', f'unit = "{unit}"'))
    world = process(asked)
    world.find_truths(2, 1, quiet)
    score, _, contacts = world.truths
    assert (score.value, score.mcse) == (0, 0)
    assert (contacts.value, contacts.mcse) == (0, 0)


def test_a_cutback_takes_visits_and_a_census_finds_what_studies_do(study):
    asked = study()
    world = process(asked)
    world.find_truths(12, 2, quiet)
    lost, contacts = world.truths[1:]
    assert contacts.value < -4 * contacts.mcse < 0
    trial = Trial(world, plan_of(asked))
    world.prepare(range(60), 2, quiet)
    fit = trial.fits([60], range(60))[0][1]
    error = fit.estimate.std(ddof=1) / np.sqrt(60)
    # False alarm: 4 standard errors, .0001; small samples move a log odds ratio by less than .06.
    assert abs(fit.estimate.mean() - lost.value) < 4 * np.hypot(error, lost.mcse) + 0.06


def test_a_null_trial_by_person_has_the_errors_of_a_t_test(study):
    """Nobody absent, arms alike: the mean squared error is what the t test says of itself."""
    asked = study(ONE_ARM_ALIKE, BY_EGO, ("retention = [0.8]", "retention = [1.0]"))
    world = process(asked)
    world.prepare(range(150), 2, quiet)
    fit = Trial(world, plan_of(asked)).fits([60], range(150))[0][0]
    ratio = fit.estimate.var(ddof=1) / (fit.se**2).mean()
    assert abs(np.log(ratio)) < 4 * np.sqrt(2 / 149)  # false alarm .0001
    assert abs((fit.p < 0.05).mean() - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 150)


def test_a_pool_of_normal_studies_finds_the_closed_form():
    rng = np.random.default_rng(2)
    sizes = np.array([20, 40, 60, 80, 100, 120, 160, 240])
    steps = rng.normal(0.25, 1, size=(2000, 240)).cumsum(axis=1)
    z = steps[:, sizes - 1] / np.sqrt(sizes)
    found = found_in(Pool(sizes, (z > 1.959964).T), 0.8, 7)
    exact = ((1.959964 + 0.841621) / 0.25) ** 2
    assert found.low < exact < found.high
    assert (found.high - found.low) / exact < 0.2
    assert two_sided_power(0.25, 1 / np.sqrt(exact), 1e9) == pytest.approx(0.8, abs=1e-3)


def test_a_pool_says_when_no_size_is_enough_and_when_the_least_is():
    sizes = np.array([10, 20, 40])
    never = np.zeros((3, 50), bool)
    assert found_in(Pool(sizes, never), 0.8, 1).answer is None
    assert found_in(Pool(sizes, never), 0.8, 1).edge == ">="
    least = found_in(Pool(sizes, ~never), 0.8, 1)
    assert (least.answer, least.edge) == (10, "<=")


def test_a_study_that_allows_no_fit_is_counted_as_failed(study):
    asked = study(('about = "classes"\nclasses = ["friend", "kin"]', 'about = "episode"'))
    world = process(asked)
    questions = Trial(world, plan_of(asked)).asked
    nobody_ill = next(world.draw(2, range(1)))
    assert not analyse(questions[1], nobody_ill).converged.any()
    assert not analyse(questions[0], nobody_ill.first(1)).converged.any()


def test_a_plan_states_ceiling_by_teams_and_is_the_same_for_any_threads(study):
    plans = [
        plan_study(study(), seed=2, sizes=[30, 60], replicates=100, threads=threads)
        for threads in (1, 2)
    ]
    assert plans[0] == plans[1]
    assert any("ceiling by number of teams: 3 teams" in note for note in plans[0].notes)
    assert len(plans[0].truth_errors) == 3


PRICED = ("[[plan.question]]", "[plan.costs]\ninterview = 100\ntracing = 7\n[[plan.question]]")


def test_a_study_is_priced_by_the_interviews_it_held(study):
    found = plan_study(
        study((PRICED[0] + '\noutcome = "swemwbs"', PRICED[1] + '\noutcome = "swemwbs"')),
        seed=1,
        sizes=[20],
        replicates=20,
    )
    drawn = [
        simulate_study(read_scenario("usual-care"), study(), seed=1, replicate=r) for r in range(20)
    ]
    held = np.array([one.visits.attended.sum() for one in drawn])
    assert found.cost.spread.mean == pytest.approx((100 * held + 7 * (40 - held)).mean())
    assert found.cost.total == pytest.approx(100 * 36 + 7 * 4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("people_at_most = 60", "people_at_most = 200"), "frame holds 108, of whom about 87"),
        (("[recruitment]\n", "[recruitment]\nearlier = [[20, 20]]\n"), "68, of whom about 55"),
        (('outcome = "swemwbs"', 'outcome = "swemwsb"'), "swemwbs"),
        (BY_EGO, "belongs to staff, but egos are allocated one by one"),
        (("chance = 0.8", "chance = 1.0"), "cannot be asked for"),
        (('analysis = "gee_logit"', 'analysis = "mmrm"'), "what does: gee_logit"),
        (('about = "classes"\n', 'about = "slope"\n'), "has no meaning for ties_lost"),
        (('process = "world"', 'process = "panel"'), "give the table or leave it out"),
        (('scenario]\ncutback = "service-cutback"', 'scenario]\ncutback = "cut"'), "no scenario"),
    ],
)
def test_what_cannot_be_planned_is_refused(study, change, said):
    with pytest.raises(InputError, match=said):
        process(study(change))


def test_effects_of_scenarios_are_not_multiplied(study):
    with pytest.raises(InputError, match="follow"):
        world_process(study(), plan_of(study()), 1, 2.0)


def test_what_would_be_found_follows_from_the_error_of_the_estimates(study):
    found = plan_study(study(BY_EGO, ONE_ARM_ALIKE), seed=1, detect=30, replicates=40)
    notes = [note for note in found.notes if "takes a true value" in note]
    assert [point.n for point in found.curve] == [30]
    assert len(notes) == 3
    se = found.curve[0].measures[0]["empirical_se"].value
    least = smallest_found(se, 28, 0.8, 0.05)
    assert two_sided_power(least, se, 28) == pytest.approx(0.8, abs=1e-6)
    told = float(notes[0].split("true value of ")[1].split()[0])
    most = smallest_found(se, 17, 0.8, 0.05)  # a fifth stay away, and some have no score
    assert round(least, 2) <= told <= round(most, 2)
    narrow = ('analysis = "t_test"', 'analysis = "t_test"\nsuccess = "narrow"\nhalf_width = 3.0')
    with pytest.raises(InputError, match="success is significance"):
        plan_study(study(narrow), seed=1, detect=30)
