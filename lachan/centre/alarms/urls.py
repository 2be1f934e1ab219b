"""Addresses of alarms, below /centre/."""

from django.urls import path

from lachan.centre.alarms.views import alarms

urlpatterns = [
    path("alarms/", alarms.alarms, name="alarms"),
    path("alarms/<int:number>/", alarms.alarm, name="alarm"),
    path("alarms/<int:number>/verify", alarms.verify, name="verify_alarm"),
    path("alarms/<int:number>/assign", alarms.assign, name="assign_alarm"),
    path("alarms/<int:number>/acknowledge", alarms.acknowledge, name="acknowledge_alarm"),
    path("alarms/<int:number>/done", alarms.done, name="report_alarm_done"),
    path("alarms/<int:number>/close", alarms.close, name="close_alarm"),
]
