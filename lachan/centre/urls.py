"""Addresses of the national centre, below /centre/."""

from django.urls import include, path

app_name = "centre"

urlpatterns = [
    path("", include("lachan.centre.alarms.urls")),
    path("", include("lachan.centre.campaign.urls")),
    path("", include("lachan.centre.daily_counts.urls")),
    path("", include("lachan.centre.situation.urls")),
]
