"""Rows of a run: the same for any number of threads and after a kill, and to be had again."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.stress.code import user_code
from analysis.stress.conditions import CONDITIONS, changed_study, chosen_conditions
from analysis.stress.result import spec_of_stress, stress_study
from analysis.stress.run import Hands, rows_of_run, run_replicate, stress_run
from analysis.stress.studies import studies_of
from analysis.stress.workers.hand import ON_HAND
from sim.data import tables
from sim.errors import InputError
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study
from sim.study.tables import study_tables
from tests.analysis.stress.whole_run import whole_run

CODE = """
# estimates: m = mean swemwbs 0; d = difference swemwbs 26
import warnings

def fit(study):
    y = study.egos[study.egos.wave == 1].swemwbs.dropna()
    se = y.std(ddof=1) / len(y) ** 0.5
    last = study.egos[study.egos.wave == 2].dropna(subset="swemwbs")
    mean, sem = last.groupby("arm").swemwbs.mean(), last.groupby("arm").swemwbs.sem()
    d, off = mean["more"] - mean["usual"], (sem**2).sum() ** 0.5
    if len(last) < 9:
        warnings.warn("few people")
    if study.seed % 5 == 0:
        raise RuntimeError(f"out of luck in a study of {len(y)}: {object()}")
    return {
        "m": {"estimate": y.mean(), "se": se, "lo": y.mean() - 2 * se, "hi": y.mean() + 2 * se},
        "d": {"estimate": d, "se": off, "lo": d - 2 * off, "hi": d + 2 * off},
    }
"""


@pytest.fixture
def spec(write, small_study):
    """A run of three conditions that live two lives."""
    return spec_of_stress(
        user_code(write(CODE)), small_study, conditions=["clean", "absence", "small"], seed=5
    )


@pytest.fixture
def hands(spec):
    """The processes of that run."""
    with Hands(spec) as found:
        yield found


def digests(folder):
    files = sorted(Path(folder).rglob("*.parquet"))
    assert files
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def test_rows_are_the_same_bytes_for_any_number_of_threads(spec, hands, tmp_path):
    found = []
    for threads in (1, 2):
        kept = stress_run(tmp_path / f"{threads}", spec.seed)
        rows_of_run(spec, hands, range(6), kept=kept, threads=threads)
        found.append(digests(tmp_path / f"{threads}" / "rows"))
    assert found[0] == found[1]


def test_a_run_goes_on_from_what_is_kept(spec, hands, tmp_path, monkeypatch):
    kept = stress_run(tmp_path, spec.seed)
    first = rows_of_run(spec, hands, range(4), kept=kept)

    def not_again(spec, replicate, hands, lives):
        assert replicate >= 4
        return run_replicate(spec, replicate, hands, lives)

    monkeypatch.setattr("analysis.stress.run.run_replicate", not_again)
    both = rows_of_run(spec, hands, range(6), kept=kept)
    assert both.slice(0, first.num_rows).to_pylist().__repr__() == repr(first.to_pylist())


def test_rows_are_the_same_bytes_after_a_kill(write, small_study, tmp_path):
    study = tmp_path / "small.toml"
    study.write_text(small_study.to_toml())

    def words(name):
        return write(CODE), str(study), str(tmp_path / name)

    killed = subprocess.Popen([sys.executable, "-m", whole_run.__module__, *words("killed")])
    rows = tmp_path / "killed" / "rows"
    until = time.monotonic() + 60
    while not list(rows.rglob("*.parquet")) and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(killed.pid, signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    assert len(list(rows.rglob("*.parquet"))) < 3
    for name in ("killed", "whole"):
        whole_run(*words(name))
    assert digests(rows) == digests(tmp_path / "whole" / "rows")


def test_a_replicate_alone_has_the_rows_it_has_in_the_run(spec, hands):
    whole = rows_of_run(spec, hands, range(8)).to_pylist()
    assert {row["status"] for row in whole} == {"usable", "crashed"}
    alone = [
        row
        for replicate in (7, 2)
        for row in rows_of_run(spec, hands, range(replicate, replicate + 1)).to_pylist()
    ]
    assert repr(alone) == repr([row for r in (7, 2) for row in whole if row["replicate"] == r])


@pytest.mark.parametrize(
    "conditions",
    [("clean", "absence", "small"), ("clean", "sites", "mode", "cap", "teams", "workers")],
)
def test_a_study_is_that_of_egocohort_simulate(write, small_study, conditions):
    two_sites = {**small_study.resolved(), "frame": {"teams_per_site": [2, 1], "egos_per_team": 40}}
    spec = spec_of_stress(
        user_code(write(CODE)), parse_study(two_sites), conditions=conditions, seed=5
    )
    for case, given in studies_of(spec, 3):
        alone = simulate_study(spec.world, case.study, seed=spec.seed, replicate=3)
        found = study_tables(alone)
        for name in ON_HAND:
            assert given[name].equals(tables.build(name, found[name])), (case.condition, name)


def test_conditions_change_what_they_name_and_nothing_else(small_study):
    base = parse_study(small_study.resolved()).resolved()
    changed = {one.name: changed_study(small_study, one) for one in CONDITIONS}
    assert changed["no_effect"] is not None
    assert changed["absence"].resolved() == base
    for name, part in {
        "mnar": "participation",
        "forgotten": "errors",
        "small": "recruitment",
    }.items():
        said = changed[name].resolved()
        others = set(base) - {part, "participation", "map", "id"}
        assert said[part] != base.get(part)
        assert {key: said[key] for key in others} == {key: base[key] for key in others}
    assert changed["mnar"].participation.retention == small_study.participation.retention
    assert changed["small"].recruitment.n == 8


def test_a_condition_that_changes_nothing_is_refused(write, small_study):
    code = user_code(write(CODE))
    plain = parse_study({**small_study.resolved(), "arms": None} | {"arms": ARMS_BY_TEAM})
    with pytest.raises(InputError, match="is the same with it"):
        spec_of_stress(code, plain, conditions=["teams"], seed=1)
    with pytest.raises(InputError, match="no condition"):
        chosen_conditions(["mnra"])


ARMS_BY_TEAM = {"unit": "team", "share": {"usual": 1, "more": 1}}


def test_nothing_is_asked_of_means_where_arms_do_nothing(write, small_study, judged_alone):
    code = user_code(write(CODE))
    spec = spec_of_stress(code, small_study, conditions=["no_effect", "clean"], seed=2)
    found = judged_alone(spec, 4)
    asked = {(one.trial.condition, one.trial.term): one.trial for one in found.judged}
    assert set(asked) == {("no_effect", "d"), ("clean", "m"), ("clean", "d")}
    assert asked["no_effect", "d"].null
    assert asked["no_effect", "d"].truth.value == 0
    assert found.must == ("no_effect", "clean")


def test_a_must_that_is_not_run_is_refused(spec, small_study):
    with pytest.raises(InputError, match="--must no_effect: is not run here"):
        stress_study(spec, replicates=2, must=["no_effect"])
