"""The register of local profiles in the API: read; alignments are added and corrected by the districts."""

from programme.profiles.resources import ALIGNMENTS, BRIEFINGS, PROFILES
from programme.records.api import endpoints_of

register = endpoints_of(PROFILES, "local-profile", "local_profile")
briefings = endpoints_of(BRIEFINGS, "profile-briefing", "profile_briefing")
alignments = endpoints_of(ALIGNMENTS, "plan-alignment", "plan_alignment")
