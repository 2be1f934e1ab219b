"""Addresses of riskmap: the desk below /riskmap/, the map for everybody below /map/."""

from django.urls import path

from lachan.systems.riskmap.views import bulletin, desk, public, unit

app_name = "riskmap"

urlpatterns = [
    path("", desk.home, name="home"),
    path("sign", desk.sign, name="sign_many"),
    path("judge", desk.judge, name="judge"),
    path("bulletin.pdf", bulletin.bulletin, {"ending": "pdf"}, name="bulletin_pdf"),
    path("bulletin.xlsx", bulletin.bulletin, {"ending": "xlsx"}, name="bulletin_xlsx"),
    path("<int:number>/", unit.unit, name="unit"),
    path("<int:number>/figures", unit.figures, name="figures"),
    path("<int:number>/sign", unit.sign, name="sign"),
    path("<int:number>/override", unit.override, name="override"),
    path("<int:number>/withdraw", unit.withdraw, name="withdraw"),
]

everybody = (
    [
        path("", public.country, name="country"),
        path("levels.csv", public.levels, {"ending": "csv"}, name="levels_csv"),
        path("levels.json", public.levels, {"ending": "json"}, name="levels_json"),
        path("<slug:code>/", public.area, name="area"),
    ],
    "map",
)
