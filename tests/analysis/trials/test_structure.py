"""Panels with other correlations and SDs, with covariates known at baseline, and with strata."""

import numpy as np
import pytest

from analysis.planning.formulas.beside import closed_form
from analysis.planning.planner import plan_study
from analysis.planning.report.protocol.document import protocol_of
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial
from sim.errors import InputError
from sim.study.spec import parse_study

FAR = 4.4
"""Standard errors: a right figure lies beyond once in a hundred thousand times."""
STUDIES = 1000
ALL_STAY = ("retention = [0.9, 0.8]", "retention = [1.0, 1.0]")
AR1 = ("correlation = 0.6", 'correlation = 0.6\nstructure = "ar1"')
MATRIX = ("correlation = 0.6", "correlations = [[0.7, 0.3], [0.5]]")
WIDER = ("correlation = 0.6", "correlation = 0.6\nsd_ratio = [1.1, 1.4]")
WIDER_TREATED = (
    "correlation = 0.6",
    "correlation = 0.6\n[plan.panel.sd_ratio]\ntreated = [1.2, 1.5]",
)
KNOWN = ("correlation = 0.6", "correlation = 0.6\ncovariate_r2 = 0.25")
STRATA = ("correlation = 0.6", "correlation = 0.6\nstrata = { share = [1, 3, 2], r2 = 0.2 }")
BOTH = ("correlation = 0.6", KNOWN[1] + STRATA[1].removeprefix("correlation = 0.6"))

GROUPS = "[plan.panel.clusters]\ntreated = { icc = 0.1, size = 5 }\n[plan.panel.effect]"
TEAMS = (
    "[plan.panel.effect]",
    "[plan.panel.clusters]\ncontrol = { icc = 0.05, size = 12 }\n"
    "treated = { icc = 0.05, size = 12 }\n[plan.panel.effect]",
)


def by(analysis, baseline=None):
    more = f'\nbaseline = "{baseline}"' if baseline else ""
    return ('analysis = "t_test"', f'analysis = "{analysis}"{more}')


def drawn(study, *changes, n=400, replicates=250):
    trial = study(*changes)
    process = panel_process(trial, plan_of(trial), 1)
    (batch,) = process.draw(n, range(replicates))
    return process, batch


def moments(process, batch, arm):
    mine = batch.y[:, batch.arm == arm].reshape(-1, 3)
    return mine.std(axis=0), np.corrcoef(mine.T), len(mine)


@pytest.mark.parametrize(
    ("changes", "correlations", "ratios"),
    [
        ((AR1,), (0.6, 0.36, 0.6), {0: (1, 1), 1: (1, 1)}),
        ((AR1, ("weeks = [0, 26, 52]", "weeks = [0, 13, 52]")), (0.6, 0.6**4, 0.6**3), {}),
        ((MATRIX,), (0.7, 0.3, 0.5), {0: (1, 1), 1: (1, 1)}),
        ((WIDER,), (0.6, 0.6, 0.6), {0: (1.1, 1.4), 1: (1.1, 1.4)}),
        ((WIDER_TREATED,), (0.6, 0.6, 0.6), {0: (1, 1), 1: (1.2, 1.5)}),
        ((KNOWN, by("mmrm")), (0.6, 0.6, 0.6), {0: (1, 1), 1: (1, 1)}),
        ((STRATA,), (0.6, 0.6, 0.6), {0: (1, 1), 1: (1, 1)}),
        ((BOTH, by("mmrm")), (0.6, 0.6, 0.6), {0: (1, 1), 1: (1, 1)}),
    ],
)
def test_sds_and_correlations_are_those_of_the_file(study, changes, correlations, ratios):
    process, batch = drawn(study, *changes, ALL_STAY)
    for arm in (0, 1):
        sd, found, people = moments(process, batch, arm)
        # what strata share is the same in each replicate, so it adds no error of its own
        expected = 4 * np.array([1, *ratios.get(arm, (1, 1))])
        assert (np.abs(sd - expected) < FAR * expected / np.sqrt(2 * people) + 0.01).all()
        pairs = found[[0, 0, 1], [1, 2, 2]]
        assert (np.abs(pairs - correlations) < FAR / np.sqrt(people) + 0.002).all()


def test_covariates_explain_their_share(study):
    process, batch = drawn(study, KNOWN, by("mmrm"), ALL_STAY)
    x = batch.known[:, :, 0]
    assert abs(x.mean()) < FAR / np.sqrt(x.size)
    for wave in (0, 1, 2):
        y = batch.y[:, :, wave] - process.truths[batch.arm, wave]
        r2 = np.corrcoef(x.ravel(), y.ravel())[0, 1] ** 2
        assert r2 == pytest.approx(0.25, abs=FAR * 2 * 0.5 * 0.75 / np.sqrt(x.size))


