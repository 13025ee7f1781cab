"""A row for each term of each study, whatever came back."""

import math

import pandas as pd
import pytest

from analysis.questions.of_study import plan_of, with_plan
from analysis.stress.answers import MOST_EXTRA, USABLE, rows_of_reply
from analysis.stress.asked import estimated_by
from analysis.stress.code import user_code
from analysis.stress.workers.hand import Reply
from analysis.stress.workers.serve import answer_of
from sim.errors import InputError
from sim.study.spec import read_study

ROW = {"estimate": 1.0, "se": 0.5, "lo": 0.0, "hi": 2.0, "p": 0.04}


def rows(given, terms=("a",), warnings=()):
    return rows_of_reply(Reply("answered", given, tuple(warnings), ""), terms)


@pytest.mark.parametrize(
    "found",
    [
        {"a": ROW, "b": ROW},
        [{"term": "a", **ROW}, {"term": "b", **ROW}],
        pd.DataFrame([{"term": "a", **ROW}, {"term": "b", **ROW}]),
        pd.DataFrame([ROW, ROW], index=["a", "b"]),
        {"term": ["a", "b"], **{name: [one, one] for name, one in ROW.items()}},
    ],
    ids=["mapping", "list", "table", "indexed", "columns"],
)
def test_every_shape_of_an_answer_is_read_alike(found):
    assert [one.status for one in rows(answer_of(found), ("a", "b"))] == [USABLE] * 2


def test_one_term_needs_no_name():
    (row,) = rows(answer_of(ROW))
    assert (row.term, row.estimate, row.status) == ("a", 1.0, USABLE)


def test_p_and_se_can_be_left_out_but_not_be_nan():
    (row,) = rows([{"estimate": 1.0, "lo": 0.0, "hi": 2.0}])
    assert row.status == USABLE
    assert math.isnan(row.se)
    (row,) = rows([{**ROW, "p": math.nan}])
    assert row.status == "not finite"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"estimate": math.nan}, "not finite"),
        ({"hi": math.inf}, "not finite"),
        ({"lo": None}, "not finite"),
        ({"lo": "NA"}, "not finite"),
        ({"lo": "low"}, "malformed"),
        ({"lo": 3.0}, "malformed"),
        ({"se": -1.0}, "malformed"),
        ({"p": 1.2}, "malformed"),
        ({"estimate": True}, "malformed"),
    ],
)
def test_numbers_that_cannot_be_are_no_estimates(change, status):
    (row,) = rows([{**ROW, **change}])
    assert row.status == status
    assert row.log


def test_missing_and_extra_and_repeated_terms_have_rows():
    found = rows([{"term": "a", **ROW}, {"term": "a", **ROW}, {"term": "c", **ROW}], ("a", "b"))
    assert {one.term: one.status for one in found} == {
        "a": "malformed", "b": "missing term", "c": "extra term",
    }  # fmt: skip


def test_extra_terms_are_not_without_end():
    found = rows([{"term": f"x{k}", **ROW} for k in range(500)])
    assert len(found) == 1 + MOST_EXTRA


def test_without_an_answer_every_term_has_the_status_and_the_log():
    found = rows_of_reply(Reply("out of time", [], (), "the end"), ("a", "b"))
    assert [(one.term, one.status, one.log) for one in found] == [
        ("a", "out of time", "the end"), ("b", "out of time", "the end"),
    ]  # fmt: skip


def test_a_warning_is_that_of_the_code_or_of_a_row():
    (row,) = rows([ROW], warnings=["RuntimeWarning: few"])
    assert (row.warned, row.status) == (True, USABLE)
    (row,) = rows([{**ROW, "warning": "singular"}])
    assert (row.warned, row.log) == (True, "singular")


def test_what_is_estimated_is_said_by_the_file_or_the_user(write, small_study):
    code = user_code(write("# estimates: m = mean swemwbs 26; kept friend 26\ndef fit(s): ...\n"))
    asked = estimated_by(small_study, code)
    assert asked.terms == ("m", "kept_friend_26")
    assert [one.at_week for one in asked.questions] == [26, 26]
    assert asked.questions[1].classes == ("friend",)
    asked = estimated_by(small_study, code, ["difference swemwbs 26"])
    assert asked.questions[0].arms == ("more", "usual")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("mean wellbeing 26", '"wellbeing" is unknown'),
        ("mean 26", "names no outcome"),
        ("mean swemwbs 30", "no wave in week 30"),
        ("= mean swemwbs 26", "a term = what it estimates"),
        ("a = mean swemwbs 26; a = mean swemwbs 0", "named twice"),
        ("", "nothing says what it estimates"),
    ],
)
def test_what_cannot_be_asked_is_refused(write, small_study, said, message):
    code = user_code(write("def fit(s): ...\n"))
    with pytest.raises(InputError, match=message):
        estimated_by(small_study, code, [said])


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("my.py", "names no function"),
        ("fit.R", '"Rscript fit.R" runs it'),
        ("absent.py:fit", "no such file"),
        ("no-such-program --fast", "there is no such program"),
        ("", "no analysis is named"),
        ("sh 'a", "no command line"),
    ],
)
def test_code_that_is_not_there_is_refused(said, message):
    with pytest.raises(InputError, match=message):
        user_code(said)


def test_a_plan_of_the_world_says_what_is_estimated(write):
    study = read_study("service-cutback-wellbeing")
    asked = estimated_by(study, user_code(write("def fit(s): ...\n")))
    assert asked.terms == ("difference_swemwbs_52",)
    assert asked.questions == plan_of(study).question
    twice = with_plan(study, plan_of(study).model_copy(update={"question": asked.questions * 2}))
    terms = estimated_by(twice, user_code(write("def fit(s): ...\n"))).terms
    assert terms == ("difference_swemwbs_52", "difference_swemwbs_52_2")
