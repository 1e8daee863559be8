#!/usr/bin/env python3
"""Messages made to be expensive: messages.py DIRECTORY writes them, NAME.eml and NAME.eml.rcpt.

Each is a notice in its subject and text, so that nothing is spared because the mail is ordinary;
what is too much stands in one place. Nothing here is random: two runs write the same octets.
"""

import base64
import os
import sys
import zlib

FROM = b"From: CRM Online <notices@crm-vendor.example>\r\n"
TO = b"To: ada.byrne@contoso.example\r\n"
SUBJECT = b"Subject: Planned Maintenance for CRM Online on 9 March 2026\r\n"
DATE = b"Date: Sun, 01 Mar 2026 09:00:00 +0000\r\nMessage-ID: <hostile@crm-vendor.example>\r\n"
MIME = b"MIME-Version: 1.0\r\n"
SENTENCE = (b"Planned maintenance of your CRM Online organization contoso starts on "
            b"9 March 2026 at 22:00 UTC and ends at 23:30 UTC.\r\n")
BANNER = (b'<table width="600"><tr><td bgcolor="#FF8C00" height="60">Planned Maintenance</td></tr>'
          b"</table>\r\n<p>" + SENTENCE + b"</p>\r\n")


def wrapped(octets, width=900):
    """In lines that a mail may have."""
    return b"\r\n".join(octets[i:i + width] for i in range(0, len(octets), width)) + b"\r\n"


def encoded(octets):
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def message(kind, body, fields=b"", subject=SUBJECT, to=TO):
    return FROM + to + subject + DATE + MIME + fields + b"Content-Type: " + kind + b"\r\n\r\n" + body


def plain(text, **others):
    return message(b"text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
                   encoded(SENTENCE + text + SENTENCE), **others)


def html(markup, head=b"", **others):
    text = b"<!doctype html><html><head>" + head + b"</head><body>" + BANNER + markup + SENTENCE
    return message(b"text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64",
                   encoded(text), **others)


def mixed(parts, preamble=b""):
    body = preamble + b"--b\r\nContent-Type: text/plain\r\n\r\n" + SENTENCE
    body += b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return message(b"multipart/mixed; boundary=b", body)


def calendar(rules):
    text = (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + rules + b"END:VCALENDAR\r\n")
    return mixed([b"Content-Type: text/calendar; charset=utf-8\r\n\r\n" + text])


def event(lines, uid=0):
    return (b"BEGIN:VEVENT\r\nUID:%d\r\nSUMMARY:Planned maintenance\r\nDTSTART:20260309T220000Z\r\n"
            b"DTEND:20260309T233000Z\r\n" % uid + lines + b"END:VEVENT\r\n")


def chunk(kind, data):
    return (len(data).to_bytes(4, "big") + kind + data +
            zlib.crc32(kind + data).to_bytes(4, "big"))


def png(width, height, rows):
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    data = zlib.compress(b"\x00" * min(rows * (width * 3 + 1), 20_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg(width, height):
    frame = b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    return (b"\xff\xd8\xff\xdb\x00\x43\x00" + b"\x01" * 64 + b"\xff\xc2\x00\x0b" + frame +
            b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 20000 + b"\xff\xd9")


def with_image(kind, octets):
    page = b'<html><body><img src="cid:a" width="600" height="60"><p>' + SENTENCE + b"</p>"
    body = (b"--b\r\nContent-Type: text/html\r\n\r\n" + page + b"\r\n--b\r\nContent-Type: image/" +
            kind + b"\r\nContent-ID: <a>\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
            encoded(octets) + b"--b--\r\n")
    return message(b"multipart/related; boundary=b", body)


def nested_parts(depth):
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
                    for i in range(1, depth))
    return message(b"multipart/mixed; boundary=b0", b"--b0\r\n" + head + b"\r\n" + SENTENCE)


def nested_messages(depth):
    one = b"Content-Type: message/rfc822\r\n\r\n" + FROM + SUBJECT
    return message(b"message/rfc822", one * depth + b"\r\n" + SENTENCE)


def nested_encoded(depth, inner):
    """Multiparts that call themselves base64, against RFC 2045 6.4, each of the rest's size."""
    head = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n"
                    b"Content-Transfer-Encoding: base64\r\n\r\n" % (i - 1, i)
                    for i in range(1, depth))
    return message(b"multipart/mixed; boundary=b0", head + b"--b%d\r\n\r\n" % (depth - 1) + inner)


