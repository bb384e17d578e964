"""The columns of a list of organisations and people."""

from web.language import lazy_text
from web.tables import Column, Specification

PEOPLE = Specification(
    columns=(
        Column("organisation", lazy_text("the organisation"), ("Organisation", "Organisation name", "Agency", "Employer", "Partner"), required=True, title=lazy_text("Organisation")),
        Column("short_name", lazy_text("the short name"), ("Short name", "Abbreviation", "Acronym"), title=lazy_text("Short name")),
        Column("kind", lazy_text("the kind of organisation"), ("Kind of organisation", "Kind", "Organisation type", "Type of organisation", "Type"), title=lazy_text("Kind of organisation")),
        Column("district", lazy_text("the district"), ("District", "Area", "Borough", "Locality"), title=lazy_text("District")),
        Column("board", lazy_text("the boards"), ("Boards", "Board", "Sits on", "Member of"), title=lazy_text("Boards")),
        Column("tier", lazy_text("the tier of a new board"), ("Board tier", "Tier of board", "Tier", "Level"), title=lazy_text("Tier of a new board")),
        Column("post", lazy_text("the job title"), ("Job title", "Post", "Position", "Title"), title=lazy_text("Job title")),
        Column("email", lazy_text("the email address"), ("Email", "Email address", "E-mail", "E-mail address", "Mail"), title=lazy_text("Email address")),
        Column("role", lazy_text("the role"), ("Role", "Role in Prevent Tracker", "Access", "User role"), title=lazy_text("Role")),
        Column("starts_on", lazy_text("the first day"), ("First day", "Start date", "Starts on", "From"), title=lazy_text("First day")),
    )
)  # fmt: skip

SAMPLE = (
    {
        "organisation": "Northshire Police",
        "kind": "Police force",
        "board": "Prevent Silver Group",
        "tier": "Silver",
        "post": "Prevent programme manager",
        "email": "prevent.manager@northshire.example",
        "role": "Programme manager",
    },
    {
        "organisation": "Ashby District",
        "kind": "Police district",
        "district": "Ashby",
        "post": "Ashby SPOC",
        "email": "ashby.spoc@northshire.example",
        "role": "District SPOC",
        "starts_on": "1 April 2020",
    },
    {
        "organisation": "Elm Borough Council",
        "short_name": "Elm",
        "kind": "Council",
        "district": "Elm",
        "board": "Prevent Silver Group",
        "post": "Community safety lead",
        "email": "community.safety@elm.example",
        "role": "Partner contact",
    },
)
