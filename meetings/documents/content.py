"""The agenda and the minutes of a meeting as papers. The private part is a paper of its own, with its own marking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.actors import Reader
from meetings.arisings.models import Arising
from meetings.attendance.models import Attendance
from meetings.decisions.models import Decision
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.states import MeetingState
from meetings.minutes.models import Minute
from standards import marking
from web.documents import Block, Items, Kind, Paper, Part, Table, control_table
from web.language import in_english

OTHER_FORMATS = "Ask the programme manager if you need this document in another format."


@dataclass(frozen=True)
class MeetingPart:
    """The items of one part of a meeting that a reader may view.

    Attributes:
        is_private: the part with what is taken in private or is marked higher.
        withheld: how many items are not in this part.
    """

    meeting: Meeting
    items: Sequence[AgendaItem]
    is_private: bool
    withheld: int


def part_of(meeting: Meeting, *, user: Reader, on: date, is_private: bool) -> MeetingPart | None:
    """Return a part of a meeting; None for a private part that is empty or that the user may not view."""
    visible = AgendaItem.objects.visible_to(user, on).filter(meeting=meeting)
    items = [item for item in visible if item.is_restricted == is_private]
    if is_private and not items:
        return None
    return MeetingPart(meeting, items, is_private, withheld=meeting.items.count() - len(items))


@in_english
def agenda_paper(part: MeetingPart) -> Paper:
    """Return the agenda: a table of the items in their order."""
    rows = tuple(
        (
            str(item.number),
            "\n".join(filter(None, [item.title, item.subject_in_words])),
            item.get_purpose_display(),
            item.presenter,
            item.paper,
        )
        for item in part.items
    )
    header = ("Number", "Item", "Purpose", "Presented by", "Paper")
    blocks: list[Part] = [*_reasons(part)]
    if rows:
        blocks.insert(0, Table("Items", header, rows, widths=(2, 6, 3, 4, 4)))
    else:
        blocks.insert(0, Block(Kind.TEXT, "The agenda has no items in this part."))
    notice = "CANCELLED" if part.meeting.state == MeetingState.CANCELLED else ""
    return _paper(part, "Agenda", blocks, notice=notice)


@in_english
def minutes_paper(
    part: MeetingPart, *, minutes: Sequence[Minute], attendances: Sequence[Attendance], problem: str
) -> Paper:
    """Return the minutes: who came, then each item with its minutes and decisions, then what arose.

    Args:
        minutes: those of the part's items, with their decisions and actions arising.
        problem: why the meeting could not decide; empty when it could.
    """
    blocks: list[Part] = [] if part.is_private else [*_attendance(attendances, problem)]
    for item in part.items:
        blocks.append(Block(Kind.HEADING, f"{item.number}. {item.title}", 2))
        if item.private_reason:
            blocks.append(Block(Kind.TEXT, f"Taken in private: {item.private_reason}"))
        own = [minute for minute in minutes if minute.item_id == item.pk]
        for minute in own:
            blocks += _minute(minute)
        if not own:
            blocks.append(Block(Kind.TEXT, "No minute is recorded."))
    arisings = [arising for minute in minutes for arising in minute.arisings.all()]
    if arisings:
        blocks += [Block(Kind.HEADING, "Actions arising", 2), _arisings(arisings, minutes)]
    notice = "" if part.meeting.state == MeetingState.CONFIRMED else "DRAFT"
    return _paper(part, "Minutes", blocks, notice=notice)


def _paper(part: MeetingPart, kind: str, blocks: Sequence[Part], *, notice: str) -> Paper:
    meeting = part.meeting
    title = f"{kind}: {meeting}"
    return Paper(
        title=f"{title}, private part" if part.is_private else title,
        author=meeting.board.partnership.name,
        dated=meeting.day,
        marking=marking.highest([meeting.marking, *(item.marking for item in part.items)]),
        handling=meeting.handling_instruction,
        notice=" - ".join(filter(None, [notice, "PRIVATE" if part.is_private else ""])),
        blocks=(Block(Kind.HEADING, title, 1), _control(part), *blocks, *_withheld(part)),
        other_formats=OTHER_FORMATS,
    )


def _control(part: MeetingPart) -> Table:
    meeting = part.meeting
    return control_table(
        ("Part", "Private" if part.is_private else ""),
        ("Date", meeting.day_in_words),
        ("Time", meeting.time_in_words),
        ("Place", meeting.place_in_words),
        ("Chair", meeting.chair),
        ("Minute taker", meeting.minute_taker),
        ("Quorum", str(meeting.quorum or "")),
        ("Status", _state(meeting)),
        ("Record", ": ".join(filter(None, [meeting.get_basis_display(), meeting.source]))),
    )


def _state(meeting: Meeting) -> str:
    match meeting.state:
        case MeetingState.CONFIRMED:
            confirming = meeting.confirmed_by_meeting
            assert confirming is not None  # by constraint
            return f"Minutes confirmed by the meeting of {confirming.day_in_words}"
        case MeetingState.HELD:
            return "Held. The minutes are a draft until a later meeting confirms them"
        case MeetingState.CANCELLED:
            return f"Cancelled: {meeting.cancelled_reason}"
    return str(MeetingState(meeting.state).label)


def _reasons(part: MeetingPart) -> list[Part]:
    reasons = tuple(
        f"Item {item.number}: {item.private_reason}" for item in part.items if item.private_reason
    )
    return [Block(Kind.HEADING, "Why items are taken in private", 2), Items(reasons)] if reasons else []


def _withheld(part: MeetingPart) -> list[Part]:
    if part.is_private or not part.withheld:
        return []
    items = "1 item is" if part.withheld == 1 else f"{part.withheld} items are"
    return [Block(Kind.TEXT, f"{items} in the private part, which is a separate document.")]


def _attendance(attendances: Sequence[Attendance], problem: str) -> list[Part]:
    rows = tuple(
        (str(row.organisation), row.post, ": ".join(filter(None, [row.get_kind_display(), row.substitute])))
        for row in attendances
    )
    recorded: Part = Block(Kind.TEXT, "The attendance is not recorded.")
    if rows:
        recorded = Table("Attendance by organisation", ("Organisation", "Post", "Attendance"), rows)
    return [Block(Kind.HEADING, "Attendance", 2), recorded, Block(Kind.TEXT, problem)]


def _minute(minute: Minute) -> list[Part]:
    parts: list[Part] = [
        Block(Kind.HEADING, f"Minute {minute.reference}: {minute.get_kind_display().lower()}", 3)
    ]
    if minute.corrects is not None:
        parts.append(Block(Kind.TEXT, f"Corrects {minute.corrects.citation}."))
    parts.append(Block(Kind.TEXT, minute.text))
    parts += [
        Block(Kind.TEXT, f"Corrected by {correction.citation}.") for correction in minute.corrections.all()
    ]
    rows = tuple(_decision(decision) for decision in minute.decisions.all())
    caption = f"Decisions in minute {minute.reference}"
    return [*parts, Table(caption, ("Decision", "Wording", "Acts on"), rows, widths=(3, 8, 5))]


def _decision(decision: Decision) -> tuple[str, str, str]:
    wording = [
        decision.wording,
        f"Conditions: {decision.conditions}" if decision.conditions else "",
        f"Report back by {decision.report_back_on:%-d %B %Y}" if decision.report_back_on else "",
    ]
    return (
        decision.get_effect_display(),
        "\n".join(filter(None, wording)),
        f"{decision.get_subject_display()}: {decision.subject_ref}" if decision.subject else "",
    )


def _responsible(arising: Arising) -> str:
    """Return who is responsible by post and organisation: a document names no person."""
    organisation = str(arising.organisation) if arising.organisation else ""
    return ", ".join(filter(None, [arising.post, organisation])) or "The owner in the tracker"


def _arisings(arisings: Sequence[Arising], minutes: Sequence[Minute]) -> Table:
    references = {minute.pk: minute.reference for minute in minutes}
    rows = tuple(
        (
            str(row.number),
            references[row.minute_id],
            row.text,
            _responsible(row),
            f"{row.due:%-d %B %Y}" if row.due else "Not set",
            row.get_state_display(),
        )
        for row in arisings
    )
    header = ("Number", "Minute", "What is to be done", "Responsible", "Due", "Status")
    return Table("Actions arising from these minutes", header, rows, widths=(2, 2, 6, 4, 3, 3))
