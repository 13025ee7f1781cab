"""The page on a study stands alone and trusts nothing it prints."""

import base64
import re
from html.parser import HTMLParser

import pytest

from analysis.pages.study import report_html

FETCHED = {"src", "href", "srcset", "data", "action", "poster"}


class Page(HTMLParser):
    """Collects what a browser would fetch, and the tags."""

    def __init__(self):
        super().__init__()
        self.fetched, self.tags = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.fetched += [value for name, value in attrs if name in FETCHED]


@pytest.fixture
def html(known, manifest):
    return report_html(known, manifest)


def test_the_page_fetches_nothing(html):
    page = Page()
    page.feed(html)
    assert page.fetched
    assert [one[:40] for one in page.fetched if not one.startswith("data:image/")] == []
    assert not {"script", "link", "iframe", "object", "embed"} & set(page.tags)
    assert "@import" not in html
    assert "url(" not in html
    assert "http://" not in html
    assert "https://" not in html


def test_what_comes_from_files_is_escaped(html):
    assert "<sympathy>" not in html
    assert "Tea &amp; &lt;sympathy&gt;" in html
    pictures = [base64.b64decode(one) for one in re.findall(r"base64,([\w+/=]+)", html)]
    assert len(pictures) == 2 + 2 * 3
    assert all(b"<script" not in one and b"<image" not in one for one in pictures)


def test_the_page_says_at_the_top_and_the_bottom_that_the_people_are_simulated(html):
    assert html.count("SYNTHETIC: simulated people, not real ones") == 2
    assert "<title>SYNTHETIC" in html


def test_the_page_tells_the_flow_the_table_the_losses_and_where_they_come_from(html):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert "lost 3: did not consent 3" in text
    assert "all members 4 2.00 254 8.76" in text
    assert "1 of 2" in text
    assert "From the truth" in text
    assert "SYN-222222C · man, 44, psychosis, control arm" in text


def test_the_same_study_gives_the_same_page(html, known, manifest):
    assert report_html(known, manifest) == html
