"""The agenda and the minutes as pages and files, and the parts that are kept apart."""

from collections.abc import Callable
from datetime import date, time
from io import BytesIO
from typing import Any

from odfdo import Document
from pypdf import PdfReader

from meetings.arisings.services import record_arising
from meetings.attendance.services import Attendee, record_attendance
from meetings.decisions.services import record_decision
from meetings.meetings.services import cancel_meeting, save_item
from meetings.minutes.services import confirm_minutes, write_minute
from meetings.models import AgendaItem, Meeting, Minute
from tests.cast import AT, Cast
from tests.meetings.factories import MeetingFactory, held_meeting

SignIn = Callable[[str], Any]


def address(meeting: Meeting, document: str, *, private: bool = False) -> str:
    return f"/meetings/{meeting.pk}/{document}{'?part=private' if private else ''}"


def add_item(cast: Cast, meeting: Meeting, title: str, **fields: Any) -> AgendaItem:
    return save_item(actor=cast.manager, item=AgendaItem(meeting=meeting), title=title, at=AT, **fields)


def minuted(cast: Cast, **fields: Any) -> Meeting:
    """A held meeting with one item in public, with everything that minutes may have, and one in private."""
    meeting = held_meeting(cast, day=date(2020, 6, 1), chair="Chief constable", **fields)
    here = {"actor": cast.manager, "at": AT}
    record_attendance(meeting=meeting, attendees=[Attendee(cast.police, "Chair", "present")], **here)
    item = add_item(cast, meeting, "Progress of the plan", presenter="Prevent lead", paper="CSB 4/20")
    minute = write_minute(item=item, reference="CSB 21/20", kind="resolved", text="Noted.\n\nAgreed.", **here)
    record_decision(
        minute=minute,
        effect="approve",
        wording="WY20-02 may end.",
        subject="withdrawal",
        subject_ref="WY20-02",
        report_back_on=date(2020, 9, 1),
        **here,
    )
    record_arising(minute=minute, text="Circulate the guide.", owner=cast.bradford_spoc, **here)
    private = add_item(cast, meeting, "Contracts", is_private=True, private_reason="Paragraph 3")
    write_minute(item=private, reference="CSB 22/20", text="The price was agreed.", **here)
    return meeting


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_minutes_are_a_page_with_everything_but_the_private_part(cast: Cast, signed_in: SignIn) -> None:
    meeting = minuted(cast, starts_at=time(14), ends_at=time(16), place="Carr Gate", is_online=True)
    page = words(signed_in("bradford_spoc").get(address(meeting, "minutes/")))
    for text in (
        *("OFFICIAL - DRAFT", "14:00 to 16:00", "Carr Gate, online", "Chief constable", "Recorded here"),
        *("Minute CSB 21/20: resolved", "WY20-02 may end."),
        *("Withdrawal of an action: WY20-02", "Report back by 1 September 2020", "Circulate the guide."),
        "1 item is in the private part, which is a separate document.",
    ):
        assert text in page
    assert "Contracts" not in page
    assert "The price was agreed" not in page
    assert str(cast.bradford_spoc) not in page.partition("<main")[2]  # a document names no person


def test_the_private_part_is_a_document_for_those_who_see_everything(cast: Cast, signed_in: SignIn) -> None:
    meeting = minuted(cast)
    for user in ("bradford_spoc", "wakefield_contact"):
        client = signed_in(user)
        for document in ("agenda/", "agenda.odt", "minutes/", "minutes.odt"):
            assert client.get(address(meeting, document, private=True)).status_code == 404
    client = signed_in("gold")
    minutes = words(client.get(address(meeting, "minutes/", private=True)))
    assert "OFFICIAL - DRAFT - PRIVATE" in minutes
    assert "The price was agreed" in minutes
    assert "Minute CSB 21/20" not in minutes
    agenda = words(client.get(address(meeting, "agenda/", private=True)))
    assert "Item 2: Paragraph 3" in agenda
    assert "Progress of the plan" not in agenda
    assert client.get(address(meeting, "agenda/") + "?part=other").status_code == 404


def test_a_correction_in_the_private_part_is_named_to_those_who_see_it(cast: Cast, signed_in: SignIn) -> None:
    meeting = minuted(cast)
    later = held_meeting(cast, day=date(2020, 6, 15), board=meeting.board)
    confirm_minutes(actor=cast.gold, meeting=meeting, confirmed_by=later, at=AT)
    private = add_item(cast, later, "Corrections", is_private=True, private_reason="Paragraph 3")
    first = Minute.objects.get(reference="CSB 21/20")
    here = {"actor": cast.manager, "text": "For 6 read 8.", "at": AT}
    write_minute(item=private, reference="CSB 23/20", corrects=first, **here)
    public = add_item(cast, later, "Minutes")
    priced = Minute.objects.get(reference="CSB 22/20")
    write_minute(item=public, reference="CSB 24/20", corrects=priced, **here)
    for user, seen in (("bradford_spoc", False), ("gold", True)):
        client = signed_in(user)
        for document in (meeting, later):
            shown = client.get(address(document, "minutes/"))
            page = words(shown) + words(client.get(f"/meetings/{document.pk}/"))
            hidden = "minute CSB 23/20" if document == meeting else "minute CSB 22/20"
            assert (hidden in page) == seen, (user, document)


