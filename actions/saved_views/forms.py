from typing import Any

from django import forms

from actions.saved_views.models import SavedView
from partners.models import Partnership
from web.forms import GovukForm


class SavedViewForm(GovukForm):
    """Name a view and choose who may open it.

    Args:
        partnerships: those the user may save views of; a field only where there is a choice. None to change a view.
    """

    partnership = forms.ModelChoiceField(Partnership.objects.none())
    name = forms.CharField(
        max_length=80,
        help_text="For example, Overdue in Bradford",
        error_messages={"required": "Enter a name for this view"},
    )
    shared = forms.BooleanField(
        label="Share with the partnership",
        required=False,
        help_text="People who open it see only the actions they have access to.",
    )

    def __init__(self, *args: Any, partnerships: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partnerships is None or len(partnerships) == 1:
            del self.fields["partnership"]
        else:
            self.fields["partnership"].queryset = partnerships  # type: ignore[attr-defined]


def saved_view_initial(view: SavedView) -> dict[str, Any]:
    return {"name": view.name, "shared": view.shared}
