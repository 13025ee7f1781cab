"""float32 arithmetic against float64 closed forms, within the errors its docstrings state."""

import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.world.arithmetic import (
    NO_LANES,
    TINY,
    across,
    add_lanes,
    chance,
    clip,
    exponential,
    f4,
    flushed,
    highest,
    highest_lanes,
    logarithm,
    normal,
    probability,
    soft_normal,
    square_root,
    survival,
    unit,
    whole,
)


def each(function, values):
    """The float64 values of a float32 function, called with float32."""
    results = [function(f4(x)) for x in values]
    assert all(isinstance(y, np.float32) for y in results)
    return np.array(results, np.float64)


def as_f4(values):
    return np.asarray(values, np.float32).astype(np.float64)


@pytest.mark.parametrize(("reach", "error"), [(4, 2e-6), (8, 4e-5)])
def test_exponential(reach, error):
    x = as_f4(np.linspace(-reach, reach, 4001))
    assert np.abs(each(exponential, x) / np.exp(x) - 1).max() < error
    assert exponential(f4(0)) == 1


def test_exponential_is_clipped_outside():
    assert exponential(f4(99)) == exponential(f4(8))
    assert exponential(f4(-99)) == exponential(f4(-8))
    assert exponential(f4(-8)) > 0


def test_exponential_rises():
    y = each(exponential, np.linspace(-8, 8, 2001))
    assert (np.diff(y) > 0).all()


def test_survival():
    x = as_f4(np.linspace(0, 32, 4001))
    assert np.abs(each(survival, x) / np.exp(-x) - 1).max() < 2e-4
    assert survival(f4(0)) == 1


def test_square_root_is_correctly_rounded():
    x = np.geomspace(1e-8, 1e8, 999).astype(np.float32)
    expected = np.array([math.sqrt(float(v)) for v in x]).astype(np.float32)
    assert [square_root(v) for v in x] == expected.tolist()


def test_logarithm():
    x = as_f4(np.geomspace(1e-8, 1e8, 8001))
    assert np.abs(each(logarithm, x) - np.log(x)).max() < 1e-5
    assert logarithm(f4(1)) == 0


def test_logarithm_of_any_uniform_is_finite_and_at_most_zero():
    for u in (f4(2.0**-24), f4(0.5), f4(1 - 2.0**-24)):
        assert np.isfinite(logarithm(u))
        assert logarithm(u) <= 0


def test_chance():
    h = as_f4(np.geomspace(1e-6, 1, 999))
    error = np.abs(each(chance, h) + np.expm1(-h))
    assert (error <= h**3 / 6 + 1e-7).all()
    assert chance(f4(0)) == 0
    assert chance(f4(7)) == chance(f4(1)) == f4(0.5)
    assert (np.diff(each(chance, h)) >= 0).all()


def test_normal():
    u = [*(np.arange(1, 4000) / 4000), 2.0**-24, 1e-6, 1e-4, 0.999, 1 - 2.0**-24]
    u = as_f4(u)
    assert np.abs(each(normal, u) - stats.norm.ppf(u)).max() < 5e-4
    assert normal(f4(0.5)) == 0
    assert (np.diff(each(normal, np.sort(u))) >= 0).all()


@pytest.mark.parametrize("u", [2.0**-24, 0.001, 0.02425, 0.25, 0.4999])
def test_normal_is_symmetric(u):
    assert normal(f4(u)) == pytest.approx(-normal(f4(1) - f4(u)), abs=5e-4)


def test_probability_is_the_inverse_of_normal():
    z = np.linspace(-7, 7, 2801, dtype=np.float32)
    assert np.abs(each(probability, z) - stats.norm.cdf(z.astype(float))).max() < 2e-6
    assert (np.diff(each(probability, z)) >= -1e-7).all()
    u = np.linspace(0.001, 0.999, 999, dtype=np.float32)
    assert each(probability, each(normal, u)) == pytest.approx(u, abs=2e-4)


