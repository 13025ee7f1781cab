"""Estimating equations against statsmodels, R and matrices written out."""

import warnings

import numpy as np
import pytest

from analysis.estimators.designs import checked_weights
from analysis.estimators.gee import GEE_ERRORS, LINKS, NO_GROUPS, gee
from analysis.estimators.kernels import equations as kernel
from analysis.estimators.ols import ols
from sim.errors import InputError

N, M = 24, 4


@pytest.fixture(scope="module")
def batch():
    """Outcomes by link, (3, N, M) with holes, and a design (N, M, 4)."""
    rng = np.random.default_rng(11)
    arm = np.broadcast_to((np.arange(N) % 2)[:, None] * 1.0, (N, M))
    wave = np.broadcast_to(np.arange(M) * 1.0, (N, M))
    age = np.broadcast_to(rng.normal(size=(N, 1)), (N, M))
    X = np.stack([np.ones((N, M)), arm, wave, age], axis=-1)
    eta = 0.2 + 0.3 * arm + 0.1 * wave + 0.2 * age + 0.6 * rng.normal(size=(3, N, 1))
    chance = rng.random((3, N, M))
    outcomes = {
        "identity": eta + rng.normal(size=(3, N, M)),
        "logit": 1.0 * (chance < 1 / (1 + np.exp(-eta))),
        "log": 1.0 * rng.poisson(np.exp(eta)),
        "cloglog": 1.0 * (chance < 1 - np.exp(-np.exp(eta - 1))),
    }
    holes = rng.random((3, N, M)) < 0.2
    return {link: np.where(holes, np.nan, y) for link, y in outcomes.items()}, X


def theirs(y, X, link, working, errors):
    """The fit of statsmodels to one replicate."""
    import statsmodels.api as sm

    families = {
        "identity": sm.families.Gaussian(),
        "logit": sm.families.Binomial(),
        "log": sm.families.Poisson(),
        "cloglog": sm.families.Binomial(sm.families.links.CLogLog()),
    }
    structures = {
        "exchangeable": sm.cov_struct.Exchangeable(),
        "independence": sm.cov_struct.Independence(),
    }
    covariances = {"plain": "robust", "mancl-derouen": "bias_reduced", "model": "naive"}
    seen = ~np.isnan(y)
    groups = np.repeat(np.arange(N), M).reshape(N, M)[seen]
    model = sm.GEE(y[seen], X[seen], groups, family=families[link], cov_struct=structures[working])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(ctol=1e-12, maxiter=300, cov_type=covariances[errors])


@pytest.mark.parametrize("errors", ["plain", "mancl-derouen", "model"])
@pytest.mark.parametrize("working", ["exchangeable", "independence"])
@pytest.mark.parametrize("link", LINKS)
def test_estimates_and_errors_agree_with_statsmodels(batch, link, working, errors):
    outcomes, X = batch
    y = outcomes[link]
    for column in (1, 2):
        ours = gee(y, X, np.eye(4)[column], link=link, working=working, errors=errors)
        for b in range(2):
            fit = theirs(y[b], X, link, working, errors)
            assert ours.estimate[b] == pytest.approx(fit.params[column], abs=1e-8)
            assert ours.se[b] == pytest.approx(fit.bse[column], abs=1e-8)


def written_out(y, X, contrast, alpha, beta, link):
    """Kauermann and Carroll's error and Satterthwaite's df, from matrices of all rows."""
    seen = ~np.isnan(y)
    ego = np.repeat(np.arange(N), M).reshape(N, M)[seen]
    x, outcome = X[seen], y[seen]
    eta = x @ beta
    mean = 1 / (1 + np.exp(-eta)) if link == "logit" else eta
    deviation = np.sqrt(mean * (1 - mean)) if link == "logit" else np.ones_like(eta)
    together = ego[:, None] == ego[None, :]
    working = together * alpha + np.eye(ego.size) * (1 - alpha)
    values, vectors = np.linalg.eigh(working)
    root = vectors @ np.diag(values**-0.5) @ vectors.T  # block by block, as working is
    z = root @ (x * deviation[:, None])
    e = root @ ((outcome - mean) / deviation)
    bread = np.linalg.inv(z.T @ z)
    residual_maker = np.eye(ego.size) - z @ bread @ z.T
    rows = []
    for one in np.unique(ego):
        mine = ego == one
        block = residual_maker[np.ix_(mine, mine)]
        values, vectors = np.linalg.eigh(block)
        adjust = vectors @ np.diag(values**-0.5) @ vectors.T
        rows.append(contrast @ bread @ z[mine].T @ adjust @ residual_maker[mine])
    rows = np.array(rows)
    squares = rows @ rows.T
    terms = np.array(
        [row @ e for row in rows]
    )  # residual_maker @ e = e at the solution of the equations
    return np.sqrt((terms**2).sum()), np.trace(squares) ** 2 / (squares**2).sum()


