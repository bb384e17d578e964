"""Examples of letters to the Secretary of State."""

from drf_spectacular.utils import OpenApiExample

from inspections.core.examples import SITE

PUBLISHED = {
    "id": 2,
    "inspection": {"id": 3, "title": "Prevent: how West Yorkshire works together"},
    "number": 1,
    "corrects": None,
    "correction_reason": "",
    "state": "published",
    "dated": "2020-06-19",
    "reference": "OPCC/1",
    "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    "published_on": "2020-06-19",
    "publication_url": "https://www.example.gov.uk/letters/prevent",
    "sent_to_secretary_of_state_on": "2020-06-19",
    "sent_to_inspectors_on": "2020-06-19",
    "marking": "OFFICIAL",
    "handling_instruction": "",
    "links": {
        "self": f"{SITE}/letters/2/",
        "inspection": f"{SITE}/inspections/3/",
        "pdf": f"{SITE}/letters/2/pdf/",
        "docx": f"{SITE}/letters/2/docx/",
    },
}
LETTER = OpenApiExample("A published letter", response_only=True, status_codes=["200"], value=PUBLISHED)
WHOLE_LETTER = OpenApiExample(
    "A published letter with its text",
    response_only=True,
    status_codes=["200"],
    value={
        **PUBLISHED,
        "content": {
            "to": "The Secretary of State for the Home Department",
            "salutation": "Dear Home Secretary",
            "subject": "HMICFRS inspection report: Prevent: how West Yorkshire works together",
            "introduction": "I am writing in response to the report.",
            "recommendations": [
                {
                    "heading": "Recommendation 1",
                    "cause_of_concern": "",
                    "text": "Share referrals within a day.",
                    "paraphrased": False,
                    "answer": "Action taken",
                    "response": "Referrals are shared within the hour.",
                }
            ],
            "areas_for_improvement": [],
            "closing": "I am grateful to the inspectors.",
            "signatory": "Police and Crime Commissioner for West Yorkshire",
            "copies_to": "The inspectors of constabulary",
        },
    },
)
