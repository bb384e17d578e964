from django.urls import path

from inspections.letters import views

urlpatterns = [
    path("inspections/<int:pk>/letter/new/", views.letter_create, name="letter-create"),
    path("letters/<int:pk>/", views.letter, name="letter"),
    path("letters/<int:pk>/edit/", views.letter_edit, name="letter-edit"),
    path("letters/<int:pk>/approve/", views.letter_approve, name="letter-approve"),
    path("letters/<int:pk>/publish/", views.letter_publish, name="letter-publish"),
    path("letters/<int:pk>/despatch/", views.letter_despatch, name="letter-despatch"),
    path("letters/<int:pk>/correct/", views.letter_correct, name="letter-correct"),
    path("letters/<int:pk>/letter.pdf", views.letter_pdf, name="letter-pdf"),
    path("letters/<int:pk>/letter.docx", views.letter_docx, name="letter-docx"),
]
