"""The addresses of dispatches, in Vietnamese: coming in, being drafted, being followed."""

from documents.views.drafting_urls import urlpatterns as drafting
from documents.views.following_urls import urlpatterns as following
from documents.views.incoming_urls import urlpatterns as incoming

app_name = "documents"
urlpatterns = [*incoming, *drafting, *following]
