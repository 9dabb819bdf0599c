"""The outgoing register, and what the sender does after issue."""

from django.urls import path

from documents.views import after_issue, register, tracking

urlpatterns = [
    path("di/", register.outgoing, name="outgoing"),
    path("di/in/", register.outgoing_print, name="outgoing_print"),
    path("di/xlsx/", register.outgoing_xlsx, name="outgoing_xlsx"),
    path("so/", register.registers, name="registers"),
    path("di/<int:pk>/theo-doi/", tracking.track, name="track"),
    path("di/<int:pk>/theo-doi/xlsx/", tracking.track_xlsx, name="track_xlsx"),
    path("di/<int:pk>/theo-doi/in/", tracking.track_print, name="track_print"),
    path("di/<int:pk>/nhac/", tracking.chase, name="chase"),
    path("di/<int:pk>/thu-hoi/", after_issue.recall, name="recall"),
    path("di/<int:pk>/cap-nhat/", after_issue.update, name="update"),
    path("di/<int:pk>/gui-them/", after_issue.circulate, name="circulate"),
    path("di/<int:pk>/cho-doc/", after_issue.grant, name="grant"),
    path("di/<int:pk>/cho-doc/thoi/", after_issue.withdraw_exception, name="withdraw_exception"),
]
