from django.urls import path

from managers import views

app_name = "managers"
urlpatterns = [
    path("", views.ManagerListView.as_view(), name="manager-list"),
    path("add/", views.ManagerAddView.as_view(), name="manager-add"),
    path("teams/", views.TeamListView.as_view(), name="team-list"),
    path("teams/add/", views.TeamAddView.as_view(), name="team-add"),
    path("teams/<uuid:pk>/", views.TeamDetailView.as_view(), name="team-detail"),
    path("teams/<uuid:pk>/change/", views.TeamChangeView.as_view(), name="team-change"),
    path("teams/<uuid:pk>/archive/", views.TeamArchiveView.as_view(), name="team-archive"),
    path("teams/<uuid:pk>/restore/", views.TeamRestoreView.as_view(), name="team-restore"),
    path("absences/<uuid:pk>/end/", views.AbsenceEndView.as_view(), name="absence-end"),
    path("<uuid:pk>/", views.ManagerDetailView.as_view(), name="manager-detail"),
    path("<uuid:pk>/change/", views.ManagerChangeView.as_view(), name="manager-change"),
    path("<uuid:pk>/leave/", views.ManagerLeaveView.as_view(), name="manager-leave"),
    path("<uuid:pk>/absences/add/", views.AbsenceAddView.as_view(), name="absence-add"),
]
