"""The founding study as it was collected, with nothing wrong in it."""

import pytest

from sim.data import tables
from sim.data.errors.sheets import Collected
from sim.study.simulate import simulate_study
from sim.study.spec import read_study
from sim.study.tables import study_tables
from sim.world.scenario import read_scenario

NAMES = ("persons", "egos", "items", "alters", "aaties", "attrition")


@pytest.fixture(scope="session")
def clean_tables():
    study = read_study("founding-study")
    found = study_tables(simulate_study(read_scenario(study.scenario), study, seed=1))
    return {name: tables.build(name, found[name]) for name in NAMES}


@pytest.fixture
def clean_files(clean_tables):
    """The files before errors, as cells; made anew for each test."""
    return Collected(clean_tables)


@pytest.fixture
def clean_bytes(clean_files):
    return {sheet.file: sheet.text().encode() for sheet in clean_files.values()}
