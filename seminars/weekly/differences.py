"""What changed between two versions of a schedule, by the identity of items, and in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from seminars.weekly.snapshot import Item, in_order
from seminars.weekly.words import moment_of, place_words


class Kind(StrEnum):
    ADDED = "added"
    MOVED = "moved"
    CHANGED = "changed"
    CANCELLED = "cancelled"


class Gone(StrEnum):
    """Why an item left."""

    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    OTHER_WEEK = "other_week"
    DECLINED = "declined"
    TAKEN_OUT = "taken_out"


@dataclass(frozen=True)
class Change:
    """One item that is another now. `before` is None for one added, `after` for one that left."""

    kind: Kind
    before: Item | None
    after: Item | None
    gone: str = ""

    @property
    def item(self) -> Item:
        item = self.after or self.before
        assert item is not None
        return item


_GONE = {
    Gone.CANCELLED: "Hủy",
    Gone.POSTPONED: "Hoãn",
    Gone.OTHER_WEEK: "Chuyển sang tuần khác",
    Gone.DECLINED: "Không dự",
    Gone.TAKEN_OUT: "Bỏ",
}
#: What of an item is said when it changed, in the order of the printed columns.
_PARTS = (
    ("content", "nội dung"),
    ("chair", "chủ trì"),
    ("leaders", "lãnh đạo dự"),
    ("joint", "cùng dự"),
    ("place", "địa điểm"),
    ("unit", "chuẩn bị"),
    ("staff", "chuyên viên"),
)


def difference(
    before: Iterable[Item], after: Iterable[Item], gone: Mapping[str, str] | None = None
) -> list[Change]:
    """Return what leads from the one to the other, in the order of the days."""
    olds = {each.key: each for each in before}
    news = {each.key: each for each in after}
    changes = []
    for key, new in news.items():
        old = olds.get(key)
        if old is None:
            changes.append(Change(Kind.ADDED, None, new))
        elif old != new:
            kind = Kind.MOVED if old.when != new.when else Kind.CHANGED
            changes.append(Change(kind, old, new))
    for key, old in olds.items():
        if key not in news:
            why = (gone or {}).get(key, Gone.TAKEN_OUT)
            changes.append(Change(Kind.CANCELLED, old, None, why))
    return sorted(changes, key=lambda each: each.item.order)


def applied(before: Iterable[Item], changes: Sequence[Change]) -> tuple[Item, ...]:
    """Return the items after these changes."""
    items = {each.key: each for each in before}
    for change in changes:
        if change.after is None:
            del items[change.item.key]
        else:
            items[change.item.key] = change.after
    return in_order(items.values())


def words(change: Change) -> str:
    """Say the change as the printed schedule would: "Chuyển: … từ … sang …"."""
    before, after = change.before, change.after
    if before is None:
        assert after is not None
        return f"Thêm: {after.content} ({moment_of(after)}{place_words(after)})."
    if after is None:
        return f"{_GONE[Gone(change.gone)]}: {before.content} ({moment_of(before)})."
    also = "; ".join(_parts(before, after))
    if change.kind == Kind.MOVED:
        more = f"; {also}" if also else ""
        return f"Chuyển: {before.content} từ {moment_of(before)} sang {moment_of(after)}{more}."
    return f"Sửa: {before.content}, {moment_of(after)}: {also or 'nơi nhận'}."


def _parts(before: Item, after: Item) -> list[str]:
    said = []
    for name, label in _PARTS:
        old, new = _plain(getattr(before, name)), _plain(getattr(after, name))
        if old != new:
            said.append(f"{label} từ “{old or 'chưa có'}” thành “{new or 'chưa có'}”")
    if before.separate != after.separate:
        said.append("có giấy mời riêng" if after.separate else "không có giấy mời riêng")
    return said


def _plain(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
