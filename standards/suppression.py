"""Which counts of people a publication leaves out, so that no reader can work out a small one.

Small counts are left out first. Further counts are left out until every one that is left out could be at least two
numbers for a reader who knows all that is printed, every sum and the earlier issues, and which gaps are small counts
apart from those of sums.
docs/decisions/0019-small-numbers.md gives the method and its source.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

LARGEST_SMALL = 4
# How many steps are searched for a second possible number. When they do not suffice a count is treated as known.
STEPS = 20_000
Variable = tuple[int, str]


@dataclass(frozen=True)
class Sum:
    """A count that is the sum of others."""

    whole: str
    parts: Sequence[str]


@dataclass(frozen=True)
class Issue:
    """The counts of one publication by key, what adds up in it, and the keys that it leaves out."""

    counts: Mapping[str, int]
    sums: Sequence[Sum] = ()
    left_out: frozenset[str] = frozenset()


def left_out(
    counts: Mapping[str, int],
    sums: Sequence[Sum] = (),
    *,
    earlier: Sequence[Issue] = (),
    largest_small: int = LARGEST_SMALL,
) -> frozenset[str]:
    """Return the keys of the counts to leave out.

    Args:
        sums: every sum that a reader can form: margins, totals and totals of totals.
        earlier: former issues. A count with the same key is the same fact, so a small change of it is a small count.
        largest_small: the largest count that is too small to print. Zero is printed.
    """
    gaps = {key for key, count in counts.items() if _is_small(count, largest_small)}
    first = frozenset(gaps)
    wholes = {each.whole for each in sums}
    while known := _known(counts, sums, gaps, earlier, largest_small):
        candidates = _next_to(known, counts, sums, gaps) or {
            key for key, count in counts.items() if key not in gaps and count
        }
        if not candidates:
            break
        gaps.add(min(candidates, key=lambda key: (key in wholes, counts[key], key)))
    # An early choice may have become needless through a later one.
    for key in sorted(gaps - first, key=lambda key: (-counts[key], key)):
        if not _known(counts, sums, gaps - {key}, earlier, largest_small):
            gaps.discard(key)
    return frozenset(gaps)


def given_away(
    issue: Issue, *, earlier: Sequence[Issue] = (), largest_small: int = LARGEST_SMALL
) -> list[str]:
    """Return the keys of this issue that are left out, or changed little, and can be worked out all the same."""
    known = _known(issue.counts, issue.sums, issue.left_out, earlier, largest_small)
    return sorted({key for _, key in known})


def _is_small(count: int, largest_small: int) -> bool:
    return 0 < count <= largest_small


def _next_to(
    known: Collection[Variable], counts: Mapping[str, int], sums: Sequence[Sum], gaps: Collection[str]
) -> set[str]:
    """Return the printed counts of the sums that give something away; zeros stay."""
    keys = {key for _, key in known}
    near = {key for each in sums if keys & {each.whole, *each.parts} for key in (each.whole, *each.parts)}
    return {key for key in near | keys if key in counts and key not in gaps and counts[key]}


@dataclass
class _System:
    """What a reader knows: sums of variables, those printed, and the bounds of the others."""

    values: dict[Variable, int] = field(default_factory=dict)
    low: dict[Variable, int] = field(default_factory=dict)
    high: dict[Variable, int] = field(default_factory=dict)
    sums: list[dict[Variable, int]] = field(default_factory=list)

    def can_move(self, variable: Variable, step: int) -> bool:
        if variable not in self.low:
            return False
        moved = self.values[variable] + step
        return self.low[variable] <= moved <= self.high[variable]

    def is_known(self, secret: Variable) -> bool:
        """Whether no second number is possible for a secret: none that differs by one, with all others by one at most.

        Sums of rows and columns are networks, where a second number exists exactly when such a one does; elsewhere this
        leaves out more than is needed, and never less.
        """
        return not any(self._balances(secret, step) for step in (1, -1))

    def _balances(self, secret: Variable, step: int) -> bool:
        if not self.can_move(secret, step):
            return False
        tried: set[frozenset[tuple[Variable, int]]] = set()
        waiting = [{secret: step}]
        while waiting and len(tried) < STEPS:
            moves = waiting.pop()
            mark = frozenset(moves.items())
            if mark in tried:
                continue
            tried.add(mark)
            broken = next(((each, gap) for each in self.sums if (gap := _gap(each, moves))), None)
            if broken is None:
                return True
            waiting.extend(self._mended(*broken, moves))
        return False

    def _mended(
        self, line: Mapping[Variable, int], gap: int, moves: dict[Variable, int]
    ) -> Iterator[dict[Variable, int]]:
        for variable, sign in line.items():
            step = -sign if gap > 0 else sign
            if variable not in moves and self.can_move(variable, step):
                yield moves | {variable: step}


def _gap(line: Mapping[Variable, int], moves: Mapping[Variable, int]) -> int:
    return sum(sign * moves.get(variable, 0) for variable, sign in line.items())


def _known(
    counts: Mapping[str, int],
    sums: Sequence[Sum],
    gaps: Collection[str],
    earlier: Sequence[Issue],
    largest_small: int,
) -> list[Variable]:
    """Return the secrets that can be worked out from this issue with the earlier ones."""
    issues = [*earlier, Issue(counts, sums, frozenset(gaps))]
    names = _names(issues)
    printed = {
        names[place, key]: place
        for place, issue in reversed([*enumerate(issues)])
        for key in issue.counts
        if key not in issue.left_out
    }
    system = _System()
    wholes = {each.whole for issue in issues for each in issue.sums}
    for (place, key), variable in names.items():
        count = issues[place].counts[key]
        system.values[variable] = count
        if variable not in printed:
            system.low[variable] = min(count, 1)
            is_bounded = _is_small(count, largest_small) and key not in wholes
            system.high[variable] = largest_small if is_bounded else count + 1
    for place, issue in enumerate(issues):
        for each in issue.sums:
            system.sums.append({names[place, each.whole]: 1} | {names[place, key]: -1 for key in each.parts})
    secrets = [names[place, key] for place, issue in enumerate(issues) for key in issue.left_out]
    secrets += _add_changes(system, issues, names, largest_small)
    # What a former issue printed is out already.
    out = {variable for variable, place in printed.items() if place < len(earlier)}
    return [secret for secret in dict.fromkeys(secrets) if secret not in out and system.is_known(secret)]


def _names(issues: Sequence[Issue]) -> dict[tuple[int, str], Variable]:
    """Return one variable for each count; a count that did not change between issues is the same variable."""
    names: dict[tuple[int, str], Variable] = {}
    for place, issue in enumerate(issues):
        for key, count in issue.counts.items():
            same = [names[past, key] for past in range(place) if issues[past].counts.get(key) == count]
            names[place, key] = same[-1] if same else (place, key)
    return names


def _add_changes(
    system: _System,
    issues: Sequence[Issue],
    names: Mapping[tuple[int, str], Variable],
    largest_small: int,
) -> list[Variable]:
    """Make a small change of a count since an earlier issue a small count of its own, and return these."""
    *former, last = issues
    changes = []
    for place, issue in enumerate(former):
        for key in sorted(issue.counts.keys() & last.counts.keys()):
            before, now = issue.counts[key], last.counts[key]
            if not _is_small(abs(now - before), largest_small):
                continue
            change = (place - len(former), key)
            system.values[change] = abs(now - before)
            system.low[change], system.high[change] = 1, largest_small
            more, fewer = (len(former), place) if now > before else (place, len(former))
            system.sums.append({names[more, key]: 1, names[fewer, key]: -1, change: -1})
            changes.append(change)
    return changes
