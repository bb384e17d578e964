"""The text of a letter: composed while it is a draft, frozen when it is approved."""

import hashlib
from datetime import date
from typing import Any

import rfc8785
from django.utils.formats import date_format

from inspections.core.states import FROZEN
from inspections.responses.models import PublishedResponse
from inspections.responses.services.responses import Finding, findings_of
from partners.models import Organisation, Partnership
from web.documents import Block, Kind, Paper, printable
from web.language import in_english

Content = dict[str, Any]

ADDRESSEE = "The Secretary of State for the Home Department"
ENDING = "Yours sincerely"
DRAFT_NOTICE = "DRAFT"
NOT_FINAL = "This is a draft. It is not approved."
PARAPHRASED = "illustrative, paraphrased"
# The shape of the content, so that a letter of today can be printed by a later program.
FORM = 1


@in_english
def content_of(*, letter: PublishedResponse) -> Content:
    """Return the content of a letter: frozen for an approved one, composed from present data for a draft."""
    if letter.state in FROZEN:
        return dict(letter.content or {})
    inspection = letter.inspection
    findings = findings_of(inspections=[inspection])[inspection.pk]
    content: Content = {
        "form": FORM,
        "version": letter.number,
        "correction_reason": letter.correction_reason,
        "marking": inspection.marking,
        "handling_instruction": inspection.handling_instruction,
        "from": sender_of(partnership=inspection.partnership),
        "to": ADDRESSEE,
        "dated": letter.dated.isoformat(),
        "reference": letter.reference,
        "salutation": letter.salutation,
        "subject": f"{inspection.body} inspection report: {inspection.title}",
        "introduction": letter.introduction,
        "recommendations": [
            _section(finding) for finding in findings if finding.response and finding.row.needs_response
        ],
        "areas_for_improvement": [
            _section(finding) for finding in findings if finding.response and not finding.row.needs_response
        ],
        "closing": letter.closing,
        "signatory": letter.signatory,
        "copies_to": letter.copies_to,
    }
    return {name: _printable(value) for name, value in content.items()}


def digest_of(*, content: Content) -> str:
    """Return the SHA-256, in hexadecimal, of the content's RFC 8785 form."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def is_intact(*, letter: PublishedResponse) -> bool:
    """Return whether the text of an approved letter still matches its recorded hash; always true for a draft."""
    if letter.state not in FROZEN:
        return True
    try:
        return digest_of(content=letter.content or {}) == letter.sha256
    except (rfc8785.CanonicalizationError, TypeError, ValueError):
        return False


@in_english
def paper_of(*, letter: PublishedResponse, content: Content) -> Paper:
    """Return the letter as a paper, laid out as a commissioner's office does."""
    is_draft = letter.state not in FROZEN
    return Paper(
        title=content["subject"],
        author=content["signatory"],
        dated=date.fromisoformat(content["dated"]),
        marking=content["marking"],
        handling=content["handling_instruction"],
        notice=DRAFT_NOTICE if is_draft else "",
        blocks=tuple(block for block in _blocks(content, is_draft) if block.paragraphs),
    )


def sender_of(*, partnership: Partnership) -> str:
    """Return the name of the local policing body, or of the partnership if there is none."""
    bodies = Organisation.objects.filter(
        partnership=partnership, kind=Organisation.Kind.LOCAL_POLICING_BODY
    ).order_by("pk")
    body = bodies.first()
    return body.name if body else partnership.name


def _section(finding: Finding) -> Content:
    row, response = finding.row, finding.response
    assert response is not None  # only what is answered has a section
    return {
        "heading": finding.name,
        "cause_of_concern": row.cause.text if row.cause else "",
        "text": row.text,
        "paraphrased": row.paraphrased,
        "answer": response.get_kind_display(),
        "response": response.text,
    }


def _printable(value: Any) -> Any:
    """Remove characters that no document can contain from every text."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value


def _blocks(content: Content, is_draft: bool) -> list[Block]:
    correction = content["correction_reason"]
    return [
        Block(Kind.TEXT, NOT_FINAL if is_draft else ""),
        Block(Kind.TEXT, _head(content)),
        Block(Kind.TEXT, _salutation(content["salutation"])),
        Block(Kind.HEADING, content["subject"], 1),
        Block(Kind.TEXT, f"Version {content['version']} of this letter. {correction}" if correction else ""),
        Block(Kind.TEXT, content["introduction"]),
        *_sections(content["recommendations"], level=2),
        Block(Kind.HEADING, "Areas for improvement" if content["areas_for_improvement"] else "", 2),
        *_sections(content["areas_for_improvement"], level=3),
        Block(Kind.TEXT, content["closing"]),
        Block(Kind.SIGNATURE, f"{ENDING}\n\n{content['signatory']}"),
        Block(Kind.TEXT, f"Copy to: {content['copies_to']}" if content["copies_to"] else ""),
    ]


def _head(content: Content) -> str:
    """Return the head of the letter, one line each: sender, addressee, reference and date."""
    reference = content["reference"]
    return "\n".join(
        line
        for line in (
            content["from"],
            f"To: {content['to']}",
            f"Our reference: {reference}" if reference else "",
            date_format(date.fromisoformat(content["dated"]), "j F Y"),
        )
        if line
    )


def _salutation(words: str) -> str:
    return words if words.endswith(",") else f"{words},"


def _sections(sections: list[Content], *, level: int) -> list[Block]:
    blocks = []
    for section in sections:
        mark = f" ({PARAPHRASED})" if section["paraphrased"] else ""
        concern = section["cause_of_concern"]
        blocks += [
            Block(Kind.HEADING, f"{section['heading']}{mark}", level),
            Block(Kind.TEXT, f"Under the cause of concern: {concern}" if concern else ""),
            Block(Kind.QUOTE, section["text"]),
            Block(Kind.HEADING, section["answer"], level + 1),
            Block(Kind.TEXT, section["response"]),
        ]
    return blocks
