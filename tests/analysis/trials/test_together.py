"""Studies whose clusters differ in size are fitted at once as they are fitted alone."""

from pathlib import Path

import numpy as np
import pytest

from analysis.estimators.catalogue import answering
from analysis.questions.of_study import plan_of
from analysis.trials.analyses import analyse
from analysis.trials.batch import Batch
from analysis.trials.panel import panel_process
from analysis.trials.together import laid_out, together
from analysis.trials.trial import Trial
from sim.study.spec import parse_study, read_study

WARDS = Path(__file__).parents[1] / "planning" / "studies" / "wards.toml"
DRAWN = {"icc": 0.1, "size": 9, "size_cv": 0.7, "sizes": "drawn"}


def trial(name, about, clusters):
    """Wards of drawn sizes, three waves, people leaving by how they last were."""
    said = read_study(WARDS).resolved()
    said["arms"]["unit"] = "team" if len(clusters) > 1 else "ego"
    said["waves"]["weeks"] = [0, 26, 52]
    said["participation"] |= {"retention": [0.8, 0.6], "mechanism": "MAR", "odds_ratio": 2.0}
    said["plan"]["panel"] |= {"clusters": clusters, "effect": {"peers": [0.2, 0.4]}}
    at = {} if about == "slope" else {"at_week": 52}
    arms = ["peers", "usual"] if about in ("difference", "slope") else ["peers"]
    asked = {"outcome": "swemwbs", "analysis": name, "about": about, "arms": arms, **at}
    said["plan"]["question"] = [asked]
    study = parse_study(said, "wards.toml")
    return Trial(panel_process(study, plan_of(study), 3), plan_of(study))


def both_ways(of, rounds, studies=6):
    """Fits of studies of so many rounds, each alone and all at once."""
    (asked,) = of.asked
    whole = of.process.whole
    drawn = list(of.process.draw(int(whole[9]), range(studies)))
    (joined,) = together(drawn)
    n = int(whole[rounds - 1])
    return [analyse(asked, one.first(n)) for one in drawn], analyse(asked, joined.first(n))


ASKED = [
    (name, about)
    for about, names in answering("value").items()
    if about != "classes"
    for name in names
]


@pytest.mark.parametrize(("name", "about"), ASKED)
@pytest.mark.parametrize("arms", [("usual", "peers"), ("peers",)])
def test_estimates_are_those_of_each_study_alone(name, about, arms):
    if name.startswith("cluster_") and name != "cluster_t" and len(arms) == 1:
        return  # these are of two arms of clusters
    of = trial(name, about, dict.fromkeys(arms, DRAWN))
    for rounds in (6, 10):
        alone, at_once = both_ways(of, rounds)
        for what in ("estimate", "se", "df", "p"):
            each = np.concatenate([getattr(one, what) for one in alone])
            assert getattr(at_once, what) == pytest.approx(each, rel=1e-5, nan_ok=True), what


def test_the_same_people_are_there():
    of = trial("cluster_t", "difference", {"peers": DRAWN})
    drawn = list(of.process.draw(int(of.process.whole[5]), range(4)))
    (joined,) = together(drawn)
    seen = np.isfinite(joined.y[:, :, 0])
    for one, there, y in zip(drawn, seen, joined.y, strict=True):
        assert there.sum() == one.arm.size
        assert np.sort(y[there, 0]) == pytest.approx(np.sort(one.y[0, :, 0]))
        for arm in (0, 1):
            own, laid = one.cluster[one.arm == arm], joined.cluster[there & (joined.arm == arm)]
            assert np.array_equal(np.bincount(own + 1), np.bincount(laid + 1))


@pytest.mark.parametrize("arms", [("usual", "peers"), ("peers",)])
@pytest.mark.parametrize("replicates", [range(6), range(300, 302)])
def test_studies_laid_out_at_once_are_those_drawn_one_by_one(arms, replicates):
    process = trial("cluster_t", "difference", dict.fromkeys(arms, DRAWN)).process
    n = int(process.whole[7])
    assert process.is_laid_out_at_once
    (joined,) = together(list(process.draw(n, replicates)))
    at_once = laid_out(process.one_after_another(n, replicates))
    assert np.array_equal(at_once.y, joined.y, equal_nan=True)
    for what in ("arm", "cluster", "ends", "planned"):
        assert np.array_equal(getattr(at_once, what), getattr(joined, what)), what


def test_a_lone_block_gives_the_same_fits_on_any_number_of_threads():
    study = read_study(WARDS)
    plan, process = plan_of(study), panel_process(study, plan_of(study), 3)
    n = int(process.whole[5]) if process.whole.size else 40
    alone, shared = (Trial(process, plan, threads).fits([n], range(70))[0] for threads in (1, 4))
    for one, other in zip(alone, shared, strict=True):
        for what in ("estimate", "se", "df", "p"):
            assert np.array_equal(getattr(one, what), getattr(other, what), equal_nan=True), what


def test_studies_that_have_their_people_in_common_stay_as_they_are():
    batch = Batch(np.zeros((2, 3, 1)), np.zeros(3, int), np.zeros(3, int))
    drawn = [batch, batch]
    assert together(drawn) is drawn
