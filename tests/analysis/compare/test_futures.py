"""Expected effects over futures: luck taken off, nothing from nothing, same for any threads."""

import numpy as np
import pytest

from analysis.compare import futures
from analysis.compare.asked import asked_comparison
from analysis.compare.futures import ExpectedEffects, FuturesSpec, effects_over_futures
from analysis.compare.tables import individual_rows
from analysis.runs.run import open_run
from sim.errors import InputError

HEAD = """\
id = "{name}"
title = "A small world"
[world]
teams_per_site = [2]
scale = 0.1
runin_weeks = 4
horizon_weeks = 8
"""
SHOCK = """
[[shock]]
acts_on = "wellbeing.insecurity"
how = "multiply"
value = {value}
from_week = 2
"""


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    shocks = {"usual": "", "same": SHOCK.format(value=1), "worse": SHOCK.format(value=2)}
    for name, shock in shocks.items():
        (folder / f"{name}.toml").write_text(HEAD.format(name=name) + shock)
    names = [folder / f"{name}.toml" for name in ("usual", "same", "worse")]
    return asked_comparison(names, every=4, seed=1)


def test_luck_is_no_part_of_the_spread_nor_of_who_is_harmed():
    rng = np.random.default_rng(2)
    true = np.where(np.arange(4000) < 400, -0.5, 0.0)
    luck = rng.normal(0, 0.1, 4000)
    found = ExpectedEffects(true + luck, np.full(4000, 0.01), 1.0)
    assert found.spread == pytest.approx(true.std(), rel=0.03)
    assert found.share_worse(0.3)[0] == pytest.approx(0.1, abs=0.01)
    nothing = ExpectedEffects(luck, np.full(4000, 0.01), 1.0)
    assert nothing.share_worse(0.1)[0] == 0
    assert nothing.other_way().share_worse(0.1)[0] == 0


def test_of_nothing_nothing_is_expected_and_of_harm_harm(spec, tmp_path):
    of = FuturesSpec(spec, "wellbeing", 40)
    run = open_run(tmp_path, {"seed": 1})
    same, worse = effects_over_futures(of, kept=run, threads=2)
    assert not same.mean.any()
    assert not same.noise.any()
    assert worse.mean.mean() < 0
    assert worse.mean.size == 58
    row = individual_rows(of, [same, worse])[1]
    assert (row["scenario"], row["people"], row["mean"]) == ("worse", 58, worse.mean.mean())
    again = effects_over_futures(of, kept=run)[1]
    alone = effects_over_futures(of)[1]
    assert (again.mean == worse.mean).all()
    assert (alone.mean == worse.mean).all()
    assert alone.noise == pytest.approx(worse.noise)


def test_more_futures_go_on_from_fewer(spec, monkeypatch):
    whole = effects_over_futures(FuturesSpec(spec, "wellbeing", 20))[1]
    monkeypatch.setattr(futures, "A_CHUNK", 7)
    parts = effects_over_futures(FuturesSpec(spec, "wellbeing", 20))[1]
    assert parts.mean == pytest.approx(whole.mean)
    assert parts.noise == pytest.approx(whole.noise, abs=1e-12)


def test_too_few_futures_are_refused():
    futures.check_futures(0)
    with pytest.raises(InputError, match="fewer than 200 do not tell people from luck"):
        futures.check_futures(199)
