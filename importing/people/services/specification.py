"""The columns of a list of organisations and people."""

from web.tables import Column, Specification

PEOPLE = Specification(
    columns=(
        Column("organisation", "the organisation", ("Organisation", "Organisation name", "Agency", "Employer", "Partner"), required=True),
        Column("short_name", "the short name", ("Short name", "Abbreviation", "Acronym")),
        Column("kind", "the kind of organisation", ("Kind of organisation", "Kind", "Organisation type", "Type of organisation", "Type")),
        Column("district", "the district", ("District", "Area", "Borough", "Locality")),
        Column("board", "the boards", ("Boards", "Board", "Sits on", "Member of")),
        Column("tier", "the tier of a new board", ("Board tier", "Tier of board", "Tier", "Level")),
        Column("post", "the job title", ("Job title", "Post", "Position", "Title")),
        Column("email", "the email address", ("Email", "Email address", "E-mail", "E-mail address", "Mail")),
        Column("role", "the role", ("Role", "Role in Prevent Tracker", "Access", "User role")),
        Column("starts_on", "the first day", ("First day", "Start date", "Starts on", "From")),
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
