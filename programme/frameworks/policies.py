"""Who may moderate a reading."""

from collections.abc import Collection

from django.utils.translation import gettext

from partners.policies import Rights, Role


def why_not_moderate(
    rights: Rights, partnership_id: int, organisation_id: int, recorders: Collection[int]
) -> str:
    """Return why the user may not moderate a reading; empty when they may.

    An auditor may, unless they recorded it, or work for the organisation that it is about.

    Args:
        recorders: the users who recorded it, or an earlier reading that it corrects.
    """
    if not rights.has(Role.AUDITOR, partnership_id):
        return gettext("Only an auditor can moderate a reading.")
    if rights.user_id in recorders:
        return gettext("You recorded this reading, so another auditor must moderate it.")
    if organisation_id in rights.organisations():
        return gettext(
            "This reading is about your organisation, so an auditor of another organisation must moderate it."
        )
    return ""
