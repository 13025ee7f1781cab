"""Every analysis that a plan of a panel offers holds its level where it is planned, or is barred.

Each is planned once, and judged by 10,000 studies with nothing to find at its own number of people.
`python -m tests.analysis.planning.test_every_analysis` prints what is found.
"""

import sys

import pytest

from analysis.estimators.catalogue import analyses, analysis
from analysis.planning.planner import plan_study
from analysis.planning.validity.measure import STUDIES
from analysis.questions.of_study import plan_of
from tests.analysis.planning.test_programs import CASES, KNOWN, PREDICTOR, SLOPES, trial_of

TREND = ("sd = 4\ncorrelation", "sd = 4\ntrend = [0.8, 1.6]\ncorrelation")
LOST = ("retention = [0.9, 0.8]", "retention = [0.85, 0.7]")
MORE = ("people_at_most = 600", "people_at_most = 2000")
BY_PACE = {"random_slope", "mmrm", "mmrm_cautious", "gee"}
"""Planned where people change at their own pace, which is what they are for."""


def planned(name):
    """The plan of a case: what is asked for, and enough of it to be found."""
    by, about, baseline, changes = CASES[name]
    more = f'\nabout = "{about}"' + (f'\nbaseline = "{baseline}"' if baseline else "")
    more += '\nsuccess = "narrow"\nhalf_width = 1.0' if about == "mean" else ""
    slopes = (SLOPES,) if by in BY_PACE and KNOWN not in changes else ()
    trend = (TREND,) if about == "change" and changes is not PREDICTOR else ()
    return trial_of(
        ('analysis = "t_test"', f'analysis = "{by}"{more}'), LOST, MORE, *slopes, *trend, *changes
    )


def judged_by_the_plan(name):
    return plan_study(planned(name), seed=1, replicates=100, precision=0.02, threads=2)


def test_every_analysis_of_a_panel_is_planned():
    there = {by for by, *_ in CASES.values()}
    assert there == {name for name, one in analyses().items() if is_of_a_panel(one)}


def is_of_a_panel(one):
    return "value" in one.answers and not one.wrong


@pytest.mark.verify
@pytest.mark.parametrize("name", CASES)
def test_an_analysis_holds_its_level_where_it_is_planned_or_is_barred(name):
    found = judged_by_the_plan(name)
    valid = found.validity
    assert valid.studies == STUDIES == 10_000
    if valid.holds:
        assert valid.levels[0].wrong.value <= 0.06
    else:
        assert found.is_barred
        other = found.instead.questions[0].analysis
        assert other != plan_of(found.study).question[0].analysis
        assert found.instead.validity.holds
        assert analysis(other).answers


if __name__ == "__main__":
    for one in CASES:
        plan = judged_by_the_plan(one)
        level = plan.validity.levels[0]
        taken = "" if plan.instead is None else plan.instead.questions[0].analysis
        sys.stdout.write(
            f"{one}: N {plan.found.answer}, wrong {level.wrong.value:.4f} "
            f"(MCSE {level.wrong.mcse:.4f}) {taken}\n"
        )
        sys.stdout.flush()
