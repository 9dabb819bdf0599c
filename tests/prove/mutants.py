"""Small wounds to the guards: each takes out one check, and the tests must notice.

A mutant is the text of a module with one place replaced; formatting and line numbers stay.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Where `require` stands.
GATE = "documents/access.py"
#: Where the guards stand (security N1).
GUARDED = (
    "documents/access.py",
    "documents/standing.py",
    "documents/numbering.py",
    "documents/lifecycle/*.py",
)

#: Statements that only check, by the name of what they call.
CHECKS = {
    "require",
    "require_readable",
    "require_reason",
    "refuse_if_secret",
    "_check",
    "_check_capacity",
    "_check_shown",
}
#: In place of `access.require(by, …)`: an authority of that person, or anybody's, without a check.
UNCHECKED = """

def unchecked(by, *, at):
    from agencies.authority import Authority
    from agencies.choices import Role
    from agencies.models import Post

    who = by if isinstance(by, Standing) else standing(by, at=at)
    post = Post.objects.select_related("agency", "user").order_by("pk")[0]
    return next(iter(who.authorities), Authority(who.user, post.agency, Role(post.role), post))
"""
STRICTER = {ast.Gt: ">=", ast.GtE: ">", ast.Lt: "<=", ast.LtE: "<"}
FILTERS = {"filter", "exclude", "Q"}


@dataclass(frozen=True)
class Mutant:
    """`kind` orders them: what takes a whole permission away comes first."""

    module: str
    line: int
    kind: str
    was: str
    text: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.kind}: {self.was}"


ORDER = ("without the gate", "without the check", "without LIVE", "without the condition",
         "one side of and", "boundary")  # fmt: skip


def all_of(root: Path) -> list[Mutant]:
    """Return every mutant of the guarded modules under `root`, the most telling first."""
    found = []
    for pattern in GUARDED:
        for path in sorted(root.glob(pattern)):
            source = path.read_text(encoding="utf-8")
            module = path.relative_to(root).as_posix()
            found += [
                Mutant(module, node.lineno, kind, _short(source, node), text)
                for node, kind, text in _wounds(source)
            ]
    return sorted(set(found), key=lambda each: (ORDER.index(each.kind), each.module, each.line))


def _wounds(source: str) -> Iterator[tuple[ast.expr | ast.stmt, str, str]]:
    for node in ast.walk(ast.parse(source)):
        for kind, target, replacement in _replacements(source, node):
            yield target, kind, _replaced(source, target, replacement)


def _replacements(source: str, node: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt, str]]:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name("access"), attr="require")):
            by = ast.get_source_segment(source, node.args[0])
            yield "without the gate", node, f"access.unchecked({by}, at=at)"
        case ast.Expr(value=ast.Call(func=called)) if _name(called) in CHECKS:
            if not _is_gate(called):
                yield "without the check", node, "pass"
        case ast.If(test=test, body=[*_, last]) if _refuses(last):
            yield "without the check", test, "False"
        case ast.Call(func=ast.Attribute(value=rows, attr="live"), args=[]):
            yield "without LIVE", node, ast.get_source_segment(source, rows) or ""
        case ast.Name("LIVE", ctx=ast.Load()):
            yield "without LIVE", node, "(LIVE | ~LIVE)"
        case ast.Call(func=called, keywords=keywords) if _name(called) in FILTERS:
            yield from _without_conditions(source, node, keywords)
        case ast.BoolOp(op=ast.And(), values=values):
            for value in values:
                yield "one side of and", value, "True"
        case ast.Compare(ops=[op], left=left, comparators=[right]) if type(op) in STRICTER:
            first = ast.get_source_segment(source, left)
            second = ast.get_source_segment(source, right)
            yield "boundary", node, f"{first} {STRICTER[type(op)]} {second}"


def _without_conditions(
    source: str, call: ast.Call, keywords: list[ast.keyword]
) -> Iterator[tuple[str, ast.expr, str]]:
    function = ast.get_source_segment(source, call.func)
    parts = [*call.args, *keywords]
    for left_out in keywords:
        if left_out.arg is None or left_out.arg.startswith("pk"):
            continue
        kept = [ast.get_source_segment(source, part) for part in parts if part is not left_out]
        yield "without the condition", call, f"{function}({', '.join(map(str, kept))})"


def _name(called: ast.expr) -> str:
    return getattr(called, "attr", getattr(called, "id", ""))


def _is_gate(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr == "require"


def _refuses(statement: ast.stmt) -> bool:
    """Say whether the statement refuses the act: it raises, or notes a reason against it."""
    match statement:
        case ast.Raise():
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name("found"), attr="append"))):
            return True
        case ast.Return(value=ast.Constant(value=False | None)) | ast.Return(value=None):
            return True
    return False


def _replaced(source: str, node: ast.expr | ast.stmt, replacement: str) -> str:
    lines = source.splitlines(keepends=True)
    begin = sum(map(len, lines[: node.lineno - 1])) + _column(lines, node.lineno, node.col_offset)
    last = node.end_lineno or node.lineno
    end = sum(map(len, lines[: last - 1])) + _column(lines, last, node.end_col_offset or 0)
    return source[:begin] + replacement + source[end:]


def _column(lines: list[str], line: int, offset: int) -> int:
    """The parser counts bytes, and Vietnamese letters have several."""
    return len(lines[line - 1].encode()[:offset].decode())


def _short(source: str, node: ast.expr | ast.stmt) -> str:
    text = " ".join((ast.get_source_segment(source, node) or "").split())
    return text if len(text) <= 60 else text[:59] + "…"
