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
        "least-squares": (last, np.stack([np.ones(N), ARM], axis=-1), [0.0, 1.0]),
        "ancova": (last, ARM, first),
        "ancova-hc3": (last, ARM, first),
        "change-score": (last, ARM, first),
        "change-within": (last, first),
        "mean": (last,),
        "proportion": (ties[..., 0],),
        "cluster-t": (last, team_arm, TEAM),
        "random-intercept": (panel, PANEL_X, row),
        "random-slope": (panel, PANEL_X, row, np.arange(M) * 1.0),
        "mmrm": (panel, PANEL_X, row),
        "gee": (panel, PANEL_X, row),
        "gee-logit": (ties, PANEL_X, row),
        "gee-log": (np.exp(panel), PANEL_X, row),
        "mixed-logit": (ties, PANEL_X, row),
        "negative-binomial": (counts, np.stack([np.ones(N), ARM], axis=-1), [0.0, 1.0]),
        "negative-binomial-ml": (counts, np.stack([np.ones(N), ARM], axis=-1), [0.0, 1.0]),
        "hazard": (ties[..., None], PANEL_X[..., None, 1:], row[1:]),
        "hazard-logit": (ties[..., None], PANEL_X[..., None, 1:], row[1:]),
        "kept-ties": (ties,),
        "ancova-weighted": (panel, ARM, 2),
        "gee-weighted": (panel, ARM, PANEL_X, row),
        "complete-cases": (last, ARM),
        "t-test-ignoring-teams": (last, team_arm),
        "logit-ignoring-egos": (ties, PANEL_X, row),
        "kept-ties-with-closed-cases": (ties, 0 * ties),
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
    whole = one.fit(*arguments(name, data, slice(None)))
    assert whole.converged.mean() > 0.8
    alone = [one.fit(*arguments(name, data, slice(b, b + 1))) for b in range(B)]
    assert bytes_of(joined(alone)) == bytes_of(whole)
    cuts = [slice(0, 7), slice(7, 8), slice(8, 20), slice(20, B)]
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda cut: one.fit(*arguments(name, data, cut)), cuts))
    assert bytes_of(joined(parts)) == bytes_of(whole)


@pytest.mark.parametrize("name", ["gee", "mixed-logit", "negative-binomial", "least-squares"])
def test_a_design_may_be_shared_or_given_for_each_replicate(data, name):
    one = analyses()[name]
    y, X, contrast = arguments(name, data, slice(None))
    given = np.ascontiguousarray(np.broadcast_to(X, (B, *X.shape)))
    assert bytes_of(one.fit(y, given, contrast)) == bytes_of(one.fit(y, X, contrast))
