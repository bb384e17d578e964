from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partners.partnerships.models import Partnership
from web.forms import GovukForm


class InPartnershipForm(GovukForm):
    """A form that asks for the partnership of a new row, only where there is a choice.

    Args:
        partnerships: those the user may add a row in; None on a change.
    """

    partnership = forms.ModelChoiceField(Partnership.objects.none(), label=gettext_lazy("Partnership"))

    def __init__(self, *args: Any, partnerships: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partnerships is None or len(partnerships) == 1:
            del self.fields["partnership"]
        else:
            self.fields["partnership"].queryset = partnerships  # type: ignore[attr-defined]
