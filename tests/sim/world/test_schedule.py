import timeit

import numpy as np
import pytest

from sim.errors import InputError
from sim.world.schedule import EgoFacts, Egos, Posts, Schedule

RATE, INTERVAL = "tie.friend.end_rate", "service.psychiatrist.interval_weeks"
CAPACITY = "service.psychiatrist.capacity"


def shock(acts_on, how, value, rest):
    return f'[[shock]]\nacts_on = "{acts_on}"\nhow = "{how}"\nvalue = {value}\n{rest}\n'


def team(n_egos=4, site=1, number=1, arm=-1, baseline=-1):
    def each(value):
        return np.broadcast_to(np.asarray(value), n_egos)

    egos = Egos(np.arange(100, 100 + n_egos), each(site), each(number), each(arm), each(baseline))
    roles = np.array([0, 1, 1])
    return egos, Posts(roles, np.full(3, site), np.full(3, number))


def facts_of(diagnosis=0, has_partner=True, constrictor=False):
    def facts(week):
        return EgoFacts(*np.broadcast_arrays(diagnosis, has_partner, constrictor, np.zeros(4))[:3])

    return facts


@pytest.fixture
def run(read, small):
    """The segments of one team under the shocks of a text."""

    def segments(text, members=None, start=-4, stop=20, arms=(), **asked):
        schedule = Schedule(read(text), small, arms)
        return list(schedule.segments(*(members or team()), start, stop, **asked))

    return segments


def of_egos(segment, path):
    return segment.params[path.replace(".", "_")][segment.ego_profile].tolist()


def of_posts(segment, path):
    return segment.params[path.replace(".", "_")][segment.post_profile].tolist()


def spans(segments):
    return [(segment.start, segment.stop) for segment in segments]


def test_without_shocks_there_is_one_segment_and_one_profile(run):
    (segment,) = run("[parameters]\ntie.friend.end_rate = 0.5")
    assert (segment.start, segment.stop, segment.events) == (-4, 20, ())
    assert segment.params.shape == (1,)
    assert segment.ego_profile.dtype == segment.post_profile.dtype == np.int32
    assert of_egos(segment, RATE) == [0.5] * 4
    assert of_posts(segment, CAPACITY) == [21.0] * 3


def test_the_kernel_gets_the_same_types_with_and_without_shocks(run, small):
    plain = run("")
    shocked = run(shock(RATE, "multiply", 2, "from_week = 3\nwho = { share = 0.5 }"), share=halves)
    for segment in plain + shocked:
        assert segment.params.dtype == small.dtype
        for array in (segment.params, segment.ego_profile, segment.post_profile):
            assert array.flags.c_contiguous
            assert array.flags.writeable
        assert segment.ego_profile.dtype == segment.post_profile.dtype == np.int32


def test_a_shock_holds_from_its_first_week_for_as_long_as_it_says(run):
    segments = run(shock(INTERVAL, "multiply", 1.5, "from_week = 3\nweeks = 5"))
    assert spans(segments) == [(-4, 3), (3, 8), (8, 20)]
    assert [of_egos(segment, INTERVAL)[0] for segment in segments] == [4, 6, 4]
    assert all(
        segment.params[0]["service_psychiatrist_interval_weeks"] == 4 for segment in segments
    )


def test_a_shock_without_an_end_lasts_to_the_end(run):
    assert spans(run(shock(INTERVAL, "set", 8, "from_week = 3"))) == [(-4, 3), (3, 20)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [(["multiply", "add"], 4 * 2 + 3), (["add", "multiply"], (4 + 3) * 2)],
)
def test_shocks_that_meet_apply_in_the_order_of_the_file(run, order, expected):
    texts = {
        "multiply": shock(INTERVAL, "multiply", 2, "from_week = 2\nweeks = 6"),
        "add": shock(INTERVAL, "add", 3, "from_week = 5\nweeks = 6"),
    }
    segments = run("".join(texts[name] for name in order))
    assert spans(segments) == [(-4, 2), (2, 5), (5, 8), (8, 11), (11, 20)]
    assert [of_egos(one, INTERVAL)[0] for one in segments] == [4, 8, expected, 7, 4]


def test_set_forgets_what_came_before_it_in_the_file(run):
    first = shock(INTERVAL, "multiply", 2, "from_week = 2")
    last = shock(INTERVAL, "set", 3, "from_week = 2")
    assert of_egos(run(first + last)[1], INTERVAL)[0] == 3
    assert of_egos(run(last + first)[1], INTERVAL)[0] == 6


