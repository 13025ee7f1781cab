"""Interviews take longer the more members are named, within limits."""

import numpy as np
import pytest

from sim.study.durations import durations

N = 20_000


@pytest.fixture(scope="module")
def u():
    return np.random.default_rng(3).uniform(size=N).astype(np.float32).clip(1e-6, 1 - 1e-6)


def minutes(u, named, params, by_telephone=False):
    return durations(u, np.full(N, named), np.full(N, by_telephone), params)


def test_each_member_takes_so_many_minutes(u, record):
    params = record()
    p = params[0]
    few, more = (minutes(u, named, params).mean() for named in (1, 4))
    assert more - few == pytest.approx(3 * p["interview_member"], abs=0.05)
    assert few == pytest.approx(p["interview_opening"] + p["interview_member"], abs=0.3)
    assert minutes(u, 1, params).std() == pytest.approx(p["interview_length_sd"], rel=0.03)


def test_no_interview_is_beyond_the_limits(u, record):
    params = record(interview__length_sd=20)
    shortest, longest = minutes(u, 0, params), minutes(u, 30, params)
    assert shortest.min() == params[0]["interview_shortest"]
    assert longest.max() == params[0]["interview_longest"]
    assert (longest == 70).mean() > 0.99


def test_the_telephone_is_quicker(u, record):
    params = record()
    here, there = (minutes(u, 3, params, how).mean() for how in (False, True))
    assert there / here == pytest.approx(params[0]["interview_telephone_duration"], abs=0.01)


def test_without_a_difference_by_members_or_people_all_take_as_long(u, record):
    params = record(interview__member=0, interview__length_sd=0)
    assert set(minutes(u, 25, params)) == {int(params[0]["interview_opening"])}