def wrapped_messages(depth, octets):
    """Messages in base64 in messages in base64."""
    inner = FROM + SUBJECT + b"\r\n" + octets
    for _ in range(depth):
        inner = (FROM + SUBJECT + MIME + b"Content-Type: message/rfc822\r\n"
                 b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded(inner))
    return inner


def der(tag, *contents):
    content = b"".join(contents)
    return bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content


def opaque(content):
    """SignedData (RFC 5652 5.1) without a signer; content is a DER or BER OCTET STRING."""
    kind = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
    data = der(0x30, b"\x02\x01\x01\x31\x00", der(0x30, kind + b"\x01", der(0xa0, content)))
    return message(b"application/pkcs7-mime; smime-type=signed-data\r\n"
                   b"Content-Transfer-Encoding: base64",
                   encoded(der(0x30, kind + b"\x02", der(0xa0, data))))


def addresses(n):
    return b",\r\n ".join(b"user%d@contoso.example" % i for i in range(n))


CHARSETS = [
    "utf-8", "us-ascii", "utf-16", "utf-16le", "utf-32", "utf-7", "iso-8859-1", "iso-8859-7",
    "windows-1251", "windows-1252", "koi8-r", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr",
    "iso-2022-kr", "gb2312", "gb18030", "hz-gb-2312", "big5", "big5-hkscs", "tis-620", "macintosh",
    "ibm850", "x-no-such-charset",
]


def in_headers():
    words = b"".join(b"\r\n =?utf-8?q?Maintenance=20%d?=" % i for i in range(7000))
    yield "header-encoded-words", plain(b"", subject=b"Subject: Planned Maintenance" + words + b"\r\n")
    yield "header-encoded-starts", plain(b"", subject=b"Subject: Planned Maintenance " +
                                         b"=?utf-8?q?" * 25000 + b"\r\n")
    yield "header-question-marks", plain(b"", subject=b"Subject: Planned Maintenance " +
                                         b"=?" * 125000 + b"\r\n")
    yield "header-megabyte-line", plain(b"", fields=b"X-Long: " + b"a" * 1000000 + b"\r\n")
    yield "header-megabyte-subject", plain(b"", subject=b"Subject: Planned Maintenance " +
                                           b"maintenance " * 90000 + b"\r\n")
    yield "header-megabyte-type", message(b"text/plain; " + b"a=b; " * 200000, SENTENCE)
    yield "header-parameters", message(
        b"text/plain" + b"".join(b";\r\n name*%d*=utf-8''%%41" % i for i in range(9000)), SENTENCE)
    yield "header-blanks", plain(b"", to=b"To: ada@x.example" + b" " * 200000 + b"b@c.example\r\n")
    yield "header-fields", plain(b"", fields=b"X-A: b\r\n" * 100000)
    yield "header-subjects", plain(b"", fields=SUBJECT * 4000)
    yield "header-received", plain(b"", fields=b"Received: from a by b; " + b"(" * 200000 + b"\r\n")
    yield "address-comments", plain(b"", to=b"To: " + b"(" * 200000 + b" ada@x.example\r\n")
    yield "address-comment-list", plain(b"", to=b"To: " + b"a@b.example (x)," * 15000 + b"\r\n")
    yield "address-brackets", plain(b"", to=b"To: " + b"[" * 200000 + b"\r\n")
    yield "address-literals", plain(b"", to=b"To: a@" + b"[]" * 120000 + b"\r\n")
    yield "address-angles", plain(b"", to=b"To: " + b"<" * 200000 + b"\r\n")
    yield "address-quotes", plain(b"", to=b"To: " + b'"' * 200001 + b"\r\n")
    yield "address-backslashes", plain(b"", to=b"To: \"" + b"\\" * 200001 + b"\r\n")
    yield "address-ats", plain(b"", to=b"To: " + b"@" * 200000 + b"\r\n")
    yield "address-routes", plain(b"", to=b"To: <" + b"@a," * 70000 + b":a@b.example>\r\n")
    yield "address-groups", plain(b"", to=b"To: " + b"g:a@b.example;," * 15000 + b"\r\n")
    yield "address-dots", plain(b"", to=b"To: a@x" + b" . " * 70000 + b"\r\n")
    yield "address-idna", plain(b"", to=b"To: " + "ö@ö.example,".encode() * 15000 + b"\r\n")
    yield "address-many", plain(b"", to=b"To: " + addresses(20000) + b"\r\n")
    yield "address-bare", plain(b"", to=b"To: " + b"a@b.example " * 20000 + b"\r\n")
    yield "header-words-raw", plain(b"", subject=b"Subject: Planned Maintenance " +
                                    b"=?utf-8?q?\xfc?=\xfc" * 20000 + b"\r\n")
    yield "header-words-apart", plain(b"", subject=b"Subject: Planned Maintenance " + b"".join(
        b"=?%s?q?=C3=BC?=" % (b"utf-8" if i % 2 else b"iso-8859-1") for i in range(12000)) + b"\r\n")
    yield "references", plain(b"", fields=b"References: " + b"<a@b> " * 40000 + b"\r\n")
    yield "declared-instances", plain(b"", fields=b"X-CRM-Declared-Instances: " +
                                      b"contoso," * 30000 + b"\r\n")


