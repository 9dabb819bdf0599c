"""Words to propose: continued, with their accents, without a slip; only out of titles given.

The titles are those of papers that the reader may see, so nothing here speaks of any other.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from search.engine import Suggestion, Title
from search.text import Query, exact, fold, words

#: Words that a suggestion adds to what is typed.
_AHEAD = 3
#: Titles that are looked through.
TITLES = 200
#: Shorter words have too many neighbours to be corrected.
CORRECTED = 3


class _Option(NamedTuple):
    shown: str
    folded: str
    worth: float


def complete(typed: str, titles: Sequence[Title], limit: int) -> list[Suggestion]:
    """Continue the typed words, the last of which may be unfinished; the most frequent first."""
    wanted = [fold(word) for word in words(typed)]
    if not wanted:
        return []
    counts: Counter[tuple[str, ...]] = Counter()
    shown: dict[tuple[str, ...], Suggestion] = {}
    for title in titles:
        said = words(title.text)
        folded = [fold(word) for word in said]
        for at in range(len(said) - len(wanted) + 1):
            end = at + len(wanted)
            if folded[at : end - 1] != wanted[:-1] or not folded[end - 1].startswith(wanted[-1]):
                continue
            for length in range(end, min(end + _AHEAD, len(said)) + 1):
                phrase = tuple(folded[at:length])
                counts[phrase] += 1
                shown.setdefault(phrase, Suggestion(_plain(said[at:length]), title.key))
            break
    best = sorted(counts, key=lambda phrase: (-counts[phrase], -len(phrase), phrase))
    kept: list[tuple[str, ...]] = []
    for phrase in best:
        # A beginning of what is proposed already says nothing more.
        if not any(longer[: len(phrase)] == phrase for longer in kept) and phrase != (*wanted,):
            kept.append(phrase)
        if len(kept) == limit:
            break
    return [shown[phrase] for phrase in kept]


def restore(query: Query, titles: Sequence[Title]) -> Suggestion | None:
    """Say the query as these titles would: with accents, with one wrong letter a word mended.

    None when they say it as it was typed, or do not know how to say it.
    """
    typed = words(query.text)
    if not typed or not titles:
        return None
    seen = [(title, words(title.text)) for title in titles]
    joined: Counter[tuple[str, str]] = Counter()
    alone: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = {}
    for _, said in seen:
        precise = [exact(word) for word in said]
        joined.update(zip(precise, precise[1:], strict=False))
        alone.update(precise)
        for place, word in enumerate(said):
            # A title's first letter is large in any word: count it least.
            spelled.setdefault(precise[place], Counter())[word] += 1 if place == 0 else 10
    chosen = _best([_options(word, alone, spelled) for word in typed], joined)
    if [exact(word) for word in typed] == [exact(option.shown) for option in chosen]:
        return None
    wanted = {exact(option.shown) for option in chosen}
    key = max(seen, key=lambda one: len(wanted & {exact(word) for word in one[1]}))[0].key
    return Suggestion(" ".join(option.shown for option in chosen), key)


def _options(word: str, alone: Counter[str], spelled: dict[str, Counter[str]]) -> list[_Option]:
    """The ways in which the titles say this word; the word itself where they do not."""
    bare, precise = fold(word), exact(word)
    options: list[_Option] = []
    for other, count in alone.items():
        surface = spelled[other].most_common(1)[0][0]
        folded = fold(surface)
        if other == precise:
            worth = 4.0 if precise != bare else 0.5
        elif folded == bare:
            worth = 0.0
        elif len(bare) >= CORRECTED and near(bare, folded):
            worth = -3.0
        else:
            continue
        options.append(_Option(surface, folded, worth + min(count, 50) / 50))
    return sorted(options, key=lambda option: -option.worth)[:12] or [_Option(word, bare, 0.0)]


def _best(places: Sequence[list[_Option]], joined: Counter[tuple[str, str]]) -> list[_Option]:
    """Choose one option for each place so that neighbours are known neighbours (Viterbi)."""
    paths: list[tuple[float, list[_Option]]] = [(option.worth, [option]) for option in places[0]]
    for options in places[1:]:
        step: list[tuple[float, list[_Option]]] = []
        for option in options:
            here = exact(option.shown)
            worth, path = max(
                (
                    (worth + _known(joined[exact(path[-1].shown), here]), path)
                    for worth, path in paths
                ),
                key=lambda one: one[0],
            )
            step.append((worth + option.worth, [*path, option]))
        paths = step
    return max(paths, key=lambda one: one[0])[1]


def _known(count: int) -> float:
    return 2.0 + min(count, 50) / 25 if count else 0.0


def near(one: str, other: str) -> bool:
    """Say whether one letter more, less, wrong, or two exchanged lead from one to the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] + a[2:] == b and len(a) > 1)


def _plain(said: Sequence[str]) -> str:
    """Join words; a title printed in capitals is said in small letters."""
    text = " ".join(said)
    return text.lower() if text.isupper() and len(said) > 1 else text
