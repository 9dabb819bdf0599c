"""Reading a dispatch, and what a recipient does with it."""

from django.urls import path

from documents.views import incoming, notices, outside, reading, receiving

urlpatterns = [
    path("van-ban/<int:pk>/", reading.dispatch, name="dispatch"),
    path("van-ban/<int:pk>/tep/<int:attachment>/", reading.file, name="file"),
    path("den/", incoming.incoming, name="incoming"),
    path("den/in/", incoming.incoming_print, name="incoming_print"),
    path("den/xlsx/", incoming.incoming_xlsx, name="incoming_xlsx"),
    path("den/vao-so/", outside.register_outside, name="register_outside"),
    path("den/<int:circulation>/tiep-nhan/", receiving.receive, name="receive"),
    path("den/<int:circulation>/tra-lai/", receiving.return_to_sender, name="return"),
    path("den/<int:circulation>/phan-cong/", receiving.assign, name="assign"),
    path("den/<int:circulation>/xac-nhan/", receiving.acknowledge, name="acknowledge"),
    path("den/<int:circulation>/tra-loi-thu-hoi/", receiving.answer_recall, name="answer_recall"),
    path("phieu/<str:code>/", receiving.receipt, name="receipt"),
    path("thong-bao/", notices.notices, name="notices"),
    path("thong-bao/da-doc/", notices.read_notices, name="read_notices"),
]
