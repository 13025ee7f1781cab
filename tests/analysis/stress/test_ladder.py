"""Where a bias comes from: each cause shows in the step that is named for it, and in no other."""

from collections import defaultdict
from functools import partial

import numpy as np
import pyarrow as pa
import pytest

from analysis.stress.asked import estimated_by
from analysis.stress.code import user_code
from analysis.stress.ladder import NO_ANSWER, STEPS, ladders_of
from analysis.stress.ladder_figure import OF_STEPS
from analysis.stress.ladder_words import whence
from analysis.stress.plain_reader import interviews_read
from analysis.stress.result import spec_of_stress
from analysis.stress.rungs import Rungs, rungs_of
from analysis.stress.studies import studies_of
from analysis.stress.verdicts import FAILS, HOLDS, Judgement, Tried
from analysis.stress.workers.hand import ON_HAND
from analysis.worlds.census import Truth, value_in
from sim.data import serialise, tables
from sim.study.estimands import ladder
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study
from sim.study.tables import study_tables
from sim.world.scenario import read_scenario
from tests.analysis.stress.conftest import SMALL

CODE = "def fit(study): ...\n"
TERMS = ("mean swemwbs 26", "mean map_size 26", "kept friend 26", "difference swemwbs 26")
NAMED = ("clean", "mnar", "forgotten", "duplicates")
STUDIES = 6


@pytest.fixture(scope="module")
def rungs(tmp_path_factory):
    """Rungs by condition and term, (studies, 4), of a study of forty people."""
    code = tmp_path_factory.mktemp("code") / "mine.py"
    code.write_text(CODE)
    study = parse_study({**SMALL, "recruitment": {"n": 40}, "waves": {"weeks": [0, 26]}})
    spec = spec_of_stress(
        user_code(f"{code}:fit"), study, estimates=TERMS, conditions=NAMED, seed=11
    )
    found = defaultdict(list)
    for replicate in range(STUDIES):
        for case, given in studies_of(spec, replicate):
            files = given if case.condition == "duplicates" else None
            values = rungs_of(spec.asked.questions, study, given.study, files)
            for words, one in zip(TERMS, values, strict=True):
                found[case.condition, words].append(one)
    return {key: np.array(one) for key, one in found.items()}


def steps_of(found):
    return np.diff(found, axis=1).T


@pytest.mark.parametrize("words", TERMS)
def test_nothing_happens_where_everybody_comes_and_nothing_is_forgotten(rungs, words):
    participants, attending, elicited, collected = rungs["clean", words].T
    assert np.isfinite(participants).all()
    np.testing.assert_array_equal(participants, attending)
    np.testing.assert_array_equal(attending, elicited)
    assert np.isnan(collected).all()


def test_who_stays_away_shows_as_absence(rungs):
    absence, measurement, _ = steps_of(rungs["mnar", "mean swemwbs 26"])
    assert absence.mean() > 0.2
    np.testing.assert_array_equal(measurement, 0)


def test_forgotten_members_show_as_measurement(rungs):
    absence, measurement, _ = steps_of(rungs["forgotten", "mean map_size 26"])
    np.testing.assert_array_equal(absence, 0)
    assert (measurement < -0.3).all()
    absence, measurement, _ = steps_of(rungs["forgotten", "kept friend 26"])
    np.testing.assert_array_equal(absence, 0)
    assert measurement.mean() < -0.03
    np.testing.assert_array_equal(steps_of(rungs["forgotten", "mean swemwbs 26"])[1], 0)


def test_members_entered_twice_show_as_errors_of_files(rungs):
    absence, measurement, files = steps_of(rungs["duplicates", "mean map_size 26"])
    np.testing.assert_array_equal(absence, 0)
    np.testing.assert_array_equal(measurement, 0)
    assert files.min() >= 0
    assert files.mean() > 0.05
    np.testing.assert_array_equal(steps_of(rungs["duplicates", "mean swemwbs 26"])[2], 0)


@pytest.fixture(scope="module")
def lived(small_study):
    """The small study, as it took place."""
    return simulate_study(read_scenario("usual-care"), small_study, seed=3)


