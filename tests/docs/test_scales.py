"""The page on scales says what the catalogue does, and its examples are plans."""

import re
import tomllib
from pathlib import Path

import pytest

from analysis.questions.of_study import plan_of
from analysis.questions.scales import known_scales
from sim.study.spec import parse_study
from tests.docs.made import program

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scales.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def test_the_page_is_that_of_the_catalogue():
    assert program("scales").page() == TEXT, "python docs/scales.py makes it anew"


def test_every_scale_is_on_it():
    assert re.findall(r"^`(\w+)`: ", TEXT, re.MULTILINE) == list(known_scales())


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_examples_can_be_planned(example):
    outcome = tomllib.loads(example)["plan"]["panel"]["outcome"]
    rest = (
        'id = "mine"\ntitle = "Mine"\n[recruitment]\nn = 50\n[waves]\nweeks = [0, 26]\n'
        "[participation]\nretention = [0.8]\n"
        f'[plan]\nchance = 0.8\n[[plan.question]]\noutcome = "{outcome}"\nabout = "change"\n'
        'analysis = "change_score"\n'
    )
    numbers = "mean = 14\nsd = 1.5\ncorrelation = 0.5\ntrend = [1]\n"
    said = example.replace("[plan.panel]\n", f"[plan.panel]\n{numbers}", 1).replace("# imp", "imp")
    panel = plan_of(parse_study(tomllib.loads(rest + said))).panel
    assert panel.measured_on.name
    assert panel.measured_on.important
