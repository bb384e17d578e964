"""What an import would do to the findings of an inspection."""

from dataclasses import dataclass
from typing import ClassVar

from importing.engine.services.contents import Preview, RowChange
from inspections.models import Inspection, Recommendation


@dataclass(kw_only=True)
class FindingChange(RowChange[Recommendation]):
    """One row of the file against its finding; `printed_number` is the finding's number as the file has it."""

    shown_in_text: ClassVar[frozenset[str]] = frozenset({"text", "kind", "number"})

    kind: str
    printed_number: str
    finding_text: str

    @property
    def name(self) -> str:
        label = str(dict(Recommendation.Kind.choices).get(self.kind, ""))
        return f"{label} {self.printed_number}".strip()

    @property
    def text(self) -> str:
        return self.finding_text


@dataclass(kw_only=True)
class FindingsPreview(Preview[Inspection, FindingChange]):
    """What an import would do to the findings of an inspection."""

    @property
    def names_not_in_file(self) -> list[str]:
        return [_name(finding) for finding in self.not_in_file]


def _name(finding: Recommendation) -> str:
    kind = f"{finding.get_kind_display()} {finding.number}".strip()
    return f"{kind}: {finding.text}"
