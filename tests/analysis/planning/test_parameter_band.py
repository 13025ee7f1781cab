"""What the world's parameters leave uncertain: draws, their truths, chances and signs."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest

from analysis.planning.band import band as drawing
from analysis.planning.band.band import STUDIES, TRUTHS, parameter_band
from analysis.planning.band.drawing import check_draws, with_band
from analysis.planning.band.over import chance_band, truth_band
from analysis.planning.planner import plan_study
from analysis.questions.of_study import plan_of
from analysis.runs.parameter_space import Space
from analysis.runs.purposes import Purpose
from analysis.trials.trial import Trial
from analysis.worlds.balance import Turnover
from analysis.worlds.census import Truth, census, contrast_of
from analysis.worlds.drawn_worlds import DrawnWorlds, is_near, space_of
from analysis.worlds.process import world_process
from egocohort.results.plan import make_plan
from sim.errors import InputError
from sim.study.spec import parse_study
from sim.world.parameters import catalogue
from sim.world.scenario import read_scenario

SMALL = """\
id = "small"
title = "Two teams"
[frame]
teams_per_site = [1, 1]
egos_per_team = 72
[recruitment]
n = 20
interest = 0.9
consent = 0.9
[arms]
unit = "team"
share = { usual_care = 1, cutback = 1 }
[arms.scenario]
cutback = "service-cutback"
[waves]
weeks = [0, 26]
[participation]
retention = [1.0]
[plan]
process = "world"
chance = 0.8
people_at_most = 100
[[plan.question]]
outcome = "service_contacts"
analysis = "negative_binomial"
[[plan.question]]
outcome = "map_size"
about = "mean"
analysis = "t_test"
success = "narrow"
half_width = 2.0
"""
WANTED = {"shipped": (-0.1, 8.0), "target": 0.8}
PROGRESS = ("drawing the parameters", 2, 2)


def small(*changes):
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse_study(tomllib.loads(text), "small.toml")


def process(study, seed=3):
    return world_process(study, plan_of(study), seed)


def still(space):
    """The space with every range a single value."""
    entries = tuple(replace(one, low=one.value, high=one.value) for one in space.entries)
    return Space(entries, "none", 0)


@pytest.fixture(scope="module")
def drawn():
    """Three draws of all that is assumed, and the process they are of."""
    study = small()
    world = process(study)
    return world, parameter_band(world, [30, 90], 3, **WANTED, threads=2)


def test_where_nothing_is_free_every_draw_is_the_plain_world():
    study = small()
    world = process(study)
    band = parameter_band(
        world, [30, 90], 2, space=still(space_of(world.lived)), **WANTED, threads=2
    )
    for draw, one in enumerate(band.drawn):
        numbers = Purpose.BAND_TRUTH.some(TRUTHS, draw)
        sums = [census(study, world.lived, world.questions, 3, r) for r in numbers]
        assert one.truths == tuple(
            contrast_of(question, np.stack([each[q] for each in sums]))
            for q, question in enumerate(world.questions)
        )
        studies = Purpose.BAND.some(STUDIES, draw)
        trial = Trial(world, plan_of(study))
        plain = [trial.successes(fits) for fits in trial.fits([30, 90], studies)]
        assert [list(won) for won in one.won] == [won.tolist() for won in plain]
        assert one.near


def test_no_draw_shares_a_replicate_with_another_or_with_the_plan(drawn):
    world, band = drawn
    assert len({one.truths[1].value for one in band.drawn}) == 3
    most = 100_000 * max(TRUTHS, STUDIES)  # as many draws as the command line takes
    assert most < Purpose.BAND.value.most
    assert not {r for r in world.kept if r >= Purpose.BAND.first}


def test_a_cutback_takes_visits_whatever_the_parameters(drawn):
    _, band = drawn
    contacts, size = band.every.truths
    assert contacts.agree.value == 1
    assert contacts.agree_corrected.value > 0.99
    assert contacts.high[0] < 0
    assert (size.agree, size.agree_corrected) == (None, None)  # a mean has no sign to agree on
    assert size.low[0] <= size.middle[0] <= size.high[0]


def test_threads_change_nothing(drawn):
    world, band = drawn
    assert parameter_band(world, [30, 90], 3, **WANTED, threads=1) == band


def test_a_draw_keeps_shocks_and_what_its_scenario_sets(tmp_path):
    path = next(iter(space_of(world_process(small(), plan_of(small()), 3).lived).paths))
    low = catalogue()[path].low
    file = tmp_path / "mine.toml"
    file.write_text(
        f'id = "mine"\ntitle = "Mine"\nextends = "usual-care"\n[parameters]\n"{path}" = {low}\n'
    )
    study = small(("[frame]", f'scenario = "{file}"\n[frame]'))
    world = world_process(study, plan_of(study), 3)
    draw = DrawnWorlds(world, 2).at(1).process
    assert draw.lived.shocks == world.lived.shocks
    assert draw.lived.hash != world.lived.hash
    assert draw.lived.parameters[path] == low
    assert path not in space_of(world.lived).paths


def test_no_range_lets_a_shock_leave_the_catalogue():
    world = process(small())
    space, known = space_of(world.lived), catalogue()
    met = 0
    for entry in space.entries:
        for shock in world.lived.shocks:
            if shock.acts_on == entry.path:
                met += 1
                for value in (entry.low, entry.high):
                    known.check(entry.path, shock.applied(value), "here")
    assert met >= 4


def test_no_draw_turns_round_what_a_scenario_sets():
    usual, turnover, thin = map(
        read_scenario, ("usual-care", "staff-turnover", "network-constriction")
    )
    longer = next(one for one in turnover.shocks if one.acts_on == "service.vacancy_weeks")
    free = {one.path: one for one in space_of(usual).entries}
    met = {one.path: one for one in space_of(usual, turnover, thin).entries}
    levels = {longer.acts_on: longer.value, **thin.parameters}
    bent = [path for path in levels if path in free]
    assert longer.acts_on in bent
    assert "constriction.thinning" in bent
    for path in bent:
        shipped, level = free[path].value, levels[path]
        assert met[path].low <= shipped <= met[path].high
        assert met[path].high <= level if level > shipped else met[path].low >= level
    assert {path: one for path, one in met.items() if path not in levels} == {
        path: one for path, one in free.items() if path not in levels
    }


def test_parameters_and_balanced_births_reach_the_world():
    world = world_process(small(), plan_of(small()), 3)
    drawn = DrawnWorlds(world, 3).at(0).process.lived
    births = [name for name in drawn.parameters if name.endswith("formation")]
    assert len(births) == 7
    other, plain = (census(world.study, one, world.questions, 3, 0) for one in (drawn, world.lived))
    assert not np.array_equal(other[1], plain[1])


def test_losses_say_what_is_near_the_evidence():
    plain = Turnover(np.full(7, 100.0), np.full(7, 10.0), np.full(7, 10.0))
    assert is_near([replace(plain, losses=plain.losses * 1.9)], [plain])
    assert not is_near([replace(plain, losses=plain.losses * 2.1)], [plain])
    assert not is_near([replace(plain, losses=plain.losses * 0.4)], [plain])


def test_monte_carlo_error_is_taken_off_the_band_of_the_truth():
    rng = np.random.default_rng(1)
    true = rng.normal(1, 1, 4000)
    noisy = [Truth(one, 1.0, 2) for one in true + rng.normal(0, 1, 4000)]
    band = truth_band(noisy, 1.0, rng)
    # Standard errors: .05 of outer quantiles, .03 of the median, .01 of shares; false alarm 1e-4.
    assert band.low[0] == pytest.approx(1 - 1.96, abs=0.2)
    assert band.middle[0] == pytest.approx(1, abs=0.12)
    assert band.high[0] == pytest.approx(1 + 1.96, abs=0.2)
    assert band.agree_corrected.value == pytest.approx(0.841, abs=0.04)
    assert band.agree.value == pytest.approx(0.760, abs=0.03)
    assert band.low[1] < band.low[0] < band.low[2]
    against = truth_band(noisy, -1.0, np.random.default_rng(2))
    assert against.agree.value == pytest.approx(1 - band.agree.value)


def test_a_band_without_spread_is_a_point_and_undefined_truths_are_counted():
    rng = np.random.default_rng(1)
    alike = [Truth(0.5, 0.2, 2)] * 5
    band = truth_band([*alike, Truth(float("nan"), 0.1, 2)], 0.5, rng)
    assert (band.low[0], band.middle[0], band.high[0]) == (0.5, 0.5, 0.5)
    assert (band.undefined, band.agree.value, band.agree_corrected.value) == (1, 1, 1)
    assert truth_band([Truth(float("nan"), 0.1, 2)] * 3, 0.5, rng).undefined == 3


def test_the_chance_differs_between_draws_by_what_studies_of_one_draw_share():
    rng = np.random.default_rng(4)
    chance = rng.beta(2, 1, 4000)
    won = (rng.random((4000, 2)) < chance[:, None]).astype(float)
    band = chance_band(50, won, 0.8, rng)
    # Beta (2, 1): mean 2/3, SD .2357, quantiles sqrt(q), share above .8 of .36. False alarm 1e-4.
    assert band.mean == pytest.approx(2 / 3, abs=4 * band.mcse)
    assert band.sd == pytest.approx(0.2357, abs=0.04)
    assert band.quarter == pytest.approx(0.5, abs=0.08)
    assert band.reaches == pytest.approx(0.36, abs=0.05)
    assert band.sd_low < band.sd < band.sd_high
    alike = (rng.random((4000, 2)) < 0.7).astype(float)
    assert chance_band(50, alike, 0.8, rng).sd < 0.12  # 4 standard errors of the variance: .013
    never = chance_band(50, np.zeros((10, 2)), 0.8, rng)
    assert (never.mean, never.low, never.high, never.reaches) == (0, 0, 0, 0)


def test_a_plan_has_the_band_it_is_asked_for():
    said = []
    plain = plan_study(small(), seed=2, sizes=[40], replicates=10, threads=2)
    assert with_band(plain, 0) is plain
    banded = with_band(plain, 2, threads=2, progress=lambda *one: said.append(one))
    assert plain.band is None
    assert any("--draws 200 shows it" in note for note in plain.notes)
    assert PROGRESS in said
    assert len(banded.band.drawn) == 2
    assert not any("--draws 200 shows it" in note for note in banded.notes)
    assert any("2 draws is a first look" in note for note in banded.notes)
    assert plain.curve == banded.curve
    unsure = replace(plain, truths=(0.01, 8.0), truth_errors=(0.01, 0.1))
    assert any("question 1: the sign" in note for note in with_band(unsure, 2, threads=2).notes)


def test_what_makes_no_band_is_refused():
    with pytest.raises(InputError, match="one draw makes no band"):
        check_draws(plan_of(small()), 1)


def test_draws_are_kept_beside_the_rows_of_the_plan(tmp_path, monkeypatch):
    asked = {"seed": 2, "sizes": [40], "replicates": 10, "draws": 2, "out": tmp_path}
    first = make_plan(small(), **asked)
    assert len(list(tmp_path.glob("*/band-*/from-*.parquet"))) == 2
    monkeypatch.setattr(drawing, "ask_draw", None)
    again = make_plan(small(), **asked)
    assert again.band.equals(first.band)
    assert again.summary() == first.summary()