def test_shocks_on_different_parameters_do_not_mix(run):
    both = shock(INTERVAL, "set", 8, "from_week = 2") + shock(RATE, "set", 0.5, "from_week = 2")
    segment = run(both)[1]
    assert (of_egos(segment, INTERVAL)[0], of_egos(segment, RATE)[0]) == (8, 0.5)


def test_a_shock_elsewhere_leaves_the_team_alone(run):
    text = shock(INTERVAL, "set", 8, "from_week = 2\nwho = { site = [1, 3], team = 2 }")
    assert len(run(text, team(site=1, number=1))) == 1
    assert len(run(text, team(site=2, number=2))) == 1
    assert len(run(text, team(site=3, number=2))) == 2


def test_a_shock_on_posts_reaches_posts_of_its_role_and_no_ego(run):
    text = shock("service.sickness", "multiply", 2, 'from_week = 2\nwho = { role = "cpn" }')
    segment = run(text)[1]
    assert of_posts(segment, "service.sickness") == pytest.approx([0.03, 0.06, 0.06])
    assert of_egos(segment, "service.sickness") == pytest.approx([0.03] * 4)


def test_a_shock_on_egos_reaches_no_post(run):
    segment = run(shock(INTERVAL, "set", 8, "from_week = 2"))[1]
    assert of_posts(segment, INTERVAL) == [4.0] * 3


def halves(index, address):
    """Uniforms that fall below a half for even addresses."""
    return np.where(address % 2 == 0, 0.25, 0.75).astype(np.float32)


def test_a_share_is_drawn_once_by_address_and_stays(run):
    asked = []

    def share(index, address):
        asked.append((index, address.tolist()))
        return halves(index, address)

    later = shock(RATE, "set", 0.5, "from_week = 4\nweeks = 2")
    text = later + shock(INTERVAL, "set", 8, "from_week = 2\nweeks = 9\nwho = { share = 0.5 }")
    segments = run(text, share=share)
    assert [of_egos(one, INTERVAL) for one in segments[1:4]] == [[8, 4, 8, 4]] * 3
    assert asked == [(1, [100, 101, 102, 103])]


def test_facts_are_asked_in_the_shocks_first_week_and_then_frozen(read, small):
    asked = []
    partner = np.array([True, False, True, False])

    def facts(week):
        asked.append(week)
        return EgoFacts(np.zeros(4), partner, np.zeros(4, bool))

    both = "weeks = 9\nwho = { has_partner = false }"
    text = shock(INTERVAL, "set", 8, f"from_week = 2\n{both}")
    text += shock(RATE, "set", 0.5, f"from_week = 5\n{both}")
    found = Schedule(read(text), small).segments(*team(), -4, 20, facts=facts)
    next(found)
    assert asked == []
    first = next(found)
    assert asked == [2]
    partner[:] = True
    partner[0] = False
    second = next(found)
    assert asked == [2, 5]
    assert of_egos(first, INTERVAL) == of_egos(second, INTERVAL) == [4, 8, 4, 8]
    assert of_egos(second, RATE) == pytest.approx([0.5, 0.2, 0.2, 0.2])
    assert len(second.params) == 3


@pytest.mark.parametrize(
    ("who", "facts", "expected"),
    [
        ('diagnosis = ["bipolar", "psychosis"]', {"diagnosis": [0, 1, 2, 3]}, [8, 4, 8, 4]),
        ("has_partner = true", {"has_partner": [True, False, False, False]}, [8, 4, 4, 4]),
        ("constrictor = false", {"constrictor": [True, False, True, False]}, [4, 8, 4, 8]),
        (
            "constrictor = true, has_partner = true",
            {"constrictor": [True, False, True, False], "has_partner": [True, True, False, False]},
            [8, 4, 4, 4],
        ),
    ],
)
def test_conditions_on_egos_must_all_be_met(run, who, facts, expected):
    text = shock(INTERVAL, "set", 8, f"from_week = 2\nwho = {{ {who} }}")
    assert of_egos(run(text, facts=facts_of(**facts))[1], INTERVAL) == expected


def test_arms_are_known_by_the_names_of_the_study(run):
    text = shock(INTERVAL, "set", 8, 'from_week = 2\nwho = { arm = "more" }')
    members = team(arm=[0, 1, -1, 1])
    assert of_egos(run(text, members, arms=("usual", "more"))[1], INTERVAL) == [4, 8, 4, 8]
    with pytest.raises(InputError, match=r'shock 1 who\.arm: the study has no arm "more"; did you'):
        run(text, members, arms=("usual", "moore"))


