"""Every address of the house. Public paths are Vietnamese; `/documents/` stays Wagtail's word."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.i18n import set_language

from home import urls as home_urls
from home.views import front
from intranet import health, views
from intranet.signin import SignIn
from search import kept_views
from search import views as search_views
from seminars.views.feeds import feed

CLOSED_ACCOUNT = (
    r"^tai-khoan/(?:signup|email|confirm-email|password/set|password/reset|login/code|inactive)\b"
)

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("ngon-ngu/", set_language, name="set_language"),
    path("tai-khoan/login/", SignIn.as_view(), name="account_login"),
    # Accounts are given and reset by administrators: what allauth offers beyond that is not here.
    re_path(CLOSED_ACCOUNT, views.nothing_here, name="account_closed"),
    path("tai-khoan/", include("allauth.urls")),
    path("co-quan/", include("agencies.urls")),
    path("hoi-thao/", include("seminars.urls")),
    path("lich/ics/<str:token>.ics", feed, name="feed"),
    path("tim/", search_views.search, name="search"),
    path("tim/goi-y/", search_views.suggestions, name="search_suggestions"),
    path("tim/xlsx/", search_views.search_xlsx, name="search_xlsx"),
    path("tim/da-luu/", kept_views.searches, name="searches"),
    path("tim/da-luu/<int:pk>/da-xem/", kept_views.seen, name="search_seen"),
    path("tim/da-luu/<int:pk>/bo/", kept_views.forget, name="search_forget"),
    path("tim/tuong-tu/<int:pk>/", kept_views.similar, name="search_similar"),
    path("tim/viet-tat/", kept_views.abbreviations, name="abbreviations"),
    path("tim/viet-tat/<int:pk>/bo/", kept_views.drop_abbreviation, name="abbreviation_drop"),
    path("", include("documents.urls")),
]
if settings.DEBUG:
    from intranet.gallery import gallery

    urlpatterns.append(path("mau/", gallery, name="gallery"))

urlpatterns += [path("", front, name="home"), *home_urls.urlpatterns]
