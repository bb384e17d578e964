"""Addresses of SCIM, with and without a slash at the end: clients differ."""

from django.urls import re_path

from partners.scim.api import discovery, users

app_name = "scim"
urlpatterns = [
    re_path(r"^Users/?\Z", users.Users.as_view(), name="users"),
    re_path(r"^Users/(?P<pk>[0-9]{1,18})/?\Z", users.OneUser.as_view(), name="user"),
    re_path(r"^ServiceProviderConfig/?\Z", discovery.Configuration.as_view(), name="configuration"),
    re_path(r"^ResourceTypes/?\Z", discovery.ResourceTypes.as_view(), name="resource-types"),
    re_path(
        r"^ResourceTypes/(?P<name>[A-Za-z]+)/?\Z", discovery.ResourceTypes.as_view(), name="resource-type"
    ),
    re_path(r"^Schemas/?\Z", discovery.Schemas.as_view(), name="schemas"),
    re_path(r"^Schemas/(?P<name>[A-Za-z0-9:.]+)/?\Z", discovery.Schemas.as_view(), name="schema"),
    re_path(r"", discovery.Unknown.as_view(), name="unknown"),
]
