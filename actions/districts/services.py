"""Splitting an action into district actions (parts). It becomes a joint action that rolls up its parts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext, gettext_lazy

from actions.actions.services import begin, require_fit_to_own, require_not_closed, why_not_parent, write_new
from actions.core import policies
from actions.core.models import Action
from actions.core.services.change import Change, changing
from actions.core.services.consequences import roll_up_parts
from actions.core.states import State
from actions.core.table import ACTION
from audit.actors import Actor
from partners.models import Area, Membership, Organisation, Role, User
from standards.references import plain_reference
from web.language import day_text
from web.resources import names

INHERITED = names(ACTION, "inherited")
NO_DISTRICT = gettext_lazy("Select at least one district.")
TITLE_LENGTH = 200
FIELDS = frozenset({"area", "ref", "lead", "owner", "alternate", "due"})
SHORTEST_CODE = 3


@dataclass(frozen=True)
class Part:
    """A district action to add. Its reference and lead organisation are filled in when left out."""

    area: Area
    ref: str = ""
    lead: Organisation | None = None
    owner: User | None = None
    alternate: User | None = None
    due: date | None = None


def split_by_district(
    *, actor: Actor, action: Action, parts: Sequence[Part], at: datetime, version: int | None = None
) -> Action:
    """Split an action without updates into a district action for each district, or add district actions.

    A district action with an owner and a due date is allocated at once; the others await allocation. The joint action
    loses its owner, alternate, district and dates, and rolls up its parts from now on.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by a part's field and the id of its area (`owner_7`, `area_7` for the part as a whole),
            each message naming the district; code `state` when the action cannot be split; code `conflict` for a
            stale version.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.divided", version=version, as_whole=True
    ) as change:
        change.forbid(policies.why_not_manage(change.rights, change.action.partnership_id))
        if reason := why_not_parent(action=change.action):
            raise ValidationError(reason, code="state")
        require_not_closed(change.action.plan)
        if not parts:
            raise ValidationError(NO_DISTRICT)
        errors: dict[str, list[ValidationError]] = {}
        supporting = list(change.action.supporting.all())
        for part in _fill_in(change.action, parts):
            try:
                _add_part(change, part, supporting)
            except ValidationError as error:
                _add_error(errors, part.area, error)
        if errors:
            raise ValidationError(errors)
        roll_up_parts(change.action)
    return change.action


def suggested_parts(*, actor: Actor, action: Action, on: date) -> list[Part]:
    """Return a part for each district without one, led by its police district and owned by that district's main SPOC."""
    areas = Area.objects.visible_to(actor, on).filter(partnership=action.partnership_id)
    free = list(areas.exclude(pk__in=action.children.values("area")))
    posts = (
        Membership.objects.visible_to(actor, on)
        .filter(pk__in=Membership.objects.running(on).values("pk"))
        .filter(role=Role.SPOC, organisation__area__in=free, user__is_active=True)
        .select_related("user")
        .order_by("alternate", "starts_on", "pk")
    )
    spocs: dict[int, User] = {}
    for post in posts:
        spocs.setdefault(post.organisation_id, post.user)
    due = action.due or action.plan.ends_on
    return [
        replace(part, owner=spocs.get(part.lead.pk) if part.lead else None, due=due)
        for part in _fill_in(action, [Part(area) for area in free])
    ]


def _fill_in(action: Action, parts: Iterable[Part]) -> Iterator[Part]:
    """Fill in the references and lead organisations that were left out."""
    parts = list(parts)
    similar = Action.objects.filter(partnership=action.partnership_id, ref__istartswith=action.ref)
    refs = {
        ref.upper()
        for ref in [*similar.values_list("ref", flat=True), *(plain_reference(part.ref) for part in parts)]
    }
    districts: dict[int | None, Organisation] = {}
    for organisation in Organisation.objects.filter(
        partnership=action.partnership_id, kind=Organisation.Kind.POLICE_DISTRICT
    ).order_by("-pk"):
        districts[organisation.area_id] = organisation
    for part in parts:
        ref = plain_reference(part.ref) or _free_ref(action.ref, part.area, refs)
        refs.add(ref.upper())
        yield replace(part, ref=ref, lead=part.lead or districts.get(part.area.pk) or action.lead)


