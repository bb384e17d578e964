"""Which test calls which service about access with lazy people."""

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
    "tests/partners/clients/test_client_pages.py::test_one_of_two_secrets_is_revoked_on_the_page": """
        partners.clients.services.secrets.drop_tokens
        partners.clients.services.secrets.end_secret
        partners.clients.services.secrets.replace_secret
    """,
    "tests/partners/clients/test_client_pages.py::test_permissions_are_changed_and_a_client_is_stopped": """
        partners.clients.services.clients.change_scopes
        partners.clients.services.clients.deactivate_client
    """,
    "tests/partners/sessions/test_sessions.py::test_a_person_ends_one_session_and_all_others": """
        partners.accounts.services.access.end_access
        partners.accounts.services.access.end_session
        partners.accounts.services.access.end_sessions
    """,
    "tests/partners/second_factor/test_second_factor.py::test_an_app_is_added_with_its_code_and_recorded": """
        partners.second_factor.services.record_factor_change
    """,
}
