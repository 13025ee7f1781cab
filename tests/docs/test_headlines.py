"""The page on what headlines rest on is made of the recorded tables and of the grades there are."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_what_its_script_makes():
    spec = importlib.util.spec_from_file_location("headlines", DOCS / "headlines.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "python docs/headlines.py"
