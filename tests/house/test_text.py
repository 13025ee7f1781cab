"""No path of somebody's machine and no package registry in any text of the project."""

import re

import pytest

MACHINE_PATH = re.compile(
    r"(?<![\w.:/~-])(?:/(?:work|tmp|home|root|Users|opt)|[A-Z]:\\Users)(?![\w-])"
)
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|anaconda\.org|registry\.npmjs|crates\.io|deb\.debian"
    r"|--(?:extra-)?index-url|--(?:find-links)",
    re.IGNORECASE,
)


def machine_text(text):
    """Yield a line for each path of a machine, or registry, in a text."""
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern in (MACHINE_PATH, REGISTRY):
            if match := pattern.search(line):
                yield f"{number}: {match.group()}"


def test_no_text_names_a_machine_or_a_registry(our_files, repository):
    problems = []
    for path in our_files:
        content = (repository / path).read_bytes()
        if b"\0" not in content[:4096]:  # else a picture or another binary
            text = content.decode("utf-8", errors="replace")
            problems += [f"{path.as_posix()}:{problem}" for problem in machine_text(text)]
    assert problems == []


@pytest.mark.parametrize(
    "parts",
    [
        ("see ", "/", "work/main/x.py"),
        ('"', "/", 'tmp/out"'),
        ("cd ", "/", "home/ann"),
        ("(", "/", "root)"),
        ("https://", "pypi", ".org/simple"),
        ("--", "index-url"),
    ],
)
def test_a_machine_is_seen(parts):
    assert list(machine_text("".join(parts)))


@pytest.mark.parametrize(
    "text",
    [
        "care/work balance",
        "https://example.org/home",
        "results/tmp/x",
        "$HOME/.cache",
        "/workers",
        "#!/usr/bin/env python3",
    ],
)
def test_plain_text_is_left_alone(text):
    assert list(machine_text(text)) == []
