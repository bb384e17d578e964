"""The pages of returns, who opens them and how."""

from datetime import datetime

from playwright.sync_api import Page

from audit.actors import SYSTEM
from desk.escalations.services import escalate
from returns.models import Return
from tests.cast import LONDON
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.returns import returns
from tests.stories.pages import Visit, World, moving, plan, press


def add_returns(world: World) -> None:
    """Bradford's return is begun, Leeds's is submitted."""
    cast = world.cast
    leeds = {"lead": cast.leeds_district, "owner": cast.leeds_spoc, "area": cast.leeds}
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-40", **leeds)
    begun = still_open(cast)
    returns.save(cast, begun, returns.row(world.moving))
    submitted = Return.objects.get(organisation=cast.leeds_district)
    practice = {"good_practice": "Theatre in schools."}
    returns.save(cast, submitted, returns.row(action), actor=cast.leeds_spoc, sections=practice)
    returns.submit(cast, submitted, actor=cast.leeds_spoc)
    escalate(actor=SYSTEM, at=datetime(2020, 6, 6, 6, tzinfo=LONDON))  # Bradford's was wanted by the 5th


def begun(world: World) -> tuple[int]:
    return (Return.objects.get(organisation=world.cast.bradford_district).pk,)


def submitted_return(world: World) -> tuple[int]:
    return (Return.objects.get(organisation=world.cast.leeds_district).pk,)


def name_nothing(page: Page) -> None:
    """Give evidence a title and neither a file nor a link."""
    page.locator(".app-return-line__details:not([open]) > summary").first.click()
    page.locator(".app-return-line__details[open]").first.get_by_text("Add evidence").click()
    page.locator(".app-return-line__details[open]").first.get_by_label("Evidence title").fill("Attendance")
    press("Save and check return")(page)


RETURN_VISITS = [
    Visit("returns:plan-returns", "manager", plan),
    Visit("desk:triage", "manager"),
    Visit("desk:triage", "leicestershire_manager", name="a plan without returns"),
    Visit("desk:remind", "manager", query="?scope=all&state=open"),
    Visit("desk:remind", "manager", name="nobody to remind", status=422),
    Visit("desk:remind-owner", "manager", moving),
    Visit("actions:update-request", "manager", moving),
    Visit("returns:return-list", "manager"),
    Visit("returns:return-list", "leicestershire_manager", name="no returns"),
    Visit("returns:return", "bradford_spoc", begun),
    Visit(
        "returns:return",
        "bradford_spoc",
        begun,
        then=name_nothing,
        name="evidence without a file",
        status=422,
    ),
    Visit("returns:return", "gold", begun, name="a return of others"),
    Visit("returns:return", "leeds_spoc", submitted_return, name="a return that was given"),
    Visit("returns:return-read", "bradford_spoc", begun),
    Visit(
        *("returns:return-read", "bradford_spoc", begun),
        then=press("Submit return"),
        name="returns:return-submit",
        status=422,
    ),
    Visit("returns:return-question", "manager", submitted_return),
    Visit("returns:return-question", "manager", begun, name="a return that was not given", status=409),
]
