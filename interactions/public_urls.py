"""Addresses of surveys, outside every organization: the link says where to look."""

from django.urls import path

from interactions.views import acts, calendar, public

urlpatterns = [
    path("act/<str:token>/", acts.ActPage.as_view(), name="act"),
    path("calendar/<str:token>.ics", calendar.CalendarFile.as_view(), name="calendar"),
    path("<str:token>/", public.SurveyPage.as_view(), name="survey"),
    path("<str:token>/unsubscribe/", public.SurveyUnsubscribePage.as_view(), name="survey-unsubscribe"),
]
