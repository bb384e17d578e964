"""The kinds of escalation. A new kind is a module here, a column of `Escalation`, and its migration."""

from typing import Any

from audit.state import model_of
from desk.escalations.kinds.actions import OverdueActions
from desk.escalations.kinds.base import Kind, Page
from desk.escalations.kinds.panels import UnattendedPanels
from desk.escalations.kinds.responses import LateResponses
from desk.escalations.kinds.returns import LateReturns
from desk.escalations.models import Escalation

KINDS: tuple[Kind, ...] = (OverdueActions(), LateReturns(), LateResponses(), UnattendedPanels())
ROUTES = frozenset(kind.route for kind in KINDS)

__all__ = ["KINDS", "ROUTES", "Kind", "Page", "kind_of"]


def kind_of(*, subject: Any) -> Kind:
    """Return the kind of escalation a row may have."""
    model = model_of(subject)
    return next(kind for kind in KINDS if Escalation._meta.get_field(kind.field).related_model is model)
