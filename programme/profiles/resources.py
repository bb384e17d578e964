"""The tables of the register of local profiles."""

from programme.profiles.models import LocalProfile, PlanAlignment, ProfileBriefing
from programme.records.resources import Resource
from web.language import lazy_text

ROOM = "profiles"
PROFILES = Resource(
    model=LocalProfile,
    room=ROOM,
    slug="register",
    fields=(
        *(
            "title",
            "level",
            "area",
            "owner",
            "version_date",
            "period_from",
            "period_to",
            "state",
            "review_due",
        ),
        *("document_marking", "replaces"),
    ),
    listed=("title", "level", "area", "version_date", "state", "review_due"),
    key=("title", "version_date"),
    filters=("level", "area", "state", "basis"),
    joined=("area", "owner", "replaces"),
    help=lazy_text("Versions of local profiles. Never their content: no file, no summary."),
)
BRIEFINGS = Resource(
    model=ProfileBriefing,
    room=ROOM,
    slug="briefings",
    fields=("profile", "organisation", "audience", "briefed_on"),
    listed=("profile", "organisation", "audience", "briefed_on"),
    key=("profile", "organisation", "audience", "briefed_on"),
    filters=("profile", "organisation", "basis"),
    joined=("profile", "organisation"),
    parent="profile",
    help=lazy_text("Which organisations were briefed on a profile, and when."),
)
ALIGNMENTS = Resource(
    model=PlanAlignment,
    room=ROOM,
    slug="alignments",
    fields=("plan", "organisation", "profile", "aligned_on"),
    listed=("plan", "organisation", "profile", "aligned_on"),
    key=("plan", "organisation", "profile"),
    filters=("plan", "organisation", "basis"),
    joined=("plan", "organisation", "profile"),
    parent="profile",
    help=lazy_text("Which version of a profile each district's part of a plan was aligned to."),
)
RESOURCES = (PROFILES, BRIEFINGS, ALIGNMENTS)
