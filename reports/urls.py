from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("team/export/", views.TeamPortfolioExport.as_view(), name="team-export"),
]