def in_parts():
    yield "parts-100000", mixed([b"\r\na"] * 100000)
    yield "parts-empty", mixed([b""] * 100000)
    yield "parts-nested", nested_parts(20000)
    yield "parts-messages", nested_messages(10000)
    yield "parts-boundary-prefix", mixed([], preamble=b"--bb\r\n" * 200000)
    yield "parts-dashes", mixed([], preamble=wrapped(b"-" * 5000000))
    yield "parts-html", mixed([b"Content-Type: text/html\r\n\r\n" + BANNER] * 250)
    yield "parts-attachments", mixed([b"Content-Disposition: attachment; filename=a%d.txt\r\n\r\na"
                                      % i for i in range(50000)])
    alternative = b"".join(b"--c\r\nContent-Type: text/html\r\n\r\n" + BANNER for _ in range(240))
    yield "parts-alternatives", mixed([b"Content-Type: multipart/alternative; boundary=c\r\n\r\n" +
                                       alternative + b"--c--\r\n"])
    yield "base64-garbage", message(b"text/plain\r\nContent-Transfer-Encoding: base64",
                                    wrapped(b"!=*" * 2000000))
    yield "base64-paddings", message(b"text/plain\r\nContent-Transfer-Encoding: base64",
                                     wrapped(b"QQ==" * 1000000))
    yield "quoted-garbage", message(b"text/html\r\nContent-Transfer-Encoding: quoted-printable",
                                    BANNER + wrapped(b"=" * 2000000))
    yield "uuencode", message(b"text/plain\r\nContent-Transfer-Encoding: x-uuencode",
                              b"begin 644 a\r\n" * 100000)
    for name in CHARSETS:
        octets = SENTENCE + bytes(range(128, 256)) * 8000 + b"\x1b$B\x1b(J~{~}+/v8-" * 20000
        yield "charset-" + name, message(b"text/plain; charset=" + name.encode() +
                                         b"\r\nContent-Transfer-Encoding: base64", encoded(octets))
    yield "parts-dash-line", message(b'multipart/mixed; boundary="----"', b"------\r\n\r\n" +
                                     SENTENCE + b"-" * 4000000)
    long = b"a" * 900
    yield "parts-near-misses", message(b"multipart/mixed; boundary=" + long, b"--" + long + b"\r\n\r\n" +
                                       (b"--" + long + b"a\r\n") * 8000)
    yield "parts-encoded", nested_encoded(15, SENTENCE * 60000)
    yield "parts-messages-encoded", wrapped_messages(12, SENTENCE * 4000)
    yield "parts-read-twice", message(
        b"multipart/mixed; boundary=b", b"--b\r\nContent-Type: text/html\r\n"
        b"Content-Type: text/plain\r\n\r\n" * 200 + SENTENCE * 30000)
    yield "parts-opaque", opaque(der(0x04, b"Content-Type: text/plain\r\n\r\n" + SENTENCE * 60000))
    yield "parts-opaque-pieces", opaque(der(0x24, b"\x04\x01a" * 2000000))
    yield "parts-opaque-open", opaque(b"\x24\x80" * 2000000)
    yield "bare-returns", plain(b"") + b"\r" * 2000000
    yield "nuls", plain(b"") + wrapped(b"\0" * 2000000)
    yield "octets-25-mib", plain(b"maintenance on 9 March 2026 " * 640000)
    yield "lines-of-nothing", plain(b"\r\n" * 2000000)


