"""One correlation matrix of lasting traits: its factor, and correlations that cannot be."""

import numba
import numpy as np
import pytest
from scipy import stats

from egocohort.cli import main
from sim.errors import InputError
from sim.world.latents import Latent, check_correlations, correlation_factor, pair_of
from sim.world.parameters import catalogue, read_catalogue
from sim.world.phases.people import draw_latents
from sim.world.scenario import parse_scenario
from sim.world.streams import key_of, key_pair

PATHS = tuple(path for path in catalogue() if pair_of(path))
IMPOSSIBLE = {
    "correlation.severity_friend": -0.8,
    "correlation.severity_sociability": -0.8,
}


def factor_of(values):
    return correlation_factor(lambda path: values.get(path, 0.0), PATHS).astype(float)


def matrix_of(values):
    matrix = np.eye(len(Latent))
    for path, value in values.items():
        pair = pair_of(path)
        matrix[pair] = matrix[pair[::-1]] = value
    return matrix


def test_every_correlation_is_of_two_latents_and_may_be_off():
    assert len(PATHS) > 15
    assert len({pair_of(path) for path in PATHS}) == len(PATHS)
    for path in PATHS:
        entry = catalogue()[path]
        assert entry.low <= entry.value <= entry.high
        assert entry.low <= 0 <= entry.high
        assert -1 < entry.low <= entry.high < 1


def test_without_correlations_the_factor_is_one():
    assert np.array_equal(factor_of({}), np.eye(len(Latent)))


def test_the_factor_is_that_of_the_matrix():
    values = {path: 0.25 * (catalogue()[path].low + catalogue()[path].high) for path in PATHS}
    factor = factor_of(values)
    assert np.array_equal(factor, np.tril(factor))
    assert factor @ factor.T == pytest.approx(matrix_of(values), abs=1e-6)
    assert factor == pytest.approx(np.linalg.cholesky(matrix_of(values)), abs=1e-6)


@pytest.mark.parametrize("scale", [0.97, 0.999, 1.001, 1.03])
def test_what_is_refused_is_what_is_not_positive_definite(scale):
    values = {path: scale * x / np.sqrt(1.28) for path, x in IMPOSSIBLE.items()}
    possible = np.linalg.eigvalsh(matrix_of(values)).min() > 0
    assert possible == (scale < 1)
    if possible:
        factor_of(values)
    else:
        with pytest.raises(InputError, match="no people can"):
            factor_of(values)


def test_the_message_names_the_pairs_that_hang_together_and_no_others():
    with pytest.raises(InputError) as error:
        check_correlations(IMPOSSIBLE | {"correlation.age_partner": 0.2}, "mine.toml")
    said = str(error.value)
    assert said.startswith("mine.toml: ")
    assert "correlation.severity_friend = -0.8" in said
    assert "correlation.severity_sociability = -0.8" in said
    assert "age_partner" not in said


@pytest.mark.parametrize("name", ["severity_nothing", "severity_severity", "severity"])
def test_a_correlation_that_is_of_no_two_traits_is_refused(name):
    with pytest.raises(InputError, match=rf"correlation\.{name}: names no two traits"):
        pair_of(f"correlation.{name}")
    assert pair_of("ego.age_mean") is None


def test_a_catalogue_with_correlations_that_cannot_be_is_refused(tmp_path):
    path = tmp_path / "parameters.toml"
    entry = '{{ value = {}, unit = "u", range = [-1, 1], source = "", grade = "assumed" }}\n'
    lines = [f"{p.partition('.')[2]} = {entry.format(x)}" for p, x in IMPOSSIBLE.items()]
    path.write_text("[correlation]\n" + "".join(lines))
    with pytest.raises(InputError, match=r"parameters\.toml: no people can"):
        read_catalogue(path)


def test_a_scenario_with_correlations_that_cannot_be_is_refused():
    said = {"id": "mine", "title": "Mine", "parameters": IMPOSSIBLE}
    with pytest.raises(InputError, match="scenario, parameters: no people can"):
        parse_scenario(said)


def test_a_user_is_told_with_exit_code_2_and_nothing_is_written(tmp_path, capsys):
    file = tmp_path / "mine.toml"
    lines = "\n".join(f'"{path}" = {value}' for path, value in IMPOSSIBLE.items())
    file.write_text(f'id = "mine"\ntitle = "Mine"\n[parameters]\n{lines}\n')
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as left:
        main(["simulate", "founding-study", "--scenario", str(file), "--out", str(out)])
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "mine.toml" in said
    assert "correlation.severity_friend = -0.8" in said
    assert not out.exists()


# as drawn


@numba.njit
def drawn(n, factor, key):
    """Uniforms and z of the latents of n people, (n, latents) each."""
    uniforms = np.empty((n, factor.shape[0]), np.float32)
    z = np.empty((n, factor.shape[0]), np.float32)
    for i in range(n):
        draw_latents(i, factor, uniforms[i], z[i], key)
    return uniforms, z


@pytest.fixture(scope="module")
def people():
    """Twenty thousand people: independent, and with the correlations of the catalogue."""
    asked = {path: entry.value for path, entry in catalogue().items() if pair_of(path)}
    factor = correlation_factor(lambda path: asked.get(path, 0.0), PATHS)
    none = correlation_factor(lambda path: 0.0, PATHS)
    return asked, *(drawn(20_000, one, key_pair(key_of(1))) for one in (none, factor))


def test_every_pair_is_correlated_as_asked_and_no_other_is(people):
    asked, (_, alone), (_, together) = people
    for values, z in ((asked, together), ({}, alone)):
        expected = matrix_of(values)
        error = (1 - expected**2) / np.sqrt(len(z))
        assert (np.abs(np.corrcoef(z.T.astype(float)) - expected) <= 4.5 * error + 1e-6).all()


def test_every_uniform_stays_uniform_and_one_that_nothing_moves_stays_as_it_is(people):
    asked, (u_alone, z_alone), (u, z) = people
    for one in Latent:
        assert stats.kstest(u[:, one], "uniform").pvalue > 1e-5
        assert z[:, one].std(dtype=float) == pytest.approx(1, abs=0.03)
    linked = {pair_of(path).later for path in asked}
    for one in set(Latent) - linked:
        assert np.array_equal(u[:, one], u_alone[:, one])
        assert np.array_equal(z[:, one], z_alone[:, one])
    assert Latent.SEVERITY not in linked
    assert Latent.NON_WHITE not in linked
    assert np.abs(np.corrcoef(z_alone.T.astype(float)) - np.eye(len(Latent))).max() < 0.05
