"""Addresses of testing."""

from django.urls import path

from lachan.systems.testing.views import batches, bench, collection, export, orders, results, tubes

app_name = "testing"
urlpatterns = [
    path("", orders.home, name="home"),
    path("orders/", orders.orders, name="orders"),
    path("orders/export", export.orders, name="export"),
    path("orders/new", orders.new_order, name="new_order"),
    path("orders/<int:number>/cancel", orders.cancel_order, name="cancel_order"),
    path("people/<str:code>/", orders.person, name="person"),
    path("collect/", collection.collect, name="collect"),
    path("send/", batches.send, name="send"),
    path("boxes/", batches.batches, name="batches"),
    path("boxes/<int:number>/", batches.batch, name="batch"),
    path("bench/", bench.bench, name="bench"),
    path("pool/", bench.pool, name="pool"),
    path("verify/", results.verify, name="verify"),
    path("results/<int:number>/amend", results.amend, name="amend"),
    path("turnaround/", results.turnaround, name="turnaround"),
    path("find", tubes.find, name="find"),
    path("tubes/<str:barcode>/", tubes.tube, name="tube"),
    path("tubes/<str:barcode>/reject", tubes.reject, name="reject"),
]
