"""The pages of section 55: what they show, what they refuse in words, what they keep, and the files they hand out."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from inspections.core.states import LetterState
from inspections.letters.content import content_of, digest_of
from inspections.letters.services import edit_letter
from inspections.models import Inspection, PublishedResponse, Response
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import InspectionFactory
from tests.inspections.findings import stage as register
from tests.inspections.letters import letters
from tests.inspections.letters.letters import approved, drafted, findings, published, respond

FILES = ["letter-pdf", "letter-docx"]
NOW = "2020-06-19"


def address(route: str, row: Any) -> str:
    return reverse(f"inspections:{route}", args=[row.pk])


def text(response: Any) -> str:
    return str(response.content.decode())


def body(response: Any) -> bytes:
    content = b"".join(response)
    response.close()
    return content


def words(response: Any, route: str) -> str:
    """Everything a downloaded letter says, marking and all."""
    if route == "letter-pdf":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(body(response))).pages)
    document = Document(BytesIO(body(response)))
    edges = [document.sections[0].header.paragraphs, document.sections[0].footer.paragraphs]
    return "\n".join(each.text for part in (*edges, document.paragraphs) for each in part)


# Responses -----------------------------------------------------------------------------------------------------


def test_the_form_starts_from_what_the_actions_say(cast: Cast, signed_in: Any) -> None:
    row = findings(letters.report(cast))[0]
    register.linked(cast, row, ActionFactory(cast=cast, in_progress=True, title="Brief the teams"))
    page = signed_in("manager").get(address("response-edit", row))
    assert page.context["form"].initial["kind"] == "proposed"
    assert "“Brief the teams” is under way, due on 30 September 2020." in text(page)


def test_a_saved_response_is_shown_beside_the_facts_of_its_actions(cast: Cast, signed_in: Any) -> None:
    row = findings(letters.report(cast))[0]
    register.linked(cast, row, ActionFactory(cast=cast, in_progress=True, title="Brief the teams"))
    respond(cast, row, "In our own words.")
    page = signed_in("manager").get(address("response-edit", row))
    assert page.context["form"].initial["text"] == "In our own words."
    assert "What the linked actions say today" in text(page)


def test_a_refused_response_keeps_its_text(cast: Cast, signed_in: Any) -> None:
    row = findings(letters.report(cast))[0]
    client = signed_in("manager")
    refused = client.post(address("response-edit", row), {"version": 0, "text": "Typed with care."})
    assert refused.status_code == 422
    assert "Typed with care." in text(refused)
    respond(cast, row, "Gold was faster.", actor=cast.gold)
    stale = client.post(
        address("response-edit", row), {"version": 0, "kind": "taken", "text": "Typed with care."}
    )
    assert stale.status_code == 409
    assert "Typed with care." in text(stale)
    assert "Gold was faster." in text(stale)
    again = {"version": stale.context["form"]["version"].value(), "kind": "taken", "text": "Typed with care."}
    saved = client.post(address("response-edit", row), again)
    assert (saved.status_code, saved.headers["Location"]) == (302, reverse("inspections:response-desk"))
    assert Response.objects.get().text == "Typed with care."


@pytest.mark.parametrize("route", ["response-edit", "letter-create", "comments-invite", "comments-record"])
def test_a_page_without_a_required_letter_says_so(cast: Cast, signed_in: Any, route: str) -> None:
    inspection = letters.report(cast, body_kind="internal_audit")
    row: Any = findings(inspection)[0] if route == "response-edit" else inspection
    refused = signed_in("opcc_officer").get(address(route, row))
    assert refused.status_code == 409
    assert "No response is needed" in text(refused)


def test_the_desk_says_what_is_there_what_is_missing_and_what_comes_next(cast: Cast, signed_in: Any) -> None:
    inspection = letters.report(cast)
    respond(cast, findings(inspection)[0])
    letters.report(cast, title="Not yet", published_on=None)
    page = signed_in("gold").get(reverse("inspections:response-desk"))
    (line,) = page.context["lines"]
    assert (line.progress.answered, line.progress.needed) == (1, 2)
    assert "47 days late" in text(page)
    assert "last day 3 May 2020" in text(page)
    assert f'href="{address("response-edit", findings(inspection)[1])}"' in text(page)
    auditor = signed_in("auditor").get(reverse("inspections:response-desk"))
    assert address("response-edit", findings(inspection)[1]) not in text(auditor)


@pytest.mark.parametrize("person", ["manager", "gold", "auditor", "opcc_officer", "bradford_spoc"])
def test_the_list_of_inspections_leads_those_to_the_desk_who_may_open_it(
    cast: Cast, signed_in: Any, person: str
) -> None:
    letters.report(cast)
    client, desk = signed_in(person), reverse("inspections:response-desk")
    leads = f'href="{desk}"' in text(client.get(reverse("inspections:inspection-list")))
    assert leads == (client.get(desk).status_code == 200)


def test_a_long_desk_takes_no_more_queries_than_a_short_one(cast: Cast, signed_in: Any) -> None:
    client, desk = signed_in("manager"), reverse("inspections:response-desk")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(desk).status_code == 200
        return len(queries)

    def another(number: int) -> Inspection:
        report = letters.report(cast, title=f"Report {number}", short_title=f"R{number}")
        drafted(cast, letters.answered(cast, report))
        return report

    another(0)
    few = cost()
    for number in range(1, 4):
        another(number)
    assert cost() == few


# Who answers ---------------------------------------------------------------------------------------------------


def test_the_clock_stops_for_a_report_on_others_and_runs_again(cast: Cast, signed_in: Any) -> None:
    inspection, client = letters.report(cast), signed_in("manager")
    version = {"version": inspection.version}
    response = client.post(
        address("section55", inspection), version | {"duty": "not_subject", "reason": "Of others."}
    )
    assert response.status_code == 302
    page = client.get(address("inspection", inspection))
    assert "Not needed: the report is not about this force" in text(page)
    assert "47 days late" not in text(page)
    stale = client.post(address("section55", inspection), version | {"duty": "owed", "reason": "On page 9."})
    assert stale.status_code == 409
    assert "On page 9." in text(stale)
    again = {"version": stale.context["form"]["version"].value(), "duty": "owed", "reason": "On page 9."}
    assert client.post(address("section55", inspection), again).status_code == 302
    assert "47 days late" in text(client.get(address("inspection", inspection)))


def test_another_report_is_chosen_from_those_that_are_answered(cast: Cast, signed_in: Any) -> None:
    national = letters.report(cast)
    own = InspectionFactory(cast=cast, title="Our own", short_title="Own", kind="force")
    InspectionFactory(cast=cast, title="An audit", short_title="Audit", body_kind="internal_audit")
    client = signed_in("opcc_officer")
    page = client.get(address("section55", national))
    assert list(page.context["form"].fields["other"].queryset) == [own]
    form_data = {"version": national.version, "duty": "through", "reason": "The same findings."}
    refused = client.post(address("section55", national), form_data)
    assert refused.status_code == 422
    assert client.post(address("section55", national), form_data | {"other": own.pk}).status_code == 302
    assert f'href="{address("inspection", own)}"' in text(client.get(address("inspection", national)))


def test_the_comments_are_invited_and_recorded(cast: Cast, signed_in: Any) -> None:
    inspection, client = letters.report(cast), signed_in("gold")
    invited = {"version": 1, "invited_on": NOW, "due_on": "2020-06-30"}
    assert client.post(address("comments-invite", inspection), invited).status_code == 302
    future = {"version": 2, "comments": "Agreed.", "received_on": "2020-06-20"}
    refused = client.post(address("comments-record", inspection), future)
    assert refused.status_code == 422
    assert "Enter a date that is today or in the past." in text(refused)
    assert (
        client.post(address("comments-record", inspection), future | {"received_on": NOW}).status_code == 302
    )
    page = text(client.get(address("inspection", inspection)))
    assert "30 June 2020" in page
    assert "Agreed." in page


# The letter ----------------------------------------------------------------------------------------------------


def test_a_letter_starts_in_the_shape_of_the_last_one(cast: Cast, signed_in: Any) -> None:
    drafted(cast, copies_to="HMICFRS")
    other = InspectionFactory(cast=cast, title="Another", short_title="CT5")
    initial = signed_in("opcc_officer").get(address("letter-create", other)).context["form"].initial
    assert (initial["signatory"], initial["copies_to"]) == (letters.SIGNATORY, "HMICFRS")
    assert "“Another”, published on 9 March 2020" in initial["introduction"]


def test_a_second_letter_is_not_begun(cast: Cast, signed_in: Any) -> None:
    letter = drafted(cast)
    refused = signed_in("opcc_officer").get(address("letter-create", letter.inspection))
    assert refused.status_code == 409
    assert address("letter", letter) in text(refused)


def test_a_letter_with_missing_responses_is_refused_by_name(cast: Cast, signed_in: Any) -> None:
    letter = drafted(cast, letters.report(cast))
    client = signed_in("opcc_director")
    page = client.get(address("letter-approve", letter))
    form_data = {"version": letter.version, "digest": page.context["digest"]}
    refused = client.post(address("letter-approve", letter), form_data)
    assert refused.status_code == 422
    missing = "These need a response: Recommendation 1 of 2, Recommendation 2 of 2."
    assert missing in text(refused)


def test_approval_is_of_the_text_on_the_page(cast: Cast, signed_in: Any) -> None:
    letter = drafted(cast)
    client = signed_in("opcc_director")
    page = client.get(address("letter-approve", letter))
    form_data = {"version": letter.version, "digest": page.context["digest"]}
    respond(cast, findings(letter.inspection)[0], "Slipped in.")
    stale = client.post(address("letter-approve", letter), form_data)
    assert stale.status_code == 409
    assert "Slipped in." in text(stale)
    form_data["digest"] = stale.context["digest"]
    assert f'value="{form_data["digest"]}"' in text(stale)
    early = client.post(address("letter-approve", letter), form_data)
    assert early.status_code == 422
    assert "Invite the chief officer to comment before the letter is approved." in text(early)
    letters.commented(cast, letter.inspection)
    assert client.post(address("letter-approve", letter), form_data).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.sha256) == (LetterState.APPROVED, form_data["digest"])


@pytest.mark.parametrize("route", ["letter-edit", "letter-approve"])
def test_a_frozen_letter_is_neither_edited_nor_approved_again(cast: Cast, signed_in: Any, route: str) -> None:
    refused = signed_in("opcc_director").get(address(route, approved(cast)))
    assert refused.status_code == 409
    assert "This letter is approved, so it cannot be" in text(refused)


@pytest.mark.parametrize("route", ["letter-publish", "letter-despatch", "letter-correct"])
def test_a_draft_is_neither_published_nor_sent_nor_corrected(cast: Cast, signed_in: Any, route: str) -> None:
    assert signed_in("opcc_director").get(address(route, drafted(cast))).status_code == 409


def test_publication_despatch_and_correction_in_a_row(cast: Cast, signed_in: Any) -> None:
    letter, client = approved(cast), signed_in("opcc_officer")
    unsafe = {"version": 2, "publication_url": "http://example.org", "published_on": NOW}
    refused = client.post(address("letter-publish", letter), unsafe)
    assert refused.status_code == 422
    assert "Enter a full web address that starts with https://" in text(refused)
    safe = unsafe | {"publication_url": "https://example.org/letter"}
    assert client.post(address("letter-publish", letter), safe).status_code == 302
    nothing = client.post(address("letter-despatch", letter), {"version": 3})
    assert nothing.status_code == 422
    form_data = {"version": 3, "sent_to_secretary_of_state_on": NOW, "sent_to_inspectors_on": NOW}
    assert client.post(address("letter-despatch", letter), form_data).status_code == 302
    letter.refresh_from_db()
    assert letter.sent_to_inspectors_on == TODAY
    begun = client.post(address("letter-correct", letter), {"version": 4, "reason": "A wrong date."})
    second = PublishedResponse.objects.get(number=2)
    assert begun.headers["Location"] == address("letter", second)
    assert "version 2" in text(client.get(address("letter", letter)))
    assert client.get(address("letter-correct", letter)).status_code == 409


def test_markup_in_a_letter_is_text(cast: Cast, signed_in: Any) -> None:
    letter = edit_letter(
        actor=cast.opcc_officer, letter=drafted(cast), closing='<script>alert("x")</script> & *b*', at=AT
    )
    page = text(signed_in("opcc_officer").get(address("letter", letter)))
    assert "<script>alert(" not in page
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; *b*" in page


# Files and the frozen text -------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", FILES)
def test_a_file_is_handed_out_to_be_saved_and_says_what_the_page_says(
    cast: Cast, signed_in: Any, route: str
) -> None:
    letter = published(cast)
    response = signed_in("bradford_spoc").get(address(route, letter))
    kind = route.removeprefix("letter-")
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="response-to-ct4-version-1.{kind}"'
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    text = words(response, route)
    assert "DRAFT" not in text
    for phrase in ("Dear Home Secretary,", "Recommendation 1 of 2 (illustrative, paraphrased)", "OFFICIAL"):
        assert phrase in text


@pytest.mark.parametrize("route", FILES)
def test_a_draft_says_so_in_its_name_and_on_its_pages(cast: Cast, signed_in: Any, route: str) -> None:
    response = signed_in("opcc_officer").get(address(route, drafted(cast)))
    assert "-draft." in response.headers["Content-Disposition"]
    text = words(response, route)
    assert text.count("OFFICIAL - DRAFT") >= 2
    assert "This is a draft. It is not approved." in text


def test_the_page_shows_the_frozen_text_whatever_was_written_since(cast: Cast, signed_in: Any) -> None:
    letter = approved(cast)
    respond(cast, findings(letter.inspection)[0], "Rewritten since.")
    page = text(signed_in("opcc_director").get(address("letter", letter)))
    assert "Referrals are shared within the hour." in page
    assert "Rewritten since." not in page
    assert letter.sha256 in page
    assert digest_of(content=content_of(letter=letter)) == letter.sha256


@pytest.mark.parametrize("route", ["letter", *FILES])
def test_a_tampered_letter_is_neither_shown_nor_handed_out(cast: Cast, signed_in: Any, route: str) -> None:
    letter = published(cast)
    content = (letter.content or {}) | {"closing": "Something nobody approved."}
    PublishedResponse.objects.filter(pk=letter.pk).update(content=content)
    refused = signed_in("auditor").get(address(route, letter))
    assert refused.status_code == 409
    assert "The letter was altered" in text(refused)
    assert "nobody approved." not in text(refused)


def test_a_draft_with_a_character_that_no_font_has_still_comes_as_docx(cast: Cast, signed_in: Any) -> None:
    letter = drafted(cast, closing="Here: \U0010fffd")
    client = signed_in("opcc_officer")
    refused = client.get(address("letter-pdf", letter))
    assert refused.status_code == 409
    assert "cannot be printed" in text(refused)
    assert "\U0010fffd" not in words(client.get(address("letter-docx", letter)), "letter-docx")[:10]
