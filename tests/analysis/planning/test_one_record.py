"""An analysis that is told once, in one file, is known wherever analyses are."""

import sys

import pytest

from analysis.estimators import analyses as folder
from analysis.estimators.catalogue import analyses, answering
from analysis.planning.planner import plan_study
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.words import result_in_words
from analysis.questions.of_study import plan_of
from analysis.trials.flow import flow_of
from analysis.trials.panel import panel_process
from sim.errors import InputError

WELCH = '''"""Welch's t test of one wave."""

from analysis.estimators.record import Analysis


def fit(asked, studies):
    from analysis.estimators.asked import in_first_arm, level
    from analysis.estimators.welch import welch

    y, first = studies.y[:, :, asked.wave], in_first_arm(asked, studies.arm)
    return welch(y[:, first], y[:, ~first], level(asked))


WELCH = Analysis(
    name="welch",
    estimates="difference between arms in the mean at a wave",
    rows="one wave",
    right_under=("MCAR",),
    function="welch:welch",
    answers={"value": ("difference",)},
    fit=fit,
    in_protocol="Welch's t test of those interviewed at that wave",
)
'''
BY_WELCH = ('"t_test"', '"welch"')


@pytest.fixture
def with_welch(monkeypatch, tmp_path):
    (tmp_path / "welch.py").write_text(WELCH)
    with monkeypatch.context() as patch:
        patch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
        analyses.cache_clear()
        yield
    analyses.cache_clear()
    sys.modules.pop(f"{folder.__name__}.welch", None)


@pytest.mark.usefixtures("with_welch")
def test_a_plan_and_its_protocol_know_an_analysis_from_its_record_alone(study):
    said = {}
    for name, changes in {"t_test": [], "welch": [BY_WELCH]}.items():
        found = plan_study(study(*changes), seed=1, replicates=200, sizes=[120])
        said[name] = (
            found.curve[0].success.share,
            protocol_of(found).markdown,
            result_in_words(found),
        )
    (student, _, _), (welch, protocol, words) = said["t_test"], said["welch"]
    assert welch == pytest.approx(student, abs=0.02)  # arms of one size and variance
    assert "Welch's t test of those interviewed at that wave" in protocol
    assert "by welch" in words


@pytest.mark.usefixtures("with_welch")
def test_the_flow_knows_who_is_in_the_analysis(study):
    trial = study(BY_WELCH)
    arms = flow_of(trial, panel_process(trial, plan_of(trial), 1), 100).arms
    assert [one.analysed[0] for one in arms] == [one.interviewed[-1] for one in arms]


@pytest.mark.usefixtures("with_welch")
def test_messages_name_it(study):
    assert answering("value")["difference"][-1] == "welch"
    with pytest.raises(InputError, match='did you mean "welch"'):
        study(('"t_test"', '"welsh"'))
    with pytest.raises(InputError, match='"welch" does not answer a question about a mean'):
        study(('"t_test"', '"welch"\nabout = "mean"'))


def test_without_its_file_it_is_unknown(study):
    with pytest.raises(InputError, match='"welch" is not one of t_test, ancova, change_score, '):
        study(BY_WELCH)
