"""Addresses of surveys, outside every organization: the link says where to look."""

from django.urls import path

from interactions.views import public

urlpatterns = [
    path("<str:token>/", public.SurveyPage.as_view(), name="survey"),
    path("<str:token>/unsubscribe/", public.SurveyUnsubscribePage.as_view(), name="survey-unsubscribe"),
]