def test_soft_normal_has_mean_nought_and_variance_one():
    assert soft_normal(*[f4(0.5)] * 4) == 0
    points = (np.arange(10) + 0.5) / 10  # variance of the midpoints: (1 - 1/100) / 12
    a, b, c, d = (grid.ravel() for grid in np.meshgrid(*[points] * 4))
    z = [soft_normal(*map(f4, four)) for four in zip(a[::7], b[::7], c[::7], d[::7], strict=True)]
    assert np.mean(z) == pytest.approx(0, abs=0.01)
    assert np.var(z) == pytest.approx(0.99, abs=0.02)
    assert soft_normal(*[f4(1)] * 4) == pytest.approx(2 * math.sqrt(3), rel=1e-6)


@given(st.floats(-10, 10, width=32), st.floats(-2, 0, width=32), st.floats(1, 3, width=32))
def test_clip_and_unit_are_the_nearest_values(x, low, high):
    assert clip(f4(x), f4(low), f4(high)) == np.clip(f4(x), low, high)
    assert unit(f4(x)) == np.clip(f4(x), 0, 1)


def test_flushed():
    for small in (f4(0), TINY, -TINY, f4(1e-40), f4(-9e-7)):
        assert flushed(small) == 0
    for large in (f4(1.1e-6), f4(-1.1e-6), f4(3), f4(-0.5)):
        assert flushed(large) == large


def test_no_decay_ends_in_a_denormal_number():
    value = f4(1)
    for _ in range(2000):
        value = flushed(value * f4(0.95))
    assert value == 0


@pytest.mark.parametrize("x", [0, 0.25, 0.5, 0.999, 1, 2.75, 13.3])
def test_whole_is_unbiased_and_a_neighbour(x):
    u = (np.arange(4096) + 0.5) / 4096
    rounded = np.array([whole(f4(x), f4(one)) for one in u])
    assert set(rounded.tolist()) <= {math.floor(x), math.floor(x) + 1}
    assert rounded.mean() == pytest.approx(x, abs=1 / 2048)


def lanes_of(slots):
    lanes = NO_LANES
    for first in range(0, len(slots), 8):
        lanes = add_lanes(lanes, slots[first : first + 8])
    return lanes


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=48), st.integers(0, 4))
def test_the_sum_over_slots_does_not_see_empty_blocks(values, more):
    slots = np.zeros(-(-len(values) // 8) * 8, np.float32)
    slots[: len(values)] = values
    total = across(lanes_of(slots))
    wider = across(lanes_of(np.concatenate([slots, np.zeros(8 * more, np.float32)])))
    assert total.tobytes() == wider.tobytes()
    assert total == pytest.approx(
        math.fsum(slots.tolist()), abs=1e-5 * (1 + float(np.abs(slots).sum()))
    )


def test_lanes_fold_by_four_two_one():
    row = np.array([1e8, 1, -1e8, 1, 3, 5, 7, 9], np.float32)
    a, b, c, d = (row[k] + row[k + 4] for k in range(4))
    assert across(lanes_of(row)) == (a + c) + (b + d)


EIGHT = st.lists(st.floats(0, 10, width=32), min_size=8, max_size=8)


@given(EIGHT, EIGHT)
def test_highest(row, before):
    row, lanes = np.array(row, np.float32), highest_lanes(lanes_of(before), row)
    assert lanes == tuple(np.maximum(row, np.array(before, np.float32)))
    assert highest(lanes) == max(*row, *before)


@numba.njit(error_model="numpy")
def compiled_each(x):
    out = np.zeros((8, x.size), np.float32)
    for n in range(x.size):
        v, positive = x[n], abs(x[n]) + f4(1e-8)
        out[0, n], out[1, n] = exponential(v), survival(positive)
        out[2, n], out[3, n] = logarithm(positive), chance(positive)
        out[4, n] = normal(unit(positive * f4(0.125)) * f4(0.99) + f4(0.005))
        out[7, n] = probability(v)
        out[5, n], out[6, n] = flushed(v * f4(1e-6)), f4(whole(positive, f4(0.3)))
    return out


def test_compiled_arithmetic_has_the_bytes_of_plain_python():
    x = np.concatenate([np.linspace(-8, 8, 1001), [1e-7, -3e-38, 40]]).astype(np.float32)
    assert compiled_each(x).tobytes() == compiled_each.py_func(x).tobytes()
