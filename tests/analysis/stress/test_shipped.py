"""The shipped analyses: wrong ones are convicted where they should be, right ones are not."""

import shutil
import subprocess
import tomllib
from functools import cache

import pytest

from analysis.stress.analyses import right, wrong
from analysis.stress.code import user_code
from analysis.stress.conditions import CONDITIONS
from analysis.stress.result import spec_of_stress, stress_study
from analysis.stress.run import Hands, rows_of_run
from analysis.stress.shared import ROOM, SharedStudies, expectations, matrix_study
from analysis.stress.verdicts import FAILS, HOLDS

LOOKS, LONG_LOOKS = (20, 40, 60), (300, 600, 1200)
NAMED = {
    one.name: one.named for one in expectations().values() if not one.is_right and not one.is_slow
}
SCRIPTS = tomllib.loads((ROOM / "matrix.toml").read_text())["r"]


@cache
def has_r(package="stats"):
    """Whether R is there, with a package."""
    if shutil.which("Rscript") is None:
        return False
    words = ["Rscript", "-e", f"quit(status = !requireNamespace('{package}', quietly = TRUE))"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_every_analysis_is_in_the_matrix():
    known = expectations()
    of_kind = {kind: {one.name for one in known.values() if one.is_right is kind}
               for kind in (True, False)}  # fmt: skip
    assert of_kind[True] == set(right.__all__)
    assert of_kind[False] == set(wrong.__all__)
    assert min(map(len, of_kind.values())) >= 8
    assert set(SCRIPTS) == {file.stem for file in ROOM.glob("*.R")}


def test_the_matrix_names_conditions_there_are_and_one_for_each_wrong_analysis():
    names = {one.name for one in CONDITIONS}
    for one in expectations().values():
        assert {*one.holds, *one.fails} <= names
        assert not set(one.holds) & set(one.fails)
        assert one.named in one.fails if not one.is_right else one.holds


def test_each_wrong_analysis_is_convicted_in_the_condition_named_for_it():
    studies = SharedStudies({(named, name) for name, named in NAMED.items()}, seed=8, worlds=24)
    convicted = {}
    for look in LOOKS:
        left = [cell for cell in studies.cells if cell[1] not in convicted]
        studies.run(look - studies.studies, left)
        for (_, name), found in studies.verdicts(len(LOOKS)).items():
            assert found.verdict != HOLDS, name
            if found.verdict == FAILS:
                convicted[name] = look
        if len(convicted) == len(NAMED):
            break
    assert set(convicted) == set(NAMED)


@pytest.mark.verify
@pytest.mark.parametrize("seed", [11, 12])
def test_the_matrix_holds(seed):
    # 40 cells at 1 % each: a false alarm in a seed has a chance of .33 at the very edges of the
    # zones, where no cell is expected to be
    known = expectations()
    must_fail = {(where, one.name) for one in known.values() for where in one.fails}
    must_not = {(where, one.name) for one in known.values() for where in one.holds}
    studies, found = SharedStudies(must_fail | must_not, seed, worlds=100), {}
    for look in LONG_LOOKS:
        left = must_fail | must_not if not found else must_fail - convicted(found)
        if left:
            studies.run(look - studies.studies, left)
            found |= {c: one.verdict for c, one in studies.verdicts(len(LONG_LOOKS)).items()}
    assert must_fail - convicted(found) == set()
    assert must_not & convicted(found) == set()


def convicted(verdicts):
    """Cells in which an analysis surely fails."""
    return {cell for cell, verdict in verdicts.items() if verdict == FAILS}


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_in_r_answer(name):
    if not has_r(SCRIPTS[name].get("needs", "stats")):
        pytest.skip("R or a package of it is not here")
    spec = spec_of_stress(
        user_code(f"Rscript {ROOM / name}.R"), matrix_study(), conditions=["clean"], seed=1
    )
    with Hands(spec) as hands:
        rows = rows_of_run(spec, hands, range(1)).to_pylist()
    assert [row["status"] for row in rows] == ["usable"]


@pytest.mark.verify
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_matrix_holds_in_r(name):
    if not has_r(SCRIPTS[name].get("needs", "stats")):
        pytest.skip("R or a package of it is not here")
    said = SCRIPTS[name]
    holds, fails = said.get("holds", []), said["fails"]
    spec = spec_of_stress(
        user_code(f"Rscript {ROOM / name}.R"), matrix_study(), conditions=[*holds, *fails], seed=13
    )
    found = stress_study(spec, replicates=200)
    verdicts = {one.trial.condition: one.verdict for one in found.judged}
    assert {one for one in fails if verdicts[one] != FAILS} == set()
    assert {one for one in holds if verdicts[one] == FAILS} == set()
