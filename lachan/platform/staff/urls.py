"""Addresses of accounts, below /staff/."""

from django.urls import path

from lachan.platform.staff.views import accounts, passwords

app_name = "staff"

urlpatterns = [
    path("", accounts.members, name="members"),
    path("new", accounts.enrol, name="enrol"),
    path("<int:number>/", accounts.member, name="member"),
    path("<int:number>/posting", accounts.give, name="give"),
    path("<int:number>/link", passwords.make_link, name="link"),
    path("<int:number>/close", accounts.close, name="close"),
    path("postings/<int:number>/end", accounts.end, name="end"),
    path("requests/<int:number>", accounts.decide, name="decide"),
    path("password/<str:uidb64>/<str:token>/", passwords.set_password, name="set_password"),
]
