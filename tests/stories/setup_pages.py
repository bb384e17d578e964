"""The pages of the set-up, who opens them, and how they are reached; walked with the others."""

from tests.stories.pages import Visit, World, press, upload

PEOPLE = b"""Organisation,Kind,District,Job title,Email,Role
Elm Council,Council,Elm,Safety lead,safety@elm.example,Partner contact
"""
WITHOUT_ROLE = b"Organisation,Job title,Email,Role\nElm Council,Safety lead,safety@elm.example,King\n"


def yorkshire(world: World) -> tuple[int]:
    return (world.cast.yorkshire.pk,)


def main_spoc(world: World) -> int:
    return world.cast.leeds_spoc.memberships.get().pk


def organisations(world: World) -> tuple[int, str]:
    return world.cast.yorkshire.pk, "organisations"


SETUP_VISITS = [
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
    Visit("partners:people", "administrator", yorkshire),
    Visit("partners:people", "manager", yorkshire, query="?show=ended"),
    Visit("partners:person-add", "manager", yorkshire),
    Visit("partners:person-add", "manager", yorkshire, then=press("Save"), name="nobody", status=422),
    Visit("partners:role-end", "administrator", lambda world: (*yorkshire(world), main_spoc(world))),
    Visit("partners:reference-list", "manager", organisations),
    Visit("partners:reference-list", "manager", organisations, query="?q=nothing-such"),
    Visit("partners:reference-list", "manager", lambda world: (*yorkshire(world), "boards")),
    Visit("partners:reference-create", "manager", lambda world: (*yorkshire(world), "boards")),
    Visit(
        "partners:reference-edit",
        "manager",
        lambda world: (*organisations(world), world.cast.wakefield_council.pk),
    ),
]
SETUP_EXCUSED = {
    "account_invitation": "leads to the page that asks for a password",
    "importing:people-import-confirm": "leads back to the set-up, or to the preview",
    "importing:setup-invitations": "leads back to the set-up",
}
