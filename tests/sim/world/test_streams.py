"""Addressed randomness: the published vectors, one number per address, no pattern across addresses.

The statistical checks use fixed keys, so they either always pass or always fail; each would reject
a perfect generator with a probability of 1e-4 at most, shared out over the comparisons it makes.
"""

import ast
from collections import Counter
from pathlib import Path

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import sim.world
from sim.world.phases.start import OF_WORKER
from sim.world.size import MOST_EGOS, MOST_SITES, MOST_TEAMS
from sim.world.streams import (
    WEEK_OFFSET,
    Stream,
    address,
    key_of,
    key_pair,
    philox,
    plain_philox,
    uniform,
    uniforms,
)

FALSE_ALARM = 1e-4
KEY = key_of(20, 3)
WORD = st.integers(0, 2**32 - 1)


@numba.njit
def compiled_words(stream, who, when, which, key):
    return philox(stream, who, when, which, key)


@numba.njit
def compiled_table(stream, who, when, which, key):
    """Four uniforms at each of many addresses."""
    out = np.zeros((who.size, 4), np.float32)
    for n in range(who.size):
        out[n] = uniforms(stream, who[n], when[n], which[n], key)
    return out


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [  # kat_vectors of Random123: philox4x32, 7 rounds
        ((0,) * 4, (0,) * 2, (0x5F6FB709, 0x0D893F64, 0x4F121F81, 0x4F730A48)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x5207DDC2, 0x45165E59, 0x4D8EE751, 0x8C52F662)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0x4DFCCABA, 0x190A87F0, 0xC47362BA, 0xB6B5242A),
        ),
    ],
)
def test_the_vectors_of_random123(counter, key, words):
    assert plain_philox(*counter, *key) == words
    assert philox(*counter, key) == words
    pair = key_pair(np.array(key, np.uint32))
    assert compiled_words(*np.array(counter, np.uint32), pair) == words


@settings(deadline=None)  # compiles at the first call
@given(st.sampled_from(Stream), WORD, st.integers(-WEEK_OFFSET, 2**31 - 1), WORD, WORD, WORD)
def test_compiled_words_are_plain_words(stream, who, when, which, k0, k1):
    key = (np.uint32(k0), np.uint32(k1))
    plain = philox(stream, who, when, which, key)
    assert all(0 <= word < 2**32 for word in plain)
    compiled = compiled_words(int(stream), np.uint32(who), np.int64(when), np.uint32(which), key)
    assert compiled == plain


def test_compiled_uniforms_are_plain_uniforms():
    n = np.arange(64)
    who, when, which = address(2, 1, 0) + n, n % 5 + WEEK_OFFSET - 2, n * 37
    table = compiled_table(7, who, when, which, key_pair(KEY))
    plain = [uniforms(7, *place, KEY) for place in zip(who, when, which, strict=True)]
    assert table.tobytes() == np.array(plain, np.float32).tobytes()