@pytest.mark.parametrize("working", ["exchangeable", "independence"])
@pytest.mark.parametrize("link", ["identity", "logit"])
def test_kauermann_carroll_and_satterthwaite_agree_with_matrices_written_out(batch, link, working):
    outcomes, X = batch
    y = outcomes[link]
    beta = np.stack(
        [gee(y, X, row, link=link, working=working).estimate for row in np.eye(4)], axis=-1
    )
    contrast = np.array([0.0, 1.0, 0.5, 0.0])
    alphas = kernel.equations(
        y,
        X[None],
        checked_weights(None, y.shape),
        NO_GROUPS,
        contrast,
        LINKS[link],
        working == "exchangeable",
        GEE_ERRORS["plain"],
    )[3]
    ours = gee(y, X, contrast, link=link, working=working)
    for b in range(3):
        se, df = written_out(y[b], X, contrast, alphas[b], beta[b], link)
        assert ours.se[b] == pytest.approx(se, abs=1e-8)
        assert ours.df[b] == pytest.approx(df, abs=1e-6)


def test_kauermann_carroll_agrees_with_r(marginal, panel_of):
    case = marginal["equations"]
    y, X = panel_of(case["data"], ["arm", "kin", "age"], "y")
    for column, row in enumerate(np.eye(4)):
        ours = gee(y, X, row, working="independence")
        assert ours.estimate[0] == pytest.approx(case["independence"]["estimate"][column], abs=1e-8)
        assert ours.se[0] == pytest.approx(case["independence"]["se"][column], abs=1e-8)
        assert ours.df[0] == pytest.approx(case["independence"]["df"][column], abs=1e-8)


def test_one_row_an_ego_is_least_squares_with_hc2(batch):
    outcomes, X = batch
    y, X = outcomes["identity"][:, :, :1], X[:, :1, [0, 1, 3]]
    robust, plain = gee(y, X, [0, 1, 0]), ols(y[..., 0], X[:, 0], [0, 1, 0])
    np.testing.assert_allclose(robust.se, plain.se, rtol=1e-9)
    np.testing.assert_allclose(robust.df, plain.df, rtol=1e-9)


def test_the_order_of_rows_and_egos_does_not_matter(batch):
    outcomes, X = batch
    y = outcomes["logit"]
    there = gee(y, X, [0, 1, 0, 0], link="logit")
    turned = gee(y[:, ::-1, ::-1], X[::-1, ::-1], [0, 1, 0, 0], link="logit")
    np.testing.assert_allclose(there.se, turned.se, rtol=1e-9)


def test_two_rows_of_weight_a_half_are_one_row(batch):
    outcomes, X = batch
    y = outcomes["identity"]
    once = gee(y, X, [0, 1, 0, 0], working="independence")
    twice = gee(
        np.concatenate([y, y], axis=2),
        np.concatenate([X, X], axis=1),
        [0, 1, 0, 0],
        working="independence",
        weights=np.full((3, N, 2 * M), 0.5),
    )
    np.testing.assert_allclose(once.estimate, twice.estimate, rtol=1e-9)
    np.testing.assert_allclose(once.se, twice.se, rtol=1e-9)