def test_arms_are_balanced_within_strata_of_their_parts(study):
    process, batch = drawn(study, STRATA, n=300, replicates=1)
    stratum = np.unique(process.model.offset[:300], return_inverse=True)[1]
    sizes = np.bincount(stratum)
    assert abs(sizes - 300 * np.array([1, 3, 2]) / 6).max() <= 1
    for n in (17, 60, 300):
        for one in range(3):
            mine = stratum[:n] == one
            assert abs(2 * batch.arm[:n][mine].sum() - mine.sum()) <= 1
    means = [process.model.offset[:300][stratum == one].mean() for one in range(3)]
    assert np.diff(means)[0] == pytest.approx(np.diff(means)[1])
    assert process.model.offset[:300].var() == pytest.approx(0.2 * 16, rel=0.01)


DESIGNS = {
    "ar1, repeated measures": (110, [AR1, by("mmrm", "constrained")]),
    "ar1, t test": (110, [AR1]),
    "matrix, repeated measures": (130, [MATRIX, by("mmrm", "free")]),
    "matrix, ancova": (110, [MATRIX, by("ancova")]),
    "matrix, equations": (110, [MATRIX, by("gee", "constrained")]),
    "wider, changes": (140, [WIDER, by("change_score")]),
    "wider, repeated measures": (140, [WIDER, by("mmrm", "constrained")]),
    "covariate, ancova": (80, [KNOWN, by("ancova")]),
    "covariate, repeated measures": (110, [KNOWN, by("mmrm", "free")]),
    "covariate, random intercept": (80, [KNOWN, by("random_intercept", "constrained")]),
    "wider, teams": (
        240,
        [WIDER, ALL_STAY, ('unit = "ego"', 'unit = "team"'), TEAMS, by("cluster_t")],
    ),
    "ar1, teams": (
        200,
        [AR1, ALL_STAY, ('unit = "ego"', 'unit = "team"'), TEAMS, by("cluster_t")],
    ),
    "strata, repeated measures": (110, [STRATA, by("mmrm", "free")]),
    "strata and covariate": (80, [BOTH, by("random_intercept", "free")]),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_closed_forms_agree_with_a_thousand_studies(study, name):
    n, changes = DESIGNS[name]
    trial = study(*changes)
    process = panel_process(trial, plan_of(trial), 11)
    asked = Trial(process, plan_of(trial))
    power = asked.successes(asked.fits([n], range(STUDIES))[0]).mean()
    expected = closed_form(trial, process, asked.asked[0]).power(n)
    assert 0.4 < expected < 0.95
    assert abs(power - expected) < 3 * np.sqrt(expected * (1 - expected) / STUDIES), (
        power, expected,
    )  # fmt: skip


def test_arms_of_two_sds_have_their_own_error_and_no_closed_form(study):
    trial = study(WIDER_TREATED, ALL_STAY)
    process = panel_process(trial, plan_of(trial), 5)
    asked = Trial(process, plan_of(trial))
    (fits,) = asked.fits([120], range(STUDIES))[0]
    assert closed_form(trial, process, asked.asked[0]) is None
    error = np.sqrt((16 + 36) / 60)
    assert abs(fits.estimate.std() - error) < 3 * error / np.sqrt(2 * STUDIES)
    assert abs(fits.estimate.mean() - 2) < 3 * error / np.sqrt(STUDIES)


def test_adjusting_for_strata_keeps_the_level_that_a_t_test_falls_short_of(study):
    none = ("treated = [0.25, 0.5]", "treated = [0.0, 0.0]")
    strong = ("r2 = 0.2", "r2 = 0.5")
    found = {}
    for analysis in ("t_test", "random_intercept"):
        trial = study(STRATA, strong, none, ALL_STAY, by(analysis))
        asked = Trial(panel_process(trial, plan_of(trial), 7), plan_of(trial))
        found[analysis] = asked.successes(asked.fits([60], range(2000))[0]).mean()
    error = np.sqrt(0.05 * 0.95 / 2000)
    assert abs(found["random_intercept"] - 0.05) < 3 * error
    assert found["t_test"] < 0.05 - 4 * error


@pytest.mark.parametrize("mechanism", ["MCAR", "MAR", "MNAR-outcome", "MNAR-state"])
@pytest.mark.parametrize("change", [AR1, WIDER_TREATED, BOTH])
def test_retention_is_the_study_s(study, mechanism, change):
    how = f'retention = [0.9, 0.8]\nmechanism = "{mechanism}"\nodds_ratio = 3'
    trial = study(("retention = [0.9, 0.8]", how), change, by("mmrm"))
    process = panel_process(trial, plan_of(trial), 1)
    (batch,) = process.draw(300, range(100))
    for arm in (0, 1):
        there = np.isfinite(batch.y[:, batch.arm == arm])
        for wave, kept in ((1, 0.9), (2, 0.8)):
            assert abs(there[:, :, wave].mean() - kept) < FAR * np.sqrt(kept / 15_000) + 0.005


def test_a_study_is_the_same_however_much_else_is_drawn(study):
    trial = study(BOTH, by("mmrm"))
    process = panel_process(trial, plan_of(trial), 1)
    (whole,) = process.draw(120, range(40))
    (alone,) = process.draw(50, range(30, 32))
    first = whole.first(50)
    assert np.array_equal(first.y[30:32], alone.y, equal_nan=True)
    assert np.array_equal(first.known[30:32], alone.known)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([("correlation = 0.6", "correlations = [[0.9, 0.1], [0.9]]")], "not positive definite"),
        ([("correlation = 0.6", "correlations = [[0.9, 0.1]]")], "each row is one shorter"),
        ([("correlation = 0.6", "correlations = [[0.5]]")], "is of 2 waves, but there are 3"),
        (
            [("correlation = 0.6", "correlation = 0.5\ncorrelations = [[0.6, 0.5], [0.6]]")],
            "leave correlation and structure out",
        ),
        ([(AR1[0], AR1[1] + "\nslope_sd = 1")], "and not both"),
        ([(AR1[0], AR1[1].replace("ar1", "ar2"))], "structure"),
        ([(WIDER[0], WIDER[1].replace("1.1, 1.4", "1.1"))], "has 1 value, but the study has"),
        ([(WIDER_TREATED[0], WIDER_TREATED[1].replace("treated", "treat"))], 'no arm "treat"'),
        ([KNOWN], "no question adjusts for covariates; these analyses do: ancova"),
        (
            [STRATA, ("[plan.panel.effect]", GROUPS)],
            "leave strata or clusters out",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(study, changes, message):
    with pytest.raises(InputError) as caught:
        study(*changes)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        [(KNOWN[0], KNOWN[1].replace("0.25", "0.7")), by("mmrm")],
        [
            ("correlation = 0.6", "correlations = [[0.3, 0.2], [0.3]]\ncovariate_r2 = 0.7"),
            by("mmrm"),
        ],
        [(STRATA[0], STRATA[1].replace("r2 = 0.2", "r2 = 0.61"))],
    ],
)
def test_what_is_known_cannot_be_more_than_waves_share(study, changes):
    trial = study(*changes)
    with pytest.raises(InputError, match="the same at all waves"):
        panel_process(trial, plan_of(trial), 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (AR1, "correlation of 0.6 between the first two measurements of one person"),
        (MATRIX, "correlations of 0.7 (weeks 0 and 26), 0.3 (weeks 0 and 52) and 0.5 (weeks 26"),
        (WIDER, "1.1 times that at 26 weeks and 1.4 times that at 52 weeks"),
        (WIDER_TREATED, "in treated 1.2 times that at 26 weeks and 1.5 times that at 52 weeks"),
        (KNOWN, "Covariates known at baseline explain 25 % of the variance"),
        (STRATA, "stratified, in 3 strata of 17, 50 and 33 % of the people"),
    ],
)
def test_the_protocol_says_what_is_assumed(study, change, said):
    found = plan_study(study(change, by("mmrm")), seed=1, sizes=[60], replicates=20)
    assert said in protocol_of(found).markdown