@pytest.mark.parametrize("word", [0, 1, 511, 512, 2**31, 2**32 - 512, 2**32 - 1])
def test_a_uniform_is_inside_the_open_interval_and_exact(word):
    u = uniform(np.uint32(word))
    assert isinstance(u, np.float32)
    assert 0 < u < 1
    assert float(u) == (word // 512 + 0.5) / 2**23


def test_the_extreme_uniforms():
    assert uniform(0) == np.float32(2.0**-24)
    assert uniform(2**32 - 1) == np.float32(1 - 2.0**-24)
    assert 1 - uniform(2**32 - 1) == uniform(0)


def test_seeds_and_replicates_have_keys_of_their_own():
    seeds = [0, 1, 2, 3, 2**32 - 1, 2**32, 2**32 + 1, 2**63, 2**64 - 1]
    keys = {tuple(key_of(seed, rep).tolist()) for seed in seeds for rep in seeds}
    assert len(keys) == len(seeds) ** 2
    many = {tuple(key_of(seed, rep).tolist()) for seed in range(100) for rep in range(100)}
    assert len(many) == 10_000
    assert key_of(5).dtype == np.uint32
    assert key_of(5).tolist() == key_of(5, 0).tolist()


@given(
    st.integers(1, MOST_SITES), st.integers(1, MOST_TEAMS), st.integers(0, 4095)
)  # 4095 is the team's own
def test_an_address_can_be_read_back(site, team, member):
    word = address(site, team, member)
    assert 0 < word < 2**32
    assert (word >> 26, word >> 12 & 0x3FFF, word & 0xFFF) == (site, team, member)


def test_no_ego_has_the_address_of_a_team():
    assert MOST_EGOS <= 4095  # egos count from 0, so the last one is 4094


def test_stream_numbers_are_unique_and_small():
    text = Path(sim.world.__file__).with_name("streams.py").read_text()
    body = next(n for n in ast.parse(text).body if getattr(n, "name", "") == "Stream")
    numbers = [node.value.value for node in body.body if isinstance(node, ast.Assign)]
    assert [n for n, times in Counter(numbers).items() if times > 1] == []
    assert len(numbers) == len(Stream)  # an alias would hide a second name for one number
    assert all(0 < number < 64 for number in numbers)


def test_posts_and_egos_draw_from_different_streams():
    """Post 3 and ego 3 of a team share an address: not their streams, or not the word after it."""
    streams, words = {}, {}
    for file in sorted(Path(sim.world.__file__).parent.glob("phases/*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            is_draw = isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "uniforms",
                "philox",
            }
            if is_draw:
                who = "post" if "post" in ast.unparse(node.args[1]) else "ego"
                stream = ast.unparse(node.args[0])
                streams.setdefault(who, set()).add(stream)
                words.setdefault((who, stream), set()).add(ast.unparse(node.args[2]))
    assert {"STAFF", "DIARY", "REPLACEMENT", "PERSON"} == streams["post"]
    assert streams["post"] & streams["ego"] == {"PERSON"}
    assert words["ego", "PERSON"] == {"0"}
    assert words["post", "PERSON"] == {"OF_WORKER"}
    assert OF_WORKER != 0


N = 2**16
STEPS = np.arange(N)
BASE = np.full(N, address(1, 1, 0))
WALKS = {  # neighbouring addresses along each word, and around a team as the kernel goes
    "who": (7, BASE + STEPS, np.full(N, WEEK_OFFSET), np.zeros(N, np.int64)),
    "when": (7, BASE, STEPS, np.zeros(N, np.int64)),
    "which": (7, BASE, np.full(N, WEEK_OFFSET), STEPS),
    "team": (7, BASE + STEPS % 288, WEEK_OFFSET + STEPS // 288 % 52, STEPS // (288 * 52) * 32),
}


def draws(walk):
    stream, who, when, which = WALKS[walk]
    return compiled_table(stream, who, when, which, key_pair(KEY))


def p_of_pairs(x, y, cells=16):
    """P value of a chi-square test that pairs fill a square evenly."""
    at = (x * cells).astype(int) * cells + (y * cells).astype(int)
    return stats.chisquare(np.bincount(at, minlength=cells**2)).pvalue


@pytest.mark.parametrize("walk", WALKS)
def test_uniform_along_neighbouring_addresses(walk):
    table = draws(walk).astype(np.float64)
    p_values = [stats.kstest(column, "uniform").pvalue for column in table.T]
    for column in table.T:
        counts = np.bincount((column * 1024).astype(int), minlength=1024)
        p_values.append(stats.chisquare(counts).pvalue)
    assert min(p_values) > FALSE_ALARM / len(p_values) / len(WALKS)


@pytest.mark.parametrize("walk", WALKS)
def test_independent_between_neighbours_and_between_words(walk):
    table = draws(walk).astype(np.float64)
    p_values = [p_of_pairs(column[:-1:2], column[1::2]) for column in table.T]
    p_values += [p_of_pairs(table[:, a], table[:, b]) for a in range(4) for b in range(a)]
    assert min(p_values) > FALSE_ALARM / len(p_values) / len(WALKS)


def test_independent_between_streams_and_between_keys():
    _, who, when, which = WALKS["team"]
    here = compiled_table(7, who, when, which, key_pair(KEY))[:, 0]
    p_values = [
        p_of_pairs(here, compiled_table(stream, who, when, which, key_pair(key))[:, 0])
        for stream, key in [(8, KEY), (9, KEY), (7, key_of(21, 3)), (7, key_of(20, 4))]
    ]
    assert min(p_values) > FALSE_ALARM / len(p_values)
