"""Mixed models: R's figures, closed forms, invariances, and honest failures."""

from functools import partial

import numpy as np
import pytest
from scipy import stats

from analysis.estimators.mmrm import mmrm, mmrm_covariance
from analysis.estimators.random_intercept import random_intercept, random_intercept_variances
from analysis.estimators.random_slope import random_slope, random_slope_variances
from sim.errors import InputError

FIGURES = ("estimate", "se", "df", "lo", "hi", "p")
METHODS = ("satterthwaite", "kenward-roger")


def slopes(y, X, contrast, **options):
    """A random slope over waves 0, 1, 2, ..."""
    return random_slope(y, X, contrast, np.arange(y.shape[2]), **options)


MODELS = {
    "random intercept": random_intercept,
    "random slope": slopes,
    "unstructured": mmrm,
    "compound symmetry": partial(mmrm, covariance="compound symmetry"),
}
every_model = pytest.mark.parametrize("fit", MODELS.values(), ids=MODELS)
every_method = pytest.mark.parametrize("df", METHODS)


def same(one, other, rel=1e-8):
    """Whether two sets of fits agree in every figure."""
    for name in FIGURES:
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=rel), name
    assert (one.converged == other.converged).all()


@pytest.mark.parametrize("model", MODELS)
def test_r_gives_the_same_figures(recorded, model):
    for row in recorded.of(model):
        method = "satterthwaite" if row.method == "none" else row.method
        fits = MODELS[model](*recorded.arrays(row.fixture, row.design), df=method)
        where = (row.fixture, row.design, row.method)
        rel = 2e-5 if row.method == "none" else 1e-6  # gls stops after five digits
        assert fits.converged[0], where
        assert fits.estimate[0] == pytest.approx(row.estimate, rel=rel), where
        assert fits.se[0] == pytest.approx(row.se, rel=rel), where
        if row.method != "none":
            assert fits.df[0] == pytest.approx(row.df, rel=1e-6), where


def test_r_gives_the_same_variances(recorded):
    of = {
        "random intercept": random_intercept_variances,
        "random slope": lambda y, X: random_slope_variances(y, X, np.arange(y.shape[2])),
        "unstructured": lambda y, X: triangle(mmrm_covariance(y, X)),
        "compound symmetry": lambda y, X: triangle(
            mmrm_covariance(y, X, covariance="compound symmetry")
        ),
    }
    for model, variances in of.items():
        for row in recorded.of(model):
            if row.method == "satterthwaite":
                y, X, _ = recorded.arrays(row.fixture, row.design)
                said = np.array(row.variances.split(), float)
                assert variances(y, X)[0] == pytest.approx(said, rel=1e-6, abs=1e-7), row


def triangle(covariance):
    """Lower triangles, column by column as R writes them."""
    t = covariance.shape[1]
    return np.stack([covariance[:, i, j] for j in range(t) for i in range(j, t)], axis=1)


def test_singular_fits_are_marked_as_r_finds_them(recorded):
    marked = []
    for row in recorded.of("random intercept"):
        fits = random_intercept(*recorded.arrays(row.fixture, row.design))
        none = float(row.variances.split()[0]) == 0
        assert fits.singular[0] == none
        marked.append(none)
    for row in recorded.of("random slope"):
        fits = slopes(*recorded.arrays(row.fixture, row.design))
        a, b, c, _ = map(float, row.variances.split())
        none = a * c - b * b < 1e-8 * max(a * c, 1e-8)
        assert fits.singular[0] == none
        marked.append(none)
    assert any(marked)
    assert not all(marked)


@every_method
def test_balanced_data_have_the_closed_form(draw, df):
    # Arms as groups of egos: the arm's effect is a two-sample t test of the egos' means.
    y, X, _ = draw(20, 24, slopes=0)
    arm = X[:, 0, 2] > 0
    means = y.mean(axis=2)
    X = X[:, :, [0, 2]]
    fits = random_intercept(y, X, np.array([0.0, 1.0]), df=df)
    known = stats.ttest_ind(means[:, arm], means[:, ~arm], axis=1)
    inside = ~fits.singular
    assert inside.sum() > 10
    assert fits.p[inside] == pytest.approx(known.pvalue[inside], rel=1e-8)
    assert fits.df[inside] == pytest.approx(22, rel=1e-8)


@every_method
def test_two_complete_waves_are_a_t_test_of_changes(draw, df):
    y, X, contrast = draw(20, 24, 2)
    arm, change = X[:, 0, 2] > 0, y[:, :, 1] - y[:, :, 0]
    known = stats.ttest_ind(change[:, arm], change[:, ~arm], axis=1)
    fits = mmrm(y, X, contrast, df=df)
    assert fits.p == pytest.approx(known.pvalue, rel=1e-7)
    assert fits.df == pytest.approx(22, rel=1e-7)


@every_method
def test_an_intercept_is_compound_symmetry_inside_the_boundary(draw, df):
    y, X, contrast = draw(60, 30, 4, seen=0.8)
    one = random_intercept(y, X, contrast, df=df)
    other = mmrm(y, X, contrast, covariance="compound symmetry", df=df)
    inside = ~one.singular
    assert inside.sum() > 50
    for name in FIGURES:
        assert getattr(one, name)[inside] == pytest.approx(getattr(other, name)[inside], rel=1e-7)


