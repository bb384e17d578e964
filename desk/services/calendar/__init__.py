"""What is wanted of a person, day by day, for their own calendar program: the links to it and what it holds."""

from desk.services.calendar.days import Day, days_of, revised_at
from desk.services.calendar.links import create_link, holder_of, revoke_link

__all__ = ["Day", "create_link", "days_of", "holder_of", "revised_at", "revoke_link"]
