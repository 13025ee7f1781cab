"""Pictures of a certificate can be read on a telephone too."""

from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.text import Text

from analysis.stress.criteria import Zones
from analysis.stress.figure import bias_figure, zip_figure, zip_strips
from analysis.stress.ladder import Ladder, LadderStep
from analysis.stress.ladder_figure import ladder_figure
from analysis.stress.verdicts import NOTHING, Tried, judgements

ACROSS = 350
"""Dots that a telephone of 390 leaves for a picture."""
LEAST = 8.0
"""Dots that the letters of its smallest text, the note, are high."""
NAMES = ("clean", "mnar_by_arm", "mnar_by_arm+forgotten", "a" * 40, "mar")
TERMS = ("wellbeing", "share_of_friends_kept_after_a_year")


@pytest.fixture
def result(rows):
    """Verdicts of some conditions and terms, with names short and long."""
    tried = [
        Tried(name, term, rows(40), NOTHING, compares=False, must=False)
        for name in NAMES
        for term in TERMS
    ]
    clean = {term: rows(40) for term in TERMS}
    return SimpleNamespace(judged=judgements(tried, clean, Zones(), (40,), 1), zones=Zones())


@pytest.fixture
def figures(result):
    ladders = [
        Ladder(name, term, 0.3, 0.1, 1.0, 40, 40, (LadderStep("measurement", 0.3, 0.1),))
        for name in NAMES
        for term in TERMS
    ]
    drawn = [bias_figure(result), ladder_figure(ladders, 0.25), *zip_strips(result)]
    for figure in drawn:
        figure.savefig(BytesIO())
    return drawn


def texts(figure):
    return [one for one in figure.findobj(Text) if one.get_text() and one.get_visible()]


def test_letters_are_large_enough_on_a_telephone(figures):
    for figure in figures:
        dots = ACROSS / figure.get_figwidth() / 72
        assert min(one.get_fontsize() for one in texts(figure)) * dots > LEAST
        labels = [one for ax in figure.axes for one in ax.get_xticklabels() + ax.get_yticklabels()]
        assert min(one.get_fontsize() for one in labels) * dots > 10


def test_no_text_is_cut_off_or_lies_on_another(figures):
    for figure in figures:
        ticks = {one for ax in figure.axes for one in ax.get_xticklabels()}  # some beyond the ends
        boxes = {
            one.get_text(): one.get_window_extent() for one in texts(figure) if one not in ticks
        }
        room = figure.bbox.padded(1)
        assert [text for text, box in boxes.items() if box.x0 < room.x0 or box.x1 > room.x1] == []
        titles = [ax.title for ax in figure.axes] + [ax._left_title for ax in figure.axes]
        titles = [one.get_window_extent() for one in titles if one.get_text()]
        for k, one in enumerate(titles):
            assert not any(one.overlaps(other) for other in titles[:k])
        for ax in figure.axes:
            assert ax.get_window_extent().width > 0.2 * figure.bbox.width


def test_each_term_and_condition_has_its_zip_in_both_forms(result):
    strips = [ax for figure in zip_strips(result) for ax in figure.axes if ax.axison]
    whole = [ax for ax in zip_figure(result).axes if ax.axison]
    assert len(strips) == len(whole) == len(result.judged)
    for one, other in zip(strips, whole, strict=True):
        assert one.get_title(loc="left") == other.get_title(loc="left")
        assert np.array_equal(one.get_xlim(), other.get_xlim())