def test_staff_are_in_an_arm_only_if_that_is_how_the_study_allocates(run):
    text = shock(CAPACITY, "set", 8, 'from_week = 2\nwho = { arm = "more" }')
    egos, posts = team()
    with pytest.raises(InputError, match="belongs to staff posts, which are in no arm"):
        run(text, (egos, posts), arms=("more",))
    segment = run(text, (egos, posts._replace(arm=np.array([0, -1, 0]))), arms=("more",))[1]
    assert of_posts(segment, CAPACITY) == [8, 21, 8]


def test_study_weeks_count_from_each_egos_own_baseline(run):
    text = shock(INTERVAL, "set", 8, "from_study_week = 2\nweeks = 3")
    segments = run(text, team(baseline=[0, 4, -1, 1]))
    assert spans(segments) == [(-4, 2), (2, 3), (3, 5), (5, 6), (6, 9), (9, 20)]
    assert [of_egos(one, INTERVAL) for one in segments] == [
        [4, 4, 4, 4],
        [8, 4, 4, 4],
        [8, 4, 4, 8],
        [4, 4, 4, 8],
        [4, 8, 4, 4],
        [4, 4, 4, 4],
    ]


def test_an_event_falls_due_in_the_first_week_of_a_segment(run):
    text = (
        '[[shock]]\nacts_on = "event.episode"\nhow = "force"\nfrom_study_week = 3\n'
        "who = { has_partner = true }\n" + shock("event.closure", "force", 0.4, "from_week = 3")
    )
    segments = run(
        text, team(baseline=[0, 4, 0, -1]), facts=facts_of(has_partner=[True, True, False, True])
    )
    assert spans(segments) == [(-4, 3), (3, 7), (7, 20)]
    episode, closure = segments[1].events
    assert (episode.name, episode.egos.tolist(), episode.value) == (
        "event.episode",
        [True, False, False, False],
        1.0,
    )
    assert (closure.name, closure.egos.tolist(), closure.value) == (
        "event.closure",
        [True] * 4,
        0.4,
    )
    (late,) = segments[2].events
    assert late.egos.tolist() == [False, True, False, False]
    assert [len(one.params) for one in segments] == [1, 1, 1]


def test_a_run_may_start_in_the_middle(run):
    text = shock(INTERVAL, "set", 8, "from_week = 2\nweeks = 8")
    text += '[[shock]]\nacts_on = "event.episode"\nhow = "force"\nfrom_week = 3\n'
    segments = run(text, start=5)
    assert spans(segments) == [(5, 10), (10, 20)]
    assert [of_egos(one, INTERVAL)[0] for one in segments] == [8, 4]
    assert [one.events for one in segments] == [(), ()]
    assert len(run(text, start=10)) == 1


def test_shocks_that_only_some_egos_share_are_checked_when_they_meet(run):
    text = shock(INTERVAL, "multiply", 4, "from_week = 2\nwho = { has_partner = true }")
    text += shock(INTERVAL, "multiply", 5, "from_week = 4\nwho = { constrictor = true }")
    assert len(run(text, facts=facts_of())) == 3
    with pytest.raises(InputError, match=r"mine: under shock 1 and 2: .* = 80 is out of ran"):
        run(text, facts=facts_of(constrictor=True))


def test_a_shock_that_needs_facts_says_so(run):
    with pytest.raises(ValueError, match="pass facts="):
        run(shock(INTERVAL, "set", 8, "from_week = 2\nwho = { has_partner = true }"))
    with pytest.raises(ValueError, match="pass share="):
        run(shock(INTERVAL, "set", 8, "from_week = 2\nwho = { share = 0.2 }"))


def test_more_shocks_than_bits_in_a_word(run):
    many = 70
    text = "".join(
        shock(INTERVAL, "add", 0.1, f"from_week = {week % 10}\nwho = {{ share = {week % 2} }}")
        for week in range(many)
    )
    last = run(text, share=halves)[-1]
    assert of_egos(last, INTERVAL) == pytest.approx([4 + 0.1 * many / 2] * 4)
    assert len(last.params) == 2


def test_a_world_without_shocks_costs_next_to_nothing(read, small):
    schedule = Schedule(read(""), small)
    members = team(288)
    best = min(
        timeit.repeat(lambda: list(schedule.segments(*members, -52, 52)), number=20, repeat=5)
    )
    assert best / 20 < 50e-6