@pytest.mark.parametrize(
    ("words", "estimand", "item"),
    [
        ("mean swemwbs latent 26", "score_mean", "swemwbs"),
        ("change reqol10 latent 26", "score_change", "reqol10"),
        ("mean map_size error_free 26", "map_size", "all"),
        ("mean n_kin error_free 26", "map_size", "kin"),
        ("kept friend error_free 26", "map_loss", "friend"),
        ("kept error_free 26", "map_loss", "all"),
    ],
)
def test_rungs_are_those_of_the_truth_of_a_bundle(write, small_study, lived, words, estimand, item):
    asked = estimated_by(small_study, user_code(write(CODE)), [words])
    (mine,) = rungs_of(asked.questions, small_study, lived, None)
    rows = tables.build("truth/ladder", ladder(lived, lived.frame)).to_pylist()
    theirs = {
        row["rung"]: row["value"]
        for row in rows
        if (row["estimand"], row["item"], row["arm"], row["wave"]) == (estimand, item, "all", 2)
    }
    values = [theirs[name] for name in
              ("participants_true", "attending_true", "attending_elicited")]  # fmt: skip
    if estimand == "map_loss":
        values = [1 - one for one in values]
    assert mine[:3] == pytest.approx(values, abs=1e-6)


def test_files_without_errors_say_what_interviews_recorded(write, small_study, lived):
    words = [
        "mean hccq 26", "change swemwbs 26", "kept 26", "kept professional 26", "mean diversity 26",
        "mean share_professional 0", "mean members_added 26", "mean members_dropped 26",
    ]  # fmt: skip
    asked = estimated_by(small_study, user_code(write(CODE)), words)
    found = study_tables(lived)
    plain = {name: tables.build(name, found[name]) for name in ON_HAND}
    spelled = {name: serialise.csv_bytes(name, one) for name, one in plain.items()}
    semicolons = {
        name: data.replace(b".", b"#").replace(b",", b";").replace(b"#", b",")
        for name, data in spelled.items()
    }
    for files in (plain, spelled, semicolons):
        for one in rungs_of(asked.questions, small_study, lived, files):
            assert one.collected == one.elicited


def test_what_the_files_do_not_have_is_no_rung(write, small_study, lived):
    asked = estimated_by(
        small_study, user_code(write(CODE)), ["mean had_episode 26", "mean service_contacts 26"]
    )
    found = study_tables(lived)
    plain = {name: tables.build(name, found[name]) for name in ON_HAND}
    for one in rungs_of(asked.questions, small_study, lived, plain):
        assert np.isfinite(one.elicited)
        assert np.isnan(one.collected)


def test_a_reader_takes_files_as_they_stand(small_study):
    files = {
        "persons": b"ego_pid,arm\nA,usual\nB,more\n",
        "egos": b"ego_pid,wave,swemwbs,reqol10,hccq,symptom_score,loneliness_score\n"
        b"A,1,20,30,-7,1,99\nA,2,22,x,4,1,2\nA,2,99,9,9,9,9\nB,1,NA,30,4,1,2\nB,7,25,1,1,1,1\n"
        b"C,1,25,1,1,1,1\n",
        "alters": b"ego_pid,wave,alter_id,tie_class\nA,1,p,friend\nA,1,p,friend\nA,1,q,kin\n"
        b"A,2,p,friend\nA,2,r,other\nB,2,s,kin\n",
    }
    seen = interviews_read(files, small_study, ["swemwbs", "map_size", "ties_lost"])
    assert seen.arm.tolist() == [0, 1]
    assert seen.attended.tolist() == [[True, True], [True, False]]
    np.testing.assert_array_equal(seen.values["swemwbs"], [[20, 22], [np.nan, np.nan]])
    np.testing.assert_array_equal(seen.values["hccq"], [[np.nan, 4], [4, np.nan]])
    np.testing.assert_array_equal(seen.values["loneliness"], [[99, 2], [2, np.nan]])
    np.testing.assert_array_equal(seen.values["map_size"], [[3, 2], [0, np.nan]])
    np.testing.assert_array_equal(seen.values["n_friend"], [[2, 1], [0, np.nan]])
    np.testing.assert_array_equal(seen.ties.lost[0, :, 1], [0, 0, 1])
    assert np.isnan(seen.ties.lost[1]).all()


