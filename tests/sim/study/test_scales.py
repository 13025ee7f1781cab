import numpy as np
import pytest

from sim.study.scales import draw_scores
from sim.study.settings import SCORES
from sim.world.kinds import Group
from sim.world.streams import key_of


@pytest.fixture(scope="module")
def scored(people, ties, record):
    """4,000 people whose latent wellbeing and severity are as the catalogue says, at two waves."""
    rng = np.random.default_rng(4)
    p = record()[0]
    egos, members = people(4000, 2), ties(4000, 2, 8, int(Group.PSYCHIATRIST))
    for name, low in (("wellbeing", -9), ("severity", 0)):
        mean, sd = p[f"scale_latent_{name}_mean"], p[f"scale_latent_{name}_sd"]
        egos[name] = np.maximum(mean + sd * rng.standard_normal((4000, 1)), low)
    mean, sd = p["scale_latent_trust_mean"], p["scale_latent_trust_sd"]
    members["trust"] = mean + sd * rng.standard_normal((4000, 1, 1))
    members["group"][:100] = -1
    return record, draw_scores(egos, members, record(), key_of(0)), (egos, members)


def test_scores_are_on_their_scales(scored):
    record, (scores, _), _ = scored
    p = record()[0]
    for s, scale in enumerate(SCORES):
        found = scores[:, :, s][~np.isnan(scores[:, :, s])]
        assert found.min() >= p[f"scale_{scale}_lowest"]
        assert found.max() <= p[f"scale_{scale}_highest"]
        step = p[f"scale_{scale}_step"]
        np.testing.assert_allclose(found / step, np.rint(found / step), atol=2e-3)


def test_swemwbs_has_the_published_mean_and_spread(scored):
    _, (scores, _), _ = scored
    found = scores[:, 0, SCORES.index("swemwbs")]
    assert found.mean() == pytest.approx(19.28, abs=3.9 * 3.92 / np.sqrt(4000))
    assert found.std() == pytest.approx(3.92, rel=3.9 / np.sqrt(8000))


def test_two_measurements_of_the_same_state_correlate_by_the_reliability(scored):
    record, (scores, _), (egos, members) = scored
    found = np.corrcoef(scores[:, 0, 0], scores[:, 1, 0])[0, 1]
    assert found == pytest.approx(0.9, abs=3.9 * (1 - 0.81) / np.sqrt(4000))
    poor, _ = draw_scores(egos, members, record(), key_of(0), {"swemwbs": 0.5})
    found = np.corrcoef(poor[:, 0, 0], poor[:, 1, 0])[0, 1]
    assert found == pytest.approx(0.5, abs=3.9 * 0.75 / np.sqrt(4000) + 0.01)


def test_the_error_free_score_is_the_part_without_error(scored):
    _, (scores, true), _ = scored
    gap = scores[:, :, 0] - true[:, :, 0]
    assert abs(gap.mean()) < 3.9 * gap.std() / np.sqrt(gap.size)
    assert gap.std() == pytest.approx(3.92 * np.sqrt(0.1), rel=0.05)


def test_those_without_a_professional_cannot_judge_one(scored):
    _, (scores, _), _ = scored
    hccq = scores[:, :, SCORES.index("hccq")]
    assert np.isnan(hccq[:100]).all()
    assert not np.isnan(hccq[100:]).any()
