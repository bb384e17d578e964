from django.urls import path

from reports.publications.views import public, reading, steps

urlpatterns = [
    path("papers/<int:pk>/edition/", steps.edition_create, name="edition-create"),
    path("editions/", reading.edition_list, name="edition-list"),
    path("editions/<int:pk>/", reading.edition_page, name="edition"),
    path("editions/<int:pk>/sections/<int:part>/", steps.edition_section, name="edition-section"),
    path("editions/<int:pk>/rows/<slug:kind>/<int:part>/", steps.edition_wording, name="edition-wording"),
    path("editions/<int:pk>/preview/", reading.edition_preview, name="edition-preview"),
    path(
        "editions/<int:pk>/preview.<slug:file_type>",
        reading.edition_preview_file,
        name="edition-preview-file",
    ),
    path("editions/<int:pk>/approve/", steps.edition_approve, name="edition-approve"),
    path("editions/<int:pk>/publish/", steps.edition_publish, name="edition-publish"),
    path("editions/<int:pk>/correct/", steps.edition_correct, name="edition-correct"),
    path("editions/<int:pk>/withdraw/", steps.edition_withdraw, name="edition-withdraw"),
    path("editions/<int:pk>/abandon/", steps.edition_abandon, name="edition-abandon"),
    path("publications/", public.publication_list, name="publication-list"),
    path("publications/feed/", public.publication_feed, name="publication-feed"),
    path("publications/<int:pk>/", public.publication, name="publication"),
    path(
        "publications/<int:pk>/publication.<slug:file_type>", public.publication_file, name="publication-file"
    ),
]
