"""The columns of a plan, by the names that forces, councils and steering groups give them."""

from web.tables import Column, Specification

PLAN = Specification(
    columns=(
        Column(
            "ref",
            "the reference",
            ("Ref", "Ref no", "Reference", "Action ref", "Action no.", "Action number", "Action ID", "No.", "Number", "ID"),
            required=True,
        ),
        Column(
            "title",
            "the action",
            ("What we will do", "Action", "Action title", "Title", "Actions", "Action required", "What will we do", "Task", "Activity"),
            required=True,
        ),
        Column("description", "the description", ("Description", "Detail", "Details", "How we will do it", "How")),
        Column("pillar", "the pillar", ("Pillar", "Strand", "Theme", "Work-stream", "Objective", "Strategic objective")),
        Column("area", "the district", ("District", "Area", "Area/District", "District/Area", "Locality")),
        Column(
            "lead",
            "the lead organisation",
            ("Lead agency", "Lead organisation", "Lead partner", "Lead body", "Lead", "Responsible", "Responsible agency"),
        ),
        Column(
            "supporting",
            "the supporting organisations",
            ("Supporting partners", "Supporting organisations", "Supporting agencies", "Supporting", "Support", "Partners", "Supported by"),
        ),
        Column("owner", "the owner", ("Owner", "Action owner", "Lead officer", "Responsible officer", "Owned by", "SPOC")),
        Column("starts_on", "the start", ("Start", "Start date", "Starts", "From")),
        Column(
            "due",
            "the due date",
            ("By when", "Due", "Due date", "Target date", "Completion date", "Deadline", "Timescale", "When", "Target"),
        ),
        Column(
            "success_measure",
            "the success measure",
            ("Success measure", "Success measures", "Measure of success", "How we will know", "What success looks like", "Outcome", "Measure"),
        ),
        Column("mou_area", "the MOU area", ("MOU area", "MOU", "Area of responsibility")),
        Column("tier", "the tier", ("Tier",)),
        Column("priority", "the priority", ("Priority",)),
        Column("source", "the source", ("Source", "Origin", "Recommendation source", "Where it came from")),
        Column("marking", "the marking", ("Marking", "Protective marking", "Classification", "GSC")),
        Column("handling_instruction", "the handling instruction", ("Handling instruction", "Handling instructions", "Handling")),
        Column(
            "progress",
            "the progress",
            ("Progress to date", "Progress", "Progress update", "Update", "Latest update", "Current position", "Comments"),
        ),
    )
)  # fmt: skip

# Words for the whole partnership in the column of districts.
ALL_AREAS = frozenset(
    {
        "all",
        "all districts",
        "all areas",
        "force-wide",
        "forcewide",
        "force wide",
        "county-wide",
        "countywide",
    }
)