def in_text():
    yield "text-megabyte-word", plain(b"a" * 3000000)
    yield "text-megabyte-upper", plain(b"MAINTENANCE" * 200000)
    yield "text-dates", plain(b"9 March 2026 22:00 UTC\r\n" * 100000)
    yield "text-dates-differ", plain(b"".join(
        b"on 2026-%02d-%02d at %02d:%02d\r\n" % (i % 12 + 1, i % 28 + 1, i % 24, i % 60)
        for i in range(100000)))
    yield "text-digits", plain(b"1" * 2000000)
    yield "text-numbers", plain(b"9 " * 1000000)
    yield "text-times", plain(b"22:00-" * 300000)
    yield "text-separators", plain(b"1/1/1/1/" * 250000)
    yield "text-dots", plain(b"1." * 1000000)
    yield "text-zones", plain(b"22:00 UTC (EST) [IST] CST " * 60000)
    yield "text-links", plain(b"https://status.crm-vendor.example/a?b=c " * 100000)
    yield "text-quotes", plain(b">" * 2000000)
    yield "text-quoted-lines", plain(b"> > planned maintenance\r\n" * 100000)
    yield "text-pipes", plain(b"|" * 2000000)
    yield "text-table", plain((b"| start | 9 March 2026 | 22:00 |\r\n" * 50000))
    yield "text-tabs", plain(b"a\tb\tc\td\r\n" * 200000)
    yield "text-signals", plain(b"planned maintenance unplanned maintenance service restored "
                                b"service update incident resolved root cause " * 20000)
    yield "text-cases", plain(b"INC-1234567 case #123456789 " * 80000)
    yield "text-zero-width", plain("m\u200ba\u200bi\u200bn\u200bt".encode() * 100000)
    yield "text-combining", plain(b"a" + "\u0301".encode() * 1000000)
    yield "text-lookalikes", plain("рlаnnеd mаіntеnаnсе ".encode() * 60000)
    yield "text-fullwidth", plain("ＰＬＡＮＮＥＤ　".encode() * 80000)
    yield "text-emoji", plain("🛠️".encode() * 200000)
    yield "text-bidi", plain("\u202e\u2066".encode() * 300000)
    yield "text-japanese", plain("計画メンテナンス２０２６年３月９日".encode() * 40000)
    flowed = b"text/plain; charset=utf-8; format=flowed; delsp=yes"
    yield "text-flowed", message(flowed, (b"a \r\n" * 400000))
    yield "text-letters-megabytes", message(
        b"text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64",
        encoded(SENTENCE.replace(b"your", b"y\xfcr") * 140000))
    yield "text-hyphens", plain(b"main-\r\ntenance " * 150000)


