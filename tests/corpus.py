"""Mails of our own for the tests: ordinary ones, and nasty ones of the kinds that have broken mail systems.

Each is written as a file might hold it; `bench.mails.mail` makes it ready for the wire.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from bench.corpus import generate
from bench.mails import Mail, mail

_HEAD = (
    b"From: Sender <sender@site.example>\nTo: Reader <reader@demo.example>\nSubject: %s\n"
    b"Date: Sat, 21 Nov 2026 10:00:00 +0000\nMessage-ID: <%s@site.example>\nMIME-Version: 1.0\n"
)

GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"  # Rspamd's and SpamAssassin's test line
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def ordinary(count: int = 20) -> list[Mail]:
    """Mails with nothing odd about them."""
    return generate(count, datetime.now(UTC), seed=7).mails


def _simple(name: str, rest: bytes) -> bytes:
    """An ordinary header, then `rest`: more fields, the empty line, the body."""
    return _HEAD % (name.encode(), name.encode()) + rest


def _bodies() -> dict[str, bytes]:
    return {
        "empty-body": b"\n",
        "no-empty-line": b"",
        "no-final-line-end": b"\nlast line without an end",
        "dots": b"\n.\n..\n.hidden\n...\n. \ntext\n.\n",
        "trailing-empty-lines": b"\ntext\n\n\n\n\n",
        "trailing-spaces": b"\nflowed \n-- \n \t \n\ttabs\t\n",
        "long-line": b"\n" + b"x" * 5000 + b"\nshort\n" + b"y " * 2000 + b"\n",
        "very-long-line": b"\n" + b"z" * 100_000 + b"\n",
        "eight-bit": "\nGrüße – 日本語 😀\n".encode(),
        "latin-1": b"Content-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdfe \xa4\n",
        "broken-utf-8": b'Content-Type: text/plain; charset="utf-8"\n\n\xff\xfe\xc3\x28 \xed\xa0\x80\n',
        "control-characters": b"\n\x01\x02\x07\x08\x0b\x0c\x1b[31m\x7f\n",
        "bare-carriage-returns": b"\none\rtwo\r\rthree\r\n",
        "from-lines": b"\nFrom somebody Sat Nov 21 10:00:00 2026\n>From quoted\n>>From twice\n",
        "smtp-commands": b"\nQUIT\nRSET\nDATA\nMAIL FROM:<a@b.example>\n\n.\nMAIL FROM:<c@d.example>\n",
        "many-lines": b"\n" + b"line\n" * 20_000,
        "one-megabyte": b"\n" + (b"0123456789abcdef" * 4 + b"\n") * 16_000,
        "uuencoded": b"\nbegin 644 file.bin\n#0V%T\n`\nend\n",
    }


def _headers() -> dict[str, bytes]:
    return {
        "long-field": b"X-Long: " + b"v" * 3000 + b"\n\nbody\n",
        "long-folded-field": b"References:" + b"\n <abcdefghijklmnopqrstuvwxyz@site.example>" * 300 + b"\n\nbody\n",
        "many-fields": b"".join(b"X-Field-%d: value\n" % number for number in range(500)) + b"\nbody\n",
        "same-fields": b"Subject: again\nSubject: and again\nFrom: other@site.example\n\nbody\n",
        "field-without-value": b"X-Nothing:\nX-Space: \nX-Fold:\n \n\tvalue\n\nbody\n",
        "space-before-colon": b"X-Obsolete : value\nX-Tab\t: value\n\nbody\n",
        "no-field": b"this line is no field\nX-After: still body\n\nbody\n",
        "eight-bit-field": "X-Raw: Grüße 😀\n\nbody\n".encode() + b"\xff\n",
        "encoded-words": b"X-Words: =?utf-8?q?=00=0D=0Aattack?= =?broken?b?!!!?= =?iso-2022-jp?b?G3x?=\n\nbody\n",
        "received-chain": b"".join(
            b"Received: from h%d.example by x.example; Sat, 21 Nov 2026 10:00:00 +0000\n" % n for n in range(30)
        )
        + b"\nbody\n",
        "hidden-copies": b"Bcc: hidden@site.example\nReturn-Path: <x@site.example>\nContent-Length: 5\n\nbody\n",
        "forged-verdicts": b"X-Spam-Flag: YES\nX-Spam-Score: 99\nX-Mailcenter-Reference: 0000000000000\n\nbody\n",
        "forged-results": b"Authentication-Results: mail.demo.example; spf=pass\n"
        b"Authentication-Results: other.example; dkim=pass\n\nbody\n",
        "strange-dates": b"Date: not a date\nDate: Mon, 99 Foo 99999 99:99:99 +9999\n\nbody\n",
        "group-syntax": b'Cc: undisclosed-recipients:;, A (a (b)) <a@site.example>, "q\\"" <b@site.example>\n\nbody\n',
    }


def _multipart(boundary: bytes, parts: list[bytes], *, closed: bool = True) -> bytes:
    inner = b"".join(b"--%s\n%s\n" % (boundary, part) for part in parts)
    end = b"--%s--\n" % boundary if closed else b""
    return b'Content-Type: multipart/mixed; boundary="%s"\n\n%s%s' % (boundary, inner, end)


def _nested(depth: int) -> bytes:
    part = b"Content-Type: text/plain\n\ninnermost\n"
    for level in range(depth):
        part = _multipart(b"level-%d" % level, [part])
    return part


def _structures() -> dict[str, bytes]:
    text = b"Content-Type: text/plain\n\ntext\n"
    zero = b"Content-Type: application/octet-stream; name=x\nContent-Transfer-Encoding: base64\n\n"
    attached = b"Content-Type: message/rfc822\n\n" + _simple("inner", b"\ninner body\n")
    return {
        "no-final-boundary": _multipart(b"b", [text, text], closed=False),
        "no-boundary-parameter": b"Content-Type: multipart/mixed\n\n--b\n\ntext\n--b--\n",
        "empty-boundary": b'Content-Type: multipart/mixed; boundary=""\n\n--\n\ntext\n----\n',
        "boundary-in-boundary": _multipart(b"b", [_multipart(b"bb", [text])]),
        "same-boundary-nested": _multipart(b"b", [_multipart(b"b", [text])]),
        "no-parts": _multipart(b"b", []),
        "many-parts": _multipart(b"b", [text] * 400),
        "deep-nesting": _nested(60),
        "broken-base64": _multipart(b"b", [zero + b"AAAA=AAA\n====\n\xff\xff not base64 !!\nQ\n"]),
        "broken-quoted-printable": b"Content-Transfer-Encoding: quoted-printable\n\n=\n=X=4=4G==\n=ZZ trailing =\n",
        "unknown-encoding": b"Content-Transfer-Encoding: x-martian\nContent-Type: text/x; charset=klingon\n\ntext\n",
        "message-in-message": _multipart(b"b", [attached]),
        "partial-message": b'Content-Type: message/partial; id="x"; number=1; total=2\n\nSubject: half\n\nfirst half\n',
        "attachment-names": _multipart(
            b"b",
            [
                b"Content-Disposition: attachment; filename*0*=utf-8''%e2%82%ac; filename*1=.txt; filename=\"/x\"\n\n",
                b'Content-Type: text/plain; name="a\\"b\n c.txt"\n\nx\n',
            ],
        ),
        "binary-attachment": _multipart(b"b", [zero + base64.encodebytes(bytes(range(256)) * 200)]),
    }


def torture() -> list[Mail]:
    """Nasty, but nothing to refuse: each must be delivered unchanged."""
    kinds = {**_bodies(), **_headers(), **_structures()}
    whole = {
        "only-an-empty-line": b"\n",
        "only-a-body": b"\njust text, no header at all\n",
        "no-header-no-empty-line": b"just text, no header at all\nand more\n",
        "mbox-line-first": b"From sender@site.example Sat Nov 21 10:00:00 2026\n" + _simple("mbox", b"\nbody\n"),
        "quoted-mbox-line-first": b">From sender@site.example Sat Nov 21 10:00:00 2026\n"
        + _simple("mbox", b"\nbody\n"),
        "starts-with-space": b" folded before anything\nSubject: x\n\nbody\n",
        "dos-line-ends": _simple("dos", b"\nbody\n").replace(b"\n", b"\r\n"),
        "old-mac-line-ends": _simple("mac", b"\nbody\n").replace(b"\n", b"\r"),
    }
    return [mail(name, _simple(name, rest)) for name, rest in kinds.items()] + [
        mail(name, content) for name, content in whole.items()
    ]


def refusable() -> list[Mail]:
    """Each must be refused with a reason."""
    virus = b"Content-Type: application/octet-stream; name=eicar.com\nContent-Transfer-Encoding: base64\n\n"
    return [
        mail("gtube", _simple("gtube", b"\n" + GTUBE + b"\n")),
        mail("eicar", _simple("eicar", _multipart(b"b", [virus + base64.encodebytes(EICAR)]))),
    ]
