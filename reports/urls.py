from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("retention/", views.RetentionPage.as_view(), name="retention"),
    path("retention/events/", views.ChurnEventList.as_view(), name="churn-events"),
    path("scores/", views.ScoreList.as_view(), name="scores"),
    path("team/export/", views.TeamPortfolioExport.as_view(), name="team-export"),
]
