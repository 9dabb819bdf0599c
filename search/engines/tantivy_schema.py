"""What the embedded engine keeps of a paper."""

import zlib
from typing import Any

import tantivy

from search.engine import Facet, Record, audience_digest, gist, place
from search.text import analyse

#: The whole index is read in so many parts.
SLICES = 256
#: `weight_by_field` multiplies with log2(2 + value): by 2 in force, by 1 (the demotion) else.
IN_FORCE, FACTOR = 2, 2.0


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("f", "fb", "x", "tf", "tfb"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("num", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    for facet in Facet:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("audience", "slice"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("day", indexed=True, fast=True)
    for name in ("place", "weight"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("version", stored=True)
    for name in ("title", "gist", "digest"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


SHAPE = _schema()


def document(record: Record) -> tantivy.Document:
    done = analyse(title=record.title, body=record.body, names=record.names, numbers=record.numbers)
    values: dict[str, Any] = {
        "key": record.key,
        "version": record.version,
        "f": done.f,
        "fb": done.fb,
        "x": done.x,
        "tf": done.tf,
        "tfb": done.tfb,
        "num": done.num,
        **record.keywords,
        "audience": sorted(record.audience),
        "slice": f"{zlib.crc32(record.key.encode()) % SLICES:02x}",
        "day": record.day.toordinal() if record.day else 0,
        "place": place(record.day, record.key),
        "weight": IN_FORCE if record.in_force else 0,
        "title": record.title.encode(),
        "gist": " ".join(gist(done.tfb, done.fb)).encode(),
        "digest": audience_digest(record.audience).encode(),
    }
    return tantivy.Document.from_dict(values, SHAPE)


def tombstone(key: str, version: int) -> tantivy.Document:
    """What stays of a dropped paper: nobody's, and only so that nothing older comes back."""
    return tantivy.Document.from_dict({"key": key, "version": version}, SHAPE)
