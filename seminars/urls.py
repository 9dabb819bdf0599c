"""The addresses of seminars, in Vietnamese."""

from django.urls import path

from seminars.views import answering, feeds, finding, holding, inviting, page, planning, programmes

app_name = "seminars"
urlpatterns = [
    path("", page.seminars, name="seminars"),
    path("lich/", feeds.own_feeds, name="feeds"),
    path("lich/<int:pk>/thu-hoi/", feeds.revoke, name="revoke_feed"),
    path("moi/", planning.draft, name="draft"),
    path("chuong-trinh/<int:pk>/", programmes.board, name="board"),
    path("chuong-trinh/<int:pk>/ket-thuc/", programmes.end, name="end_programme"),
    path("theo-van-ban/<int:dispatch>/", programmes.begin, name="begin"),
    path("<int:pk>/", page.seminar, name="seminar"),
    path("<int:pk>/sua/", planning.edit, name="edit"),
    path("<int:pk>/tim-ngay/", finding.find_time, name="find_time"),
    path("<int:pk>/thoi-gian/", planning.move, name="move"),
    path("<int:pk>/dia-diem/", planning.set_places, name="places"),
    path("<int:pk>/giu-cho/", planning.hold, name="hold"),
    path("<int:pk>/xep-lich/", planning.schedule, name="schedule"),
    path("<int:pk>/hoan/", planning.postpone, name="postpone"),
    path("<int:pk>/huy/", planning.cancel, name="cancel"),
    path("<int:pk>/chap-nhan/", planning.let_stand, name="let_stand"),
    path("<int:pk>/moi-du/", inviting.invited, name="invited"),
    path("<int:pk>/soan-giay-moi/", inviting.draft_letter, name="draft_letter"),
    path("<int:pk>/gui-moi/", inviting.invite, name="invite"),
    path("<int:pk>/dai-bieu/<int:nomination>/dong-y/", inviting.consent, name="consent"),
    path("<int:pk>/khai-mac/", holding.open_seminar, name="open"),
    path("<int:pk>/be-mac/", holding.close, name="close"),
    path("<int:pk>/diem-danh/", holding.attendance, name="attendance"),
    path("<int:pk>/diem-danh/in/", holding.attendance_print, name="attendance_print"),
    path("<int:pk>/bien-ban/", holding.minutes, name="minutes"),
    path("<int:pk>/bien-ban/duyet/", holding.approve_minutes, name="approve_minutes"),
    path("<int:pk>/soan-van-ban/", holding.draft_paper, name="draft_paper"),
    path("<int:pk>/ket-luan/", holding.conclude, name="conclude"),
    path("<int:pk>/bao-cao/", holding.report, name="report"),
    path("moi-du/<int:invitation>/du/", answering.accept, name="accept"),
    path("moi-du/<int:invitation>/khong-du/", answering.decline, name="decline"),
    path("moi-du/<int:invitation>/cu/", answering.name_delegate, name="name_delegate"),
    path("moi-du/<int:invitation>/cu/<int:nomination>/rut/", answering.withdraw, name="withdraw"),
    path(
        "moi-du/<int:invitation>/cu/<int:nomination>/thay/",
        answering.substitute,
        name="substitute",
    ),
]
