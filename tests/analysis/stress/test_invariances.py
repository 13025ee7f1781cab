"""What should make no difference makes none to a right analysis, and is found where it does."""

import shutil

import pytest

from analysis.stress.code import user_code
from analysis.stress.invariances import changes_of
from analysis.stress.result import spec_of_stress
from egocohort.study_files.new_analysis import new_analysis

RIGHT = """
# estimates: m = mean swemwbs 26; k = kept friend 26
import numpy as np

def fit(study):
    y = study.egos[study.egos.wave == 2].swemwbs.dropna()
    se = y.std(ddof=1) / len(y) ** 0.5
    friends = study.alters[study.alters.tie_class == "friend"]
    named = friends.groupby(["ego_pid", "alter_id"]).wave.agg(["min", "max"])
    k = (named["max"] > 1)[named["min"] == 1].mean()
    draws = np.random.default_rng(study.seed).normal(size=5)
    m = y.mean() + 1e-3 * se * draws.mean()
    return {"m": dict(estimate=m, se=se, lo=m - 2 * se, hi=m + 2 * se),
            "k": dict(estimate=k, lo=k - 0.1, hi=k + 0.1)}
"""


WRONG = {  # each term hangs on what one of the changes changes
    "rows": "y.iloc[0]",
    "columns": "study.egos.iloc[0, 3]",
    "units": "y[y < 30].mean()",
    "people": "y[study.egos.ego_pid[y.index].str[-1].isin(list('02468'))].mean()",
    "time zone": "time.timezone",
}


@pytest.fixture
def tried(write, small_study):
    def found(text):
        spec = spec_of_stress(user_code(write(text)), small_study, conditions=["clean"], seed=3)
        return {one.name: one for one in changes_of(spec, [0])}

    return found


def test_a_right_analysis_is_invariant(tried):
    holds = [one.holds for one in tried(RIGHT).values()]
    assert False not in holds
    assert holds.count(True) >= 5


def test_a_difference_is_found_and_where(tried):
    asked = "; ".join(f"{what.split()[-1]} = mean swemwbs 26" for what in WRONG)
    terms = [f"{what.split()[-1]!r}: of({value})" for what, value in WRONG.items()]
    found = tried(
        f"# estimates: {asked}\nimport time\n"
        "def of(m): return dict(estimate=float(m), lo=m - 1.0, hi=m + 1.0)\n"
        "def fit(study):\n"
        "    y = study.egos[study.egos.wave == 2].swemwbs.dropna()\n"
        f"    return {{{', '.join(terms)}}}\n"
    )
    for what in set(WRONG) - {"units"}:
        assert found[what].holds is False
        assert found[what].where.startswith(what.split()[-1])
    assert found["units"].holds is False


def test_nothing_is_said_of_what_has_no_answer(small_study):
    code, asked = user_code("false"), ["mean swemwbs 0"]  # a program that fails
    spec = spec_of_stress(code, small_study, estimates=asked, conditions=["clean"], seed=3)
    found = changes_of(spec, [0])
    assert len(found) > 5
    assert {one.holds for one in found} == {None}


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_a_right_script_is_invariant(small_study, tmp_path):
    text = new_analysis(tmp_path / "my.R").text.replace(" 52", " 26")
    (tmp_path / "my.R").write_text(text)
    code = user_code(f"Rscript {tmp_path / 'my.R'}")
    spec = spec_of_stress(code, small_study, conditions=["clean"], seed=3)
    assert False not in [one.holds for one in changes_of(spec, [0])]