def test_the_score_is_zero_at_every_solution(draw, score):
    y, X, contrast = draw(12, 20, 3, seen=0.8, slopes=0.7)
    ones, eye, t = np.ones((3, 3)), np.eye(3), np.arange(3.0)
    between, within = random_intercept_variances(y, X).T
    own = random_slope_variances(y, X, t)
    free = mmrm_covariance(y, X)
    singular = slopes(y, X, contrast).singular
    line = np.add.outer(t, t)
    for b in range(12):
        slope = score(y[b], X, between[b] * ones + within[b] * eye, [ones, eye])
        assert slope * [max(between[b], 1e-3), within[b]] == pytest.approx(0, abs=1e-4)
        if not singular[b]:
            v = own[b]
            sigma = v[0] * ones + v[1] * line + v[2] * np.outer(t, t) + v[3] * eye
            slope = score(y[b], X, sigma, [ones, line, np.outer(t, t), eye])
            assert slope * v == pytest.approx(0, abs=1e-4)
        directions = [ones, eye, np.outer(t, t), np.diag(t)]
        assert score(y[b], X, free[b], directions) == pytest.approx(0, abs=1e-4)


def test_satterthwaite_rests_on_the_slope_of_the_score(draw, score):
    y, X, contrast = draw(10, 20, 4, seen=0.85, slopes=0.5)
    t = np.arange(4.0)
    directions = [np.ones((4, 4)), np.add.outer(t, t), np.outer(t, t), np.eye(4)]
    fits = slopes(y, X, contrast, df="satterthwaite")
    inside = np.flatnonzero(~fits.singular)
    assert inside.size > 3
    for b in inside:
        at = random_slope_variances(y, X, t)[b]
        spread, bend = np.zeros(4), np.zeros((4, 4))
        for r in range(4):
            step = np.eye(4)[r] * 1e-5 * abs(at[r])
            ends = [np.tensordot(at + one * step, directions, axes=1) for one in (1, -1)]
            up, down = (score(y[b], X, end, directions) for end in ends)
            bend[r] = (up - down) / (2 * step[r])
            high, low = (variance_of(y[b], X, contrast, end) for end in ends)
            spread[r] = (high - low) / (2 * step[r])
        middle = variance_of(y[b], X, contrast, np.tensordot(at, directions, axes=1))
        assert fits.se[b] ** 2 == pytest.approx(middle, rel=1e-7)
        known = middle**2 / (spread @ np.linalg.solve(bend, spread))
        assert fits.df[b] == pytest.approx(known, rel=1e-5)


def variance_of(y, X, contrast, sigma):
    """Variance of generalised least squares, with dense matrices."""
    information = np.zeros((contrast.size, contrast.size))
    for values, x in zip(y, X, strict=True):
        seen = np.isfinite(values)
        information += x[seen].T @ np.linalg.solve(sigma[np.ix_(seen, seen)], x[seen])
    return contrast @ np.linalg.solve(information, contrast)


def test_on_the_boundary_the_likelihood_falls_inwards(recorded, score):
    y, X, _ = recorded.arrays("boundary", "waves")
    between, within = random_intercept_variances(y, X)[0]
    slope = score(y[0], X, within * np.eye(3), [np.ones((3, 3)), np.eye(3)])
    assert between == 0
    assert slope[0] > 0.1
    assert slope[1] == pytest.approx(0, abs=1e-6)


@every_model
@every_method
def test_shift_and_scale_of_y_pass_through(draw, fit, df):
    y, X, contrast = draw(15, 30, 3, seen=0.85, slopes=0.6)
    plain, moved = fit(y, X, contrast, df=df), fit(1000 * y + 5e5, X, contrast, df=df)
    assert moved.estimate == pytest.approx(1000 * plain.estimate, rel=1e-6)
    assert moved.se == pytest.approx(1000 * plain.se, rel=1e-6)
    assert moved.df == pytest.approx(plain.df, rel=1e-5)


@every_model
def test_a_shift_moves_an_estimated_mean_by_as_much(draw, fit):
    y, X, _ = draw(15, 30, 3, seen=0.85)
    mean = np.array([1.0, 1.0, 0.0, 0.0])
    plain, moved = fit(y, X, mean), fit(y + 77, X, mean)
    assert moved.estimate == pytest.approx(plain.estimate + 77, rel=1e-9)
    assert moved.se == pytest.approx(plain.se, rel=1e-7)


@every_model
@every_method
def test_the_order_of_egos_does_not_matter(draw, fit, df):
    y, X, contrast = draw(15, 30, 3, seen=0.85, slopes=0.6, design="age")
    order = np.random.default_rng(5).permutation(30)
    same(fit(y, X, contrast, df=df), fit(y[:, order], X[order], contrast, df=df), rel=1e-6)


