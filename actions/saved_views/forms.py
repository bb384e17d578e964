from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from actions.saved_views.models import SavedView
from partners.partnerships.forms import InPartnershipForm


class SavedViewForm(InPartnershipForm):
    """Name a view and choose who may open it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("For example, Overdue in Bradford"),
        error_messages={"required": gettext_lazy("Enter a name for this view")},
    )
    shared = forms.BooleanField(
        label=gettext_lazy("Share with the partnership"),
        required=False,
        help_text=gettext_lazy("People who open it see only the actions they have access to."),
    )


def saved_view_initial(view: SavedView) -> dict[str, Any]:
    return {"name": view.name, "shared": view.shared}
