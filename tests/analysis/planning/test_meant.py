"""Figures that look as if another unit, sign or share was meant are questioned."""

import pytest

from analysis.planning.meant import notes_on_figures
from analysis.planning.planner import plan_study
from analysis.questions.of_study import plan_of
from tests.analysis.planning.test_ties_planned import made


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("[0.25, 0.5]", "[0.75, 1.5]"), '1.5 SD in "treated", that is 6 points: more than 1 SD'),
        (("[0.25, 0.5]", "[0.75, 1.5]"), "were 1.5 points meant, write 0.375"),
        (("[0.25, 0.5]", "[0.4, -0.9]"), "the largest important difference on file, 3 points"),
        (("sd = 4", "sd = 1.1"), "an SD of 1.1 points is less than half of the"),
    ],
)  # fmt: skip
def test_a_unit_that_may_be_another_is_questioned(study, change, words):
    assert any(words in one for one in notes_on_figures(plan_of(study(change))))


def test_usual_figures_are_not(study):
    assert notes_on_figures(plan_of(study())) == []
    assert notes_on_figures(plan_of(study(("sd = 4", "sd = 3")))) == []


def test_scales_of_the_catalogue_are_known_too(study):
    phq9 = study(('outcome = "swemwbs"', 'outcome = "phq9"'), ("sd = 4", "sd = 1.2"))
    (note,) = notes_on_figures(plan_of(phq9))
    assert "on file for phq9" in note


def test_what_moderates_is_in_standard_deviations_too(study):
    more = "[plan.panel.moderator]\nshare = 0.5\n[plan.panel.moderator.effect]\ntreated = [1, 2]\n"
    one = study(("[plan.panel.effect]", f"{more}[plan.panel.effect]"))
    assert any("plan.panel.moderator.effect has 2 SD" in n for n in notes_on_figures(plan_of(one)))


def test_a_plan_says_it(study):
    result = plan_study(study(("sd = 4", "sd = 1.1")), seed=1, sizes=[60], replicates=100)
    assert any("a standard error is no SD" in one for one in result.notes)


@pytest.mark.parametrize("kept", ["[0.11, 0.22]", "[0.5, 0.6]"])
def test_shares_kept_that_rise_may_be_shares_lost(kept):
    (note,) = notes_on_figures(plan_of(made(("kept = 0.78", f"kept = {kept}"))))
    assert "members came back" in note
    assert notes_on_figures(plan_of(made(("kept = 0.78", "kept = [0.89, 0.78]")))) == []


def test_the_shares_to_write_instead_are_named():
    (note,) = notes_on_figures(plan_of(made(("kept = 0.78", "kept = [0.11, 0.22]"))))
    assert "if these are shares lost write 0.89, 0.78" in note


def test_an_arm_that_loses_more_ties_is_questioned_as_one_that_makes_worse():
    worse = made(("treated = [0.08, 0.10]", "treated = [-0.05, -0.10]"))
    result = plan_study(worse, seed=1, sizes=[60], replicates=100)
    (note,) = [one for one in result.notes if "loses more ties" in one]
    assert '"treated" loses more ties than "control"' in note
    better = plan_study(made(), seed=1, sizes=[60], replicates=100)
    assert not [one for one in better.notes if "loses more ties" in one]
