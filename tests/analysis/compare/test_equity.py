"""Concentration of losses, against closed forms."""

import numpy as np
import pytest

from analysis.compare.equity import concentration
from sim.errors import InputError


def test_equal_losses_lie_on_the_diagonal():
    found = concentration([10, 30, 60], [2, 2, 2])
    np.testing.assert_allclose(found.people, found.loss)
    assert found.skew == pytest.approx(0)


@pytest.mark.parametrize(("loss", "sign"), [([1, 0], -1), ([0, 1], 1)])
def test_all_borne_by_half_is_half(loss, sign):
    assert concentration([5, 5], loss).skew == pytest.approx(sign * 0.5)


def test_the_index_is_twice_the_covariance_of_loss_and_rank_over_the_mean():
    rng = np.random.default_rng(1)
    loss = rng.exponential(size=50)
    rank = (np.arange(50) + 0.5) / 50
    expected = 2 * np.mean((loss - loss.mean()) * (rank - rank.mean())) / loss.mean()
    assert concentration(np.ones(50), loss).skew == pytest.approx(expected)


@pytest.mark.parametrize("loss", [[1, -0.1], [0, 0]])
def test_gains_and_nothing_have_no_curve(loss):
    with pytest.raises(InputError, match="of losses"):
        concentration([1, 1], loss)
