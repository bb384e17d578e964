"""Screening of free text for personal data, so that the writer can take it out or say why it stays.

docs/screening.md lists what it looks for, what it ignores and how often it is wrong.
"""

from standards.screening.contacts import contacts
from standards.screening.kinds import Finding, Kind, Span
from standards.screening.people import people
from standards.screening.places import places
from standards.screening.plain import Plain

__all__ = ["Finding", "Kind", "screen"]
_ORDER = {kind: place for place, kind in enumerate(Kind)}


def screen(text: str) -> list[Finding]:
    """Return what looks like personal data in a text, in its order and without overlaps: the longest is meant."""
    plain = Plain(text)
    spans = [*people(plain.text), *places(plain.text), *contacts(plain.text)]
    findings = []
    for kind, start, end in _apart(spans):
        first, last = plain.original_span(start, end)
        findings.append(Finding(kind, first, last, text[first:last]))
    return findings


def _apart(spans: list[Span]) -> list[Span]:
    """Keep the longest of overlapping findings; of equal lengths, the more specific kind."""
    separate: list[Span] = []
    used: set[int] = set()
    for kind, start, end in sorted(spans, key=lambda span: (span[1] - span[2], _ORDER[span[0]], span[1])):
        stretch = range(start, end)
        if used.isdisjoint(stretch):
            used.update(stretch)
            separate.append((kind, start, end))
    return sorted(separate, key=lambda span: span[1])
