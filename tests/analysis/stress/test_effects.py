"""Planted effects: what is true is what was asked for, and nothing else changes."""

import numpy as np
import pytest

from analysis.stress.code import user_code
from analysis.stress.effect_words import effect_as_data, planted_in_words
from analysis.stress.effects import effect_of
from analysis.stress.planted_effect import planted_effect
from analysis.stress.result import spec_of_stress
from analysis.stress.run import Hands, rows_of_run, stress_run, truths_of
from analysis.stress.shared import ROOM, matrix_study
from analysis.stress.studies import studies_of
from analysis.stress.verdicts import FAILS
from analysis.stress.workers.hand import ON_HAND
from sim.data import tables
from sim.errors import InputError
from sim.study.reference import eligible_of_team, solved_absence
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study, read_study
from sim.study.tables import study_tables
from sim.world.kinds import Cause, Event, Group, Kind
from sim.world.scenario import read_scenario

WORLD = read_scenario("usual-care")
ADJUSTED = f"{ROOM / 'right.py'}:arms_adjusted"
HALVES = """
# estimates: d = difference swemwbs 52 more - usual; half = difference swemwbs 52 more - usual
# estimates: size = mean map_size 52
from analysis.stress.analyses.right import arms_adjusted, members_named
def fit(study):
    d = arms_adjusted(study)
    return {"d": d, "half": {name: d[name] / 2 for name in ("estimate", "lo", "hi")},
            "size": members_named(study)}
"""
D = "difference swemwbs"
ASKED = [f"{D} 52"]
EVERYBODY = {"n": 800, "interest": 1.0, "consent": 1.0}


def spec_with(code, study, effect, estimates=(), conditions=(), seed=1):
    return spec_of_stress(
        user_code(code), study, estimates=estimates, effect=effect, conditions=conditions, seed=seed
    )


def true_with(effect, estimates, worlds=8, study=None):
    """What is true of each term with an effect."""
    study = study or matrix_study()
    spec = spec_with(ADJUSTED, study, effect, estimates, ["effect"])
    return truths_of(spec, spec.effect.of(study), worlds)


def true_without(effect, estimates, worlds=8):
    """The same of the study as its file has it."""
    study = matrix_study()
    return truths_of(spec_with(ADJUSTED, study, effect, estimates, ["effect"]), study, worlds)


def simulated(study, **changes):
    """A study, with a change of what its file says."""
    return simulate_study(WORLD, parse_study({**study.resolved(), **changes}), seed=3, frame=False)


@pytest.fixture(scope="module", autouse=True)
def reference_cohort():
    """A team of the cohort that effects are solved on, which is the same for all, lives once."""
    lived = {}

    def lived_once(work, place):
        known = work.study.hash, work.lived.hash, work.key.tobytes(), place
        if known not in lived:
            lived[known] = eligible_of_team(work, place)
        return lived[known]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("analysis.stress.planting.eligible_of_team", lived_once)
        yield


@pytest.fixture(scope="module")
def trial():
    return matrix_study()


def told(study):
    """What the meaning of an effect depends on."""
    return study.arm_names, study.waves.weeks


def test_an_effect_is_said_in_a_few_words(trial):
    found = effect_of(" swemwbs 0.35 SD at 52 ", *told(trial))
    assert found[1:] == (("more", "usual"), "swemwbs", 0.35, 52, "linear")
    assert [found.share_at(week) for week in (0, 26, 52, 104)] == [0, 0.5, 1, 1]
    found = effect_of("symptoms -1SD at 26 step usual - more", *told(trial))
    assert found[1:] == (("usual", "more"), "symptoms", -1.0, 26, "step")
    assert [found.share_at(week) for week in (0, 26, 52)] == [0, 1, 1]
    assert effect_of("loss kin .5 log odds at 52", *told(trial))[1:] == (
        ("more", "usual"), "kin", 0.5, 52,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("swemwb 0.35 SD at 52", 'there is no scale "swemwb"; did you mean "swemwbs"?'),
        ("map_size 1 SD at 52", 'there is no scale "map_size"; known: swemwbs'),
        ("swemwbs 0.35 SD at 40", "the study has no wave after baseline at week 40; it has 26"),
        ("swemwbs 0.35 SD at 0", "no wave after baseline at week 0"),
        ("swemwbs 0.35 at 52", "is no effect; such as"),
        ("swemwbs nan SD at 52", "is no effect"),
        ("swemwbs 1 SD at 52 stp", 'did you mean "step"'),
        ("swemwbs 1 SD at 52 mor - usual", 'there is no arm "mor"; did you mean "more"?'),
        ("swemwbs 1 SD at 52 more - more", '"more" is both arms'),
        ("loss freind 1 log odds at 52", 'there is no class of ties "freind"'),
        ("loss professional 1 log odds at 52", "ties with staff end as staff leave"),
        ("loss friend 1 log odds at 52 step", '"step" is of scores'),
        ("loss friend 3 log odds at 52", "the world has it up to 0.6; at most 1.56 log odds"),
        ("swemwbs 3 SD at 52", "swemwbs has nothing above 35; at most 2.1"),
        ("swemwbs -4 SD at 52", "swemwbs has nothing below 7; at most -2."),
    ],
)
def test_what_has_no_meaning_or_cannot_be_is_refused(trial, said, message):
    with pytest.raises(InputError) as error:
        planted_effect(trial, WORLD, said)
    assert message in str(error.value)
    assert str(error.value).startswith(f'--effect "{said}": ')


