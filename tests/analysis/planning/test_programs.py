"""The programs that a protocol shows: those of R give the estimates of the plan's analyses."""

import shutil
import subprocess
import tomllib

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.catalogue import ABOUTS, analyses, analysis
from analysis.pages.blocks import Program, section_of
from analysis.planning.planner import plan_study
from analysis.planning.report.page import plan_html
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.protocol.programs import programs_of
from analysis.questions.of_study import plan_of
from analysis.questions.question import Question
from analysis.trials.analyses import Asked, analyse
from analysis.trials.panel import panel_process
from sim.study.spec import parse_study
from tests.analysis.conftest import TRIAL

NEAR = 1e-6
WEEKS = (0, 26, 52)
SLOPES = ("correlation = 0.6", "correlation = 0.6\nslope_sd = 4")
KNOWN = (
    "correlation = 0.6",
    "correlation = 0.6\ncovariate_r2 = 0.2\nstrata = { share = [1, 2], r2 = 0.1 }",
)
GROUPS = (
    "[plan.panel.effect]",
    "[plan.panel.clusters]\ntreated = { icc = 0.1, size = 6 }\n[plan.panel.effect]",
)
TEAMS = (
    "[plan.panel.effect]",
    "[plan.panel.clusters]\ncontrol = { icc = 0.1, size = 6, size_cv = 0.4 }\n"
    "treated = { icc = 0.1, size = 6, size_cv = 0.4 }\n[plan.panel.effect]",
)
BY_TEAM = ('unit = "ego"', 'unit = "team"')
THERAPISTS = (
    "[plan.panel.effect]",
    "[plan.panel.therapists]\nnumber = 5\nicc = 0.1\narm_icc = 0.1\n[plan.panel.effect]",
)
MODERATOR = (
    "[plan.panel.effect]",
    "[plan.panel.moderator]\nshare = 0.4\neffect = { treated = [0.2, 0.4] }\n[plan.panel.effect]",
)
ARMS = '[arms]\nunit = "ego"\nshare = { control = 1, treated = 1 }\n'
PREDICTOR = [
    (ARMS, ""),
    ("[plan.panel.effect]\ntreated = [0.25, 0.5]\n", "[plan.panel.predictor]\n"
     "sd = 5\ncorrelation = 0.7\nwith_outcome = 0.2\neffect = 0.3\n"),
]  # fmt: skip
STAY_LESS = ("retention = [0.9, 0.8]", 'retention = [0.85, 0.7]\nmechanism = "MAR"')
ALL_SEEN = ("retention = [0.85, 0.7]", "retention = [1.0, 1.0]")
BOTH = ("free", "constrained")
CASES = {
    **{
        f"{by}, {about}, {baseline}{', known' if known else ''}": (by, about, baseline, known)
        for by, about in (
            ("mmrm", "difference"), ("random_intercept", "difference"),
            ("random_intercept", "slope"), ("random_slope", "slope"), ("gee", "difference"),
            ("gee", "slope"),
        )
        for baseline in BOTH
        for known in ((), (KNOWN,))
    },
    **{
        f"{by}, {about}": (by, about, None, ())
        for by, about in (
            ("t_test", "difference"), ("t_test", "mean"), ("ancova", "difference"),
            ("change_score", "difference"), ("change_score", "change"), ("mmrm", "change"),
            ("mmrm", "mean"), ("random_intercept", "change"), ("random_intercept", "mean"),
        )
    },
    "ancova, known": ("ancova", "difference", None, (KNOWN,)),
    "gee, all seen": ("gee", "difference", "free", (ALL_SEEN,)),
    "cluster_t": ("cluster_t", "difference", None, ()),
    "mmrm_cautious": ("mmrm_cautious", "difference", "free", ()),
    "cluster_t, slope": ("cluster_t", "slope", None, (TEAMS, BY_TEAM)),
    "cluster_t, change": ("cluster_t", "change", None, ()),
    "cluster_t, mean": ("cluster_t", "mean", None, ()),
    **{
        by: (by, "difference", None, (TEAMS, BY_TEAM))
        for by in (
            "cluster_t_by_size", "cluster_t_by_precision", "cluster_ancova", "cluster_mixed",
            "cluster_mixed_ancova",
        )
    },
    "cluster_t, one arm": ("cluster_t", "difference", None, (GROUPS,)),
    "change_regression": ("change_regression", "change_on_change", None, PREDICTOR),
    "interaction": ("interaction", "moderation", None, (MODERATOR,)),
    "interaction_ancova": ("interaction_ancova", "moderation", None, (MODERATOR,)),
    "therapist_t": ("therapist_t", "difference", None, (THERAPISTS,)),
}  # fmt: skip
FEW = (
    "mmrm, difference, free", "random_intercept, difference, constrained",
    "random_slope, slope, free", "ancova, known", "cluster_t, one arm", "cluster_t_by_precision",
    "cluster_mixed_ancova", "therapist_t", "change_regression", "interaction",
    "interaction_ancova",
)  # fmt: skip
REPORT = """
got <- try({{
  d <- read.csv("{data}")
  source("{program}")
  estimate[1]
}}, silent = TRUE)
got <- if (inherits(got, "try-error")) gsub("\\n", " ", got) else sprintf("%.12g", got)
cat("{name}", "|", got, "\\n", sep = "")
"""

GO_ON = """
lmer <- function(...) lme4::lmer(..., control = lme4::lmerControl(
  optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5)))
"""
"""lme4 by itself is content a few millionths before the optimum."""


