from django.urls import path

from partners.people.views import accounts, exporting, people

urlpatterns = [
    path("setup/accounts/", accounts.account_list, name="account-list"),
    path("setup/accounts/add/", accounts.account_add, name="account-add"),
    path("setup/accounts/sessions/end/", accounts.accounts_sign_out, name="accounts-sign-out"),
    path("setup/accounts/<int:pk>/", accounts.account_edit, name="account-edit"),
    path("setup/<int:pk>/people/", people.people, name="people"),
    path(
        "setup/<int:pk>/people/export.csv",
        exporting.people_export,
        {"kind": "csv"},
        name="people-export",
    ),
    path(
        "setup/<int:pk>/people/export.xlsx",
        exporting.people_export,
        {"kind": "xlsx"},
        name="people-export",
    ),
    path("setup/<int:pk>/people/add/", people.person_add, name="person-add"),
    path("setup/<int:pk>/people/<int:membership_pk>/end/", people.role_end, name="role-end"),
]
