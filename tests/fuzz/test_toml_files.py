"""Spoilt scenario, study and target files: read, or refused in a few lines; never a traceback.

What is read must also come through what a command does before it simulates.
"""

import tomllib
from pathlib import Path
from random import Random

import pytest

from analysis.questions.of_study import plan_in, plan_of

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"
KINDS = {
    "scenario": sorted(
        path
        for path in SHIPPED.glob("*.toml")
        if path.stem not in ("codes", "parameters", "sources")
    ),
    "study": sorted(SHIPPED.glob("studies/*.toml")),
    "targets": sorted(SHIPPED.glob("targets/*.toml")),
}
ROUNDS = {"scenario": 13, "study": 58, "targets": 40}
"""Spoilt copies of each file; 629 in all."""


def shown(path):
    """What `egocohort show` does, in words and as JSON."""
    from egocohort.results.listing import listing
    from egocohort.terminal.output import print_json

    found = listing(path)
    assert found.summary()
    print_json(found.as_data())
    return found


def examine_scenario(path):
    from sim.world.scenario import parse_scenario

    scenario = shown(path).scenario
    assert parse_scenario(tomllib.loads(scenario.to_toml())).hash == scenario.hash


def examine_study(path):
    """As far as `simulate`, `plan` and `saturation` go before they draw anything."""
    from analysis.planning.design.cost import check_prices
    from analysis.planning.processes import process_of
    from sim.study.spec import parse_study, read_study

    study = read_study(path)
    assert parse_study(tomllib.loads(study.to_toml())).hash == study.hash
    shown(path)
    if plan_in(study) is not None and plan_of(study).process == "panel":
        plan = plan_of(study)
        check_prices(study, plan)
        process = process_of(study, plan, 1)
        next(iter(process.draw(min(20, process.frame), range(2))))


def examine_targets(path):
    from egocohort.results.calibration import read_request

    read_request(path)


EXAMINED = {"scenario": examine_scenario, "study": examine_study, "targets": examine_targets}


def spoilt(mutations, file, seed, number):
    """One spoilt copy, of the parsed values or of the text."""
    random = Random(f"{file.name} {seed} {number}")
    text = file.read_text(encoding="utf-8")
    if number % 3:
        return mutations.toml_bytes(mutations.mutated_data(tomllib.loads(text), random))
    return mutations.mutated_text(text, random)


def work_through(mutations, answered, folder, kind, seed, rounds):
    """Share of spoilt copies that were read all the same."""
    read = []
    for file in KINDS[kind]:
        for number in range(rounds):
            case = folder / file.name
            case.write_bytes(spoilt(mutations, file, seed, number))
            try:
                read.append(answered(EXAMINED[kind], case))
            except BaseException as error:
                error.add_note(f"{file.name}, seed {seed}, number {number}")
                raise
    assert {path.name for path in folder.iterdir()} == {file.name for file in KINDS[kind]}
    return sum(read) / len(read)


@pytest.mark.parametrize("kind", KINDS)
def test_a_spoilt_file_is_read_or_refused_in_a_few_lines(
    beside, answered, tmp_path, monkeypatch, capsys, kind
):
    monkeypatch.chdir(tmp_path)
    share = work_through(beside("mutations"), answered, tmp_path, kind, 1, ROUNDS[kind])
    assert 0.02 < share < 0.9  # neither is everything refused, nor nothing


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(2, 7))
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_spoilt_files_too(beside, answered, tmp_path, monkeypatch, capsys, kind, seed):
    monkeypatch.chdir(tmp_path)
    work_through(beside("mutations"), answered, tmp_path, kind, seed, ROUNDS[kind])


def shrunken():
    """The founding study with twelve people in two small teams, for eight weeks."""
    said = tomllib.loads((SHIPPED / "studies" / "founding-study.toml").read_text(encoding="utf-8"))
    del said["recruitment"]["site_quota"]
    said["recruitment"] |= {"n": 12, "entry_weeks": 5}
    said["frame"] = {"teams_per_site": [1, 1], "scale": 0.2}
    said["waves"] = {"weeks": [0, 4, 8], "window": 1}
    said["arms"]["share"] = {"control": 1, "intervention": 1}
    return said


def is_cheap(study):
    frame = study.frame
    people = sum(frame.teams_per_site or (99,)) * (frame.egos_per_team or 288) * (frame.scale or 1)
    return people < 300 and study.horizon < 60


def run_what_is_read(mutations, answered, folder, seed, wanted):
    """Simulate and write so many spoilt copies of the small study, each gently spoilt."""
    from egocohort.simulation_run import carry_out, read_run
    from sim.study.spec import read_study

    def simulate(file):
        carry_out(read_run(file, None, seed=1, replicate=None)).save(folder / "out", force=True)

    random, done, file = Random(seed), 0, folder / "small.toml"
    for number in range(20 * wanted):
        data = mutations.mutated_data(shrunken(), random, mutations.GENTLE)
        file.write_bytes(mutations.toml_bytes(data))
        if answered(shown, file) and is_cheap(read_study(file)):
            try:
                answered(simulate, file)
            except BaseException as error:
                error.add_note(f"seed {seed}, number {number}")
                raise
            done += 1
        if done == wanted:
            return
    raise AssertionError(f"only {done} were read")


def test_what_is_read_can_be_simulated(beside, answered, tmp_path, capsys):
    run_what_is_read(beside("mutations"), answered, tmp_path, 1, 3)


@pytest.mark.verify
def test_much_that_is_read_can_be_simulated(beside, answered, tmp_path, capsys):
    run_what_is_read(beside("mutations"), answered, tmp_path, 2, 60)
