"""The part of tests/support/lazy_walk.py that is about access reviews and SCIM."""

ACCESS = {
    "tests/partners/access_reviews/test_access_reviews.py::test_the_page_saves_some_decisions_and_keeps_what_was_typed": """
        partners.access_reviews.services.deciding.decide_access
        partners.memberships.services.review_membership
    """,
    "tests/partners/access_reviews/test_access_reviews.py::test_it_is_a_task_of_the_manager_and_managers_are_one_of_the_administrators": """
        desk.my_work.services.access_reviews.tasks
    """,
    "tests/partners/access_reviews/test_access_reviews.py::test_a_decision_confirms_or_ends_and_the_last_one_completes_the_review": """
        partners.access_reviews.services.deciding.close_review
    """,
    "tests/partners/scim/test_scim.py::test_a_person_is_created_without_a_role_found_changed_and_deactivated": """
        partners.scim.services.deprovision
        partners.scim.services.provision
        partners.scim.services.update_provisioned
        partners.scim.services.version_of
    """,
}