def made(study, by, about, baseline, known):
    """Our estimate from one study, its rows, and the programs that analyse them."""
    more = f'\nbaseline = "{baseline}"' if baseline else ""
    week = "" if about == "slope" else "\nat_week = 52"
    slopes = () if KNOWN in known else (SLOPES,)
    trial = study(
        ('analysis = "t_test"', f'analysis = "{by}"\nabout = "{about}"{week}{more}'),
        STAY_LESS, *slopes, *known,
    )  # fmt: skip
    process = panel_process(trial, plan_of(trial), 4)
    (batch,) = process.draw(90, range(1))
    one = plan_of(trial).question[0]
    ours = analyse(Asked.of(one, process.arms, process.weeks), batch)
    people = np.arange(90)
    rows = [
        pd.DataFrame(
            {
                "id": people, "week": week, "swemwbs": batch.y[0, :, t],
                "arm": np.array(process.arms)[batch.arm],
                "cluster": np.where(batch.cluster < 0, np.nan, batch.cluster),
            }
        )
        for t, week in enumerate(process.weeks)
    ]  # fmt: skip
    long = pd.concat(rows)
    columns = ()
    if batch.known is not None:
        columns = ("covariate", "stratum")
        for place, name in enumerate(columns):
            long[name] = np.tile(batch.known[0, :, place], len(WEEKS))
    if batch.moderator is not None:
        long["moderator"] = np.tile(batch.moderator[0], len(WEEKS))
    if batch.predictor is not None:
        long["predictor"] = batch.predictor[0].T.reshape(-1)
    codes = dict(programs_of(one, WEEKS, columns, nested=GROUPS in known))
    return ours, long, codes["r"]


def of_r(folder, names):
    """Estimates of R, and our fits beside them, by case."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    script, ours = "", {}
    for number, name in enumerate(names):
        ours[name], rows, code = made(trial_of, *CASES[name])
        data, program = folder / f"{number}.csv", folder / f"{number}.R"
        rows.to_csv(data, index=False, na_rep="NA")
        program.write_text(code, encoding="utf-8")
        script += REPORT.format(data=data, program=program, name=name)
    (folder / "all.R").write_text(GO_ON + script, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", str(folder / "all.R")], capture_output=True, text=True, check=True
    )
    said = dict(line.split("|", 1) for line in done.stdout.splitlines() if "|" in line)
    return {name: (said[name], ours[name]) for name in names}


def trial_of(*changes):
    text = TRIAL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return parse_study(tomllib.loads(text), "trial.toml")


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return of_r(tmp_path_factory.mktemp("few"), FEW)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return of_r(tmp_path_factory.mktemp("many"), [name for name in CASES if name not in FEW])


def agrees(name, found, ours):
    if "there is no package called" in found:
        pytest.skip(found)
    # the working correlation of geepack is another estimate, which tells where waves are missed
    is_other = name.startswith("gee") and "all seen" not in name
    assert float(found) == pytest.approx(
        ours.estimate[0], abs=ours.se[0] / 100 if is_other else NEAR
    )


@pytest.mark.parametrize("name", FEW)
def test_the_program_of_r_gives_our_estimate(few, name):
    agrees(name, *few[name])


@pytest.mark.verify
@pytest.mark.parametrize("name", [name for name in CASES if name not in FEW])
def test_every_program_of_r_gives_our_estimate(many, name):
    agrees(name, *many[name])


def test_every_analysis_a_question_can_name_has_its_programs():
    for name, one in analyses().items():
        for family, abouts in one.answers.items():
            for about in (each for each in ABOUTS if each in abouts):
                asked = question(name, family, about)
                codes = dict(programs_of(asked, WEEKS, ("covariate", "stratum")))
                assert list(codes) == ["r", "sas", "stata"], (name, about)
                for language, code in codes.items():
                    assert "\n\n" not in code
                    assert "estimate <- " in code or language != "r"
                    assert ("covariate" in code) == (one.adjusts and about != "mean"), (
                        name,
                        about,
                        language,
                    )


def question(name, family, about):
    outcome = {"value": "swemwbs", "count": "service_contacts", "yes_no": "had_episode",
               "ties": "ties_lost"}[family]  # fmt: skip
    arms = ("b", "a") if about in ("difference", "slope", "moderation") else ()
    classes = ("friend", "kin") if about == "classes" else ()
    week = None if about == "slope" else 52
    all_waves = analysis(name).rows == "all waves" and arms
    return Question(
        outcome=outcome, about=about, analysis=name, arms=arms, classes=classes, at_week=week,
        baseline="free" if all_waves else None,
    )  # fmt: skip


def test_the_choice_of_baseline_is_in_every_program():
    for baseline in BOTH:
        one = Question(
            outcome="swemwbs", analysis="mmrm", at_week=52, arms=("b", "a"), baseline=baseline
        )
        for _, code in programs_of(one, WEEKS):
            assert ("treated_0" in code or "c(0, 26, 52)" in code) == (baseline == "free")


def test_protocol_and_page_show_the_model_to_run(study):
    trial = study(('analysis = "t_test"', 'analysis = "mmrm"'))
    found = plan_study(trial, seed=1, sizes=[60], replicates=20)
    protocol = protocol_of(found)
    (section,) = (one for one in protocol.sections if one.title == "The model, to run")
    codes = [one for one in section.blocks if isinstance(one, Program)]
    assert [one.language for one in codes] == ["r", "sas", "stata"]
    expected = programs_of(plan_of(trial).question[0], WEEKS)
    assert [(one.language, one.text) for one in codes] == expected
    assert "```r\n" in protocol.markdown
    page = plan_html(found, protocol)
    assert "proc mixed data=d method=reml;" in page
    assert section_of(f"## T\n\n{section.text}").blocks == section.blocks