def _free_ref(ref: str, area: Area, refs: set[str]) -> str:
    """Return the joint action's reference with at least three letters of the district, and as many as needed."""
    letters = "".join(letter for letter in area.name.upper() if letter.isascii() and letter.isalnum())
    codes = [letters[:length] for length in range(SHORTEST_CODE, max(len(letters), SHORTEST_CODE) + 1)]
    numbered = (f"{letters[:SHORTEST_CODE]}{number}" for number in range(2, 1000))
    for code in (*codes, *numbered):
        candidate = f"{ref}-{code}"
        if candidate.upper() not in refs:
            return candidate
    return f"{ref}-{area.pk}"


def _add_part(change: Change, part: Part, supporting: Iterable[Organisation]) -> None:
    _require_possible(change, part)
    child = Action(
        partnership_id=change.action.partnership_id,
        parent=change.action,
        area=part.area,
        ref=part.ref,
        title=_title(change.action, part.area),
        lead=part.lead,
        due=part.due if part.owner is None else None,
        state=State.AWAITING_ALLOCATION,
        **{name: getattr(change.action, name) for name in INHERITED},
    )
    child.full_clean(exclude=["parent"])
    write_new(
        actor=change.actor,
        action=child,
        supporting=_of_part(supporting, part),
        ledger=change.ledger,
        at=change.at,
    )
    if part.owner is not None:
        with changing(
            actor=change.actor, action=child, at=change.at, verb="action.allocated", parent_follows=False
        ) as of_part:
            of_part.action.owner, of_part.action.alternate = part.owner, part.alternate
            begin(of_part, part.due)
            require_fit_to_own(of_part.action, change.on)


def _of_part(supporting: Iterable[Organisation], part: Part) -> list[Organisation]:
    """Return the organisations that support a part: those of its district or of none, except its lead."""
    return [
        organisation
        for organisation in supporting
        if organisation != part.lead and organisation.area_id in (None, part.area.pk)
    ]


def _require_possible(change: Change, part: Part) -> None:
    parent, area = change.action, part.area
    if area.partnership_id != parent.partnership_id:
        raise ValidationError({"area": gettext("{area} is in another partnership.").format(area=area)})
    # Checked for each part: the same district may come twice in one call.
    if Action.objects.filter(parent=parent, area=area).exists():
        raise ValidationError({"area": gettext("{area} already has a district action.").format(area=area)})
    if Action.objects.filter(partnership=parent.partnership_id, ref__iexact=part.ref).exists():
        raise ValidationError(
            {
                "ref": gettext("{ref} is already in use. Enter another reference for {area}.").format(
                    ref=part.ref, area=area
                )
            }
        )
    if part.owner is not None and part.due is None:
        raise ValidationError(
            {"due": gettext("Enter a due date for {area}, or choose its owner later.").format(area=area)}
        )
    if part.due is not None and part.due < parent.plan.starts_on:
        raise ValidationError(
            {
                "due": gettext(
                    "The plan begins on {starts_on}. Enter that date or a later one for {area}."
                ).format(starts_on=day_text(parent.plan.starts_on), area=area)
            }
        )
    if part.owner is not None and part.lead is None:
        raise ValidationError({"lead": gettext("Choose a lead organisation for {area}.").format(area=area)})
    if part.alternate is not None and part.owner is None:
        raise ValidationError(
            {"alternate": gettext("Choose an owner for {area} before its alternate.").format(area=area)}
        )


def _title(action: Action, area: Area) -> str:
    ending = f": {area}"
    room = TITLE_LENGTH - len(ending)
    title = action.title if len(action.title) <= room else f"{action.title[: room - 1].rstrip()}…"
    return title + ending


def _add_error(errors: dict[str, list[ValidationError]], area: Area, error: ValidationError) -> None:
    """Add a part's errors under its field and its district, which each message names."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for field, field_errors in by_field.items():
        key = f"{field if field in FIELDS else 'area'}_{area.pk}"
        errors.setdefault(key, []).extend(_name_area(area, field_error) for field_error in field_errors)


def _name_area(area: Area, error: ValidationError) -> ValidationError:
    text = error.messages[0]
    message = text if str(area) in text else f"{area}: {text}"
    return ValidationError(
        gettext("%(message)s"), code=error.code, params={**(error.params or {}), "message": message}
    )
