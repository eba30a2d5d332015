"""Content pages as search data."""

import json

from keur.search import ContentText, content_payload


def test_a_page_is_found_by_its_title_summary_and_headings() -> None:
    """Headings are plain text, whatever markup they hold; the rest of the body is not told."""
    body = '<p>Text</p><h2 id="a">Which <em>mark</em>\n &amp; why</h2><table><tr><th>no</th></tr></table><h3>Then</h3>'
    files = content_payload({"nl": [ContentText("marks", "Marks", "All of them.", body)], "fr": []})

    assert json.loads(files["pages.nl.json"]) == [
        {"name": "marks", "title": "Marks", "summary": "All of them.", "headings": ["Which mark & why", "Then"]}
    ]
    assert files["pages.fr.json"] == b"[]"
