from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("retention/", views.RetentionPage.as_view(), name="retention"),
    path("retention/events/", views.ChurnEventList.as_view(), name="churn-events"),
    path("satisfaction/", views.ResultsPage.as_view(), name="satisfaction"),
    path("satisfaction/export/", views.ResultsExport.as_view(), name="satisfaction-export"),
    path("satisfaction/delivered/", views.DeliveredList.as_view(), name="delivered"),
    path("scores/export/", views.ScoreExport.as_view(), name="scores-export"),
    path("scores/", views.ScoreList.as_view(), name="scores"),
    path("team/export/", views.TeamPortfolioExport.as_view(), name="team-export"),
]
