from actions.core.examples import SITE, request_example, response_example

ASSURED = {
    "id": 14,
    "action": {"id": 41, "ref": "WY20-05", "version": 11},
    "opinion": "assured",
    "note": "The attendance lists of May to July show all 45 staff.",
    "action_version": 10,
    "assessed_by": {"id": 12, "name": "OPCC auditor"},
    "assessed_at": "2020-06-19T10:06:00+01:00",
    "retest_on": "2020-12-18",
    "minute": None,
    "reference": "",
    "links": {"self": f"{SITE}/assurances/14/", "action": f"{SITE}/actions/41/"},
}


ASSURANCE = response_example("Assured, with a re-test date", ASSURED)


NEW_ASSURANCE = request_example(
    "Assured", {"opinion": "assured", "note": ASSURED["note"], "retest_on": "2020-12-18", "version": 10}
)


RETURNED = request_example(
    "Returned", {"opinion": "returned", "note": "The lists of July are missing.", "version": 10}
)
