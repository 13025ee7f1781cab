"""Pictures are laid out to places that do not depend on the process."""

from io import BytesIO

import numpy as np
import pytest
from matplotlib.figure import Figure

from analysis.figures.embedded import embedded_svg
from analysis.figures.steady_layout import DECIMALS, SteadyLayout


def drawn():
    figure = Figure(figsize=(7, 5), layout=SteadyLayout(rect=(0, 0.025, 1, 0.975)))
    for ax in figure.subplots(3, 2).flat:
        ax.plot([1, 3], [2, 7], label="a line")
        ax.set_title("a title")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside upper left")
    return figure


def test_no_place_has_bits_that_a_solver_leaves_open():
    figure = drawn()
    figure.savefig(BytesIO())
    places = np.array([ax.get_position().get_points() for ax in figure.axes])
    assert (places == np.round(places, DECIMALS)).all()
    assert len(np.unique(places[:, 0, 0])) == 2


@pytest.mark.parametrize("nudge", [-3e-16, 3e-16])
def test_a_picture_does_not_see_the_last_bits_of_the_solver(nudge, monkeypatch):
    expected = embedded_svg(drawn())
    parent = SteadyLayout.__mro__[1]
    solve = parent.execute

    def nudged(self, fig):
        found = solve(self, fig)
        for ax in fig.axes:
            ax._set_position(ax.get_position(original=True).translated(nudge, nudge))
        return found

    monkeypatch.setattr(parent, "execute", nudged)
    assert embedded_svg(drawn()) == expected
