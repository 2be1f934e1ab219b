"""Addresses of the campaign, below /centre/."""

from django.urls import path

from lachan.centre.campaign.views import campaign

urlpatterns = [
    path("campaign/", campaign.campaign, name="campaign"),
    path("campaign/<int:number>/", campaign.campaign_of, name="campaign_of"),
]
