"""The next step in answering a report: a response, the letter, the chief officer's comments,
approval, publication or sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext, gettext_lazy

from inspections.core.states import LetterState
from inspections.findings.models.inspections import Inspection
from inspections.responses.models import PublishedResponse
from inspections.responses.services.responses import Finding, findings_of
from inspections.responses.services.section55 import why_comments_are_missing


class Who(TextChoices):
    OFFICE = "office", gettext_lazy("the programme manager, a board member or an OPCC officer")
    OPCC = "opcc", gettext_lazy("an OPCC officer")
    APPROVER = "approver", gettext_lazy("an OPCC officer who did not write it")
    NOBODY = ""


@dataclass(frozen=True)
class Step:
    """A step, who takes it, and the route and id of its page."""

    text: str
    who: Who = Who.NOBODY
    route: str = ""
    about: int = 0


@dataclass(frozen=True)
class ResponseProgress:
    """The progress of the response to a report.

    Attributes:
        letter: its newest version, if one was begun.
        on: the day of the reader.
    """

    inspection: Inspection
    findings: list[Finding]
    letter: PublishedResponse | None
    on: date

    @property
    def missing(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_missing]

    @property
    def needed(self) -> int:
        return sum(finding.row.needs_response for finding in self.findings)

    @property
    def answered(self) -> int:
        return self.needed - len(self.missing)

    @property
    def waits_for_comments(self) -> str:
        return why_comments_are_missing(inspection=self.inspection, on=self.on)

    @property
    def step(self) -> Step:
        letter, missing = self.letter, self.missing
        if missing and (letter is None or letter.state == LetterState.DRAFT):
            first = missing[0]
            return Step(
                gettext("Write the response to {name}").format(name=first.name),
                Who.OFFICE,
                "inspections:response-edit",
                first.row.pk,
            )
        if letter is None:
            return Step(
                gettext("Draft the letter"), Who.OPCC, "inspections:letter-create", self.inspection.pk
            )
        if letter.state == LetterState.DRAFT and self.waits_for_comments:
            return comments_step(inspection=self.inspection)
        return _step_of(letter)


def response_progress(*, inspections: Sequence[Inspection], on: date) -> list[ResponseProgress]:
    """Return the progress of the response to each report, in two queries."""
    findings = findings_of(inspections=inspections)
    newest: dict[int, PublishedResponse] = {}
    letters = PublishedResponse.objects.filter(inspection__in=inspections).order_by("number")
    for letter in letters.select_related("inspection"):
        newest[letter.inspection_id] = letter
    return [ResponseProgress(row, findings[row.pk], newest.get(row.pk), on) for row in inspections]


def comments_step(*, inspection: Inspection) -> Step:
    """Return the step that brings the chief officer's comments: the invitation, then their record."""
    if inspection.comments_invited_on is None:
        return Step(gettext("Invite comments"), Who.OFFICE, "inspections:comments-invite", inspection.pk)
    return Step(gettext("Record comments"), Who.OFFICE, "inspections:comments-record", inspection.pk)


def _step_of(letter: PublishedResponse) -> Step:
    if letter.state == LetterState.DRAFT:
        return Step(gettext("Approve the letter"), Who.APPROVER, "inspections:letter-approve", letter.pk)
    if letter.state == LetterState.APPROVED:
        return Step(gettext("Publish the letter"), Who.OPCC, "inspections:letter-publish", letter.pk)
    if letter.sent_to_secretary_of_state_on is None or letter.sent_to_inspectors_on is None:
        return Step(gettext("Send the letter"), Who.OPCC, "inspections:letter-despatch", letter.pk)
    return Step(gettext("None: the letter is published and sent"))
