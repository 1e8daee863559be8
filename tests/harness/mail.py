"""Messages that tests send."""

import time
from email.utils import formatdate

DAY = 86400


def ordinary(subject="Lunch on Friday", body="Shall we meet at noon?\r\n", extra=""):
    return ("From: Ada <ada@crm.example>\r\nTo: Bob <bob@fabrikam.example>\r\n"
            "Subject: %s\r\nDate: %s\r\nMessage-ID: <ordinary.%d@crm.example>\r\n%s\r\n%s" %
            (subject, formatdate(), time.time_ns(), extra, body)).encode()


def when(seconds):
    return time.strftime("%d %B %Y, %H:%M UTC", time.gmtime(time.time() + seconds))


def planned(start=10 * DAY, duration=4 * 3600, color="#FF8C00", extra="", to="ada@contoso.example",
            padding=""):
    """A planned maintenance notice; conforming as it stands, violating with a start too soon."""
    begin, end = when(start), when(start + duration)
    return ("From: CRM Online <notices@crm.example>\r\nTo: %s\r\n"
            "Subject: Planned Maintenance for contoso-prod\r\nDate: %s\r\n"
            "Message-ID: <planned.%d@crm.example>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 7bit\r\n%s\r\n"
            "<html><body style=\"margin:0\"><table width=\"100%%\" cellpadding=\"0\" "
            "cellspacing=\"0\">\r\n"
            "<tr><td bgcolor=\"%s\" height=\"60\"><h1 style=\"color:#ffffff\">Planned Maintenance"
            "</h1></td></tr>\r\n"
            "<tr><td><p>Your CRM Online instance contoso-prod is scheduled for planned "
            "maintenance.</p>\r\n"
            "<p>Start: %s<br>\r\nEnd: %s</p>\r\n"
            "<p>During this window the service will not be available. "
            "Event: CHG0012345.</p>\r\n%s</td></tr></table></body></html>\r\n" %
            (to, formatdate(), time.time_ns(), extra, color, begin, end, padding)).encode()
