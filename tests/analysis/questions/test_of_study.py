"""The `[plan]` of a study file: what may be said, and what each mistake is told."""

import pytest

from analysis.questions.of_study import plan_of
from sim.errors import InputError
from sim.study.spec import parse_study, read_study


def changed(table, **values):
    """The shipped trial as data, with keys of one table of its plan set, or dropped if None."""
    said = read_study("network-intervention-trial").resolved()
    where = said["plan"]
    for part in table:
        where = where[part]
    for key, value in values.items():
        if value is None:
            where.pop(key)
        else:
            where[key] = value
    return said


def test_a_question_is_settled_from_the_study():
    said = changed(("question", 0), at_week=None, arms=None)
    question = plan_of(parse_study(said)).question[0]
    assert question.at_week == 52
    assert question.arms == ("intervention", "usual_care")


def test_what_a_study_plans_moves_nothing_it_simulates():
    study = read_study("network-intervention-trial")
    assert parse_study(changed((), chance=0.8)).hash == study.hash


@pytest.mark.parametrize(
    ("table", "values", "message"),
    [
        ((), {"chance": 1.0}, "plan.chance: 1 cannot be asked for: no number of people makes"),
        ((), {"chance": 0.0}, "0 cannot be asked for"),
        ((), {"chance": None}, "needs chance, such as 0.9, or type_m"),
        ((), {"type_m": 1.1}, "needs chance, such as 0.9, or type_m: one of the two"),
        ((), {"process": "wurld"}, '"wurld" is not one of'),
        ((), {"people_at_least": 2000}, "people_at_least = 2000 is more than"),
        ((), {"chanse": 0.9}, 'unknown key "chanse"; did you mean "chance"?'),
        (("question", 0), {"outcome": "swemwb"}, 'its one outcome is "swemwbs"'),
        (("question", 0), {"outcome": "hccq"}, 'the panel has no "hccq"; its one outcome is'),
        (("question", 0), {"analysis": "anova"}, 'did you mean "ancova"?'),
        (("question", 0), {"at_week": 40}, "there is no wave in week 40; there are 0, 26, 52"),
        (("question", 0), {"at_week": 0}, "a difference at baseline is nothing yet"),
        (("question", 0), {"arms": ["intervention"]}, "a difference is between two arms"),
        (("question", 0), {"arms": ["intervntion", "usual_care"]}, 'mean "intervention"?'),
        (("question", 0), {"about": "slope"}, "a slope runs over all waves; leave at_week out"),
        (
            ("question", 0),
            {"about": "slope", "at_week": None},
            '"mmrm" does not answer a question about a slope; what does: random_slope',
        ),
        (
            ("question", 0),
            {"about": "slope", "at_week": None, "analysis": "random_slope"},
            "an effect that grows evenly, but plan.panel.effect.intervention does not; "
            "[0.175, 0.35] would",
        ),
        (("question", 0), {"contrast": "direct"}, 'so "direct" is "all" there; leave it out, or'),
        (("question", 0), {"success": "narrow"}, 'success = "narrow" and half_width go together'),
        (("question", 0), {"half_width": 2.0}, 'success = "narrow" and half_width go together'),
        (("question", 0), {"alpha": 0.6}, "must be less than 0.5"),
        (("panel",), {"sd": 0.0}, "must be at least 1e-06"),
        (("panel",), {"correlation": 1.0}, "must be less than 1"),
        (("panel",), {"trend": [1.0]}, "has 1 value, but the study has 2 waves after the first"),
        (("panel", "effect"), {"intervntion": [0.1, 0.2]}, 'no arm "intervntion"; did you mean'),
        (("panel", "effect"), {"intervention": [0.1]}, "give one for each"),
        (("panel",), {"clusters": {"intervention": {"icc": 0.1}}}, "needs the size of a cluster"),
        (("costs",), {"interview": -1.0}, "must be at least 0"),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(table, values, message):
    with pytest.raises(InputError) as wrong:
        parse_study(changed(table, **values))
    assert message in str(wrong.value)
    assert len(str(wrong.value).splitlines()) <= 2


def test_retention_that_rises_is_refused():
    said = read_study("network-intervention-trial").resolved()
    said["participation"]["retention"] = [0.8, 0.9]
    with pytest.raises(InputError, match=r"rises from 0\.8 to 0\.9"):
        parse_study(said)


def test_the_line_of_a_second_question_is_named(tmp_path):
    text = read_study("network-intervention-trial").to_toml()
    question = '[[plan.question]]\noutcome = "swemwbs"\nanalysis = "t_test"\nat_week = 12\n'
    file = tmp_path / "mine.toml"
    file.write_text(f"{text}\n{question}")
    line = len(file.read_text().splitlines())
    with pytest.raises(InputError, match=rf"mine.toml, line {line}, plan.question 2 at_week"):
        read_study(file)
