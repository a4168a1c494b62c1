"""Addresses inside an organization. The middleware has taken ``/o/<slug>`` off; no route mentions it.

A page that composes several apps has a name of the front door (no namespace), so that lower apps can link to it.
"""

from django.urls import include, path

from config import api

handler404 = "config.api.not_found"
urlpatterns = [
    path("", include("reports.front_urls")),
    path("clients/", include("clients.urls")),
    path("interactions/", include("interactions.urls")),
    path("managers/", include("managers.urls")),
    path("reports/", include("reports.urls")),
    path("settings/", include("accounts.urls")),
    path("api/v1/", include(api.urlpatterns)),
]