def in_markup():
    many = b"".join(b" a%d=b" % i for i in range(50000))
    yield "html-attributes", html(b"<p" + many + b">x</p>")
    yield "html-attribute-values", html(b'<p style="' + b"color:red;" * 150000 + b'">x</p>')
    yield "html-classes", html(b'<p class="' + b"a " * 500000 + b'">x</p>')
    yield "html-tags", html(b"<p>" * 300000)
    yield "html-nested", html(b"<div>" * 300000)
    yield "html-nested-inline", html(b"<b><i>" * 100000)
    yield "html-formatting", html(b"<b>" * 50 + b"<p>x" * 100000)
    yield "html-adoption", html(b"<a><b><i><u><font color=red><div></a></b></i></u></font>" * 20000)
    yield "html-closing", html(b"<div>" * 400 + b"</x>" * 200000)
    yield "html-tables", html(b"<table><tr><td>" * 60000)
    yield "html-foster", html(b"<table>" + b"x<tr>" * 150000)
    yield "html-huge-table", html(b"<table>" + (b"<tr>" + b"<td>9 March 2026</td>" * 50 +
                                                              b"</tr>") * 1500 + b"</table>")
    yield "html-wide-row", html(b"<table><tr>" + b"<td>a" * 250000 + b"</table>")
    yield "html-spans", html(b"<table>" + b'<tr><td colspan="1000" rowspan="65534">a' * 30000)
    yield "html-lists", html(b"<ul><li>" * 100000)
    yield "html-columns", html(b"<table>" + b'<col span=1000 width="10">' * 30000 + b"<tr><td>a</table>")
    yield "html-details", html(b"<details>" + b"<summary>a</summary>" * 30000)
    yield "html-slices", html(b"<table><tr>" + b'<td><img src="https://i.example/a.png" width=9 height=60>' *
                              30000)
    yield "html-slices-nested", html(b"<a><span><i>" * 10000 + b"<img src=x width=600 height=60>")
    yield "html-selects", html(b"<select><option>" * 60000)
    yield "html-svg", html(b"<svg><g>" * 100000)
    yield "html-svg-breakout", html((b"<svg><g><p>" * 60000))
    yield "html-comments", html(b"<!--" * 300000)
    yield "html-comment-dashes", html(b"<!--" + b"--!" * 500000)
    yield "html-conditionals", html(b"<!--[if mso]><p>a</p><![endif]-->" * 30000)
    yield "html-conditional-starts", html(b"<!--[if mso]>" * 100000)
    yield "html-less-than", html(b"<" * 2000000)
    yield "html-unclosed-quote", html(b'<p a="' * 250000)
    yield "html-entities", html(b"&amp;" * 400000)
    yield "html-entities-longest", html(b"&CounterClockwiseContourIntegral;" * 60000)
    yield "html-ampersands", html(b"&" * 2000000)
    yield "html-numeric", html(b"&#" + b"9" * 1500000 + b";")
    yield "html-links", html(b'<a href="https://status.crm-vendor.example/">x</a>' * 40000)
    yield "html-link-megabyte", html(b'<a href="' + b"%41" * 400000 + b'">x</a>')
    yield "html-images", html(b'<img src="https://i.example/a.png" width=600 height=60>' * 40000)
    yield "html-data-images", html(b'<img width=600 src="data:image/png;base64,AAAA">' * 40000)
    yield "html-banners", html(b'<div style="background:#FF8C00;height:60px">a</div>' * 40000)
    yield "html-hidden", html(b'<span style="display:none">maintenance</span>' * 40000)
    yield "html-dates", html(b"<time datetime=2026-03-09T22:00Z>9 March 2026</time>" * 35000)
    yield "html-json", html(b'<script type="application/ld+json">' + b"[" * 500000 + b"</script>")
    yield "html-json-many", html(b'<script type="application/ld+json">{"@type":"Event","startDate":'
                                 b'"2026-03-09T22:00Z"}</script>' * 20000)
    yield "html-microdata", html(b'<div itemscope itemtype="http://schema.org/Event">'
                                 b'<meta itemprop=startDate content="2026-03-09">' * 20000)
    yield "html-titles", html(b"<title>" * 250000)
    yield "html-textareas", html(b"<textarea>" * 200000)
    yield "html-scripts", html(b"<script><!--<script>" * 90000)
    yield "html-pre", html(b"<pre>" + b" \n" * 800000)
    yield "html-base", html(b"<base href=x>" * 100000)
    yield "html-bodies", html(b"<body bgcolor=red><html a=b>" * 70000)


