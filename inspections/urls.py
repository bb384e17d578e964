from django.urls import path

from inspections.views import letters, responses, section55

app_name = "inspections"
urlpatterns = [
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
