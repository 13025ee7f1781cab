"""Bad input has its one message and nothing else: no seed is drawn, nothing is compiled."""

import pytest

ANALYSIS = """\
# estimates: wellbeing = change swemwbs 52
def fit(study):
    return {}
"""
BAD = {
    "compare": [
        ["usual-care", "nosuch"],
        ["usual-care", "discharge-push", "discharge-push"],
        ["usual-care", "discharge-push", "--weeks", "3000"],
        ["usual-care", "discharge-push", "--outcomes", "nosuch"],
        ["usual-care", "discharge-push", "--by", "nosuch"],
        ["usual-care", "discharge-push", "--who", "need=nosuch"],
        ["usual-care", "discharge-push", "--person", "x"],
        ["usual-care", "discharge-push", "--precision", "kept=0"],
        ["usual-care", "discharge-push", "--costs", "nosuch"],
        ["usual-care", "discharge-push", "--draws", "3"],
        ["usual-care", "discharge-push", "--futures", "3"],
        ["usual-care", "discharge-push", "--out", "taken/out"],
    ],
    "sweep": [
        ["usual-care", "nosuch", "--over", "depth=0,1"],
        ["usual-care", "usual-care", "--over", "depth=0,1"],
        ["usual-care", "discharge-push", "--over", "nosuch=0,1"],
        ["usual-care", "discharge-push", "--over", "depth=0,1", "--threshold", "kept=x"],
    ],
    "simulate": [
        ["nosuch"],
        ["founding-study", "--scenario", "nosuch"],
        ["founding-study", "--errors", "nosuch"],
        ["founding-study", "--replicates", "2", "--tables", "nosuch"],
        ["founding-study", "--out", "taken/out"],
    ],
    "plan": [
        ["nosuch"],
        ["founding-study"],
        ["network-intervention-trial", "--n", "900000"],
        ["network-intervention-trial", "--cheapest"],
        ["network-intervention-trial", "--recruitment"],
        ["network-intervention-trial", "--draws", "5"],
        ["network-intervention-trial", "--out", "taken/out"],
    ],
    "stress": [
        ["nosuch.py:fit"],
        ["mine.py:fit", "--study", "nosuch"],
        ["mine.py:fit", "--conditions", "nosuch"],
        ["mine.py:fit", "--must", "nosuch"],
        ["mine.py:fit", "--zone", "nosuch=1"],
        ["mine.py:fit", "--effect", "nosuch"],
        ["mine.py:fit", "--estimates", "nosuch"],
        ["mine.py:fit", "--check", "--estimates", "nosuch"],
        ["mine.py:fit", "--out", "taken/out"],
    ],
    "saturation": [
        ["nosuch"],
        ["founding-study"],
        ["qualitative-saturation", "--n", "900000"],
        ["qualitative-saturation", "--out", "taken/out"],
    ],
    "feasibility": [["nosuch"], ["founding-study"]],
    "calibrate": [["nosuch"], [], ["--pilot", "nowhere"], ["founding-paper", "--study", "nosuch"]],
    "sensitivity": [
        ["--output", "nosuch"],
        ["--output", "map_size", "--method", "nosuch"],
        ["--output", "map_size", "--among", "nosuch"],
        ["--band", "--among", "nosuch"],
        ["--output", "map_size", "--out", "taken/out"],
    ],
    "evidence": [["--out", "taken/out"]],
    "patterns": [["P999"]],
    "rerun": [["nowhere"]],
    "show": [["nosuch", "--ledger"], ["--ledger"]],
    "new": [["a.toml", "--service", "--yes", "--cpn", "many"], ["a.x", "--service", "--yes"]],
    "check": [["nowhere"]],
    "measures": [["nowhere"]],
    "report": [["nowhere"]],
    "cite": [["nosuch"]],
}


@pytest.mark.parametrize("verb", BAD)
def test_bad_input_has_its_one_message_and_nothing_else(invoke, tmp_path, monkeypatch, verb):
    monkeypatch.setattr("egocohort.simulation_run.is_compiled", lambda: False)
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "mine.py").write_text(ANALYSIS)
    for words in BAD[verb]:
        run = invoke(verb, *words)
        assert (run.returncode, run.stdout) == (2, ""), words
        assert run.stderr.startswith("Error: "), words
        assert len(run.stderr.splitlines()) <= 2, words
        assert sorted(file.name for file in tmp_path.iterdir()) == ["mine.py", "taken"], words


def test_every_verb_is_tried():
    from egocohort.verbs import VERBS

    assert BAD.keys() == set(VERBS)


def test_good_input_says_which_seed_was_drawn(invoke, small_study):
    run = invoke("simulate", small_study)
    assert run.returncode == 0
    assert run.stderr.startswith("seed ")
