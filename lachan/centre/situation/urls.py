"""Addresses of the situation, below /centre/."""

from django.urls import path

from lachan.centre.situation.views import overview, reports

urlpatterns = [
    path("", overview.situation, name="situation"),
    path("areas/<int:number>/", overview.area, name="area"),
    path("areas/<int:number>/report", reports.make_report, name="make_report"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:number>/pdf", reports.report_pdf, name="report_pdf"),
    path("reports/<int:number>/workbook", reports.report_workbook, name="report_workbook"),
    path("measures", overview.measures, name="measures"),
    path("recounts", overview.recounts, name="recounts"),
]
