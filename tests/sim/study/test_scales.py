"""Scales from their items: what is published of them comes out, whatever is left out."""

import numpy as np
import pytest

from sim.study.instruments import INSTRUMENTS, METRIC_SCORES, item_columns
from sim.study.item_model import item_model
from sim.study.missing import DOES_NOT_KNOW, NOT_APPLICABLE, REFUSED
from sim.study.scales import LATENTS, draw_scores, latent_moments, norm_of
from sim.study.settings import SCORES
from sim.world.kinds import Group
from sim.world.streams import key_of

N, ASIDE = 20_000, 100
ENDS = np.cumsum([0, *(INSTRUMENTS[name].items for name in SCORES)])
COLUMNS = {name: slice(*ENDS[s : s + 2]) for s, name in enumerate(SCORES)}


@pytest.fixture(scope="module")
def state(people, ties, record):
    """20,000 people, the same at two interviews, with normal latents as the catalogue has them."""
    rng = np.random.default_rng(4)
    p = record()[0]
    mean, sd = (
        np.array([p[f"scale_latent_{name}_{what}"] for name in LATENTS]) for what in ("mean", "sd")
    )
    related = np.eye(4)
    for a, b in ((0, 1), (0, 3)):
        related[a, b] = related[b, a] = p[f"scale_latent_{LATENTS[a]}_{LATENTS[b]}"]
    values = mean + sd * rng.multivariate_normal(np.zeros(4), related, N)
    egos, members = people(N, 2), ties(N, 2, 2, int(Group.PSYCHIATRIST))
    for column, name in enumerate(LATENTS[:2]):
        egos[name] = values[:, None, column]
    members["trust"][:, :, 0] = values[:, None, 2]
    members["group"][:ASIDE, :, 0] = -1
    members["group"][:, :, 1] = Group.FRIEND
    members["closeness"][:, :, 1], members["recent"][:, :, 1] = values[:, None, 3], 1
    return egos, members, values


@pytest.fixture(scope="module")
def complete(state, record):
    """Nothing is left out."""
    return draw_scores(*state[:2], record(scale__items__missing=0), key_of(0))


@pytest.fixture(scope="module")
def with_gaps(state, record):
    """A tenth of the items is left out."""
    return draw_scores(*state[:2], record(scale__items__missing=0.1), key_of(0))


def of(scored, name, wave=0, first=ASIDE):
    """Answers and scores of one scale at one wave."""
    s = SCORES.index(name)
    return scored.answers[first:, wave, COLUMNS[name]], scored.scores[first:, wave, s]


def alpha_of(answers):
    k = answers.shape[1]
    apart, together = answers.var(axis=0, ddof=1).sum(), answers.sum(axis=1).var(ddof=1)
    return k / (k - 1) * (1 - apart / together)


def test_swemwbs_has_29_values_and_no_other(complete, with_gaps):
    for scored in (complete, with_gaps):
        _, scores = of(scored, "swemwbs")
        found = np.unique(np.round(scores[~np.isnan(scores)].astype(float), 2))
        assert set(found) <= set(METRIC_SCORES)
    assert len(METRIC_SCORES) == 29
    assert set(found) == set(METRIC_SCORES)


def test_the_steps_of_the_table_narrow_and_widen_again_as_of_a_rasch_model():
    steps = np.round(np.diff(METRIC_SCORES), 2)
    middle = steps.argmin()
    assert (METRIC_SCORES[0], METRIC_SCORES[14], METRIC_SCORES[-1]) == (7.0, 19.25, 35.0)
    assert (np.diff(steps[: middle + 1]) < 0).all()
    assert (np.diff(steps[middle:]) >= 0).all()


@pytest.mark.parametrize("name", SCORES)
def test_a_score_is_made_of_whole_answers_within_their_range(name, complete):
    one = INSTRUMENTS[name]
    answers, scores = of(complete, name)
    assert set(np.unique(answers)) == set(range(one.least, one.most + 1))
    sums = answers.sum(axis=1)
    expected = {
        "sum": sums,
        "mean": sums / one.items,
        "table": np.array(METRIC_SCORES)[sums - 7] if name == "swemwbs" else None,
    }[one.how]
    np.testing.assert_allclose(scores, expected, rtol=1e-6)
    assert (one.low, one.high) == pytest.approx((one.points[0], one.points[-1]))


@pytest.mark.parametrize("name", SCORES)
def test_the_norm_comes_out(name, complete, record):
    norm = norm_of(name, record()[0])
    answers, scores = of(complete, name)
    n = scores.size
    assert scores.mean(dtype=float) == pytest.approx(norm.mean, abs=3.9 * norm.sd / np.sqrt(n))
    assert scores.std(dtype=float) == pytest.approx(norm.sd, rel=3.9 / np.sqrt(2 * n))
    assert alpha_of(answers.astype(float)) == pytest.approx(norm.alpha, abs=0.02)
    _, again = of(complete, name, wave=1)
    assert np.corrcoef(scores, again)[0, 1] == pytest.approx(norm.retest, abs=0.02)


