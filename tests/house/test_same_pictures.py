"""Pictures are laid out, and put into pages, in one way each, in which bytes are the same again."""

import re

OTHER = re.compile(r'layout="|ConstrainedLayoutEngine|tight_layout|format="svg"|base64')
MAY = {"analysis/figures/steady_layout.py", "analysis/figures/embedded.py"}


def test_no_picture_is_laid_out_or_embedded_in_another_way(room_sources):
    assert {path for path, text in room_sources.items() if OTHER.search(text)} == MAY