def test_an_arm_of_nobody_has_no_value(write, small_study, lived):
    (question,) = estimated_by(
        small_study, user_code(write(CODE)), ["difference swemwbs 26"]
    ).questions
    found = study_tables(lived)
    files = {name: tables.build(name, found[name]) for name in ON_HAND}
    seen = interviews_read(files, small_study, ["swemwbs"])
    assert np.isfinite(value_in(question, small_study, seen))
    assert np.isnan(value_in(question, small_study, seen.only(seen.arm == 0)))


def table_of(columns, condition="clean"):
    n = len(columns["estimate"])
    return pa.table({
        "condition": [condition] * n, "replicate": np.arange(n), "world": np.arange(n),
        "term": ["m"] * n,
        "status": columns.pop("status", ["usable"] * n),
        **{name: columns.get(name, np.full(n, np.nan)) for name in (*Rungs._fields, "estimate")},
    })  # fmt: skip


TRUE = Truth(1.0, 0.1, 5)


def judged(rows, n, truth=TRUE, condition="clean", verdict=FAILS, broken=("bias",)):
    trial = Tried(condition, "m", rows(n), truth, compares=False, must=False)
    return Judgement(trial, verdict, n, (), broken, 0.0, wasteful=False)


def test_steps_add_up_to_the_bias_with_the_errors_of_pairs(rows):
    draw = np.random.default_rng(1)
    names = ("participants", "attending", "elicited", "collected", "estimate")
    columns = dict(zip(names, draw.normal(size=(5, 40)).cumsum(axis=0), strict=True))
    (found,) = ladders_of(table_of(dict(columns)), [judged(rows, 40)])
    assert [one.name for one in found.steps] == [
        "recruitment", "absence", "measurement", "file errors", "analysis",
    ]  # fmt: skip
    assert sum(one.value for one in found.steps) == pytest.approx(found.bias, abs=1e-12)
    assert found.bias == pytest.approx(columns["estimate"].mean() - 1.0)
    paired = columns["elicited"] - columns["attending"]
    assert found.steps[2].mcse == pytest.approx(paired.std(ddof=1) / np.sqrt(40))
    first = np.hypot(columns["participants"].std(ddof=1) / np.sqrt(40), 0.1)
    assert found.steps[0].mcse == pytest.approx(first)


def test_a_step_that_a_term_has_not_is_left_out_and_not_nothing(rows):
    values = np.arange(10.0)
    columns = {"participants": values, "attending": values, "elicited": values, "estimate": values}
    (found,) = ladders_of(table_of(columns), [judged(rows, 10)])
    assert [one.name for one in found.steps][-2:] == ["measurement", "analysis"]
    assert not ladders_of(table_of({"estimate": values}), [judged(rows, 10)])


def test_studies_without_an_answer_or_a_rung_are_left_out_and_counted(rows):
    values = np.arange(6.0)
    attending = np.array([0, 1, np.nan, 3, 4, 5])
    columns = {
        "participants": values, "attending": attending, "elicited": values, "estimate": values + 1,
        "status": ["usable"] * 5 + ["crashed"],
    }  # fmt: skip
    (found,) = ladders_of(table_of(columns), [judged(rows, 6)])
    assert (found.studies, found.usable) == (4, 5)
    assert found.steps[-1].value == 1.0
    assert "no answer" in [one.name for one in found.steps]
    (first,) = ladders_of(table_of({**columns}), [judged(rows, 2)])
    assert first.studies == 2
    assert "no answer" not in [one.name for one in first.steps]


