"""Odd words after every verb: refused in one or two lines, and nothing is left behind."""

import pytest

USUAL = {
    "simulate": ["founding-study", "--seed", "1"],
    "plan": ["network-intervention-trial", "--seed", "1"],
    "saturation": ["qualitative-saturation", "--seed", "1"],
    "show": ["usual-care"],
    "rerun": ["nowhere"],
    "report": ["nowhere"],
    "cite": ["usual-care"],
    "evidence": ["--seed", "1"],
    "patterns": ["--quick", "--seed", "1"],
    "sensitivity": ["--output", "map_size", "--quick", "--seed", "1"],
    "calibrate": ["founding-paper", "--quick", "--seed", "1"],
    "new": ["--yes"],
}
ODD = [
    ["--seed", "-1"], ["--seed", str(2**64)], ["--seed", "x"], ["--threads", "0"],
    ["--threads", "-1"], ["--threads", "9999"], ["--out", ""], ["--out="], ["--out", "a\0b"],
    ["--out", "caf\udce9"], ["--scenario", ""], ["--scenario="], ["--n", "0"], ["--n", "-5"],
    ["--n", str(10**30)], ["--replicates", "0"], ["--replicates", str(10**12)], ["--nope"], [""],
    ["x" * 5000],
]  # fmt: skip


@pytest.mark.parametrize("verb", USUAL)
def test_odd_words_are_refused(invoke, tmp_path, verb):
    for odd in ODD:
        run = invoke(verb, *USUAL[verb], *odd)
        said = run.stderr.splitlines()
        assert run.returncode == 2, (odd, run.stderr)
        assert 1 <= len(said) <= 2, (odd, run.stderr)
        assert all(len(line) < 400 for line in said), odd
        assert list(tmp_path.iterdir()) == [], odd


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["show", "~nobody-of-that-name/x.toml"], 2, "no such file"),
        (["show", "."], 2, 'there is no scenario or study "."'),
        (["show", "/"], 2, "cannot be read: Is a directory"),
        (["simulate", "founding-study", "--out", "taken/sub"], 2, "taken/sub: not a folder"),
        (["plan", "network-intervention-trial", "--n", str(10**6)], 2, "people_at_most"),
        (["new", "con.toml", "--yes"], 2, "Windows keeps it"),
        (["new", "a.toml", "--yes", "--sd", "39.2"], 2, "--sd: 39.2 must be above 0"),
        (["new", "a.toml", "--yes", "--difference", "16"], 2, "--difference: 16 must be"),
        (["new", "a.toml", "--yes", "--about", "mean", "--half-width", "15"], 2, "--half-width"),
        (["new", "taken/a.toml", "--yes"], 1, "cannot be written"),
    ],
)
def test_names_and_places_that_cannot_be(invoke, tmp_path, words, code, expected):
    (tmp_path / "taken").write_text("a file")
    run = invoke(*words)
    assert run.returncode == code, run.stderr
    assert expected in run.stderr
    assert len(run.stderr.splitlines()) <= 2
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
