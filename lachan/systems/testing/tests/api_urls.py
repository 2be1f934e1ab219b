from django.urls import path

from lachan.platform.api import new_api
from lachan.site.urls import urlpatterns as site
from lachan.systems.testing.api import router

api = new_api()
api.add_router("/testing", router)
urlpatterns = [*site, path("api/", api.urls)]