def test_a_marked_item_is_in_the_private_part_under_its_marking(cast: Cast, signed_in: SignIn) -> None:
    meeting = MeetingFactory(
        cast=cast, marking="OFFICIAL-SENSITIVE", handling_instruction="Board members only"
    )
    add_item(cast, meeting, "Threat briefing", marking="OFFICIAL-SENSITIVE")
    add_item(cast, meeting, "Minutes")
    client = signed_in("gold")
    assert "Threat briefing" not in words(client.get(address(meeting, "agenda/")))
    response = client.get(address(meeting, "agenda.odt", private=True))
    styles: Any = Document(BytesIO(b"".join(response.streaming_content))).styles
    header = {paragraph.inner_text for paragraph in styles.get_elements("//style:header/text:p")}
    assert header == {"OFFICIAL-SENSITIVE - PRIVATE", "Board members only"}


def test_the_files_hold_the_same_and_are_named_for_the_meeting(cast: Cast, signed_in: SignIn) -> None:
    meeting = minuted(cast)
    client = signed_in("gold")
    file = client.get(address(meeting, "minutes.pdf"))
    assert file["Content-Type"] == "application/pdf"
    assert "minutes-contest-strategic-steering-board-1-june-2020-draft.pdf" in file["Content-Disposition"]
    pages = PdfReader(BytesIO(b"".join(file.streaming_content))).pages
    pdf_text = " ".join(" ".join(page.extract_text() for page in pages).split())
    file = client.get(address(meeting, "minutes.odt"))
    odt = Document(BytesIO(b"".join(file.streaming_content)))
    odt_texts: list[Any] = list(odt.body.get_elements("//text:p|//text:h"))
    for text in ("Minute CSB 21/20: resolved", "Circulate the guide.", "The owner in the tracker"):
        assert text in pdf_text
        assert text in [element.inner_text for element in odt_texts]
    assert client.get(address(meeting, "minutes.docx"))["Content-Type"].endswith("wordprocessingml.document")
    assert client.get(address(meeting, "minutes.exe")).status_code == 404
    private = client.get(address(meeting, "minutes.odt", private=True))
    assert "1-june-2020-draft-private.odt" in private["Content-Disposition"]


def test_confirmed_minutes_name_the_meeting_that_confirmed_them(cast: Cast, signed_in: SignIn) -> None:
    meeting = minuted(cast)
    later = held_meeting(cast, day=date(2020, 6, 15), board=meeting.board)
    confirm_minutes(actor=cast.gold, meeting=meeting, confirmed_by=later, at=AT)
    page = words(signed_in("gold").get(address(meeting, "minutes/")))
    assert "Minutes confirmed by the meeting of 15 June 2020" in page
    assert "DRAFT" not in page


def test_a_meeting_not_held_has_an_agenda_and_no_minutes(cast: Cast, signed_in: SignIn) -> None:
    meeting = MeetingFactory(cast=cast)
    client = signed_in("gold")
    assert "The agenda has no items in this part." in words(client.get(address(meeting, "agenda/")))
    for document in ("minutes/", "minutes.odt"):
        answer = client.get(address(meeting, document))
        assert answer.status_code == 409
        assert "Minutes can be read when the meeting was held." in words(answer)
    cancel_meeting(actor=cast.manager, meeting=meeting, reason="Too few could come.", at=AT)
    agenda = words(client.get(address(meeting, "agenda/")))
    assert "OFFICIAL - CANCELLED" in agenda
    assert "Cancelled: Too few could come." in agenda


def test_a_character_that_no_font_has_is_named(cast: Cast, signed_in: SignIn) -> None:
    meeting = MeetingFactory(cast=cast)
    add_item(cast, meeting, "Cipher \U0010fffd")
    answer = signed_in("gold").get(address(meeting, "agenda.pdf"))
    assert answer.status_code == 409
    assert "no font has the character" in words(answer)


def test_the_meeting_links_what_its_reader_may_open(cast: Cast, signed_in: SignIn) -> None:
    meeting = minuted(cast)
    for user, private in (("bradford_spoc", False), ("gold", True)):
        page = words(signed_in(user).get(f"/meetings/{meeting.pk}/"))
        for document in ("agenda/", "agenda.pdf", "minutes/", "minutes.odt"):
            assert f'href="{address(meeting, document)}"' in page
            assert (f'href="{address(meeting, document, private=True)}"' in page) == private
