"""A study has one answer: twice the same, and alone what it was in its turn; else that is said."""

import shutil
from types import SimpleNamespace

import pytest

from analysis.stress.apart import answers_apart
from analysis.stress.code import user_code
from analysis.stress.invariances import invariances_of
from analysis.stress.result import spec_of_stress
from analysis.stress.run import Hands, rows_of_run
from analysis.stress.words import held, stress_answer

NAMED = """
# estimates: m = mean map_size 26
import numpy as np
DRAWS, SEEN = np.random.default_rng(1), {}
def named(study):
    return float(study.egos[study.egos.wave == 2].n_alters.mean())
def fit(study):
    m = VALUE
    return {"m": dict(estimate=m, lo=m - 1, hi=m + 1)}
"""
NAMED_R = """
# estimates: m = mean map_size 26
egos <- read.csv("egos.csv")
if (!exists("seen")) seen <<- mean(egos$n_alters[egos$wave == 2])
m <- VALUE
write.csv(data.frame(term = "m", estimate = m, lo = m - 1, hi = m + 1), "estimates.csv")
"""
KEEPS = {
    "the first answer": "SEEN.setdefault('first', named(study))",
    "an answer for each seed": "SEEN.setdefault(study.seed, named(study))",
    "a generator": "named(study) + DRAWS.normal()",
    "a failure": "SEEN.setdefault('first', study.seed) == study.seed and named(study)",
}


@pytest.fixture
def ran(small_study):
    """An analysis in clean studies and in some whose members are forgotten, four of each."""

    def found(code):
        spec = spec_of_stress(
            user_code(code), small_study, conditions=["clean", "forgotten"], seed=3
        )
        with Hands(spec) as hands:
            return spec, rows_of_run(spec, hands, range(4))

    return found


@pytest.mark.parametrize("value", KEEPS.values(), ids=KEEPS)
def test_what_is_kept_from_study_to_study_is_found(write, ran, value):
    again, alone = answers_apart(*ran(write(NAMED.replace("VALUE", value))))
    assert again.holds
    assert alone.holds is False
    assert "the answer to a study depends on the studies before it" in held(alone)


def test_an_answer_of_its_own_is_the_same_twice_and_alone(write, ran):
    assert all(
        one.holds for one in answers_apart(*ran(write(NAMED.replace("VALUE", "named(study)"))))
    )


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize(
    ("value", "holds"), [("seen", False), ("mean(egos$n_alters[egos$wave == 2])", True)]
)
def test_what_a_script_of_r_keeps_is_found(write, ran, value, holds):
    script = write(NAMED_R.replace("VALUE", value), "mine.R")
    again, alone = answers_apart(*ran(f"Rscript {script}"))
    assert (again.holds, alone.holds) == (True, holds)


def test_of_what_is_random_that_is_said_and_nothing_else_tried(write, ran):
    found = invariances_of(*ran(write(NAMED.replace("VALUE", "np.random.default_rng().normal()"))))
    assert [one.name for one in found] == ["again"]
    said = "the same study gives different answers: it is random and sets no seed"
    assert held(found[0]).endswith(said)


def test_nothing_is_said_of_what_has_no_answer(write, ran):
    found = answers_apart(*ran(write("# estimates: m = mean map_size 26\ndef fit(study): 1 / 0")))
    assert [held(one) for one in found] == ["not tried (no estimate was usable)"] * 2


def test_the_answer_says_so(write, ran):
    code = write(NAMED.replace("VALUE", KEEPS["a generator"]))
    spec, rows = ran(code)
    result = SimpleNamespace(
        spec=spec, rows=rows, invariances=answers_apart(spec, rows), judged=[], must=(), failed=[],
        undecided=[], silent=[], replicates=4, worlds=4, effective=4.0, most=4, truths=(),
    )  # fmt: skip
    said = "The answer to a study depends on the studies before it."
    assert stress_answer(result).endswith(said)
