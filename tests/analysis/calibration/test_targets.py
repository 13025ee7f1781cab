"""Recipes: what they may say, and what is said about one that is wrong."""

import pytest

from analysis.calibration.targets import read_recipe
from sim.errors import InputError
from sim.world.parameters import catalogue, sources
from sim.world.toml_file import shipped_names

GOOD = """\
id = "mine"
title = "Mine"
[[free]]
parameter = "tie.friend.latent_mean"
along = ["tie.weak.latent_mean"]
range = [1, 4]
[[target]]
statistic = "map.friend"
value = 1.5
n = 29
use = "calibration"
[[target]]
statistic = "kept.friend"
wave = 2
value = 0.9
se = 0.03
use = "validation"
"""


@pytest.fixture
def read(tmp_path):
    def reading(old="", new=""):
        assert old in GOOD
        file = tmp_path / "mine.toml"
        file.write_text(GOOD.replace(old, new, 1) if old else GOOD)
        return read_recipe(file)

    return reading


def test_a_recipe_is_read(read):
    recipe = read()
    assert [(one.path, one.low, one.high) for one in recipe.free] == [
        ("tie.friend.latent_mean", 1, 4)
    ]
    assert [str(one.key) for one in recipe.aims] == ["map.friend"]
    assert [str(one.key) for one in recipe.targets] == ["map.friend", "kept.friend, wave 2"]


def test_without_a_range_that_of_the_catalogue_holds(read):
    entry = catalogue()["tie.friend.latent_mean"]
    free = read("range = [1, 4]\n").free[0]
    assert (free.low, free.high) == (entry.low, entry.high)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tie.friend.latent", "tie.frend.latent", 'did you mean "tie.friend.latent_mean"'),
        ('"map.friend"', '"map.frend"', 'did you mean "map.friend"'),
        ("n = 29\n", "", "needs its error"),
        ("n = 29", "n = 29\nse = 0.1", "one of the two"),
        ("[1, 4]", "[1, 40]", "out of range"),
        ("[1, 4]", "[4, 1]", "must rise"),
        ("wave = 2\n", "", "needs a wave from 2 to 3"),
        ("wave = 2", "wave = 4", "needs a wave from 2 to 3"),
        ("n = 29", "n = 29\nwave = 2", "is of no wave"),
        ("value = 0.9", "value = 1.9", "between 0 and 1"),
        ("value = 1.5", "value = -1", "more than 0"),
        ('"calibration"', '"fitting"', "calibration, validation"),
        ("value = 1.5", "valu = 1.5", "value"),
        ("tie.friend.latent_mean", "tie.friend.formation", "solved so that"),
        ("tie.weak.latent_mean", "tie.friend.latent_mean", "free twice"),
        ('title = "Mine"', 'title = "Mine"\nscenario = "service-cutback"', "has shocks"),
        ('statistic = "kept.friend"\nwave = 2', 'statistic = "map.friend"', "given twice"),
        ('statistic = "map.friend"', 'statistic = "episode.onsets"', "needs se"),
    ],
)
def test_a_mistake_is_named_with_its_place(read, old, new, said):
    with pytest.raises(InputError) as caught:
        read(old, new)
    assert said in str(caught.value)
    assert "mine.toml" in str(caught.value)


def test_retention_cannot_be_fitted_to(read):
    new = 'statistic = "interviewed"\nwave = 2\nvalue = 0.9\nse = 0.03\nuse = "calibration"'
    old = 'statistic = "kept.friend"\nwave = 2\nvalue = 0.9\nse = 0.03\nuse = "validation"'
    with pytest.raises(InputError, match="a setting of the study"):
        read(old, new)


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(InputError, match='did you mean "founding-paper"'):
        read_recipe("founding-papr")


@pytest.mark.parametrize("name", shipped_names("targets"))
def test_a_shipped_recipe_names_sources_there_are_and_starts_inside_its_ranges(name):
    recipe = read_recipe(name)
    assert {one.source for one in recipe.targets} <= set(sources())
    assert all(one.low <= one.start <= one.high for one in recipe.free)


def test_the_fixed_point_reads_the_figures_of_the_same_recipe_and_no_others():
    from analysis.calibration.fixed_point import GOALS, MEDIAN_WEEKS

    aims = {str(one.key): one.value for one in read_recipe("founding-paper").aims}
    solved_for = {f"map.{c}": v for c, v in GOALS["on a first map"].items()}
    solved_for |= {f"lost.{c}": v for c, v in GOALS["lost in a year"].items()}
    assert solved_for | {"episode.median_weeks": MEDIAN_WEEKS} == aims


def test_the_recipe_of_the_shipped_values_frees_what_the_fixed_point_solves_for():
    from analysis.calibration.fixed_point import balanced_paths, solved_paths

    recipe = read_recipe("founding-paper")
    free = {path for one in recipe.free for path in (one.path, *one.along)}
    assert free == set(solved_paths()) - set(balanced_paths())
    assert all(catalogue()[path].grade == "fitted" for path in free)
