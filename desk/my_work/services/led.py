"""The actions that a person leads and reports on."""

from datetime import date

from actions.core.querysets import ActionQuerySet
from actions.core.states import REPORTABLE
from actions.models import Action, Plan
from audit.actors import Actor


def led_actions(*, actor: Actor, on: date) -> ActionQuerySet:
    led = Action.objects.visible_to(actor, on).led_by(actor, on)
    return led.filter(state__in=REPORTABLE, by_districts=False, plan__state=Plan.State.LIVE)
