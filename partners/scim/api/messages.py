"""Messages of SCIM about people: the library's models read and write them."""

import json
import re
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.request import Request
from scim2_models import Email, Meta, ResponseParameters
from scim2_models import User as ScimUser

from partners.accounts.models import User
from partners.scim.api.endpoints import ScimView
from partners.scim.services import Person, version_of

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE = f"{USER}:".lower()
READ = frozenset({"username", "title", "displayname", "active", "externalid"})
FILTER = re.compile(r'\s*(userName|externalId)\s+eq\s+("(?:[^"\\]|\\.)*")\s*\Z', re.IGNORECASE)


def resource_of(view: ScimView, user: User) -> ScimUser:
    """Return a person as SCIM shows them."""
    account = getattr(user, "provisioned_account", None)
    return ScimUser(
        id=str(user.pk),
        external_id=account.external_id or None if account else None,
        user_name=user.email,
        title=user.name,
        display_name=user.name,
        active=user.is_active,
        emails=[Email(value=user.email, type=Email.Type.work, primary=True)],
        meta=Meta(
            resource_type="User",
            created=user.joined_at,
            last_modified=account.changed_at if account else user.joined_at,
            location=view.address("Users", str(user.pk)),
            version=f'W/"{version_of(user=user)}"',
        ),
    )


def person_of(resource: ScimUser, user: User | None = None) -> Person:
    """Return what the message says of a person. The title is the post; a display name stands in for it.

    Args:
        user: whom a PATCH or PUT changes. A name or `active` that it leaves out or removes stays as it is.
    """
    former = user.name if user else ""
    names = (resource.title, resource.display_name)
    # A message that changes one of the two means that one.
    name = next((each for each in names if each and each != former), former or resource.user_name)
    return Person(
        email=str(resource.user_name or ""),
        name=str(name),
        external_id=resource.external_id or "",
        is_active=resource.active if resource.active is not None else user is None or user.is_active,
    )


def parameters_of(request: Request) -> ResponseParameters[ScimUser]:
    """Return which attributes the caller wants in the answer (RFC 7644, section 3.9)."""
    names = ("attributes", "excludedAttributes")
    query = {name: request.query_params[name] for name in names if name in request.query_params}
    return ResponseParameters[ScimUser].model_validate(query)


def known_attributes(message: Any) -> Any:
    """Return the message of a POST or PUT without the attributes and extensions that this service ignores."""
    match message:
        case {"schemas": list(schemas)} if USER in schemas:
            return {"schemas": [USER], **_known(message)}
    return message


def known_changes(message: Any) -> Any:
    """Return the message of a PATCH without the attributes that this service ignores.

    A path that leads nowhere here, such as an extension's or `emails[type eq "work"]`, would otherwise be an error of
    the whole message, and the leaver of whom it also says `active` false would stay.
    """
    operations = message.get("Operations") if isinstance(message, dict) else None
    if not isinstance(operations, list):
        return message
    changes = []
    for operation in operations:
        match operation:
            case {"path": str(path)} if path and _attribute(path) not in READ:
                continue
            case {"value": dict(values)} if not operation.get("path"):
                if known := _known(values):
                    changes.append(operation | {"value": known})
            case _:
                changes.append(operation)
    return message | {"Operations": changes}


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if _attribute(name) in READ}


def _attribute(path: str) -> str:
    """Return the attribute at the start of a path, in lower case: names of attributes have no case."""
    return re.split(r"[.\[]", path.lower().removeprefix(CORE))[0]


def condition_of(text: str) -> dict[str, str]:
    """Return the condition of a filter; only `userName eq` and `externalId eq` are supported.

    Raises:
        ValidationError: for any other filter.
    """
    match = FILTER.match(text)
    if match is None:
        supported = 'Filter by userName eq "..." or externalId eq "..."'
        raise ValidationError(supported, code="invalidFilter")
    value = json.loads(match[2])
    if match[1].lower() == "username":
        return {"email__iexact": value}
    return {"provisioned_account__external_id": value}
