"""Conditions that hold together, and those that a study file has of its own."""

import pytest

from analysis.stress.code import user_code
from analysis.stress.conditions import changed_study, chosen_conditions
from analysis.stress.result import spec_of_stress
from sim.errors import InputError
from sim.study.spec import parse_study

CODE = """
# estimates: m = mean swemwbs 26
def fit(study):
    return {"m": {"estimate": 20.0, "lo": 0.0, "hi": 40.0}}
"""
WORST = {
    "words": "where much goes wrong",
    "n": 9,
    "participation": {"retention": {"all": [0.7]}, "mechanism": {"all": "MNAR-outcome"}},
    "errors": {"forgotten": 0.25},
}


def changed(study, name, own=()):
    (one,) = chosen_conditions([name], own)
    return changed_study(study, one)


def with_stress(study, **table):
    return parse_study({**study.resolved(), "stress": table})


def test_crossed_conditions_hold_together(small_study):
    both = changed(small_study, "mar+forgotten").resolved()
    alone = changed(small_study, "mar").resolved(), changed(small_study, "forgotten").resolved()
    assert both["participation"] == alone[0]["participation"]
    assert both["errors"] == alone[1]["errors"]
    assert alone[1]["participation"]["retention"] == {}
    (one,) = chosen_conditions(["no_effect+mar"])
    assert one.is_null
    assert one.words == (
        "where the arms do nothing and where those last recorded as worse stay away (MAR)"
    )


@pytest.mark.parametrize("said", ["mar+mnar", "absence+mar", "clean+mar", "small+small"])
def test_what_cannot_hold_together_is_refused(said):
    with pytest.raises(InputError, match=r"who is absent|adds nothing"):
        chosen_conditions([said])


def test_a_study_file_has_conditions_of_its_own(write, small_study, judged_alone):
    study = with_stress(
        small_study, conditions=["clean", "worst", "small+forgotten"], must=["worst"],
        zones={"coverage": 0.9}, condition={"worst": WORST},
    )  # fmt: skip
    spec = spec_of_stress(user_code(write(CODE)), study, seed=1)
    cases = {case.condition: case.study for case in spec.cases}
    assert list(cases) == ["clean", "worst", "small+forgotten"]
    assert cases["worst"].recruitment.n == 9
    assert cases["worst"].participation.retention == {"all": (0.7,)}
    assert cases["worst"].errors["forgotten"] == 0.25
    assert spec.conditions["worst"] == "where much goes wrong"
    found = judged_alone(spec, 2)
    assert found.must == ("worst",)
    assert found.zones.coverage == 0.9
    only = spec_of_stress(user_code(write(CODE)), study, conditions=["clean"], seed=1)
    assert judged_alone(only, 2).must == ("clean",)
    other = judged_alone(spec, 2, must=["clean"], zones={"coverage": 0.8})
    assert other.must == ("clean",)
    assert other.zones.coverage == 0.8


def test_one_s_own_are_run_with_the_usual_ones_where_none_is_named(small_study):
    study = with_stress(small_study, condition={"worst": WORST})
    spec = spec_of_stress(user_code("true"), study, estimates=["mean swemwbs 26"], seed=1)
    names = [case.condition for case in spec.cases]
    assert "clean" in names
    assert names[-1] == "worst"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"conditions": ["worts"], "condition": {"worst": WORST}}, 'did you mean "worst"'),
        ({"condition": {"mar": WORST}}, "there is a condition of that name"),
        ({"zones": {"cover": 0.9}}, 'did you mean "coverage"'),
        ({"zones": {"coverage": -1}}, "no number above 0"),
        ({"must": ["mar+mnar"]}, "who is absent"),
        ({"condition": {"worst": {**WORST, "waves": {}}}}, "waves"),
    ],
)
def test_what_is_wrong_in_the_table_is_said_with_its_place(small_study, table, words):
    with pytest.raises(InputError, match=words) as said:
        with_stress(small_study, **table)
    assert "stress" in str(said.value)


def test_a_condition_of_one_s_own_that_is_no_study_is_refused(write, small_study):
    study = with_stress(
        small_study, condition={"worst": {"words": "so", "errors": {"forgoten": 0.2}}}
    )
    with pytest.raises(InputError, match="forgotten"):
        spec_of_stress(user_code(write(CODE)), study, conditions=["worst"], seed=1)