def in_sheets():
    def sheet(css, markup=b"<p class=a id=b>x</p>" * 2000):
        return html(markup, head=b"<style>" + css + b"</style>")

    yield "css-rules", sheet(b".a{color:red}" * 100000)
    yield "css-rules-match", sheet(b"p{color:red}" * 19000)
    yield "css-selectors", sheet(b"p," * 120000 + b"p{color:red}")
    yield "css-descendants", sheet((b"div " * 60 + b"p{color:red}") * 900,
                                   b"<div>" * 400 + b"<p>x" * 2000)
    yield "css-siblings", sheet(b"p~p~p~p~p~p~p~p~b{color:red}" * 8000, b"<p>x" * 8000)
    yield "css-not", sheet(b":not(" * 50000 + b"p{color:red}")
    yield "css-nth", sheet(b"p:nth-child(2n+1){color:red}" * 8000, b"<p>x" * 8000)
    yield "css-nested-media", sheet(b"@media all{" * 20000)
    yield "css-braces", sheet(b"{" * 250000)
    yield "css-parens", sheet(b"a{b:" + b"(" * 250000)
    yield "css-comments", sheet(b"/*" * 120000)
    yield "css-escapes", sheet(b"\\" * 250000)
    yield "css-strings", sheet(b"'" * 250001)
    yield "css-variables", sheet(b":root{" + b"".join(b"--a%d:var(--a%d)var(--a%d);" %
                                                      (i, i + 1, i + 1) for i in range(6000)) +
                                 b"}p{background:var(--a0)}")
    yield "css-variables-many", sheet(b"p{" + b"".join(b"--a%d:1;" % i for i in range(20000)) +
                                      b"color:var(--b)}")
    yield "css-variables-inherited", sheet(
        b":root{" + b"".join(b"--a%d:1;" % i for i in range(15000)) + b"}p{color:var(--b,red)}",
        b"<p>x" * 20000)
    yield "css-variables-empty", sheet(b":root{" + b"".join(
        b"--a%d:%s;" % (i, b"var(--a%d)" % (i + 1) * 40) for i in range(300)) + b"--a300:;}"
        b"p{color:var(--a0)}")
    yield "css-variables-inline", html(b'<p style="--a:var(--b);--b:var(--a);color:var(--a)">x' * 30000)
    yield "css-nested-rules", sheet((b".a{" * 8 + b"color:red" + b"}" * 8) * 6000)
    yield "css-nested-ampersands", sheet(b"p{" + b"&&&&&&&&{" * 7 + b"color:red" + b"}" * 8)
    yield "css-nested-flat", sheet(b"p.a{" + b"&{color:red}" * 20000 + b"}")
    yield "css-layers", sheet(b"".join(b"@layer l%d{p{color:red}}" % i for i in range(10000)))
    yield "css-supports", sheet(b"@supports " + b"(" * 120000 + b"color:red" + b")" * 120000 +
                                b"{p{color:red}}")
    yield "css-has", sheet(b"p:has(b){color:red}" * 8000, b"<p><i>x</i>" * 8000)
    yield "css-has-has", sheet(b"div:has(p:has(~b)){color:red}" * 6000, b"<div>" + b"<p>x" * 8000)
    yield "css-nth-of", sheet(b"p:nth-child(2n of :is(p,b)){color:red}" * 6000, b"<p>x" * 8000)
    yield "css-mixes", sheet(b"p{color:" + b"color-mix(in srgb,red,rgb(from " * 4000 + b"}")
    yield "css-mixes-many", sheet(b"p{color:color-mix(in oklab,red,oklch(.5 .1 20))}" * 5000)
    yield "css-calc-wide", sheet(b"p{width:calc(1%" + b" + 1px" * 30000 + b")}", b"<p>x" * 10000)
    yield "css-calc-inherited", sheet(b"p{width:calc((((1% + 1px)*2)*2)*2)}", b"<p>x" * 30000)
    yield "css-flex", sheet(b"div{display:flex;flex-wrap:wrap}p{flex:1 1 10%}",
                            b"<div>" + b"<p>x" * 30000)
    yield "css-flex-nested", sheet(b"div{display:flex}", b"<div>x" * 30000)
    yield "css-grid", sheet(b"div{display:grid;grid-template-columns:repeat(1000000," +
                            b"repeat(1000000,1fr) " * 1000 + b")}", b"<div><p>x</div>" * 10000)
    yield "css-grid-text", sheet(b"div{display:grid;grid-template-columns:" + b"[a]" * 60000 + b"}",
                                 b"<div><p>x</div>" * 10000)
    yield "css-gradients", sheet(b"td{background:linear-gradient(" + b"red," * 60000 + b"red)}")
    yield "css-calc", sheet(b"p{height:" + b"calc(1px + " * 20000 + b"}")
    yield "css-imports", sheet(b"@import 'a';" * 20000)
    yield "css-attributes", sheet(b"[a*=b][c^=d][e~=f]{color:red}" * 8000, b"<p a=b c=d e=f>x" * 8000)
    yield "css-important", sheet(b"*{color:red!important}" * 11000, b"<p>x" * 20000)
    yield "css-in-elements", html(b"<style>p{color:red}</style>" * 50000)


