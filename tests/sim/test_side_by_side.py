"""Work on threads: results in order, one way to be told, nothing begun after an interruption."""

import threading
import time

import pytest

from sim.side_by_side import side_by_side, silent


@pytest.mark.parametrize("threads", [0, 1, 2, 5])
@pytest.mark.parametrize("first_alone", [False, True])
def test_results_come_in_the_order_of_the_work(threads, first_alone):
    def work(item):
        time.sleep(0.002 * (5 - item))  # later items are done first
        return item * item

    made = side_by_side(work, iter(range(5)), threads, first_alone=first_alone)
    assert list(made) == [0, 1, 4, 9, 16]


def test_nothing_to_do_is_done_at_once():
    assert list(side_by_side(str, [], 2, first_alone=True)) == []


def test_two_work_at_the_same_time():
    both = threading.Barrier(2, timeout=10)
    assert sorted(side_by_side(lambda _: both.wait(), range(2), 2)) == [0, 1]


def test_the_first_can_be_done_before_the_others_begin():
    begun, done = [], []

    def work(item):
        begun.append((item, list(done)))
        time.sleep(0.01)
        done.append(item)

    list(side_by_side(work, range(4), 3, first_alone=True))
    assert all(before[:1] == [0] for item, before in begun if item)


@pytest.mark.parametrize("threads", [1, 2])
def test_each_item_is_told_by_the_caller_s_thread(threads):
    told, here = [], threading.current_thread()

    def progress(stage, done, total):
        told.append((stage, done, total, threading.current_thread() is here))

    list(side_by_side(str, range(3), threads, progress=progress, stage="teams", first_alone=True))
    assert told == [("teams", done, 3, True) for done in (1, 2, 3)]


def test_nobody_need_be_told():
    assert list(side_by_side(str, range(2), progress=silent)) == ["0", "1"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("threads", [1, 2])
def test_what_has_not_begun_is_given_up_when_the_caller_is_interrupted(error, threads):
    begun = []

    def work(item):
        begun.append(item)
        time.sleep(0.01)

    def told(stage, done, total):
        raise error

    with pytest.raises(error):
        list(side_by_side(work, range(200), threads, progress=told))
    assert len(begun) < 20
    assert [one for one in threading.enumerate() if one.name.startswith("ThreadPool")] == []


def test_what_has_not_begun_is_given_up_when_an_item_fails():
    begun = []

    def work(item):
        begun.append(item)
        time.sleep(0.005)
        raise ValueError(item)

    with pytest.raises(ValueError, match="0"):
        list(side_by_side(work, range(200), 2))
    assert len(begun) < 20


@pytest.mark.parametrize("first_alone", [False, True])
def test_no_more_are_begun_ahead_than_was_asked(first_alone):
    begun = []
    made = side_by_side(
        lambda item: begun.append(item) or item, range(20), 2, first_alone=first_alone, ahead=3
    )
    for taken, one in enumerate(made, start=1):
        time.sleep(0.002)
        assert one == taken - 1
        assert len(begun) <= taken + 3
    assert sorted(begun) == list(range(20))
