"""Plans for ties of people: power beside a simulation by hand, level, linking, words, refusals."""

import json
import tomllib

import numpy as np
import pytest
from scipy import special, stats

from analysis.attrition.dial import attrition
from analysis.planning.formulas.beside import closed_form
from analysis.planning.planner import plan_study
from analysis.planning.processes import process_of
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.words import result_in_words
from analysis.planning.validity.instead import alternatives
from analysis.planning.validity.measure import Checks
from analysis.planning.validity.null import without
from analysis.questions.of_study import plan_of
from analysis.trials.trial import Trial
from sim.errors import InputError
from sim.study.spec import parse_study

STUDIES = 10_000
TRIAL = """\
id = "ties"
title = "Do ties stay"
[recruitment]
n = 100
[arms]
unit = "ego"
share = { control = 1, treated = 1 }
[waves]
weeks = [0, 26, 52]
[participation]
retention = [0.9, 0.8]
[plan]
chance = 0.8
people_at_most = 1000
[[plan.question]]
outcome = "ties_lost"
analysis = "gee_share"
[plan.panel.ties]
number = 10
number_sd = 4
kept = 0.78
icc = 0.08
missed_links = 0.05
false_links = 0.02
[plan.panel.ties.effect]
treated = [0.08, 0.10]
"""
BY_ID = ("missed_links = 0.05\nfalse_links = 0.02\n", "")
COHORT = [
    ('[arms]\nunit = "ego"\nshare = { control = 1, treated = 1 }\n', ""),
    ("[plan.panel.ties.effect]\ntreated = [0.08, 0.10]\n", ""),
]


def made(*changes):
    text = TRIAL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse_study(tomllib.loads(text), "ties.toml")


