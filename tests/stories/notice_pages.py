"""The pages of notices, of escalations and of what belongs to a plan's actions, who opens them, and how they are reached; walked with the others."""

from datetime import datetime

from playwright.sync_api import Page

from actions.models import Action
from audit.actors import SYSTEM
from desk.notices.services.preferences import token_for
from desk.notices.services.sending import send_digests
from inspections.models import Inspection
from returns.models import Return
from tests.cast import LONDON
from tests.permissions.notices import escalated_action
from tests.stories.pages import Visit, World, plan, press


def add_notices(world: World) -> None:
    """An action escalated to the board, and the mails of a day."""
    escalated_action(world.cast)
    send_digests(actor=SYSTEM, at=datetime(2020, 6, 19, 7, tzinfo=LONDON))


def late(world: World) -> tuple[int]:
    return (Action.objects.get(ref="WY20-80").pk,)


def late_return(world: World) -> tuple[int]:
    return (Return.objects.get(organisation=world.cast.bradford_district).pk,)


def late_answer(world: World) -> tuple[int]:
    return (Inspection.objects.get(short_title="begun").pk,)


def token(world: World) -> tuple[str]:
    return (token_for(world.cast.bradford_spoc),)


def remind_backwards(page: Page) -> None:
    page.get_by_label("Last reminder, in days before").fill("20")
    press("Save settings")(page)


def write_a_number(page: Page) -> None:
    page.get_by_label("When it will be done, or why not").fill("Ring 07700 900123.")
    for part, number in (("Day", "26"), ("Month", "6"), ("Year", "2020")):
        page.get_by_label(part, exact=True).fill(number)
    press("Acknowledge")(page)


NOTICE_VISITS = [
    Visit("desk:notices", "bradford_spoc"),
    Visit("desk:notices", "observer", name="no notices yet"),
    Visit("desk:notices", "manager", then=remind_backwards, name="reminders in the wrong order", status=422),
    Visit("desk:escalation", "gold", late),
    Visit(
        *("desk:escalation", "bradford_spoc", late),
        then=press("Acknowledge"),
        name="an acknowledgement without words",
        status=422,
    ),
    Visit("desk:escalation", "manager", late, then=write_a_number, name="personal data to keep", status=422),
    Visit("desk:return-escalation", "bradford_spoc", late_return),
    Visit("desk:answer-escalation", "manager", late_answer),
    Visit("desk:plan-escalations", "manager", plan),
    Visit("actions:plan-evidence", "manager", plan),
    Visit("actions:plan-questions", "manager", plan, query="?default=no"),
    Visit("desk:unsubscribe", "stranger", token),
    Visit("desk:unsubscribe", "stranger", token, then=press("Stop emails"), name="mails stopped"),
]
