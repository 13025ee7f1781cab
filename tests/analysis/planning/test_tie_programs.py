"""Programs of R for ties and counts give the estimates of this library."""

import shutil
import subprocess
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.catalogue import analysis
from analysis.planning.report.protocol.programs import programs_of
from analysis.questions.question import Question
from analysis.trials.analyses import Asked
from analysis.trials.batch import Batch
from sim.world.kinds import TIE_CLASSES

WEEKS, ARMS = (0, 26, 52), ("a", "b")
KIN_FRIEND = ("friend", "kin")
CASES = {
    "gee_logit, classes": {"analysis": "gee_logit", "about": "classes", "classes": KIN_FRIEND},
    "gee_logit, episode": {"analysis": "gee_logit", "about": "episode", "classes": KIN_FRIEND},
    "gee_share, arms": {"analysis": "gee_share", "about": "difference", "arms": ("b", "a")},
    "kept_ties, everybody": {"analysis": "kept_ties", "about": "mean"},
    "kept_ties, of some": {
        "analysis": "kept_ties", "about": "mean", "classes": ("kin",), "among": "episode",
    },
    "gee_share, of some": {
        "analysis": "gee_share", "about": "classes", "classes": KIN_FRIEND, "among": "episode",
    },
    "mixed_logit, classes": {"analysis": "mixed_logit", "about": "classes", "classes": KIN_FRIEND},
    "mixed_logit, arms": {"analysis": "mixed_logit", "about": "difference", "arms": ("b", "a")},
    "hazard, arms": {"analysis": "hazard", "about": "difference", "arms": ("b", "a")},
    "hazard, classes": {"analysis": "hazard", "about": "classes", "classes": KIN_FRIEND},
}  # fmt: skip
COUNTS = {
    "negative_binomial": {"analysis": "negative_binomial", "arms": ("b", "a")},
    "poisson_robust": {"analysis": "poisson_robust", "arms": ("b", "a")},
    "proportion": {"analysis": "proportion", "about": "mean"},
}
NEAR = {"mixed_logit": 1e-4, "negative_binomial": 1e-5}
"""glmer stops before its maximum; glm.nb too."""


@pytest.fixture(scope="module")
def study():
    """Sixty people, eight ties each, of whom some are lost at each wave."""
    rng = np.random.default_rng(5)
    m, s = 60, 8
    of_class = rng.integers(0, 2, (m, s))
    arm = np.arange(m) % 2
    own = rng.normal(0, 0.7, (m, 1))
    chance = 1 / (1 + np.exp(1.2 - 0.7 * of_class - own - 0.5 * arm[:, None]))
    lost = np.zeros((m, s, 3))
    for wave in (1, 2):
        lost[..., wave] = np.maximum(lost[..., wave - 1], rng.random((m, s)) < chance)
    lost[rng.random(m) < 0.2, :, 2] = np.nan
    episode = np.zeros((m, 3))
    episode[:, 1] = rng.random(m) < 0.3
    episode[:, 2] = np.maximum(episode[:, 1], rng.random(m) < 0.3)
    codes = np.array([TIE_CLASSES.index("kin"), TIE_CLASSES.index("friend")])[of_class]
    ties = SimpleNamespace(of_class=codes, lost=lost, episode=episode)
    return SimpleNamespace(ties=ties, arm=arm)


def rows_of(study, case):
    """A row a tie; for hazards a row a tie and interval at risk."""
    ties, (m, s) = study.ties, study.ties.of_class.shape
    base = {
        "id": np.repeat(np.arange(m), s), "arm": np.repeat(np.array(ARMS)[study.arm], s),
        "class": np.array(TIE_CLASSES)[ties.of_class].ravel(),
    }  # fmt: skip
    if case["analysis"] != "hazard":
        more = {"episode": np.repeat(ties.episode[:, 2], s), "lost": ties.lost[..., 2].ravel()}
        return pd.DataFrame(base | more)
    parts = []
    for k in (1, 2):
        at_risk = (ties.lost[..., k - 1] == 0) & np.isfinite(ties.lost[..., k])
        more = {"episode": np.repeat(ties.episode[:, k], s), "lost": ties.lost[..., k].ravel()}
        parts.append(pd.DataFrame(base | more | {"interval": k})[at_risk.ravel()])
    return pd.concat(parts)


@pytest.fixture(scope="module")
def found(study, tmp_path_factory):
    """Estimates of R and ours, by case."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    folder, script, ours = tmp_path_factory.mktemp("ties"), "", {}
    rng = np.random.default_rng(7)
    counts = Batch(rng.negative_binomial(2, 0.4, (1, 60, 3)) * 1.0, study.arm, study.arm - 9)
    shares = Batch(rng.integers(0, 2, (1, 60, 3)) * 1.0, study.arm, study.arm - 9)
    for number, (name, case) in enumerate((CASES | COUNTS).items()):
        outcome = {
            "negative_binomial": "service_contacts", "poisson_robust": "service_contacts",
            "proportion": "had_episode",
        }.get(case["analysis"], "ties_lost")  # fmt: skip
        one = Question(outcome=outcome, at_week=52, **case)
        asked = Asked.of(one, ARMS, WEEKS)
        given = {"service_contacts": counts, "had_episode": shares}.get(outcome, study)
        ours[name] = analysis(one.analysis).fit(asked, given).estimate[0]
        if given is study:
            rows = rows_of(study, case)
        else:
            rows = pd.DataFrame(
                {"id": np.arange(60), "arm": np.array(ARMS)[study.arm], "week": 52,
                 outcome: given.y[0, :, 2]}
            )  # fmt: skip
        rows.to_csv(folder / f"{number}.csv", index=False, na_rep="NA")
        (folder / f"{number}.R").write_text(dict(programs_of(one, WEEKS))["r"], encoding="utf-8")
        script += (
            f'got <- try({{ d <- ties <- read.csv("{folder}/{number}.csv")\n'
            f'source("{folder}/{number}.R"); estimate[1] }}, silent = TRUE)\n'
            'got <- if (inherits(got, "try-error")) gsub("\\n", " ", got) else '
            'sprintf("%.12g", unlist(got)[1])\n'
            f'cat("{name}", "|", got, "\\n", sep = "")\n'
        )
    (folder / "all.R").write_text(script, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", str(folder / "all.R")], capture_output=True, text=True, check=True
    )
    said = dict(line.split("|", 1) for line in done.stdout.splitlines() if "|" in line)
    return {name: (said[name], ours[name]) for name in ours}


@pytest.mark.verify
@pytest.mark.parametrize("name", CASES | COUNTS)
def test_the_program_of_r_gives_our_estimate(found, name):
    theirs, ours = found[name]
    if "there is no package called" in theirs:
        pytest.skip(theirs)
    assert float(theirs) == pytest.approx(ours, abs=NEAR.get(name.split(",")[0], 1e-6))
