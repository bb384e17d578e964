from django.urls import path

from inspections.views import (
    coverage,
    importing,
    inspections,
    letters,
    links,
    recommendations,
    register,
    responses,
    section55,
    states,
)

app_name = "inspections"
urlpatterns = [
    path("inspections/", inspections.inspection_list, name="inspection-list"),
    path("inspections/new/", inspections.inspection_create, name="inspection-create"),
    path("inspections/<int:pk>/", inspections.inspection_page, name="inspection"),
    path("inspections/<int:pk>/edit/", inspections.inspection_edit, name="inspection-edit"),
    path(
        "inspections/<int:pk>/findings/new/",
        recommendations.recommendation_create,
        name="recommendation-create",
    ),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/actions/", coverage.coverage_actions, name="coverage-actions"),
    path("inspections/<int:pk>/import/", importing.recommendation_import, name="recommendation-import"),
    path(
        "inspections/<int:pk>/import/confirm/",
        importing.recommendation_import_confirm,
        name="recommendation-import-confirm",
    ),
    path("recommendations/", recommendations.recommendation_list, name="recommendation-list"),
    path("recommendations/<int:pk>/", recommendations.recommendation_page, name="recommendation"),
    path("recommendations/<int:pk>/edit/", recommendations.recommendation_edit, name="recommendation-edit"),
    path("recommendations/<int:pk>/state/", states.recommendation_state, name="recommendation-state"),
    path("recommendations/<int:pk>/judge/", states.recommendation_judge, name="recommendation-judge"),
    path(
        "recommendations/<int:pk>/register/", register.recommendation_register, name="recommendation-register"
    ),
    path("recommendations/<int:pk>/actions/add/", links.link_add, name="link-add"),
    path("recommendations/<int:pk>/actions/<int:link_pk>/remove/", links.link_remove, name="link-remove"),
    path("inspections/<int:pk>/section-55/", section55.section55, name="section55"),
    path("inspections/<int:pk>/section-55/invitation/", section55.comments_invite, name="comments-invite"),
    path("inspections/<int:pk>/section-55/comments/", section55.comments_record, name="comments-record"),
    path("inspections/<int:pk>/letter/new/", letters.letter_create, name="letter-create"),
    path("recommendations/<int:pk>/response/", responses.response_edit, name="response-edit"),
    path("responses/", responses.response_desk, name="response-desk"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/edit/", letters.letter_edit, name="letter-edit"),
    path("letters/<int:pk>/approve/", letters.letter_approve, name="letter-approve"),
    path("letters/<int:pk>/publish/", letters.letter_publish, name="letter-publish"),
    path("letters/<int:pk>/despatch/", letters.letter_despatch, name="letter-despatch"),
    path("letters/<int:pk>/correct/", letters.letter_correct, name="letter-correct"),
    path("letters/<int:pk>/letter.pdf", letters.letter_pdf, name="letter-pdf"),
    path("letters/<int:pk>/letter.docx", letters.letter_docx, name="letter-docx"),
]
