from django.urls import path

from inspections.responses.views import responses, section55

urlpatterns = [
    path("inspections/<int:pk>/section-55/", section55.section55, name="section55"),
    path("inspections/<int:pk>/section-55/invitation/", section55.comments_invite, name="comments-invite"),
    path("inspections/<int:pk>/section-55/comments/", section55.comments_record, name="comments-record"),
    path("recommendations/<int:pk>/response/", responses.response_edit, name="response-edit"),
    path("responses/", responses.response_desk, name="response-desk"),
]
