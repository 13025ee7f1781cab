import numpy as np
import pytest

from analysis.stress.result import stress_study
from analysis.stress.workers.hand import ON_HAND
from sim.data import tables
from sim.data.errors.sheets import FILES
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study
from sim.study.tables import study_tables
from sim.world.scenario import read_scenario

SMALL = {
    "id": "small",
    "title": "A small trial",
    "frame": {"teams_per_site": [2], "egos_per_team": 40},
    "recruitment": {"n": 12},
    "arms": {"share": {"usual": 1, "more": 1}},
    "waves": {"weeks": [0, 26]},
    "participation": {"retention": [0.75], "mechanism": "MAR"},
}


@pytest.fixture(scope="session")
def small_study():
    """A study of twelve people in two arms."""
    return parse_study(SMALL)


@pytest.fixture(scope="session")
def clean(small_study):
    """All that this study collected."""
    found = study_tables(simulate_study(read_scenario("usual-care"), small_study, seed=1))
    return {name: tables.build(name, found[name]) for name in FILES}


@pytest.fixture(scope="session")
def small_tables(clean):
    """What an analysis gets of it."""
    return {name: clean[name] for name in ON_HAND}


@pytest.fixture
def write(tmp_path):
    """Write a file of a user's and name it as `egocohort stress` takes it."""

    def written(text, name="mine.py"):
        file = tmp_path / name
        file.write_text(text)
        return f"{file}:fit" if name.endswith(".py") else str(file)

    return written


@pytest.fixture(scope="session")
def judged_alone():
    """Runs a stress test without trying invariances, where a test is not about them."""

    def judged(spec, replicates, **asked):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("analysis.stress.result.invariances_of", lambda *_: [])
            return stress_study(spec, replicates=replicates, **asked)

    return judged


def answer_rows(n=40, *, seed=1, shift=0.0, sd=1.0, se=None):
    """Normal estimates about 0 with 95 % intervals, as rows of studies."""
    from analysis.stress.criteria import StudyRows

    draws = np.random.default_rng(seed)
    estimate = draws.normal(shift, sd, n)
    se = np.full(n, sd if se is None else se)
    z = 1.959963984540054
    p = np.full(n, np.nan)
    nothing = np.zeros(n, bool)
    return StudyRows(
        estimate, se, estimate - z * se, estimate + z * se, p, ~nothing, nothing,
        np.arange(len(estimate)),
    )  # fmt: skip


@pytest.fixture
def rows():
    """Makes rows of studies whose estimates are normal."""
    return answer_rows