def in_calendars():
    yield "calendar-secondly", calendar(event(b"RRULE:FREQ=SECONDLY;COUNT=1000000000\r\n"))
    yield "calendar-rules", calendar(event(
        b"RRULE:FREQ=YEARLY;BYSECOND=0,1,2,3;BYMINUTE=0,1,2,3;BYHOUR=0,1,2;BYMONTHDAY=31;"
        b"BYMONTH=2\r\n" * 1000))
    yield "calendar-never", calendar(event(b"RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n"))
    yield "calendar-dates", calendar(event(b"RDATE:20260309T220000Z\r\n" * 100000))
    yield "calendar-exceptions", calendar(event(b"RRULE:FREQ=DAILY\r\n" +
                                                b"EXDATE:20260309T220000Z\r\n" * 50000))
    yield "calendar-events", calendar(b"".join(event(b"", i) for i in range(20000)))
    yield "calendar-nested", calendar(b"BEGIN:VEVENT\r\n" * 100000)
    yield "calendar-folded", calendar(event(b"DESCRIPTION:a\r\n" + b" a\r\n" * 300000))
    yield "calendar-attendees", calendar(event(b"ATTENDEE:mailto:a@b.example\r\n" * 50000))
    zone = (b"BEGIN:VTIMEZONE\r\nTZID:x\r\n" + b"BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
            b"RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\n" * 5000 +
            b"END:VTIMEZONE\r\n")
    yield "calendar-zone", calendar(zone + event(b"").replace(b"DTSTART:2026", b"DTSTART;TZID=x:2026"))
    yield "calendar-megabyte-line", calendar(event(b"X-A:" + b"a" * 2000000 + b"\r\n"))


def in_images():
    yield "image-png-bomb", with_image(b"png", png(50000, 50000, 400))
    yield "image-png-truth", with_image(b"png", png(4000, 4000, 4000))
    yield "image-png-cut", with_image(b"png", png(8192, 1900, 1900)[:-2000])
    yield "image-jpeg-scans", with_image(b"jpeg", jpeg(8000, 2000))
    yield "image-jpeg-size", with_image(b"jpeg", jpeg(65500, 65500))
    yield "image-octets", with_image(b"png", b"\x89PNG\r\n\x1a\n" + b"\0" * 8000000)


def messages():
    for family in (in_headers, in_parts, in_text, in_markup, in_sheets, in_calendars, in_images):
        yield from family()


def write(folder):
    """Writes all; the names of the files."""
    names = []
    for name, octets in messages():
        names.append(os.path.join(folder, name + ".eml"))
        with open(names[-1], "wb") as f:
            f.write(octets)
        if name == "address-many":
            with open(names[-1] + ".rcpt", "wb") as f:
                f.writelines(b"user%d@contoso.example\n" % i for i in range(20000))
    return names


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    os.makedirs(sys.argv[1], exist_ok=True)
    write(sys.argv[1])
