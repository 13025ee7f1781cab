"""The page on what headlines rest on is made of the recorded tables and of the grades there are."""

from tests.docs.made import program


def test_the_page_is_what_its_script_makes():
    made = program("headlines")
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "python docs/headlines.py"
