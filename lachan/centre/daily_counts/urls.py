"""Addresses of daily counts, below /centre/."""

from django.urls import path

from lachan.centre.daily_counts.views import curves, uploads

urlpatterns = [
    path("counts/", uploads.counts, name="counts"),
    path("counts/<int:number>/", uploads.upload, name="counts_upload"),
    path("counts/held/", uploads.held_counts, name="held_counts"),
    path("counts/held/<int:number>/", uploads.held_count, name="held_count"),
    path("counts/held/<int:number>/decide", uploads.decide_count, name="decide_count"),
    path("curves/", curves.curves, name="curves"),
    path("curves/<int:number>/", curves.curve, name="curve"),
    path("curves/<int:number>/days.csv", curves.curve_csv, name="curve_csv"),
    path("curves/<int:number>/days.svg", curves.curve_svg, name="curve_svg"),
    path("wave/", curves.wave, name="wave"),
]
