"""Addresses of quarantine, below /quarantine/."""

from django.urls import path

from lachan.systems.quarantine.views import export, monitoring, orders, papers, release, sites

app_name = "quarantine"

urlpatterns = [
    path("", orders.home, name="home"),
    path("export", export.orders, name="export"),
    path("orders/new", orders.new_order, name="new_order"),
    path("orders/<int:number>/", orders.order, name="order"),
    path("orders/<int:number>/paper", papers.paper, name="paper"),
    path("orders/<int:number>/certificate", papers.certificate, name="certificate"),
    path("orders/<int:number>/home", orders.allow_home, name="allow_home"),
    path("orders/<int:number>/vacate", orders.vacate, name="vacate"),
    path("orders/<int:number>/reading", monitoring.record, name="record"),
    path("orders/<int:number>/early", release.propose_early, name="propose_early"),
    path("releases/", release.releases, name="releases"),
    path("releases/early", release.proposals, name="proposals"),
    path("releases/early/<int:number>", release.sign, name="sign"),
    path("monitoring/", monitoring.monitoring, name="monitoring"),
    path("waiting/", sites.waiting, name="waiting"),
    path("sites/", sites.sites, name="sites"),
    path("sites/<int:number>/", sites.site, name="site"),
    path("sites/<int:number>/rooms", sites.open_room, name="open_room"),
    path("sites/<int:number>/assign", sites.assign_all, name="assign_all"),
    path("sites/<int:number>/reception", sites.reception, name="reception"),
]
