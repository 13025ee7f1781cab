"""Ties of a planned panel: the law they are drawn from, and what an address keeps fixed."""

import numpy as np
import pytest
from scipy import special, stats

from analysis.estimators.catalogue import analysis
from analysis.questions.of_study import plan_of
from analysis.questions.ties import PanelTies
from analysis.trials.panel_ties import tie_panel_process
from analysis.trials.tie_law import kept_by_place, named_at_first
from analysis.trials.trial import Trial

FAR = 4.4
"""Standard errors: a right figure lies beyond once in a hundred thousand times."""
TIES = """\
[plan.panel.ties]
number = 7
number_sd = 3
kept = [0.8, 0.7]
icc = 0.15
missed_links = 0.06
false_links = 0.04
[plan.panel.ties.effect]
treated = [0.05, 0.12]
"""
OF_TIES = (
    (
        '[plan.panel]\noutcome = "swemwbs"\nmean = 19\nsd = 4\ncorrelation = 0.6\n'
        "[plan.panel.effect]\ntreated = [0.25, 0.5]\n",
        TIES,
    ),
    ('outcome = "swemwbs"\nanalysis = "t_test"', 'outcome = "ties_lost"\nanalysis = "gee_share"'),
)


def drawn(study, n, replicates, seed=3):
    process = tie_panel_process(study, plan_of(study), seed)
    parts = [one.ties for one in process.draw(n, replicates)]
    return process, *(np.concatenate(each) for each in zip(*parts, strict=True))


def alike(lost, named):
    """Moment estimate of the intraclass correlation from counts, over pairs of ties of a person."""
    share = lost.sum() / named.sum()
    both = (lost - named * share) ** 2 - lost * (1 - share) ** 2 - (named - lost) * share**2
    return both.sum() / (named * (named - 1)).sum() / (share * (1 - share))


def test_shares_likeness_and_numbers_are_those_of_the_study_file(study):
    process, named, lost = drawn(study(*OF_TIES), 600, range(500))
    assert named.min() >= 1
    assert named.mean() == pytest.approx(7, abs=FAR * 3 / np.sqrt(named.size))
    assert named.std() == pytest.approx(3, rel=0.01)
    for a, shares in enumerate(((0.8, 0.7), (0.85, 0.82))):
        mine = process.arm[:600] == a
        for wave, kept in enumerate(shares, start=1):
            there = np.isfinite(lost[:, mine, wave])
            k, m = lost[:, mine, wave][there], named[:, mine][there]
            seen = process.law.linked(kept)
            error = np.sqrt(seen * (1 - seen) * (1 + 8 * 0.15) / m.sum())
            assert abs(k.sum() / m.sum() - (1 - seen)) < FAR * error
            assert alike(k, m) == pytest.approx(process.law.linked_icc(kept), abs=0.004)
            retained = (0.9, 0.8)[wave - 1]
            assert there.mean() == pytest.approx(retained, abs=FAR / np.sqrt(4 * there.size))


def test_without_errors_of_linking_what_is_lost_stays_lost(study):
    exact = ("missed_links = 0.06\nfalse_links = 0.04\n", "")
    _, _, lost = drawn(study(*OF_TIES, exact), 200, range(50))
    both = np.isfinite(lost).all(axis=-1)
    assert (lost[both][:, 2] >= lost[both][:, 1]).all()
    assert (lost[..., 0] == 0).all()


def test_a_person_s_share_is_beta_and_their_ties_beta_binomial():
    places = kept_by_place(0.7, 0.2)
    a, b = 0.7 * 4, 0.3 * 4
    assert places.mean() == pytest.approx(0.7, abs=1e-9)
    assert places.var() == pytest.approx(0.2 * 0.7 * 0.3, rel=1e-4)
    middle = stats.beta.ppf((np.arange(places.size) + 0.5) / places.size, a, b)
    assert np.abs(places - middle)[5:-5].max() < 1e-4
    k = np.arange(6)
    law = stats.binom.pmf(k[:, None], 5, places).mean(axis=1)
    assert law == pytest.approx(stats.betabinom.pmf(k, 5, a, b), abs=1e-6)


@pytest.mark.parametrize(("number", "sd"), [(10, 4), (3.5, 1), (9.25, 0), (1, 0), (2, 1)])
def test_members_named_have_the_mean_and_the_sd_of_the_study_file(number, sd):
    found = named_at_first(PanelTies(number=number, number_sd=sd, kept=0.5, icc=0.1))
    counts = np.arange(found.chances.size)
    assert found.chances.sum() == pytest.approx(1)
    assert found.chances[0] == pytest.approx(0)
    assert found.mean == pytest.approx(number, abs=1e-9)
    spread = np.sqrt(found.chances @ (counts - found.mean) ** 2)
    assert spread == pytest.approx(sd or np.sqrt(number % 1 * (1 - number % 1)), abs=0.06)
    assert found.weighted_mean == pytest.approx((spread**2 + number**2) / number)