def test_a_row_of_weight_two_is_two_rows_also_in_clusters_of_one(batch):
    outcomes, X = batch
    y, first = outcomes["identity"][:, :, :1], X[:, :1, [0, 1, 3]]
    weights = 1.0 + (np.arange(N) < N // 2)
    weighted = gee(
        y, first, [0, 1, 0], working="independence",
        weights=np.broadcast_to(weights[None, :, None], y.shape),
    )  # fmt: skip
    rows = np.repeat(np.arange(N), weights.astype(int))
    repeated = gee(y[:, rows], first[rows], [0, 1, 0], working="independence")
    np.testing.assert_allclose(weighted.estimate, repeated.estimate, rtol=1e-9)


@pytest.mark.parametrize("errors", GEE_ERRORS)
@pytest.mark.parametrize("link", LINKS)
def test_weighted_rows_of_a_kind_are_what_each_is_by_itself(link, errors):
    rng = np.random.default_rng(7)
    y = rng.beta(2, 5, (4, 60, 1))
    y[rng.random(y.shape) < 0.1] = np.nan
    X = np.eye(2)[np.arange(60) % 2][:, None]
    weights = rng.integers(0, 9, y.shape).astype(float)
    weights[2, 5], weights[3, 6] = 100.0, 2.5  # too heavy, and not whole: told apart by nothing
    how = {"contrast": [1.0, -1.0], "link": link, "working": "independence", "errors": errors}
    ours = gee(y, X, weights=weights, **how)
    # With an empty second row clusters are not of one row, so each is added up by itself.
    alone = gee(
        np.concatenate([y, np.full(y.shape, np.nan)], axis=2),
        np.concatenate([X, X], axis=1),
        weights=np.concatenate([weights, weights], axis=2),
        **how,
    )
    assert ours.converged.all()
    for what in ("estimate", "se", "df", "p"):
        assert np.array_equal(getattr(ours, what), getattr(alone, what)), what


def test_separation_no_events_and_an_empty_arm_are_reported():
    X = np.stack([np.ones((8, 2)), np.broadcast_to((np.arange(8) % 2)[:, None], (8, 2))], axis=-1)
    y = np.zeros((4, 8, 2))
    y[0, :, 0] = [0, 1, 1, 0, 0, 1, 1, 0]
    y[1, 1::2] = 1  # the second arm always, the first never
    y[2, ::2] = np.nan  # nobody seen of the first arm
    fits = gee(y, X, [0, 1], link="logit")
    assert fits.converged.tolist() == [True, False, False, False]  # the last has no events
    assert not gee(y[3:], X, [0, 1], link="log").converged[0]


def test_a_correlation_out_of_range_is_held_inside_and_marked():
    X = np.stack([np.ones((9, 2)), np.broadcast_to((np.arange(9) % 2)[:, None], (9, 2))], axis=-1)
    rng = np.random.default_rng(5)
    y = np.repeat(rng.normal(size=(1, 9, 1)), 2, axis=2)  # both rows of an ego are equal
    fits = gee(y, X, [0, 1])
    assert fits.converged[0]
    assert fits.singular[0]
    assert fits.se[0] == pytest.approx(ols(y[..., 0], X[:, 0], [0, 1]).se[0], rel=1e-9)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"link": "logt"}, 'did you mean "logit"'),
        ({"working": "unstructured"}, '"exchangeable", "independence"'),
        ({"link": "logit"}, "between 0 and 1"),
        ({"link": "log"}, "negative"),
        ({"weights": np.ones((3, N, M))}, "independence"),
    ],
)
def test_bad_input_is_refused_with_what_would_be_right(batch, change, says):
    outcomes, X = batch
    with pytest.raises(InputError, match=says):
        gee(outcomes["identity"], X, [0, 1, 0, 0], **change)


def test_a_redundant_column_is_named(batch):
    outcomes, X = batch
    doubled = np.concatenate([X, X[..., 1:2] * 2], axis=-1)
    with pytest.raises(InputError, match="twice"):
        gee(
            outcomes["identity"],
            doubled,
            [0, 1, 0, 0, 0],
            columns=["one", "arm", "wave", "age", "twice"],
        )


@pytest.mark.parametrize("link", ["identity", "log"])
def test_outcomes_without_spread_have_no_error_to_report(link):
    X = np.stack([np.ones((8, 2)), np.broadcast_to((np.arange(8) % 2)[:, None], (8, 2))], axis=-1)
    assert not gee(np.full((1, 8, 2), 0.1), X, [0, 1], link=link).converged[0]
