"""A replicate's fit is the same bytes alone, in a batch, in any chunk, on any thread."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest

from analysis.estimators.catalogue import analyses
from analysis.estimators.contract import Fits

B, N, M = 23, 18, 4
ARM = np.arange(N) % 2
TEAM = np.arange(N) // 3
WIDE = np.broadcast_to(ARM[:, None] * 1.0, (N, M))
WITHIN = np.broadcast_to(np.arange(M) * 1.0, (N, M))
PANEL_X = np.stack([np.ones((N, M)), WIDE, WITHIN], axis=-1)


@pytest.fixture(scope="module")
def data():
    """Outcomes of every sort, for B replicates, a fifth of them not seen."""
    rng = np.random.default_rng(12)
    panel = rng.normal(size=(B, N, 1)) + rng.normal(size=(B, N, M))
    panel[..., 1:][rng.random((B, N, M - 1)) < 0.2] = np.nan
    ties = 1.0 * (panel > -0.3)
    ties[np.isnan(panel)] = np.nan
    return {"panel": panel, "ties": ties, "counts": np.floor(np.exp(panel[..., 0] + 1.5))}


def arguments(name, data, chosen):
    """What an analysis of the catalogue is called with, for chosen replicates."""
    panel, ties, counts = (data[kind][chosen] for kind in ("panel", "ties", "counts"))
    last, first, row = panel[..., 3], panel[..., 0], [0.0, 1.0, 0.0]
    team_arm = TEAM % 2
    calls = {
        "least_squares": (last, np.stack([np.ones(N), ARM], axis=-1), [0.0, 1.0]),
        "ancova": (last, ARM, first),
        "ancova_hc2": (last, ARM, first),
        "ancova_hc3": (last, ARM, first),
        "t_test": (last, ARM),
        "change_score": (last, ARM, first),
        "change_score_hc2": (last, ARM, first),
        "change_within": (last, first),
        "mean": (last,),
        "proportion": (ties[..., 0],),
        "cluster_t": (last, team_arm, TEAM),
        "cluster_t_by_size": (last, team_arm, TEAM),
        "cluster_t_by_precision": (last, team_arm, TEAM),
        "cluster_ancova": (last, team_arm, TEAM),
        "therapist_t": (last, ARM, TEAM),
        "interaction": (last, ARM, first),
        "interaction_ancova": (last, ARM, counts, first),
        "change_regression": (last, first),
        "cluster_mixed": (panel, PANEL_X, row),
        "cluster_mixed_ancova": (panel, PANEL_X, row),
        "random_intercept": (panel, PANEL_X, row),
        "random_slope": (panel, PANEL_X, row, np.arange(M) * 1.0),
        "mmrm": (panel, PANEL_X, row),
        "mmrm_cautious": (panel, PANEL_X, row),
        "poisson_robust": (
            counts[..., None],
            np.stack([np.ones(N), ARM], axis=-1)[:, None],
            row[:2],
        ),
        "gee": (panel, PANEL_X, row),
        "gee_logit": (ties, PANEL_X, row),
        "gee_logit_exchangeable": (ties, PANEL_X, row),
        "gee_share": (ties, PANEL_X, row),
        "gee_log": (np.exp(panel), PANEL_X, row),
        "mixed_logit": (ties, PANEL_X, row),
        "negative_binomial": (counts, np.stack([np.ones(N), ARM], axis=-1), [0.0, 1.0]),
        "negative_binomial_ml": (counts, np.stack([np.ones(N), ARM], axis=-1), [0.0, 1.0]),
        "hazard": (ties[..., None], PANEL_X[..., None, 1:], row[1:]),
        "hazard_logit": (ties[..., None], PANEL_X[..., None, 1:], row[1:]),
        "kept_ties": (ties,),
        "ancova_weighted": (panel, ARM, 2),
        "gee_weighted": (panel, ARM, PANEL_X, row),
        "complete_cases": (last, ARM),
        "t_test_ignoring_teams": (last, team_arm),
        "logit_ignoring_egos": (ties, PANEL_X, row),
        "kept_ties_with_closed_cases": (ties, 0 * ties),
    }
    return calls[name]


def bytes_of(fits):
    """All figures of all replicates."""
    return [np.ascontiguousarray(getattr(fits, field.name)).tobytes() for field in fields(Fits)]


def joined(parts):
    """Fits of chunks, put together."""
    columns = zip(*([getattr(part, f.name) for f in fields(Fits)] for part in parts), strict=True)
    return Fits(*(np.concatenate(column) for column in columns))


@pytest.mark.parametrize("name", analyses())
def test_chunks_and_threads_do_not_change_a_byte(data, name):
    one = analyses()[name]
    whole = one.of_arrays(*arguments(name, data, slice(None)))
    assert whole.converged.mean() > 0.8
    alone = [one.of_arrays(*arguments(name, data, slice(b, b + 1))) for b in range(B)]
    assert bytes_of(joined(alone)) == bytes_of(whole)
    cuts = [slice(0, 7), slice(7, 8), slice(8, 20), slice(20, B)]
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda cut: one.of_arrays(*arguments(name, data, cut)), cuts))
    assert bytes_of(joined(parts)) == bytes_of(whole)


@pytest.mark.parametrize("name", ["mixed_logit", "negative_binomial", "least_squares"])
def test_a_design_may_be_shared_or_given_for_each_replicate(data, name):
    one = analyses()[name]
    y, X, contrast = arguments(name, data, slice(None))
    given = np.ascontiguousarray(np.broadcast_to(X, (B, *X.shape)))
    assert bytes_of(one.of_arrays(y, given, contrast)) == bytes_of(one.of_arrays(y, X, contrast))


def test_clusters_alike_may_share_what_hangs_on_their_rows(data):
    one = analyses()["gee"]
    y, X, contrast = arguments("gee", data, slice(None))
    given = np.ascontiguousarray(np.broadcast_to(X, (B, *X.shape)))
    own, shared = one.of_arrays(y, given, contrast), one.of_arrays(y, X, contrast)
    for name in ("estimate", "se", "df"):
        np.testing.assert_allclose(getattr(shared, name), getattr(own, name), rtol=1e-9)
