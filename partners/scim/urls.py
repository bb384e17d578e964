"""Addresses of SCIM, with and without a slash at the end: clients differ."""

from django.urls import re_path

from partners.scim import api

app_name = "scim"
urlpatterns = [
    re_path(r"^Users/?\Z", api.Users.as_view(), name="users"),
    re_path(r"^Users/(?P<pk>[0-9]{1,18})/?\Z", api.OneUser.as_view(), name="user"),
    re_path(r"^ServiceProviderConfig/?\Z", api.Configuration.as_view(), name="configuration"),
    re_path(r"^ResourceTypes/?\Z", api.ResourceTypes.as_view(), name="resource-types"),
    re_path(r"^ResourceTypes/(?P<name>[A-Za-z]+)/?\Z", api.ResourceTypes.as_view(), name="resource-type"),
    re_path(r"^Schemas/?\Z", api.Schemas.as_view(), name="schemas"),
    re_path(r"^Schemas/(?P<name>[A-Za-z0-9:.]+)/?\Z", api.Schemas.as_view(), name="schema"),
]
