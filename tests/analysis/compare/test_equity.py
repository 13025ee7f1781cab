"""Concentration of losses, against closed forms."""

import numpy as np
import pytest

from analysis.compare.asked import comparison_of
from analysis.compare.caseloads import Caseloads
from analysis.compare.equity import concentration, curve_rows, equity_rows
from analysis.compare.equity_words import equity_in_words
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from sim.errors import InputError
from sim.world.scenario import parse_scenario

WORLD = {"teams_per_site": [1], "scale": 0.3, "runin_weeks": 2, "horizon_weeks": 20}
CUT = {"acts_on": "service.coordinator.capacity", "how": "multiply", "value": 0.65, "from_week": 2}


def test_equal_losses_lie_on_the_diagonal():
    found = concentration([10, 30, 60], [2, 2, 2])
    np.testing.assert_allclose(found.people, found.loss)
    assert found.concentration_index == pytest.approx(0)


@pytest.mark.parametrize(("loss", "sign"), [([1, 0], -1), ([0, 1], 1)])
def test_all_borne_by_half_is_half(loss, sign):
    assert concentration([5, 5], loss).concentration_index == pytest.approx(sign * 0.5)


def test_the_index_is_twice_the_covariance_of_loss_and_rank_over_the_mean():
    rng = np.random.default_rng(1)
    loss = rng.exponential(size=50)
    rank = (np.arange(50) + 0.5) / 50
    expected = 2 * np.mean((loss - loss.mean()) * (rank - rank.mean())) / loss.mean()
    assert concentration(np.ones(50), loss).concentration_index == pytest.approx(expected)


@pytest.mark.parametrize("loss", [[1, -0.1], [0, 0]])
def test_gains_and_nothing_have_no_curve(loss):
    with pytest.raises(InputError, match="of losses"):
        concentration([1, 1], loss)


def by_hand(changes, people, by="need"):
    """Teams with people of each level, and what a scenario adds to the visits of all of a level."""
    worlds = [
        parse_scenario({"id": name, "title": name, "world": WORLD, "shock": shocks})
        for name, shocks in (("usual", []), ("cut", [CUT]))
    ]
    spec = comparison_of(worlds, weeks=20, every=20, by=[by], seed=1)
    changes, people = np.array(changes, float), np.array(people, float)
    sums = np.zeros((2, len(people), 2 + people.shape[1], 1, len(LIFE_OUTCOMES)))
    sums[1, :, 2:, 0, outcome_at("kept")] = changes
    everybody = people.sum(axis=1, keepdims=True)
    return Caseloads(
        spec, len(people), np.concatenate([everybody, 0 * everybody, people], axis=1), sums,
        np.zeros(len(people), int),
    )  # fmt: skip


def drawn(teams):
    rng = np.random.default_rng(2)
    people = rng.integers(20, 60, (teams, 3))
    return -people * rng.uniform([1, 2, 3], [2, 3, 5], (teams, 3)), people


def test_the_index_of_a_comparison_is_that_of_its_groups():
    changes, people = drawn(6)
    (row,) = equity_rows(by_hand(changes, people), ["kept"])
    n, lost = people.sum(axis=0), -changes.sum(axis=0)
    expected = concentration(n, lost / n)
    assert row["concentration_index"] == pytest.approx(expected.concentration_index)
    assert (row["first"], row["last"], row["down"], row["told"]) == ("low", "high", True, "yes")
    curve = curve_rows(by_hand(changes, people), ["kept"])
    np.testing.assert_allclose([one["people_share"] for one in curve], expected.people[1:])
    np.testing.assert_allclose([one["change_share"] for one in curve], expected.loss[1:])


def test_its_error_is_that_of_leaving_out_a_team_at_a_time():
    changes, people = drawn(60)
    at = np.arange(60)
    left = [
        equity_rows(by_hand(changes[at != one], people[at != one]), ["kept"])[0][
            "concentration_index"
        ]
        for one in at
    ]
    jackknife = np.sqrt(59 / 60 * ((left - np.mean(left)) ** 2).sum())
    (row,) = equity_rows(by_hand(changes, people), ["kept"])
    assert row["concentration_index_mcse"] == pytest.approx(jackknife, rel=0.03)


def test_where_some_gain_there_is_no_curve_and_it_is_said():
    changes, people = drawn(6)
    changes[:, 0] *= -1
    found = by_hand(changes, people)
    (row,) = equity_rows(found, ["kept"])
    assert row["told"] == "both ways"
    assert np.isnan(row["concentration_index"])
    assert curve_rows(found, ["kept"]) == []
    assert (
        "visits kept moves both ways, so there is no curve"
        in equity_in_words([row], ["kept"], "usual")[0]
    )


def test_where_nothing_clearly_changes_nothing_is_borne():
    changes, people = drawn(6)
    changes[::2] *= -1
    (row,) = equity_rows(by_hand(changes, people), ["kept"])
    assert row["told"] == "not clear"
    assert equity_in_words([row], ["kept"], "usual") == []


def test_who_bears_more_is_named():
    first, *_ = equity_in_words(equity_rows(by_hand(*drawn(6)), ["kept"]), ["kept"], "usual")
    assert first.startswith("cut, by need from low to high: visits kept down: index +0.")
    assert "so need high bears more than its share" in first


def test_levels_without_an_order_have_no_curve():
    lived = by_hand([[-1.0, -1, -1, -1]] * 2, [[20, 20, 20, 20]] * 2, by="household")
    assert equity_rows(lived, ["kept"]) == []
