"""Sets of assumptions: bands without Monte Carlo error, signs only where clear, words of shares."""

import numpy as np
import pytest

from analysis.compare.asked import asked_comparison
from analysis.compare.drawn import Assumed, DrawsSpec, over_sets
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.compare.words import assumed_in_words
from analysis.runs.run import open_run
from sim.errors import InputError

USUAL = """\
id = "{name}"
title = "A small world"
[world]
teams_per_site = [1]
scale = 0.3
runin_weeks = 2
horizon_weeks = 6
"""
CUT = """
[[shock]]
acts_on = "service.coordinator.capacity"
how = "multiply"
value = 0.7
from_week = 1
"""
SETS = 400
KEPT = outcome_at("kept")


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    for name, shock in (("usual", ""), ("cut", CUT)):
        (folder / f"{name}.toml").write_text(USUAL.format(name=name) + shock)
    return asked_comparison([folder / "usual.toml", folder / "cut.toml"], seed=1)


def assumed(spec, true, error, near=None):
    """Estimates of known differences of visits kept, with known errors."""
    noise = np.random.default_rng(5).normal(0, error, SETS)
    value = np.zeros((SETS, 1, 2, len(LIFE_OUTCOMES)))
    value[:, 0, 0, KEPT] = true + noise
    mcse = np.full_like(value, error)
    near = np.ones(SETS, bool) if near is None else near
    return Assumed(DrawsSpec(spec, SETS), value, mcse, 2 * mcse, near)


def band(found):
    return next(row for row in found.bands(("kept",)) if row["who"] == "everybody")


def test_monte_carlo_error_is_no_part_of_the_band(spec):
    true = np.linspace(-1, 1, SETS)
    wide = band(assumed(spec, true, 1.0))
    assert (wide["band_lo"], wide["band_hi"]) == pytest.approx((-0.9, 0.9), abs=0.25)
    none = band(assumed(spec, np.full(SETS, 0.3), 1.0))
    assert none["band_hi"] - none["band_lo"] < 0.8  # as observed it would be 3.3


def test_a_set_counts_for_a_sign_only_if_the_sign_is_clear(spec):
    true = np.repeat([-5.0, 0.0, 5.0, 5.0], SETS // 4)
    row = band(assumed(spec, true, 0.1))
    assert row["clearly_less"] == pytest.approx(0.25, abs=0.03)
    assert row["clearly_more"] == pytest.approx(0.5, abs=0.03)
    assert row["clearly_less"] + row["clearly_more"] + row["not_clear"] == pytest.approx(1)


def test_sets_that_fail_the_evidence_are_told_apart(spec):
    near = np.arange(SETS) % 4 > 0
    row = band(assumed(spec, np.where(near, 1.0, 9.0), 0.01, near))
    assert (row["sets"], row["sets_far"]) == (300, 100)
    assert row["band_hi"] < 1.1
    assert row["mean_far"] == pytest.approx(9, abs=0.1)


def test_what_moves_the_answer_is_found(spec):
    one = assumed(spec, np.zeros(SETS), 1.0)
    space, points = one.spec.drawn.space, one.spec.drawn.points
    one.value[:, 0, 0, KEPT] += 10 * points[:, 7] - 6 * points[:, 2]
    first, second, *others = one.movers(("kept",))
    assert (first["parameter"], second["parameter"]) == (space.paths[7], space.paths[2])
    assert first["rank_correlation"] > 0 > second["rank_correlation"]
    assert first["above_noise"]
    assert second["above_noise"]
    assert len(others) == 3


def test_words_are_of_shares_of_sets_and_never_of_chances(spec):
    said = " ".join(assumed_in_words(assumed(spec, np.linspace(1, 2, SETS), 0.1), ("kept",)))
    assert "clearly more in 100 % of sets" in said
    assert "A share of sets is no probability" in said
    assert "likely" not in said


def test_too_few_sets_are_refused(spec):
    with pytest.raises(InputError, match="from fewer than 10 sets nothing can be said"):
        over_sets(spec, 9)


def test_sets_are_lived_as_said_and_read_back(spec, tmp_path):
    run = open_run(tmp_path, {"seed": 1})
    found, again = (over_sets(spec, 10, kept=run, threads=n) for n in (2, 1))
    assert (found.value == again.value).all()
    assert found.value.shape == (10, 1, 2, len(LIFE_OUTCOMES))
    assert len(np.unique(found.value[:, 0, 0, KEPT])) > 5
