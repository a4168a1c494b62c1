"""Pages with names of the front door: they compose several apps, so any app may link to them."""

from django.conf import settings
from django.urls import path

from reports import views

urlpatterns = [
    path("", views.MyDay.as_view(), name="my-day"),
    path("clients/<uuid:pk>/", views.ClientPage.as_view(), name="client"),
    path("team/", views.TeamPortfolio.as_view(), name="team-portfolio"),
    path("search/", views.SearchPage.as_view(), name="search"),
]

if settings.RAFIQ_ENV != "production":
    urlpatterns += [path("styleguide/", views.Styleguide.as_view(), name="styleguide")]