@pytest.mark.parametrize("name", SCORES)
def test_other_norms_come_out_as_well(name, state, record):
    given = {"swemwbs": (19.3, 3.9), "reqol10": (18.5, 8), "hccq": (4.2, 1.2),
             "loneliness": (5.6, 1.6), "symptoms": (25, 12)}[name]  # fmt: skip
    mean, sd = (f"scale__{name}__{what}" for what in ("mean", "sd"))
    params = record(**{mean: given[0], sd: given[1]}, scale__items__missing=0)
    _, scores = of(draw_scores(*state[:2], params, key_of(1)), name)
    n = scores.size
    assert scores.mean(dtype=float) == pytest.approx(given[0], abs=3.9 * given[1] / np.sqrt(n))
    assert scores.std(dtype=float) == pytest.approx(given[1], rel=3.9 / np.sqrt(2 * n))


def test_the_reliability_of_a_study_is_alpha_and_retest(state, record):
    scored = draw_scores(
        *state[:2], record(scale__items__missing=0), key_of(0), {"swemwbs": 0.6, "hccq": 0.8}
    )
    for name, reliability in (("swemwbs", 0.6), ("hccq", 0.8)):
        answers, scores = of(scored, name)
        _, again = of(scored, name, wave=1)
        assert alpha_of(answers.astype(float)) == pytest.approx(reliability, abs=0.02)
        assert np.corrcoef(scores, again)[0, 1] == pytest.approx(reliability, abs=0.02)


@pytest.mark.parametrize("related", [0.9, 0.5, -0.4])
@pytest.mark.parametrize("pair", [("swemwbs", "symptoms"), ("swemwbs", "loneliness")])
def test_scales_correlate_as_their_latents_by_the_root_of_both_reliabilities(
    pair, related, people, ties, record
):
    rng = np.random.default_rng(8)
    p = record()[0]
    egos, members = people(N), ties(N, 1, 1, int(Group.FRIEND))
    z = rng.multivariate_normal([0, 0], [[1, related], [related, 1]], N)
    other = "severity" if pair[1] == "symptoms" else "company"
    egos["wellbeing"][:, 0] = p["scale_latent_wellbeing_mean"]
    egos["wellbeing"][:, 0] += p["scale_latent_wellbeing_sd"] * z[:, 0]
    beside = p[f"scale_latent_{other}_mean"] + p[f"scale_latent_{other}_sd"] * z[:, 1]
    if other == "severity":
        egos["severity"][:, 0] = beside
    else:
        members["closeness"][:, 0, 0], members["recent"] = beside, 1
    alone = {"scale__symptoms__severity": 1, "scale__symptoms__wellbeing": 0,
             "scale__loneliness__company": 1, "scale__loneliness__wellbeing": 0}  # fmt: skip
    params = record(**alone, scale__items__missing=0)
    scored = draw_scores(egos, members, params, key_of(0))
    found = np.corrcoef(*(of(scored, name, first=0)[1] for name in pair))[0, 1]
    both = [item_model(name, norm_of(name, params[0])).reliability for name in pair]
    assert found == pytest.approx(related * np.sqrt(both[0] * both[1]), abs=0.03)
    for name, reliability in zip(pair, both, strict=True):
        norm = norm_of(name, params[0])
        assert reliability < min(norm.alpha, norm.retest)


def test_people_answer_an_item_alike_at_each_interview(complete, state, record):
    """An item and itself correlate more than an item and another, by habit alone."""

    def beyond(scored):
        (first, _), (again, _) = (of(scored, "reqol10", wave) for wave in (0, 1))
        found = np.corrcoef(first.T, again.T)[:10, 10:]
        others = (found.sum() - np.trace(found)) / 90
        return np.trace(found) / 10 - others

    none = draw_scores(
        *state[:2], record(scale__items__missing=0, scale__items__habit=0), key_of(0)
    )
    assert beyond(complete) > 0.1
    assert abs(beyond(none)) < 0.01


@pytest.mark.parametrize("name", SCORES)
def test_the_true_score_is_the_mean_of_scores_over_errors(name, complete):
    s = SCORES.index(name)
    score, true = (one[ASIDE:, :, s].astype(float) for one in (complete.scores, complete.true))
    gap = (score - true).mean(axis=1)
    assert abs(gap.mean()) < 3.9 * gap.std() / np.sqrt(gap.size) + 0.002 * score.std()
    slope = np.polyfit(true.ravel(), score.ravel(), 1)[0]
    assert slope == pytest.approx(1, abs=0.03)
    low, high = np.quantile(true, [0.1, 0.9])
    for part in (true < low, true > high):
        assert (score - true)[part].mean() == pytest.approx(0, abs=0.05 * score.std())


