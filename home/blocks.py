"""The few pieces of which the web team builds a page."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from home.citations import as_code
from home.sanitising import SafeRichText, clean_stored


class ParagraphBlock(blocks.RichTextBlock):
    """Text, lists and links. Cleaned on every way into the database and on the way out."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("features", ["bold", "italic", "ol", "ul", "link"])
        super().__init__(**kwargs)

    def to_python(self, value):
        return SafeRichText(value)

    def normalize(self, value):
        source = value.source if hasattr(value, "source") else value
        return SafeRichText(source)

    def value_from_form(self, value):
        return SafeRichText(clean_stored(value or ""))

    def get_prep_value(self, value):
        return clean_stored(value.source)

    class Meta:
        label = _("Paragraph")


class NoticeBlock(blocks.StructBlock):
    """A sentence or two that must be seen."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        DUE = "due", _("Mind the date")
        LATE = "late", _("Warning")

    kind = blocks.ChoiceBlock(choices=Kind.choices, default=Kind.NOTE, label=_("Kind"))
    text = blocks.TextBlock(label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Notice")
        template = "home/blocks/notice.html"


class FileBlock(DocumentChooserBlock):
    """A shared form or sheet. Everybody who signs in may fetch it: no place for a dispatch."""

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["files"] = []
        if value:
            context["files"] = [
                {
                    "name": value.title,
                    "url": value.url,
                    "kind": value.file_extension.upper(),
                    "bytes": value.file_size,
                }
            ]
        return context

    class Meta:
        label = _("Shared form")
        template = "home/blocks/file.html"


class CitedDispatchBlock(blocks.StructBlock):
    """Names a dispatch by the code that the editor types.

    There is no chooser and no check that the paper exists: the answer would tell an editor of
    papers that he may not read. What a reader sees of it is decided for each reader, by
    `home.citations`.
    """

    code = blocks.CharBlock(
        max_length=80,
        label=_("Number and symbol"),
        help_text=_("As printed on the paper, for instance 1502/UBND-NC."),
    )
    year = blocks.IntegerBlock(
        required=False,
        min_value=1945,
        max_value=2100,
        label=_("Year"),
        help_text=_("Year of the paper, when the same code was used in several years."),
    )

    def clean(self, value):
        cleaned = super().clean(value)
        cleaned["code"] = as_code(cleaned["code"])
        if not re.match(r"\d.*/", cleaned["code"]):
            wrong = ValidationError(_("Type the number, a slash and the symbol: 1502/UBND-NC."))
            raise blocks.StructBlockValidationError({"code": wrong})
        return cleaned

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        found = (parent_context or {}).get("citations", {})
        context["cited"] = found.get(key_of(value), [])
        return context

    class Meta:
        icon = "doc-full"
        label = _("Cited dispatch")
        template = "home/blocks/cited_dispatch.html"


def key_of(value) -> tuple[str, int | None]:
    """Return what a cited dispatch is looked up by."""
    return as_code(value["code"] or ""), value["year"]


class BodyBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(
        max_length=160, icon="title", label=_("Heading"), template="home/blocks/heading.html"
    )
    paragraph = ParagraphBlock()
    notice = NoticeBlock()
    citation = CitedDispatchBlock()
    picture = ImageBlock(
        required=True, icon="image", label=_("Picture"), template="home/blocks/picture.html"
    )
    file = FileBlock()

    class Meta:
        label = _("Text")