@every_model
def test_another_basis_of_the_columns_gives_the_same_fit(draw, fit):
    y, X, contrast = draw(15, 30, 3, seen=0.85, slopes=0.6)
    turn = np.array([[1, 0.5, 0, 0], [0, 1e4, 0, 0.1], [0, 0, 1e-4, 1], [0, 0, 0, 1]])
    turned = fit(y, X @ turn, turn.T @ contrast)
    same(fit(y, X, contrast), turned, rel=1e-6)


@every_model
@every_method
def test_own_and_shared_fixed_effects_agree(draw, fit, df):
    for design in ("slope", "age"):  # egos pooled by arm, and each by itself
        y, X, contrast = draw(15, 40, 3, seen=0.8, slopes=0.6, design=design)
        own = np.broadcast_to(X, (15, *X.shape))
        same(fit(y, X, contrast, df=df), fit(y, own, contrast, df=df), rel=1e-6)


@every_model
def test_time_and_slopes_in_any_unit_are_the_same(draw, fit):
    y, X, contrast = draw(15, 30, 3, seen=0.9, slopes=0.6)
    if fit is slopes:
        weeks = random_slope(y, X, contrast, 26.0 * np.arange(3) + 100)
        same(fit(y, X, contrast), weeks, rel=1e-6)
    days = X * [1, 182, 1, 182]
    assert fit(y, days, contrast).p == pytest.approx(fit(y, X, contrast).p, rel=1e-6)


@every_model
def test_threads_and_chunks_leave_every_byte_alone(draw, fit):
    y, X, contrast = draw(600, 16, 3, seen=0.85)
    one, two = fit(y, X, contrast), fit(y, X, contrast, threads=2)
    some = fit(y[250:270], X, contrast)
    for name in (*FIGURES, "converged", "singular"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
        assert getattr(one, name)[250:270].tobytes() == getattr(some, name).tobytes()


@every_model
@pytest.mark.parametrize("seen", [1.0, 0.85])
def test_ordinary_panels_always_have_a_fit(draw, fit, seen):
    for design in ("slope", "waves"):
        y, X, contrast = draw(1000, 29, 3, seen=seen, design=design)
        for df in METHODS:
            assert fit(y, X, contrast, df=df).converged.all()


@every_model
def test_a_replicate_that_fails_changes_no_other(draw, fit):
    y, X, contrast = draw(10, 20, 3, seen=0.85)
    spoilt = y.copy()
    spoilt[3] = np.nan  # nothing seen
    spoilt[4] = 7.0  # nothing varies
    spoilt[5, :, 1:] = np.nan  # everybody seen once
    spoilt[6, X[:, 0, 2] > 0] = np.nan  # one arm lost, so that its columns are empty
    bad = np.isin(np.arange(10), [3, 4, 5, 6])
    clean, fits = fit(y, X, contrast), fit(spoilt, X, contrast)
    assert clean.converged.all()
    assert (fits.converged == ~bad).all()
    for name in FIGURES:
        assert np.isnan(getattr(fits, name)[bad]).all()
        assert (getattr(fits, name)[~bad] == getattr(clean, name)[~bad]).all()


@pytest.mark.parametrize("design", ["slope", "age"])
def test_a_wave_lost_to_all_is_no_fit_of_its_contrast(draw, design):
    y, _, _ = draw(3, 40, 3)
    X = draw(3, 40, 3, design="waves")[1] if design == "slope" else draw(3, 40, 3, design="age")[1]
    y[1, :, 2] = np.nan
    for fit in MODELS.values():
        assert fit(y, X, np.eye(X.shape[-1])[-1]).converged.tolist() == [True, False, True]


def test_two_waves_never_seen_together_leave_their_covariance_unknown(draw):
    y, X, contrast = draw(2, 40, 3)
    y[1, ::2, 1] = np.nan
    y[1, 1::2, 2] = np.nan
    assert mmrm(y, X, contrast).converged.tolist() == [True, False]
    assert random_intercept(y, X, contrast).converged.all()


@every_model
def test_what_is_asked_wrongly_is_said(draw, fit):
    y, X, contrast = draw(2, 20, 3)
    with pytest.raises(InputError, match='did you mean "kenward-roger"'):
        fit(y, X, contrast, df="kenward-rodger")
    doubled = np.concatenate([X, X[:, :, 2:3]], axis=-1)
    with pytest.raises(InputError, match='"arm again"'):
        fit(y, doubled, np.ones(5), columns=["one", "time", "arm", "arm x time", "arm again"])


def test_waves_and_times_that_do_not_fit_are_refused(draw):
    y, X, contrast = draw(2, 20, 3)
    with pytest.raises(InputError, match="one time for each wave"):
        random_slope(y, X, contrast, np.arange(4))
    with pytest.raises(InputError, match="all different"):
        random_slope(y, X, contrast, [0, 1, 1])
    with pytest.raises(InputError, match="3 to 30 waves"):
        random_slope(y[:, :, :2], X[:, :2], contrast, [0, 1])
    with pytest.raises(InputError, match='did you mean "unstructured"'):
        mmrm(y, X, contrast, covariance="unstructred")
    with pytest.raises(InputError, match="2 to 6 waves"):
        mmrm(np.zeros((2, 20, 7)), np.ones((20, 7, 1)), np.ones(1))
