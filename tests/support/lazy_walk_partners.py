"""The part of tests/support/lazy_walk.py that is about people, organisations and clients."""

PARTNERS = {
    "tests/partners/single_sign_on/test_single_sign_on.py::test_a_person_links_and_unlinks_their_own_account": """
        partners.single_sign_on.services.link_identity
        partners.single_sign_on.services.unlink_identity
    """,
    "tests/partners/approvals/test_approvals.py::test_a_reset_is_requested_on_the_page_and_withdrawn": """
        partners.approvals.services.request_access
        partners.approvals.services.request_change
        partners.approvals.services.withdraw_change
    """,
    "tests/partners/approvals/test_approvals.py::test_an_approved_reset_removes_every_factor_and_ends_access": """
        partners.approvals.services.approve_change
        partners.second_factor.services.reset_factor
    """,
    "tests/partners/approvals/test_approvals.py::test_an_administrator_decides_on_the_page_and_the_auditor_reads_it": """
        partners.approvals.services.approve_change
    """,
    "tests/partners/accounts/test_create_administrator.py::test_the_printed_link_lets_the_administrator_choose_a_password_once": """
        partners.accounts.services.links.invitation_path
        partners.accounts.services.links.password_path
    """,
    "tests/partners/clients/test_client_pages.py::test_one_of_two_secrets_is_revoked_on_the_page": """
        partners.clients.services.secrets.drop_tokens
        partners.clients.services.secrets.end_secret
        partners.clients.services.secrets.expire_secret
    """,
    "tests/partners/clients/test_client_pages.py::test_a_manager_registers_a_system_and_the_organisation_gets_its_secret_once": """
        partners.clients.services.clients.register_client
        partners.clients.services.links.claim_secret
        partners.clients.services.links.send_link
    """,
    "tests/partners/clients/test_secret_links.py::test_a_link_is_withdrawn_on_the_page": """
        partners.clients.services.links.withdraw_link
    """,
    "tests/partners/clients/test_client_pages.py::test_permissions_are_changed_and_a_client_is_stopped": """
        partners.clients.services.clients.change_scopes
        partners.clients.services.clients.deactivate_client
    """,
    "tests/partners/partnerships/test_partnerships.py::test_a_partnership_has_a_ledger_of_its_own_that_begins_with_it": """
        partners.partnerships.services.create_partnership
    """,
    "tests/partners/accounts/test_passwords.py::test_a_mail_says_that_the_password_was_changed": """
        partners.accounts.services.mail.send
        partners.accounts.services.users.record_password_change
    """,
    "tests/partners/sessions/test_sessions.py::test_a_person_ends_one_session_and_all_others": """
        partners.accounts.services.access.end_access
        partners.accounts.services.access.end_session
        partners.accounts.services.access.end_sessions
    """,
    "tests/partners/second_factor/test_second_factor.py::test_an_app_is_added_with_its_code_and_recorded": """
        partners.second_factor.services.record_factor_change
    """,
    "tests/partners/organisations/test_organisations.py::test_an_unused_row_is_removed_and_the_removal_recorded": """
        partners.organisations.services.remove_reference
        partners.organisations.services.save_reference
    """,
    "tests/partners/accounts/test_users.py::test_no_password_is_in_the_ledger": """
        partners.accounts.services.users.create_user
    """,
    "tests/partners/approvals/test_approvals.py::test_a_later_last_day_is_requested_on_the_page_of_people": """
        partners.people.services.end_role
    """,
    "tests/partners/approvals/test_approvals.py::test_a_rejection_needs_a_reason_on_the_page": """
        partners.approvals.services.reject_change
    """,
    "tests/partners/approvals/test_approvals.py::test_a_request_is_a_task_of_the_other_administrators": """
        desk.my_work.services.approvals.tasks
    """,
    "tests/partners/people/test_accounts.py::test_a_new_address_waits_for_a_second_administrator": """
        partners.people.services.change_account
    """,
}
