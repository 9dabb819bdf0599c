"""What rich text may contain. It is cleaned when saved and again when shown (security T18)."""

import nh3
from wagtail.rich_text import RichText, expand_db_html

TAGS = {"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "ul"}
SCHEMES = {"http", "https", "mailto", "tel"}
#: What Wagtail stores: links to pages carry `linktype` and `id` in place of an address.
STORED = {"*": {"data-block-key"}, "a": {"href", "id", "linktype"}}
SHOWN = {"a": {"href"}}


def clean_stored(source: str) -> str:
    """Return the rich text as Wagtail stores it, with nothing but text, lists and links."""
    return nh3.clean(source, tags=TAGS, attributes=STORED, url_schemes=SCHEMES, link_rel=None)


def clean_shown(html: str) -> str:
    """Return the HTML that a reader gets: no attribute but the address of a link."""
    return nh3.clean(
        html, tags=TAGS, attributes=SHOWN, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    )


class SafeRichText(RichText):
    """Rich text that is cleaned whenever it becomes HTML, whoever wrote it into the database."""

    def __html__(self) -> str:
        return clean_shown(expand_db_html(self.source))