def test_a_study_without_arms_is_refused(small_study):
    said = small_study.resolved()
    del said["arms"]
    with pytest.raises(InputError, match="the study has no arms"):
        planted_effect(parse_study(said), WORLD, "swemwbs 1 SD at 26")


def test_a_study_file_names_an_effect_and_the_command_has_the_last_word(trial):
    said = {**trial.resolved(), "stress": {"effect": "swemwbs 0.35 SD at 52", "zones": {"bias": 1}}}
    from_file, by_command = parse_study(said), "loss friend -0.5 log odds at 52"
    assert spec_with(ADJUSTED, trial, "", ASKED).effect is None
    asked = spec_with(ADJUSTED, trial, "swemwbs 0.35 SD at 52", ASKED)
    found = spec_with(ADJUSTED, from_file, "", ASKED)
    assert found.effect == asked.effect
    assert [one.condition for one in found.cases] == [one.condition for one in asked.cases]
    assert spec_with(ADJUSTED, from_file, by_command, ASKED).effect.asked.said == by_command
    assert parse_study(from_file.resolved()).hash == from_file.hash


TRIAL = """\
id = "small"
title = "Four people in one small team"
[recruitment]
n = 4
[waves]
weeks = [0, 4]
[participation]
retention = [0.75]
[arms]
share = { usual = 1, more = 1 }
[stress]
effect = "swemwbs 1 SD at 4"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1 SD at 4", "1 SD at 5", "the study has no wave after baseline at week 5; it has 4"),
        ("swemwbs 1", "swemwb 1", 'there is no scale "swemwb"; did you mean "swemwbs"?'),
        ("swemwbs 1 SD at 4", "much", '"much": is no effect; such as "swemwbs 0.35 SD at 52"'),
        ("[arms]\nshare = { usual = 1, more = 1 }\n", "", "the study has no arms"),
        ('"swemwbs 1 SD at 4"', "1", "must be"),
    ],
)
def test_a_wrong_effect_in_a_file_is_refused_with_file_and_line(tmp_path, old, new, message):
    file = tmp_path / "mine.toml"
    file.write_text(TRIAL)
    assert read_study(file).asked["stress"].effect == "swemwbs 1 SD at 4"
    assert old in TRIAL
    file.write_text(TRIAL.replace(old, new))
    lines = file.read_text().splitlines()
    line = 1 + next(n for n, one in enumerate(lines) if one.startswith("effect"))
    with pytest.raises(InputError) as error:
        read_study(file)
    assert str(error.value).startswith(f"mine.toml, line {line}, stress.effect: ")
    assert message in str(error.value)


def test_an_effect_of_a_file_for_which_there_is_no_room_says_where_it_stands(trial):
    said = {**trial.resolved(), "stress": {"effect": "swemwbs 3 SD at 52"}}
    with pytest.raises(InputError, match=r'^for-analyses, stress.effect: "swemwbs 3 SD at 52": '):
        spec_with(ADJUSTED, parse_study(said), "", ASKED)


def test_a_mean_differs_by_what_was_asked_and_by_half_halfway():
    asked = "swemwbs 0.35 SD at 52", (f"{D} 52", f"{D} 26", "slope swemwbs")
    found, without = true_with(*asked), true_without(*asked)
    planting = planted_effect(matrix_study(), WORLD, "swemwbs 0.35 SD at 52").planting
    assert planting.points == pytest.approx(0.35 * planting.sd)
    at = dict(zip(("week 52", "week 26", "slope"), found, strict=True))
    for when, share in (("week 52", 1), ("week 26", 0.5), ("slope", 1)):
        error = np.hypot(at[when].mcse, planting.difference_error)
        assert 0 < error < 0.05
        assert abs(at[when].value - share * planting.points) < 3 * error, when
    assert [one[:2] for one in without] == [(0, 0)] * 3


@pytest.mark.verify
def test_the_sd_is_that_of_everybody_eligible_in_other_worlds(trial):
    # false alarm 0.3 %: the SD that was solved on, against that of two hundred teams of other seeds
    planting = planted_effect(trial, WORLD, "swemwbs 0.35 SD at 52").planting
    said = {**trial.resolved(), "recruitment": EVERYBODY}
    seen = [
        simulate_study(WORLD, parse_study(said), seed=seed, interviews_only=True)
        for seed in range(30)
    ]
    scores = np.concatenate([one.scores[one.sample.egos["alive"][:, 2] > 0, 2, 0] for one in seen])
    sd, kurtosis = (
        np.nanstd(scores),
        np.nanmean(((scores - np.nanmean(scores)) / np.nanstd(scores)) ** 4),
    )
    error = sd * np.sqrt((kurtosis - 1) / (4 * np.isfinite(scores).sum()))
    assert abs(sd - planting.sd) < 3 * np.hypot(error, planting.sd_error)


def test_a_step_is_there_in_full_from_the_first_wave_after_baseline():
    found = true_with("reqol10 -0.5 SD at 52 step", ("difference reqol10 26", "slope reqol10"))
    planting = planted_effect(matrix_study(), WORLD, "reqol10 -0.5 SD at 52 step").planting
    for one in found:
        error = np.hypot(one.mcse, planting.difference_error)
        assert abs(one.value - planting.points) < 3 * error
    assert planting.points < 0


def test_near_the_end_of_a_scale_the_mean_is_still_what_was_asked():
    found = true_with("swemwbs 1.5 SD at 26", (f"{D} 26", f"{D} 26 error_free"))
    planting = planted_effect(matrix_study(), WORLD, "swemwbs 1.5 SD at 26").planting
    assert planting.at_end > 10 * planting.at_end_before  # of people, at the top
    error = np.hypot(found[0].mcse, planting.difference_error)
    assert abs(found[0].value - planting.points) < 3 * error
    assert planting.shift[0] > 1.5 / 0.9  # more of the latent than without an end
    assert found[1].value == pytest.approx(found[0].value, rel=0.05)


def test_no_score_leaves_its_scale_and_nothing_but_that_scale_changes(trial):
    plain = simulated(trial)
    put = simulated(planted_effect(trial, WORLD, "swemwbs 1.5 SD at 26").of(trial))
    mine = plain.sample.arm == 1
    found, usual = study_tables(put), study_tables(plain)
    for name in ON_HAND:
        new, old = (tables.build(name, one[name]) for one in (found, usual))
        for column in old.column_names:
            if column != "swemwbs":
                assert new[column].equals(old[column]), (name, column)
    assert np.array_equal(put.scores[~mine], plain.scores[~mine], equal_nan=True)
    assert np.array_equal(put.scores[:, 0], plain.scores[:, 0], equal_nan=True)
    gain = (put.scores - plain.scores)[mine][:, 1:, 0]
    assert np.nanmin(gain) >= 0
    assert np.nanmax(put.scores[..., 0]) <= 35


@pytest.mark.parametrize("effect", ["swemwbs 0 SD at 26", "loss friend 0 log odds at 26"])
def test_an_effect_of_0_gives_the_studies_of_no_effect_to_the_byte(small_study, effect):
    spec = spec_with(ADJUSTED, small_study, effect, [f"{D} 26"], ["no_effect", "effect"])
    given = {case.condition: found for case, found in studies_of(spec, 2)}
    for name in ON_HAND:
        assert given["no_effect"][name].equals(given["effect"][name])
    (found,) = true_with(effect, [f"{D} 26"], 2, study=small_study)
    assert found[:2] == (0, 0)


def test_drop_out_sees_the_scores_and_keeps_the_retention_of_each_arm(trial):
    rules = {"retention": [0.7, 0.6], "mechanism": "MAR", "odds_ratio": 4.0}
    with_it = planted_effect(trial, WORLD, "swemwbs -1.5 SD at 26").of(trial)
    study = simulated(with_it, participation=rules)
    dial, _ = solved_absence(study.study, study.lived)
    assert dial.expected[:, 1:] == pytest.approx(np.tile([0.7, 0.6], (2, 1)), abs=0.01)
    assert dial.intercept[1, 2] < dial.intercept[0, 2] - 0.3  # as many stay who are worse
    there = study.visits.attended[:, 1] & (study.sample.egos["alive"][:, 2] > 0)
    chance, score = study.visits.chance[there, 2], study.scores[there, 1, 0]
    for arm in (0, 1):
        mine = (study.sample.arm[there] == arm) & np.isfinite(score)
        assert np.corrcoef(chance[mine], score[mine])[0, 1] > 0.9


def test_a_study_with_an_effect_is_that_of_egocohort_simulate(small_study):
    for effect in ("swemwbs 0.8 SD at 26", "loss friend -2 log odds at 26"):
        spec = spec_with(ADJUSTED, small_study, effect, [f"{D} 26"], ["effect", "absence", "clean"])
        for case, given in studies_of(spec, 3):
            again = parse_study(case.study.resolved())
            found = study_tables(simulate_study(spec.world, again, seed=1, replicate=3))
            for name in ON_HAND:
                assert given[name].equals(tables.build(name, found[name])), (effect, name)


def test_every_condition_but_no_effect_and_clean_has_it(small_study):
    spec = spec_with(ADJUSTED, small_study, "swemwbs 0.8 SD at 26", [f"{D} 26"])
    without = {case.condition for case in spec.cases if case.study.arms.planted is None}
    assert without == {case.condition for case in spec.cases if not case.is_planted}
    assert without == {"no_effect", "clean"}
    lives = zip(spec.cases, spec.lives, strict=True)
    assert len({own for case, own in lives if case.condition != "teams"}) == 1


def test_the_effect_takes_the_place_of_what_arms_do_by_themselves(small_study):
    said = small_study.resolved()
    said["arms"]["scenario"] = {"usual": "network-intervention"}
    study = parse_study(said)
    effect = "swemwbs 0.8 SD at 26"
    spec = spec_with(ADJUSTED, study, effect, [f"{D} 26"], ["no_effect", "clean", "mar"])
    assert [bool(case.study.overlays) for case in spec.cases] == [False, True, False]
    assert spec.effect.planting == planted_effect(small_study, WORLD, effect).planting


def test_rows_of_another_effect_are_not_taken_up(write, small_study, tmp_path):
    code = write("def fit(study):\n    return dict(estimate=study.egos.swemwbs.mean(), lo=1, hi=9)")
    found = []
    for effect in ("swemwbs 0.2 SD at 26", "swemwbs 0.8 SD at 26"):
        spec = spec_with(code, small_study, effect, [f"{D} 26"], ["effect"])
        with Hands(spec) as hands:
            kept = stress_run(tmp_path, 1)
            found.append(rows_of_run(spec, hands, range(2), kept=kept)["estimate"].to_pylist())
    assert np.all(np.array(found[1]) > found[0])


def test_what_is_true_of_other_terms_has_the_effect_in_it_or_not():
    asked = ("mean swemwbs 52", "change swemwbs 52", "mean map_size 52", "mean loneliness 52")
    said = "swemwbs 1 SD at 52", asked, 4
    found, without = true_with(*said), true_without(*said)
    points = planted_effect(matrix_study(), WORLD, "swemwbs 1 SD at 52").planting.points
    for new, old in list(zip(found, without, strict=True))[:2]:  # half of the people have it
        assert new.value - old.value == pytest.approx(points / 2, abs=0.15)
    assert found[2:] == without[2:]


@pytest.fixture(scope="module")
def tested(tmp_path_factory, trial, judged_alone):
    """A right analysis, the same halved, and one of maps, on studies with an effect."""
    code = tmp_path_factory.mktemp("code") / "mine.py"
    code.write_text(HALVES)
    spec = spec_with(f"{code}:fit", trial, "swemwbs 0.8 SD at 52", (), ["no_effect", "effect"], 5)
    return judged_alone(spec, 24)


def test_a_right_analysis_finds_the_effect_and_one_that_halves_it_is_convicted(tested):
    assert tested.must == ("no_effect", "effect")
    found = {(one.trial.condition, one.trial.term): one for one in tested.judged}
    assert set(found) == {
        ("no_effect", "d"), ("no_effect", "half"),
        ("effect", "d"), ("effect", "half"), ("effect", "size"),
    }  # fmt: skip
    assert [key for key, one in found.items() if one.verdict == FAILS] == [("effect", "half")]
    assert found["effect", "half"].silent
    for term, share in (("d", 1), ("half", 0.5)):
        one = found["effect", term]
        assert found["no_effect", term].trial.truth.value == 0
        error = one.trial.rows.estimate.std() / np.sqrt(24)
        assert abs(one.mean_estimate - share * one.trial.truth.value) < 4 * error


def test_the_words_say_whose_sd_it_is_and_how_it_was_solved(tested):
    said, told = "\n".join(planted_in_words(tested)), effect_as_data(tested)
    assert f"more scores 0.8 SD ({told['points']:.2f} points) above usual" in said
    assert f"{told['sd']:.2f} ± {told['sd_error']:.2f}" in said
    assert "everybody eligible at week 52 where arms do nothing" in said
    assert f"{told['latent_shift_in_sd'][1]:g} SD of it at week 52" in said
    assert "No term" not in said
    assert tested.planted[0].value == pytest.approx(told["points"], abs=0.2)


@pytest.mark.verify
def test_a_right_analysis_covers_the_effect_under_drop_out_too(trial, judged_alone):
    # each verdict is false with a chance of 1 %; coverage within .03 of .95 has a z of 2.75, and no
    # bias is beyond 3.5 standard errors: together a false alarm in less than 1 of 12 seeds
    spec = spec_with(
        ADJUSTED, trial, "swemwbs 0.35 SD at 52", [f"{D} 52 more - usual"],
        ["no_effect", "effect", "mcar", "mar"], 21,
    )  # fmt: skip
    found = judged_alone(spec, 400)
    assert [one.trial.truth.value > 1 for one in found.judged] == [False, True, True, True]
    for one in found.judged:
        assert one.verdict != FAILS
        assert one.of("coverage").value == pytest.approx(0.95, abs=0.03)
        error = np.hypot(one.trial.rows.estimate.std() / np.sqrt(400), one.trial.truth.mcse)
        assert abs(one.mean_estimate - one.trial.truth.value) < 3.5 * error


def cut(study, arm):
    """Friend ties of an arm that one side ended in the first six weeks after baseline."""
    person, events = study.lives
    week = events["week"] - study.sample.weeks[person, 0]
    friends = np.array([one.group in (Group.FRIEND, Group.WEAK) for one in Kind])
    ended = (events["event"] == Event.TIE_ENDED) & friends[events["kind"]]
    ended &= np.isin(events["cause"], [Cause.EGO_CUT, Cause.ALTER_CUT])
    mine = (study.sample.arm[person] == arm) & (week > 0) & (week <= 6)
    return int((ended & mine).sum())


def test_ties_end_at_the_odds_that_were_asked_from_baseline_on(trial):
    # a few weeks, before those that end easily are gone; the error is that of two Poisson counts
    plain = parse_study({**trial.resolved(), "recruitment": EVERYBODY})
    put = planted_effect(trial, WORLD, "loss friend 1.5 log odds at 52").of(plain)
    counts = np.zeros((2, 2))
    for seed in range(6):
        lived = [simulate_study(WORLD, one, seed=seed, frame=False) for one in (plain, put)]
        counts += [[cut(one, arm) for arm in (0, 1)] for one in lived]
        assert lived[0].sample.members[:, 0].tobytes() == lived[1].sample.members[:, 0].tobytes()
    assert counts[0, 0] == counts[1, 0]
    error = np.sqrt((1 / counts[:, 1]).sum())
    assert error < 0.2
    assert abs(np.log(counts[1, 1] / counts[0, 1]) - 1.5) < 3 * error


def test_the_words_say_which_effect_on_ties_is_conditional_and_which_marginal(
    write, trial, judged_alone
):
    code = write("# estimates: n = mean n_friend 52\ndef fit(study):\n"
                 "    return dict(estimate=2, lo=1, hi=3)\n")  # fmt: skip
    spec = spec_with(code, trial, "loss friend -1 log odds at 52", (), ["effect"])
    found = judged_alone(spec, 2)
    told = effect_as_data(found)
    assert told["conditional_log_odds_a_week"] == -1
    assert -1 < told["marginal_log_odds_ratio"] < -0.3
    assert found.truths == found.planted
    assert len(found.truths) == 1
    said = "\n".join(planted_in_words(found))
    assert "Planted, conditional: from baseline to week 52" in said
    assert f"{told['marginal_log_odds_ratio']:.3f}" in said
    assert "No term compares arms" in said


def test_the_largest_odds_that_are_said_to_be_possible_are(trial):
    assert planted_effect(trial, WORLD, "loss friend 1.54 log odds at 52").overlay is not None
