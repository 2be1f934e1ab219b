from django.urls import path

from lachan.portals.public.views import campaign, entrance

app_name = "public"

urlpatterns = [
    path("", entrance.entrance, name="entrance"),
    path("sites", entrance.sites, name="sites"),
    path("vaccination", campaign.country, name="figures"),
    path("vaccination/figures.csv", campaign.as_csv, name="figures_csv"),
    path("vaccination/figures.json", campaign.as_json, name="figures_json"),
    path("vaccination/<slug:code>/", campaign.area, name="area"),
]
