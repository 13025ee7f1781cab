"""What R made of small data sets, and panels made of them."""

import json
from pathlib import Path

import numpy as np
import pytest

RECORDED = Path(__file__).resolve().parents[2] / "golden" / "estimators" / "marginal.json"


@pytest.fixture(scope="session")
def marginal():
    """What `record_marginal.R` recorded."""
    return json.loads(RECORDED.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def panel_of():
    """Makes outcomes (1, n, m) and a design (n, m, p) of a recorded table in long form."""

    def make(table, covariates, outcome):
        columns = {name: np.array(values, float) for name, values in table.items()}
        ego = np.unique(columns["ego"], return_inverse=True)[1]
        row = columns["row"].astype(int) - 1
        y = np.full((ego.max() + 1, row.max() + 1), np.nan)
        X = np.zeros((*y.shape, len(covariates) + 1))
        y[ego, row] = columns[outcome]
        X[ego, row] = np.column_stack([np.ones(ego.size), *(columns[one] for one in covariates)])
        return y[None], X

    return make
