from django.urls import path

from inspections.page.views import inspections, recommendations

urlpatterns = [
    path("inspections/", inspections.inspection_list, name="inspection-list"),
    path("inspections/<int:pk>/", inspections.inspection_page, name="inspection"),
    path("recommendations/<int:pk>/", recommendations.recommendation_page, name="recommendation"),
]
