"""Addresses outside every organization. Anything else here is 404: an organization's pages are under ``/o/<slug>/``."""

from django.urls import include, path

from config import api
from interactions import public_urls as survey_urls

handler404 = "config.api.not_found"
urlpatterns = [
    path("", include("accounts.public_urls")),
    path("s/", include(survey_urls)),
    path("api/v1/", include(api.urlpatterns)),
]