def test_items_are_left_out_at_the_stated_share_for_stated_reasons(with_gaps, complete):
    answers = with_gaps.answers[ASIDE:]
    gone = answers < 0
    assert gone.mean() == pytest.approx(0.1, abs=0.002)
    assert (answers[gone] == REFUSED).mean() == pytest.approx(0.5, abs=0.005)
    assert set(np.unique(answers[gone])) == {REFUSED, DOES_NOT_KNOW}
    kept = complete.answers[ASIDE:]
    np.testing.assert_array_equal(answers[~gone], kept[~gone])
    assert (kept >= 0).all()


@pytest.mark.parametrize("name", SCORES)
def test_too_few_answers_give_no_score_and_others_count_as_their_mean(name, with_gaps):
    one, s = INSTRUMENTS[name], SCORES.index(name)
    answers, scores = of(with_gaps, name)
    given = (answers >= 0).sum(axis=1)
    np.testing.assert_array_equal(np.isnan(scores), given < one.needed)
    codes = with_gaps.codes[ASIDE:, 0, s]
    np.testing.assert_array_equal(codes, np.where(given < one.needed, answers.min(axis=1), 0))
    means = np.where(answers >= 0, answers, 0).sum(axis=1) / np.maximum(given, 1)
    enough = given >= one.needed
    if one.how == "mean":
        np.testing.assert_allclose(scores[enough], means[enough], rtol=1e-6)
    if one.how == "sum":
        np.testing.assert_allclose(scores[enough], one.items * means[enough], atol=0.5 + 1e-5)
        assert (scores[enough] % 1 == 0).all()


def test_those_without_a_professional_cannot_judge_one(complete, with_gaps):
    s = SCORES.index("hccq")
    for scored in (complete, with_gaps):
        assert np.isnan(scored.scores[:ASIDE, :, s]).all()
        assert (scored.answers[:ASIDE, :, COLUMNS["hccq"]] == NOT_APPLICABLE).all()
        assert (scored.codes[:ASIDE, :, s] == NOT_APPLICABLE).all()
    assert not np.isnan(complete.scores[ASIDE:]).any()


def test_people_answer_the_same_in_any_company(state, record, complete):
    params = record(scale__items__missing=0)
    some = draw_scores(state[0][50:90], state[1][50:90], params, key_of(0))
    for part, whole in zip(some, complete, strict=True):
        np.testing.assert_array_equal(part, whole[50:90])


def test_a_latent_has_variance_one_whatever_scales_share(complete, state, record):
    """Loneliness and symptoms share two latents that correlate; their SD is the norm's still."""
    assert latent_moments(state[2])["scale.latent.wellbeing_severity"] == pytest.approx(
        record()[0]["scale_latent_wellbeing_severity"], abs=0.03
    )
    for name in ("loneliness", "symptoms"):
        _, scores = of(complete, name)
        sd = norm_of(name, record()[0]).sd
        assert scores.std(dtype=float) == pytest.approx(sd, rel=3.9 / np.sqrt(2 * N))


def test_columns_are_named_after_the_scale():
    columns = item_columns()
    assert columns["swemwbs"] == tuple(f"swemwbs_{j}" for j in range(1, 8))
    assert sum(map(len, columns.values())) == ENDS[-1]


def test_lonely_people_are_as_many_as_published(complete):
    """29 to 34 % of 367 people with severe mental illness, at 6 points or more (heron2022)."""
    _, scores = of(complete, "loneliness")
    assert 0.29 < (scores >= 6).mean() < 0.34


@pytest.mark.parametrize(
    ("changes", "reliability"),
    [
        ({"scale__swemwbs__mean": 35, "scale__swemwbs__sd": 8}, 1.0),
        ({"scale__swemwbs__mean": 7, "scale__swemwbs__sd": 1}, 1e-6),
        ({"scale__items__habit": 0.9, "scale__items__spread": 1}, 0.3),
    ],
)
def test_a_norm_that_no_items_have_gives_scores_all_the_same(
    changes, reliability, people, ties, record
):
    egos, members = people(100), ties(100, 1, 1, int(Group.FRIEND))
    params = record(**changes)
    scored = draw_scores(egos, members, params, key_of(0), {"swemwbs": reliability})
    _, scores = of(scored, "swemwbs", first=0)
    known = scores[~np.isnan(scores)]
    assert known.size > 90
    assert set(np.round(known.astype(float), 2)) <= set(METRIC_SCORES)
