"""Pictures take data and an Axes, return the Axes, and leave no trace elsewhere."""

import subprocess
import sys

import pytest

from analysis.figures import maps
from analysis.figures import study as figures
from analysis.measures import study as measures
from sim.errors import InputError


def words(ax):
    return [one.get_text() for one in ax.texts]


def test_an_ego_map_names_every_member_and_counts_them(known, ax):
    (person, *_) = maps.people_in(known, ["SYN-222222C"])
    assert maps.draw_interview(person.waves[0], ax) is ax
    assert {"Ann417", "Bo12", "CPN7"} <= set(words(ax))
    assert ax.get_title() == "baseline · 3 members"


def test_a_later_map_tells_new_members_from_those_who_have_gone(known, ax):
    (person,) = maps.people_in(known, ["SYN-222222C"])
    maps.draw_interview(person.waves[1], ax)
    styles = {one.get_text(): (one.get_weight(), one.get_style()) for one in ax.texts}
    assert styles["Ann417"] == ("normal", "normal")
    assert styles["<b>Rex</b>5"][0] == "bold"
    assert styles["Bo12"][1] == styles["CPN7"][1] == "italic"
    assert ax.get_title() == "6 months · 2 members"


def test_a_member_without_a_place_is_listed_beneath(known, ax):
    (person,) = maps.people_in(known, ["SYN-222222C"])
    maps.draw_interview(person.waves[2], ax)
    assert "without a place: Ann417" in words(ax)


def test_a_missed_interview_is_an_empty_map_and_the_next_is_compared_with_the_last_seen(known, ax):
    (person,) = maps.people_in(known, ["SYN-222222D"])
    maps.draw_interview(person.waves[1], ax)
    assert ax.get_title() == "6 months · not interviewed"
    assert person.waves[2].before is person.waves[0].alters


def test_classes_differ_in_shape_as_well_as_in_colour():
    assert len(set(maps.CLASS_MARKERS.values())) == len(set(maps.CLASS_COLOURS.values())) == 4


def test_all_maps_say_that_the_people_are_simulated(known):
    figure = figures.ego_maps(known)
    said = [text.get_text() for part in figure.subfigs for text in part.texts]
    assert any("SYNTHETIC" in text for text in said)
    assert len(figure.axes) == 2 * 3


def test_somebody_who_did_not_take_part_is_named(known):
    with pytest.raises(InputError, match='nobody in this study is called "SYN-222222F"'):
        figures.ego_maps(known, ["SYN-222222F"])


def test_people_are_chosen_by_size_of_map_among_those_seen_most(known):
    assert figures.people_to_show(known.arrow("attrition"), known.arrow("alters"), 1) == [
        "SYN-222222C"
    ]
    both = figures.people_to_show(known.arrow("attrition"), known.arrow("alters"))
    assert both == ["SYN-222222D", "SYN-222222C"]


def test_retention_is_drawn_with_its_interval_and_counts(known, ax):
    visits = measures.retention(known.arrow("attrition"))
    assert figures.retention_axes(visits, ax, months={1: 0, 2: 6, 3: 12}) is ax
    assert "1 of 2" in words(ax)
    assert ax.get_xlabel() == "months since baseline"


def test_ties_are_drawn_by_class_and_cause_with_counts(known, ax):
    losses = measures.ties_lost(known.arrow("truth/ties"))
    assert figures.ties_by_cause(losses, ax, cause_labels={"drift": "lost touch"}) is ax
    assert " 50% (1 of 2)" in words(ax)
    assert [one.get_text() for one in ax.get_legend().get_texts()] == ["lost touch"]


def test_a_study_in_which_nothing_ended_can_be_drawn(known, ax):
    known.tables["truth/ties"]["ended_week"][:] = float("nan")
    figures.ties_by_cause(measures.ties_lost(known.arrow("truth/ties")), ax)


def test_drawing_touches_neither_pyplot_nor_seaborn():
    program = (
        "import sys; from matplotlib.figure import Figure; from analysis.figures import study\n"
        "study.ties_by_cause([], Figure().subplots())\n"
        "print(sorted({'matplotlib.pyplot', 'seaborn', 'pandas'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