def by_hand(n, studies, *, kept=(0.78, 0.88), missed=0.05, false=0.02, seed=11):
    """Shares of studies significant: numpy alone, with the sandwich of Kauermann and Carroll.

    People name 1 and a negative binomial number more, of mean 9 and SD 4.
    """
    rng = np.random.default_rng(seed)
    sizes, variance = (n // 2, n - n // 2), 0.0
    shares, df = [], []
    for size, mean in zip(sizes, kept, strict=True):
        m = 1 + rng.negative_binomial(9**2 / (16 - 9), 9 / 16, size=(studies, size))
        own = rng.beta(mean * 11.5, (1 - mean) * 11.5, size=m.shape)
        stays = rng.binomial(m, own)
        found = rng.binomial(stays, 1 - missed) + rng.binomial(m - stays, false)
        m = m * (rng.random(m.shape) < 0.8)
        lost = np.where(m > 0, m - found, 0)
        total = m.sum(axis=1, keepdims=True)
        share = lost.sum(axis=1, keepdims=True) / total
        residual = (lost - m * share) / np.sqrt(1 - m / total)
        variance = variance + (residual**2).sum(axis=1) / total[:, 0] ** 2
        shares.append(share[:, 0])
        df.append(total[:, 0] ** 2 / (m**2).sum(axis=1) - 1)
    t = (shares[1] - shares[0]) / np.sqrt(variance)
    return float((2 * stats.t.sf(np.abs(t), df[0] + df[1]) < 0.05).mean())


def run(study, analysis=None):
    plan = plan_of(study)
    if analysis:
        one = plan.question[0].model_copy(update={"analysis": analysis})
        plan = plan.model_copy(update={"question": (one,)})
    process = process_of(study, plan, 5)
    runs = Trial(process, plan, 2)
    return runs, closed_form(study, process, runs.asked[0])


@pytest.mark.verify
@pytest.mark.parametrize("n", [60, 124])
@pytest.mark.parametrize("links", [(0.05, 0.02), (0.0, 0.0)])
def test_power_is_that_of_a_simulation_by_hand(n, links):
    runs, form = run(made(*([] if any(links) else [BY_ID])))
    ours = runs.count(n, range(STUDIES)) / STUDIES
    theirs = by_hand(n, STUDIES, missed=links[0], false=links[1])
    error = np.sqrt(ours * (1 - ours) / STUDIES)
    assert abs(ours - theirs) < 3 * np.sqrt(2) * error
    assert abs(form.power(n) - theirs) < 0.02


@pytest.mark.verify
def test_where_nothing_is_to_be_found_as_little_is_by_hand():
    empty, _ = run(without(made(), plan_of(made()).question))
    ours = empty.count(124, range(STUDIES)) / STUDIES
    theirs = by_hand(124, STUDIES, kept=(0.78, 0.78))
    assert abs(ours - theirs) < 3 * np.sqrt(2 * 0.05 * 0.95 / STUDIES)


@pytest.mark.verify
@pytest.mark.parametrize("analysis", ["gee_share", "gee_logit"])
def test_levels_hold_at_the_planned_number(analysis):
    trial = made(('analysis = "gee_share"', f'analysis = "{analysis}"'))
    process = process_of(trial, plan_of(trial), 1)
    truths = [process.truth(one) for one in plan_of(trial).question]
    checks = Checks(1, threads=2, studies=STUDIES)
    found = checks.validity(trial, 126, truths)
    assert found.holds
    assert found.levels[0].type_i.value < 1.2 * 0.05
    assert found.off.icc
    assert not found.off.sd


@pytest.mark.parametrize("analysis", ["gee_share", "gee_logit"])
def test_the_formula_is_near_the_simulation(analysis):
    runs, form = run(made(), analysis)
    share = runs.count(120, range(2000)) / 2000
    assert form.caveat
    assert abs(form.power(120) - share) < 3 * np.sqrt(share * (1 - share) / 2000) + 0.01


def test_the_formula_is_the_textbook_one_with_one_number_of_members_and_many_people():
    """Donner and Klar 2000: z squared times p (1 - p) (1 + (m - 1) ICC) / m, in each arm."""
    alone = ("number_sd = 4\n", "")
    stay = ("retention = [0.9, 0.8]", "retention = [1.0, 1.0]")
    _, form = run(made(alone, BY_ID, stay))
    spread = sum(p * (1 - p) for p in (0.78, 0.88)) * (1 + 9 * 0.08) / 10
    z = (special.ndtri(0.975) + special.ndtri(0.9)) ** 2
    each = z * spread / 0.1**2
    assert form.power(2 * round(each)) == pytest.approx(0.9, abs=0.01)


def test_what_linking_leaves_is_what_is_estimated_and_is_said():
    runs, _ = run(made())
    fits = runs.fits([200], range(2000))[0][0]
    error = fits.estimate.std() / np.sqrt(2000)
    assert abs(fits.estimate.mean() + 0.93 * 0.1) < 4 * error
    found = plan_study(made(), seed=1, sizes=[120], replicates=300)
    words = result_in_words(found)
    assert "which leaves 0.93 of the difference: +0.093 of +0.1 in the share kept" in words
    assert "with members linked by an id, without error" in words
    assert "how often it succeeds is no merit" not in words
    by_id = result_in_words(plan_study(made(BY_ID), seed=1, sizes=[120], replicates=100))
    assert "linking misses" not in by_id


def test_people_by_id_are_those_of_the_plan_without_errors_of_linking():
    found = plan_study(made(), seed=1, sizes=[120], replicates=50)
    exact = plan_study(made(BY_ID), seed=1, sizes=[120], replicates=50)
    assert f"and {exact.beside[0].n} with members linked by an id" in " ".join(found.notes)
    assert exact.beside[0].n < found.beside[0].n


@pytest.mark.verify
def test_a_plan_finds_its_number_near_the_formula():
    found = plan_study(made(), seed=1, threads=2)
    assert found.found.answer == pytest.approx(found.beside[0].n, rel=0.06)
    assert found.validity.holds
    assert not found.is_barred


def test_other_analyses_of_the_shares_are_tried_and_no_others():
    trial = made()
    bad = Checks(1, studies=50).validity(trial, 40, [-0.1])
    level = bad.levels[0]
    wrong = level.type_i._replace(value=0.5)
    bad = type(bad)(40, 50, (type(level)(0.05, wrong, level.coverage),), None, None)
    names = [plan_of(one).question[0].analysis for one in alternatives(trial, bad)]
    assert names == ["gee_logit"]


def test_the_protocol_says_what_is_assumed_and_what_its_sources_are():
    sources = '[plan.sources]\nkept = "our pilot"\nlinks = "two people linked 60 maps by hand"\n'
    trial = made(("[plan.panel.ties]", f"{sources}[plan.panel.ties]"))
    found = plan_study(trial, seed=1, sizes=[120], replicates=60)
    words = " ".join(protocol_of(found).markdown.split())
    assert "a person names 10 members at baseline on average" in words
    assert "88 % by 52 weeks of them are named again in treated" in words
    assert "(two people linked 60 maps by hand)" in words
    assert "whether a tie of the first map is gone from the map at 52 weeks. This" in words
    assert "members are linked by an id, without error" in words
    assert "standard deviation at baseline" not in words


def test_what_was_settled_can_be_read_again():
    trial = made()
    again = parse_study(tomllib.loads(trial.to_toml()), "study.toml")
    assert plan_of(again).panel == plan_of(trial).panel
    assert json.loads(json.dumps(plan_of(trial).model_dump(mode="json")))


NARROW = (
    'analysis = "gee_share"',
    'about = "mean"\nanalysis = "kept_ties"\nsuccess = "narrow"\nhalf_width = 0.05',
)


def test_one_share_is_planned_for_its_precision_and_by_the_textbook():
    study = made(*COHORT, NARROW, BY_ID, ("number_sd = 4\n", ""))
    runs, form = run(study)
    assert runs.process.truth(plan_of(study).question[0]) == pytest.approx(0.78)
    spread = np.sqrt(0.78 * 0.22 * (1 + 9 * 0.08) / 10)
    seen = round((1.96 * spread / 0.05) ** 2)
    assert form.power(round(seen / 0.8)) == pytest.approx(0.5, abs=0.12)
    share = runs.count(80, range(2000)) / 2000
    assert share == pytest.approx(form.power(80), abs=0.06)
    fits = runs.fits([80], range(2000))[0][0]
    covered = ((fits.lo <= 0.78) & (fits.hi >= 0.78)).mean()
    assert covered == pytest.approx(0.95, abs=0.02)


def test_one_share_seen_through_errors_of_linking_bars_the_number_and_says_why():
    study = made(*COHORT, NARROW)
    found = plan_study(study, seed=1, sizes=[150], replicates=200)
    assert found.is_barred
    words = " ".join(found.notes)
    assert "so that 0.745 seem to be kept and 0.78 are" in words
    assert "the share seen can be set right" in words
    assert "(seen - false_links) / (1 - missed_links - false_links)" in words
    said = " ".join(protocol_of(found).markdown.split())
    assert "No further texts are written for a number that is not to be used." in said


def test_the_share_of_one_arm_is_that_arm_s():
    study = made((NARROW[0], f'{NARROW[1]}\narms = ["treated"]'))
    runs, form = run(study)
    assert runs.process.truth(plan_of(study).question[0]) == pytest.approx(0.88)
    assert form is not None
    both, none = run(made(NARROW))
    assert both.process.truth(plan_of(made(NARROW)).question[0]) == pytest.approx(0.83)
    assert none is None


MAR = ("retention = [0.9, 0.8]", 'retention = [0.9, 0.8]\nmechanism = "MAR"\nodds_ratio = 2')


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("kept = 0.78", "kept = [0.78]\n"), None),
        (("kept = 0.78", "kept = [0.8, 0.7, 0.6]"), r"ties\.kept: has 3 values, but the study"),
        (("treated = [0.08, 0.10]", "treated = [0.08]"), r"effect\.treated: has 1 value, but"),
        (("treated = [0.08, 0.10]", "treatd = [0.08, 0.10]"), 'no arm "treatd".*treated'),
        (("treated = [0.08, 0.10]", "treated = [0.08, 0.3]"), "share kept 1.08 at follow-up 2"),
        (("number_sd = 4", "number_sd = 9.5"), "number_sd is at most 9"),
        (("missed_links = 0.05", "missed_links = 0.99"), "sum to 1 or more"),
        (("[plan.panel.ties]", "[plan.panel]\nsd = 4\n[plan.panel.ties]"), "leave sd out"),
        (("[plan.panel.ties]", "[plan.panel.effect]\ntreated = [1, 1]\n[plan.panel.ties]"),
         "leave effect out"),
        (('analysis = "gee_share"', 'analysis = "hazard"'),
         "ask about those: gee_logit, gee_share"),
        (('analysis = "gee_share"', 'analysis = "gee_share"\nclasses = ["kin"]'), "of no class"),
        (('analysis = "gee_share"', 'analysis = "gee_share"\nabout = "episode"\n'
          'classes = ["kin"]'), "of no class"),
        (('outcome = "ties_lost"\nanalysis = "gee_share"', 'outcome = "swemwbs"\n'
          'analysis = "t_test"'), 'no "swemwbs"'),
        (("weeks = [0, 26, 52]\n[participation]\nretention = [0.9, 0.8]", "weeks = [0]"),
         "needs a wave after it"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(change, words):
    if words is None:
        assert plan_of(made(change)).panel.ties.kept == (0.78,)
        return
    with pytest.raises(InputError, match=words):
        made(change)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([MAR], "absence hang on a score"),
        ([('unit = "ego"', 'unit = "team"')], r'give arms\.unit = "ego"'),
        ([("treated = [0.08, 0.10]", "treated = [0.08, 0.0]")], r"give plan\.panel\.ties\.effect"),
    ],
)
def test_a_plan_that_cannot_be_made_is_refused_before_anything_runs(changes, words):
    with pytest.raises(InputError, match=words):
        plan_study(made(*changes), seed=1)


def test_absence_that_hangs_on_nothing_is_allowed_whatever_it_is_called():
    plain = ("retention = [0.9, 0.8]", 'retention = [0.9, 0.8]\nmechanism = "MAR"\nodds_ratio = 1')
    assert run(made(plain))[0].count(100, range(20)) >= 0


def test_neither_attrition_nor_multiples_of_an_effect_are_for_ties():
    with pytest.raises(InputError, match="leave --attrition out"):
        attrition(made(), 100, seed=1)
    with pytest.raises(InputError, match=r"other values of plan\.panel\.ties\.effect"):
        plan_study(made(), seed=1, detect=100)
