"""Every page of section 55, responses and letters, who opens it, and how it is reached; walked with the others."""

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page

from inspections.letters.services import correct_letter
from inspections.models import Inspection, PublishedResponse
from inspections.responses.services.section55 import invite_comments, mark_not_subject
from tests.cast import AT
from tests.inspections.findings import stage
from tests.inspections.letters import letters
from tests.stories.pages import Visit, World, press

FILES = dict.fromkeys(
    (
        *("inspections:letter-pdf", "inspections:letter-docx"),
        *("inspections:recommendation-export/csv", "inspections:recommendation-export/xlsx"),
    ),
    "a file",
)


def add_letters(world: World) -> None:
    """A report at each stage of its answer, beside those that tests/stories/inspection_pages.py adds."""
    cast = world.cast
    begun = letters.report(cast, title="Begun", short_title="begun")
    stage.linked(cast, letters.findings(begun)[0], world.moving)
    letters.respond(cast, letters.findings(begun)[1], "Long " + "wordwithoutanyspace" * 12)
    arguments = {"actor": cast.manager, "at": AT}
    invite_comments(inspection=begun, invited_on=date(2020, 3, 16), due_on=date(2020, 4, 9), **arguments)
    other = letters.report(cast, title="Of others", short_title="others")
    mark_not_subject(inspection=other, reason="It speaks of other forces.", **arguments)
    letters.drafted(cast, letters.report(cast, title="Wanting", short_title="wanting"))
    for name, make in (
        ("drafted", letters.drafted),
        ("approved", lambda cast, report: letters.approved(cast, letters.drafted(cast, report))),
        ("published", _published),
    ):
        report = letters.answered(cast, letters.report(cast, title=name.capitalize(), short_title=name))
        letters.respond(cast, letters.findings(report)[2], "Graded alike.\n\nWeekly.")
        make(cast, report)
    despatched = letters.despatched(
        cast,
        _published(cast, letters.answered(cast, letters.report(cast, title="Sent", short_title="sent"))),
    )
    correct_letter(
        letter=despatched, reason="The date of the training was wrong.", actor=cast.opcc_officer, at=AT
    )


def _published(cast: letters.Cast, report: Inspection) -> PublishedResponse:
    return letters.published(cast, letters.approved(cast, letters.drafted(cast, report)))


def report(name: str) -> Callable[[World], tuple[int]]:
    return lambda world: (Inspection.objects.get(short_title=name).pk,)


def letter(name: str, number: int = 1) -> Callable[[World], tuple[int]]:
    return lambda world: (PublishedResponse.objects.get(inspection__short_title=name, number=number).pk,)


def first_finding(name: str) -> Callable[[World], tuple[int]]:
    return lambda world: (letters.findings(Inspection.objects.get(short_title=name))[0].pk,)


def save_unsigned(page: Page) -> None:
    page.get_by_label("Who signs").fill("")
    press("Save draft")(page)


LETTER_VISITS = [
    Visit("inspections:response-desk", "manager"),
    Visit("inspections:response-desk", "auditor"),
    Visit("inspections:response-desk", "leicestershire_manager", name="an empty desk"),
    Visit("inspections:section55", "manager", report("begun")),
    Visit("inspections:section55", "manager", report("others"), name="taking a decision back"),
    Visit(
        *("inspections:section55", "manager", report("begun")),
        then=press("Save decision"),
        name="a decision without a reason",
        status=422,
    ),
    Visit("inspections:comments-invite", "manager", report("begun")),
    Visit("inspections:comments-record", "manager", report("begun")),
    Visit("inspections:comments-record", "manager", report("others"), name="no comments asked", status=409),
    Visit("inspections:inspection", "gold", report("begun"), name="an inspection with a clock"),
    Visit("inspections:inspection", "gold", report("others"), name="an inspection of others"),
    Visit("inspections:recommendation", "gold", first_finding("begun"), name="a finding to answer"),
    Visit("inspections:response-edit", "manager", first_finding("begun")),
    Visit("inspections:response-edit", "manager", first_finding("drafted"), name="a response changed"),
    Visit("inspections:letter-create", "opcc_officer", report("begun")),
    Visit(
        *("inspections:letter-create", "opcc_officer", report("begun")),
        then=save_unsigned,
        name="a letter nobody signs",
        status=422,
    ),
    Visit("inspections:letter", "manager", letter("wanting")),
    Visit("inspections:letter", "opcc_director", letter("drafted"), name="a letter to approve"),
    Visit("inspections:letter", "bradford_spoc", letter("sent"), name="a letter that was sent"),
    Visit("inspections:letter-edit", "opcc_officer", letter("drafted")),
    Visit("inspections:letter-edit", "opcc_officer", letter("sent", 2), name="a correction"),
    Visit("inspections:letter-edit", "opcc_officer", letter("approved"), name="a frozen letter", status=409),
    Visit("inspections:letter-approve", "opcc_director", letter("drafted")),
    Visit(
        *("inspections:letter-approve", "opcc_director", letter("wanting")),
        then=press("Approve letter"),
        name="an approval refused",
        status=422,
    ),
    Visit("inspections:letter-publish", "opcc_officer", letter("approved")),
    Visit("inspections:letter-despatch", "opcc_officer", letter("published")),
    Visit("inspections:letter-correct", "opcc_officer", letter("published")),
    Visit("desk:my-work", "opcc_director", name="letters that wait"),
    Visit("inspections:response-desk", "opcc_officer", name="a desk of the OPCC"),
]