def test_an_analysis_that_answers_where_it_likes_is_seen(rows):
    draw = np.random.default_rng(7)
    people = draw.normal(1.0, 1.0, 200)
    columns = {"participants": people, "attending": people, "elicited": people, "estimate": people}
    status = ["usable" if one > 1 else "crashed" for one in people]
    columns["estimate"] = np.where(people > 1, people, np.nan)
    (found,) = ladders_of(table_of({**columns, "status": status}), [judged(rows, 200)])
    steps = {one.name: one for one in found.steps}
    assert steps["no answer"].value == pytest.approx(people[people > 1].mean() - people.mean())
    assert steps["recruitment"].value == pytest.approx(people.mean() - 1.0)
    assert sum(one.value for one in found.steps) == pytest.approx(found.bias)
    assert [one.name for one in found.causes] == ["no answer"]
    (said,) = whence([judged(rows, 200)], [found], {"clean": "where nobody stays away"}, 0.25)
    assert "comes of which studies have an answer" in said
    assert said.endswith(": mend what ends without an answer")
    half = draw.random(200) < 0.5
    columns["estimate"] = np.where(half, people, np.nan)
    status = ["usable" if one else "crashed" for one in half]
    (found,) = ladders_of(table_of({**columns, "status": status}), [judged(rows, 200)])
    assert not next(one for one in found.steps if one.name == "no answer").is_sure


def test_one_answer_for_every_study_has_no_spread(rows):
    people = np.linspace(0, 1, 9)
    columns = {"participants": people, "estimate": np.full(9, 0.1)}
    columns["estimate"][::2] = np.nextafter(0.1, 1)
    (found,) = ladders_of(table_of(columns), [judged(rows, 9)])
    assert found.spread == 0


def test_every_step_has_a_colour():
    assert set(OF_STEPS) == {*STEPS.values(), NO_ANSWER}


@pytest.fixture
def said_of(rows, write, small_study):
    """Says where a bias comes from."""
    code = user_code(write(CODE))
    named = ["clean", "mnar", "forgotten", "mnar+forgotten"]
    spec = spec_of_stress(code, small_study, estimates=TERMS[:1], conditions=named, seed=1)
    return partial(words_of, rows, spec)


def words_of(rows, spec, condition, *, steps, verdict=FAILS, broken=("bias",)):
    """The words for a ladder whose steps have these means, with errors of a hundredth."""
    draw = np.random.default_rng(3)
    noise = [draw.normal(0, 0.1, 100) for _ in steps]
    added = [step + one - one.mean() for step, one in zip(steps, noise, strict=True)]
    names = ("participants", "attending", "elicited", "estimate")
    columns = dict(zip(names, np.cumsum(added, axis=0), strict=True))
    one = judged(rows, 100, Truth(0.0, 0.0, 5), condition, verdict, broken)
    return whence([one], ladders_of(table_of(columns, condition), [one]), spec.conditions, 0.25)


def test_words_say_what_to_mend(said_of):
    (said,) = said_of("forgotten", steps=(0.0, 0.0, 0.5, 0.0))
    assert "of the bias of +0.50, +0.50 ± 0.01 comes of how it was recorded" in said
    assert '(the error "forgotten")' in said
    assert said.endswith("mend how it is recorded, not the analysis")
    (said,) = said_of("mnar+forgotten", steps=(0.0, 0.0, 0.5, 0.0))
    assert '(the error "forgotten")' in said
    (said,) = said_of("mnar", steps=(0.0, -0.5, 0.0, 0.1))
    assert "bias of -0.40, -0.50 ± 0.01 comes of who stayed away, +0.10 ± 0.01 of the" in said
    assert "keep people in the study" in said
    (said,) = said_of("clean", steps=(0.0, 0.0, 0.0, 0.5))
    assert said.endswith("mend the analysis")
    (said,) = said_of("forgotten", steps=(0.0, 0.0, 0.3, 0.5))
    assert said.endswith(": mend the analysis, and mend how it is recorded")
    (said,) = said_of("clean", steps=(0.02, 0.0, 0.0, 0.0))
    assert said.endswith("more studies tell")


def test_words_are_of_failures_by_bias_alone(said_of):
    assert not said_of("clean", steps=(0.0, 0.0, 0.0, 0.5), verdict=HOLDS)
    assert not said_of("clean", steps=(0.0, 0.0, 0.0, 0.0), broken=("coverage",))
    assert said_of("clean", steps=(0.0, 0.0, 0.0, 0.5), broken=("coverage",))
