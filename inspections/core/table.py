"""The fields of a finding, in the order of the API. The API, its examples, the import, the edit service, the exported file and the search read this table."""

from web.resources import ResourceField

FINDING = (
    ResourceField(
        "inspection",
        example={"id": 3, "title": "Counter-terrorism policing: an inspection of …", "short_title": "CT4"},
    ),
    ResourceField(
        "kind",
        example="recommendation",
        edited=True,
        headings=("Kind", "Kind of finding", "Type", "Type of finding", "Finding type", "Category"),
    ),
    ResourceField(
        "number",
        example="",
        edited=True,
        search="heading",
        headings=("Number", "No.", "Finding no.", "Finding number", "Recommendation no.", "Recommendation number", "Rec no.", "Ref", "Reference", "ID"),
    ),
    ResourceField(
        "cause",
        "Cause of concern",
        edited=True,
        headings=("Cause of concern", "Cause of concern no.", "Cause of concern number", "Under the cause of concern", "Under cause of concern", "Under"),
    ),
    ResourceField(
        "text",
        example="Forces should check that the right officers attend each Channel panel.",
        edited=True,
        search="text",
        required=True,
        headings=("Text", "Recommendation", "Finding", "Recommendation text", "Finding text", "Wording", "Description", "Area for improvement", "AFI"),
    ),
    ResourceField(
        "paraphrased",
        "Illustrative, paraphrased",
        True,
        edited=True,
        headings=("Paraphrased", "Illustrative, paraphrased", "Illustrative", "Summarised"),
    ),
    ResourceField(
        "addressee", example="All forces", edited=True, headings=("Addressee", "Addressed to", "Made to", "To whom", "For")
    ),
    ResourceField(
        "deadline_phrase",
        "Deadline",
        "By 31 December 2020, forces should",
        edited=True,
        search="text",
        headings=("Deadline", "Deadline as printed", "By when", "Due", "Due date", "Target date", "Timescale"),
    ),
    ResourceField("due", example="2020-12-31"),
    ResourceField("overdue", example=False),
    ResourceField(
        "priority", example="", edited=True, headings=("Priority", "Grade", "Grading", "Priority rating", "Rating", "Risk")
    ),
    ResourceField(
        "lead",
        "Lead organisation",
        {"id": 3, "name": "Bradford District"},
        edited=True,
        headings=("Lead organisation", "Lead agency", "Lead body", "Lead partner", "Lead", "Responsible", "Responsible agency"),
    ),
    ResourceField(
        "actions",
        api=False,
        headings=("Actions", "Action refs", "Action ref", "Action references", "Action reference", "Linked actions", "Action no.", "Action"),
    ),
    ResourceField("state", "Force status", example="in_progress"),
    ResourceField("closed_on"),
    ResourceField("register_state", "Register status", "complete"),
    ResourceField("disagrees", "Force and register disagree", True),
    ResourceField("in_question", example=False),
    ResourceField("no_live_action", example=False),
    ResourceField("number_of_actions", example=1, exported=False),
    ResourceField("marking", example="OFFICIAL"),
    ResourceField("handling_instruction", example=""),
    ResourceField("version", example=5, exported=False),
)  # fmt: skip
