from django.urls import path

from reports.papers.views import files, reading, steps, writing

urlpatterns = [
    path("papers/", reading.paper_list, name="paper-list"),
    path("papers/add/", writing.paper_create, name="paper-create"),
    path("papers/<int:pk>/", reading.paper_page, name="paper"),
    path("papers/<int:pk>/rows/<slug:table>/<int:line>/<int:column>/", reading.paper_rows, name="paper-rows"),
    path("papers/<int:pk>/files/<str:file>", files.paper_file, name="paper-file"),
    path("papers/<int:pk>/edit/", writing.paper_edit, name="paper-edit"),
    path("papers/<int:pk>/sections/<int:part>/", writing.section_edit, name="section-edit"),
    path("papers/<int:pk>/passages/<int:part>/", writing.passage_edit, name="passage-edit"),
    path("papers/<int:pk>/implications/<int:part>/", writing.implication_edit, name="implication-edit"),
    path("papers/<int:pk>/appendices/<int:part>/", writing.appendix_edit, name="appendix-edit"),
    path("papers/<int:pk>/reconcile/", steps.paper_reconcile, name="paper-reconcile"),
    path("papers/<int:pk>/approve/<slug:voice>/", steps.paper_approve, name="paper-approve"),
    path("papers/<int:pk>/issue/", steps.paper_issue, name="paper-issue"),
    path("papers/<int:pk>/correct/", steps.paper_correct, name="paper-correct"),
    path("papers/<int:pk>/abandon/", steps.paper_abandon, name="paper-abandon"),
]
