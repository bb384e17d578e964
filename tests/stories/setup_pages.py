"""The pages of the set-up, who opens them, and how they are reached; walked with the others."""

from typing import Any

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page

from importing.plans.tasks import import_actions
from tests.stories.access_pages import case_system
from tests.stories.pages import Visit, World, plan, press, upload

PEOPLE = b"""Organisation,Kind,District,Job title,Email,Role
Elm Council,Council,Elm,Safety lead,safety@elm.example,Partner contact
"""
WITHOUT_ROLE = b"Organisation,Job title,Email,Role\nElm Council,Safety lead,safety@elm.example,King\n"
LONG_IMPORTS: dict[str, dict[str, Any]] = {
    "running": {"status": TaskResultStatus.RUNNING},
    "done": {"status": TaskResultStatus.SUCCESSFUL, "return_value": {"result": "900 new"}},
    "refused": {
        "status": TaskResultStatus.SUCCESSFUL,
        "return_value": {"problems": ["The plan has changed."]},
    },
}


def add_long_imports(world: World) -> None:
    """Queue imports of the manager's as a worker has run them, or is running them."""
    for key, fields in LONG_IMPORTS.items():
        import_actions.enqueue(
            key=key,
            user=world.cast.manager.pk,
            target=world.cast.plan.pk,
            token="a-token",
            undo="",
            rows=900,
            seconds=6,
            options={},
            reason="",
            leave_out=False,
        )
        task = DBTaskResult.objects.filter(args_kwargs__kwargs__key=key)
        task.update(**fields, started_at=timezone.now())


def yorkshire(world: World) -> tuple[int]:
    return (world.cast.yorkshire.pk,)


def main_spoc(world: World) -> int:
    return world.cast.leeds_spoc.memberships.get().pk


def organisations(world: World) -> tuple[int, str]:
    return world.cast.yorkshire.pk, "organisations"


def choose_yorkshire(page: Page) -> None:
    page.get_by_label("Partnership").select_option(label="West Yorkshire")
    page.get_by_role("button", name="Show records").click()


SETUP_VISITS = [
    Visit("admin:index", "administrator"),
    Visit("admin:index", "administrator", then=choose_yorkshire, name="the records of a partnership"),
    Visit("admin:actions_action_changelist", "administrator"),
    Visit("admin:partners_apiclient_changelist", "administrator"),
    Visit("admin:partners_apiclient_change", "administrator", case_system),
    Visit("importing:setup", "administrator"),
    Visit("importing:setup", "administrator", then=press("Add partnership"), name="no name", status=422),
    Visit("importing:setup-partnership", "manager", yorkshire),
    Visit("importing:people-import", "administrator", yorkshire),
    Visit("importing:people-import", "administrator", yorkshire, then=upload(PEOPLE), name="a preview"),
    Visit(
        *("importing:people-import", "administrator", yorkshire),
        then=upload(WITHOUT_ROLE),
        name="a rejected file",
        status=422,
    ),
    *(
        Visit("importing:plan-import", "manager", plan, query=f"?run={key}", name=f"a long import, {key}")
        for key in LONG_IMPORTS
    ),
    Visit("partners:people", "administrator", yorkshire),
    Visit("partners:people", "manager", yorkshire, query="?show=ended"),
    Visit("partners:account-list", "administrator"),
    Visit("partners:account-add", "administrator"),
    Visit("partners:account-edit", "administrator", lambda world: (world.cast.manager.pk,)),
    Visit("partners:person-add", "manager", yorkshire),
    Visit("partners:person-add", "manager", yorkshire, then=press("Save"), name="nobody", status=422),
    Visit("partners:role-end", "administrator", lambda world: (*yorkshire(world), main_spoc(world))),
    Visit("partners:reference-list", "manager", organisations),
    Visit("partners:reference-list", "manager", organisations, query="?q=nothing-such"),
    Visit("partners:reference-list", "manager", lambda world: (*yorkshire(world), "boards")),
    Visit("partners:reference-create", "manager", lambda world: (*yorkshire(world), "boards")),
    Visit("partners:reference-create", "manager", lambda world: (*yorkshire(world), "seats")),
    Visit(
        "partners:reference-edit",
        "manager",
        lambda world: (*organisations(world), world.cast.wakefield_council.pk),
    ),
]
SETUP_EXCUSED = {
    "partners:people-export/csv": "a file",
    "partners:people-export/xlsx": "a file",
    "partners:accounts-sign-out": "leads back to the accounts",
    "account_invitation": "leads to the page that asks for a password",
    "importing:people-import-confirm": "leads back to the set-up, or to the preview",
    "importing:setup-invitations": "leads back to the set-up",
}
