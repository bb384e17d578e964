"""The pages of saved views, who opens them, and how they are reached; walked with the others."""

from collections.abc import Callable

from actions.actions.services import edit_action
from actions.models import SavedView
from actions.saved_views.services import create_view, watch_view
from tests.cast import AT
from tests.stories.pages import Visit, World, press

LONG = "Actions-of-Bradford-that-wait-for-somebody-else-to-answer-them"


def add_saved_views(world: World) -> None:
    """A shared view that is watched and has news, one of its maker's own, and one of which nothing is left."""
    cast = world.cast
    arguments = {"actor": cast.bradford_spoc, "partnership": cast.yorkshire, "at": AT}
    shared = create_view(name=LONG, query=[("state", "open"), ("sort", "-due")], shared=True, **arguments)
    watch_view(actor=cast.leeds_spoc, view=shared, at=AT)
    create_view(name="Mine", query=[("owner", "me")], **arguments)
    create_view(name="Of a pillar that is gone", query=[("pillar", "Gone")], **arguments)
    edit_action(actor=cast.manager, action=world.moving, description="All of them.", at=AT)


def view(name: str) -> Callable[[World], tuple[int]]:
    return lambda world: (SavedView.objects.get(name=name).pk,)


SAVED_VIEW_VISITS = [
    Visit("actions:action-list", "bradford_spoc", query="?state=open", name="a list to save"),
    Visit("actions:saved-view-create", "bradford_spoc", query="?state=open&q=brief"),
    Visit(
        *("actions:saved-view-create", "bradford_spoc"),
        query="?state=open&q=brief",
        then=press("Save view"),
        name="a view without a name",
        status=422,
    ),
    Visit("actions:saved-view", "bradford_spoc", view("Mine")),
    Visit("actions:saved-view", "bradford_spoc", view("Of a pillar that is gone"), name="a view of nothing"),
    Visit("actions:saved-view-edit", "bradford_spoc", view("Mine")),
    Visit("actions:saved-view", "leeds_spoc", view(LONG), name="a view with news"),
    Visit(
        *("actions:saved-view", "leeds_spoc", view(LONG)),
        then=press("Mark as seen"),
        name="actions:saved-view-viewed",
    ),
    Visit(
        *("actions:saved-view", "leeds_spoc", view(LONG)),
        then=press("Stop notifying me"),
        name="actions:saved-view-watch",
    ),
    Visit(
        *("actions:saved-view", "bradford_spoc", view("Mine")),
        then=press("Delete view"),
        name="actions:saved-view-delete",
    ),
]