@pytest.mark.verify
def test_a_model_that_takes_waves_for_other_than_they_are_is_named_and_has_no_formula(study):
    steep = ("correlation = 0.6", 'correlation = 0.85\nstructure = "ar1"')
    five = ("weeks = [0, 26, 52]", "weeks = [0, 13, 26, 39, 52]")
    more = (("[0.25, 0.5]", "[0.1, 0.2, 0.4, 0.5]"), ("[0.9, 0.8]", "[1.0, 1.0, 1.0, 1.0]"))
    slope = by("random_intercept")[1] + '\nabout = "slope"'
    even = ("[0.1, 0.2, 0.4, 0.5]", "[0.1, 0.2, 0.3, 0.4]")
    for name, is_wrong in (("random_intercept", True), ("random_slope", False)):
        asks = ('analysis = "t_test"', slope.replace("random_intercept", name))
        trial = study(steep, five, *more, even, asks)
        found = plan_study(trial, seed=1, sizes=[100], replicates=600)
        assert found.beside == (None,)
        notes = [one for one in found.notes if "too small" in one]
        assert bool(notes) == is_wrong
    right = plan_study(study(by("mmrm"), AR1), seed=1, sizes=[100], replicates=600)
    assert right.beside[0] is not None
    assert not [one for one in right.notes if "standard errors of" in one]


def test_a_ratio_that_no_scale_allows_is_refused(study):
    with pytest.raises(InputError, match="can vary: at most 14"):
        study((WIDER[0], WIDER[1].replace("1.4", "4.0")))


@pytest.mark.parametrize("change", [AR1, MATRIX, WIDER, WIDER_TREATED, BOTH])
def test_a_study_with_nothing_left_open_is_read_as_the_same(study, change):
    trial = study(change, by("mmrm"))
    again = parse_study(trial.resolved(), "again")
    assert plan_of(again).panel == plan_of(trial).panel
    assert plan_of(again).question == plan_of(trial).question


@pytest.mark.parametrize("change", [AR1, MATRIX, WIDER])
def test_other_schedules_need_waves_that_correlate_alike(study, change):
    choices = "[plan.choices]\nweeks = [[0, 26, 52], [0, 52]]\n[plan.costs]\ninterview = 65\n"
    with pytest.raises(InputError, match="says nothing of correlations and SDs at other waves"):
        study(change, ("[plan.panel.effect]", f"{choices}[plan.panel.effect]"))
    study(("[plan.panel.effect]", f"{choices}[plan.panel.effect]"))