def test_a_study_is_the_same_however_much_else_is_drawn(study):
    trial = study(*OF_TIES)
    _, named, lost = drawn(trial, 120, range(300))
    _, few, alone = drawn(trial, 40, range(257, 259))
    assert np.array_equal(named[257:259, :40], few)
    assert np.array_equal(lost[257:259, :40], alone, equal_nan=True)
    process = tie_panel_process(trial, plan_of(trial), 3)
    (batch,) = process.draw(120, range(3))
    assert np.array_equal(batch.first(40).ties.lost, lost[:3, :40], equal_nan=True)
    _, _, other = drawn(trial, 40, range(257, 259), seed=4)
    assert not np.array_equal(other, alone, equal_nan=True)


def test_estimates_do_not_depend_on_threads_or_on_batches(study):
    trial = study(*OF_TIES)
    plan = plan_of(trial)
    process = tie_panel_process(trial, plan, 3)
    one = Trial(process, plan).fits([60], range(600))[0][0]
    two = Trial(process, plan, 2).fits([60], range(600))[0][0]
    few = Trial(process, plan).fits([60], range(300, 310))[0][0]
    assert np.array_equal(one.estimate, two.estimate)
    assert np.array_equal(one.p[300:310], few.p)


def test_with_many_waves_each_has_its_own_errors_of_linking(study):
    waves = ("weeks = [0, 26, 52]", "weeks = [0, 1, 2, 3, 4, 5]")
    stay = ("retention = [0.9, 0.8]", "retention = [1, 1, 1, 1, 1]")
    law = ("kept = [0.8, 0.7]\nicc = 0.15", "kept = 0.9\nicc = 0")
    no_effect = ("[plan.panel.ties.effect]\ntreated = [0.05, 0.12]\n", "")
    _, named, lost = drawn(study(*OF_TIES, waves, stay, law, no_effect), 200, range(100))
    share = lost[..., 1:] / named[..., None]
    seen = 0.04 + 0.9 * 0.9
    assert share.mean(axis=(0, 1)) == pytest.approx([1 - seen] * 5, abs=0.004)
    each = np.corrcoef(share.reshape(-1, 5).T)[np.triu_indices(5, 1)]
    # What two waves share is whether a member is kept: covariance s^2 k (1 - k) of a member.
    assert each == pytest.approx(np.full(10, 0.9**2 * 0.09 / (seen * (1 - seen))), abs=0.025)


def test_people_may_come_back_and_retention_stays(study):
    back = ("retention = [0.9, 0.8]", "retention = [0.8, 0.8]\nreturn_rate = 0.6")
    _, _, lost = drawn(study(*OF_TIES, back), 300, range(100))
    there = np.isfinite(lost)
    assert there.mean(axis=(0, 1)) == pytest.approx([1, 0.8, 0.8], abs=0.01)
    assert (~there[..., 1] & there[..., 2]).any()


def question(study, name):
    return plan_of(study(*OF_TIES)).question[0].model_copy(update={"analysis": name})


def test_the_truth_is_that_of_members_linked_without_error(study):
    trial = study(*OF_TIES)
    process = tie_panel_process(trial, plan_of(trial), 1)
    assert process.truth(question(study, "gee_share")) == pytest.approx(-0.12)
    odds = special.logit(0.18) - special.logit(0.3)
    assert process.truth(question(study, "gee_logit")) == pytest.approx(odds)


@pytest.mark.parametrize("name", ["gee_share", "gee_logit"])
def test_a_row_a_person_gives_what_a_row_a_tie_does(study, name):
    trial = study(*OF_TIES)
    plan = plan_of(trial)
    process = tie_panel_process(trial, plan, 1)
    (batch,) = process.draw(24, range(30))
    asked = Trial(process, plan).asked[0]
    fits = analysis(name).fit(asked, batch)
    lost, named = batch.ties.lost[:, :, 2], batch.ties.named
    place = np.arange(int(named.max()))
    rows = np.where(place < named[..., None], 1.0 * (place < lost[..., None]), np.nan)
    rows = np.where(np.isfinite(lost)[..., None], rows, np.nan)
    X = np.repeat(np.eye(2)[batch.arm][:, None], place.size, axis=1)
    wanted = analysis(name).of_arrays(rows, X, [-1.0, 1.0])
    assert wanted.converged.all()
    for each in ("estimate", "se", "df", "p"):
        assert getattr(fits, each) == pytest.approx(getattr(wanted, each), rel=1e-8)


def test_an_arm_without_anybody_gives_no_fit(study):
    trial = study(*OF_TIES)
    plan = plan_of(trial)
    process = tie_panel_process(trial, plan, 1)
    (batch,) = process.draw(1, range(4))
    fits = analysis("gee_share").fit(Trial(process, plan).asked[0], batch)
    assert fits.converged.tolist() == [False] * 4
