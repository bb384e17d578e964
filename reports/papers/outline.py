"""What the page of a paper and its files say in the same words: its cover, where it opens from and its control."""

from datetime import date
from typing import Any

from django.utils.formats import date_format

from audit.clock import london_date
from reports.papers.models import Paper
from reports.papers.states import PaperState
from reports.templates.models import Template

Lines = list[tuple[str, str]]

DRAFT = "DRAFT"
NOT_SET = "Not set"
UNCHANGED = "This text is unchanged since the last paper."
NOTHING = "Nothing in the record."


def in_words(day: date) -> str:
    """Return a day as 8 October 2019."""
    return date_format(day, "j F Y")


def notice_of(paper: Paper) -> str:
    """Return what stands beside the marking of a paper that no board should rely on."""
    notices: dict[str, str] = {
        PaperState.ISSUED: "",
        PaperState.CORRECTED: "CORRECTED SINCE",
        PaperState.ABANDONED: "ABANDONED",
    }
    return notices.get(paper.state, DRAFT)


def cover_of(content: dict[str, Any]) -> Lines:
    """Return the lines of the cover. A mark and a contact are printed where there is one."""
    cover = content["paper"]
    item = cover["item"]
    lines = [
        ("Agenda item", str(item) if item is not None else NOT_SET),
        ("Paper", cover["paper_letter"]),
        ("Report of", cover["report_of"] or NOT_SET),
        ("Plan", cover["plan"]),
        ("Figures as at", in_words(date.fromisoformat(content["on"]))),
        ("Purpose", cover["purpose"] or NOT_SET),
        ("Recommendation", cover["recommendation"] or NOT_SET),
        ("Contact", cover["contact"]),
    ]
    return [(name, words) for name, words in lines if words]


def opening_of(content: dict[str, Any]) -> str:
    """Say which paper the opening figures come from."""
    previous = content["previous"]
    if previous is None:
        return "This is the first paper of this board on this plan, so every action is new."
    words = f"Opening figures are the closing figures of {previous['title']}"
    if previous["number"] > 1:
        words += f", version {previous['number']}, which corrected version {previous['corrected']['number']}"
    words += "."
    if previous["definitions"] != content["definitions"]["version"]:
        words += f" {not_like_for_like('paper', previous['definitions'])}"
    return words


def not_like_for_like(last: str, version: str) -> str:
    """Say that figures cannot be compared with those of the last one, which had other definitions."""
    return f"The last {last} used version {version} of the definitions, so the figures are not like for like."


def left_out_of(content: dict[str, Any]) -> str:
    """Say how many OFFICIAL-SENSITIVE actions the paper leaves out; empty for none."""
    number = content["left_out"]
    if not number:
        return ""
    return (
        f"{number} OFFICIAL-SENSITIVE action{'' if number == 1 else 's'} {'is' if number == 1 else 'are'}"
        " not in this paper."
    )


def control_of(paper: Paper, content: dict[str, Any]) -> Lines:
    """Return the lines of document control."""
    people = {
        Template.Voice.CHIEF: paper.chief_approved_by,
        Template.Voice.OPCC: paper.opcc_approved_by,
    }
    lines = [
        ("Version", f"{content['paper']['number']}, {str(paper.get_state_display()).lower()}"),
        ("Template", content["paper"]["template"]),
        ("Author", paper.author.actor_label),
    ]
    if paper.reconciled_at and paper.reconciled_by:
        lines.append(("Reconciled", _by(london_date(paper.reconciled_at), paper.reconciled_by)))
    if paper.template.two_voices:
        lines += [
            (f"Approval: {voice.label}", by.actor_label if by else "Not approved yet")
            for voice, by in people.items()
        ]
    if paper.issued_at and paper.issued_by:
        lines.append(("Issued", _by(london_date(paper.issued_at), paper.issued_by)))
    lines += [
        ("Definitions", str(content["definitions"]["version"])),
        ("Ledger entry", f"{content['ledger']['sequence']}: {content['ledger']['digest']}"),
    ]
    if paper.sha256:
        lines.append(("SHA-256 of the content", paper.sha256))
    return lines


def foot_of(paper: Paper, content: dict[str, Any]) -> tuple[str, ...]:
    """Return what the foot of every page of a file says: what its content can be checked against."""
    ledger = f"Ledger entry {content['ledger']['sequence']}: {content['ledger']['digest']}"
    return (f"SHA-256 of the content: {paper.sha256}", ledger) if paper.sha256 else (ledger,)


def _by(day: date, person: Any) -> str:
    return f"{in_words(day)}, {person.actor_label}"
