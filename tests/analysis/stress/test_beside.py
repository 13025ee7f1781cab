"""Width and spread beside a shipped right analysis of the same studies."""

import math

import pytest

from analysis.stress.beside import beside_of
from analysis.stress.code import user_code
from analysis.stress.result import spec_of_stress
from analysis.stress.run import Hands, rows_of_run

HALF = """
# estimates: m = mean swemwbs 26, half = mean swemwbs 26, kept = kept friend 26
# estimates: same = mean swemwbs 26
from analysis.stress.analyses import right
from analysis.stress.analyses.parts import at_last, mean_answer
def fit(study):
    y = at_last(study, study.egos).swemwbs.dropna()
    whole, half = mean_answer(y), mean_answer(y.iloc[::2])
    whole["lo"] -= 1.0
    whole["hi"] += 1.0
    same = dict(estimate=0.1 + 1e-17 * len(y), lo=0.0, hi=0.2)
    return {"m": whole, "half": half, "kept": right.kept_by_people(study), "same": same}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory, small_study):
    file = tmp_path_factory.mktemp("code") / "half.py"
    file.write_text(HALF)
    spec = spec_of_stress(user_code(f"{file}:fit"), small_study, conditions=["clean"], seed=3)
    with Hands(spec) as hands:
        return spec, rows_of_run(spec, hands, range(40))


@pytest.fixture(scope="module")
def beside(run):
    return {one.term: one for one in beside_of(*run)}


def test_the_same_analysis_is_as_wide_and_as_good(beside):
    one = beside["kept"]
    assert (one.width, one.efficiency) == (1, 1)
    assert one.width_mcse == one.efficiency_mcse == 0
    assert one.analysis == "kept_by_people"


def test_wider_intervals_are_seen_where_estimates_are_the_same(beside):
    one = beside["m"]
    assert one.efficiency == pytest.approx(1)
    assert one.width > 1 + 4 * one.width_mcse


def test_half_of_the_people_are_half_of_the_efficiency(beside):
    one = beside["half"]
    assert abs(one.efficiency - 0.5) < 4 * one.efficiency_mcse
    assert one.efficiency_mcse < 0.15
    assert one.width == pytest.approx(2**0.5, rel=0.2)


def test_nothing_stands_beside_what_no_shipped_analysis_answers(write, small_study):
    spec = spec_of_stress(
        user_code(write("# estimates: t = mean diversity 26\ndef fit(study):\n    return {}")),
        small_study, conditions=["clean"], seed=3,
    )  # fmt: skip
    with Hands(spec) as hands:
        assert beside_of(spec, rows_of_run(spec, hands, range(12))) == []


def test_one_answer_for_every_study_and_a_biased_one_have_no_precision(run, beside):
    assert math.isnan(beside["same"].efficiency)
    assert beside["same"].width < 0.1
    of = {one.term: one for one in beside_of(*run, {"m"})}
    assert math.isnan(of["m"].efficiency)
    assert of["m"].width == beside["m"].width
    assert of["half"] == beside["half"]
