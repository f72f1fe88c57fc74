"""Distinct, ordinary mails made by code: the same seed gives the same mails, mean size about 19 KB.

Words follow Zipf's law over an invented vocabulary, so that a statistical filter meets as many different tokens as in
real mail.
"""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate

from bench.mails import Mail
from bench.signing import SELECTOR, Signer
from bench.smtp import Client, canonical
from bench.zone import ZONE, zone_file

_ONSETS = "b|br|c|ch|cl|d|dr|f|fl|g|gr|h|j|k|l|m|n|p|pl|pr|qu|r|s|sch|sh|sp|st|str|t|tr|v|w|z"
_VOWELS = "a|e|i|o|u|ai|au|ea|ee|ei|eu|ie|oa|oo|ou"
_CODAS = "|||b|ck|d|ft|g|l|ld|ll|m|n|nd|ng|nt|p|r|rd|rt|s|st|t"
_COMMON = (
    "the|of|and|to|in|a|is|that|for|it|as|was|with|be|by|on|not|he|this|are|or|his|from|at|which|but|have|an|had|they|"
    "you|were|der|die|und|das|ist|nicht|mit|ein|eine|auf|den|dem|zu|im|für|von|sich|des|auch|als|wir|ihr|uns|ihnen|bitte"
)
_VOCABULARY_SIZE = 12000
_SITES = 200
_SIGNED_SHARE = 0.6


class _Writer:
    """Text of invented words."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.common = _COMMON.split("|")
        syllable = [part.split("|") for part in (_ONSETS, _VOWELS, _CODAS)]
        words = dict.fromkeys(self.common)
        while len(words) < _VOCABULARY_SIZE:
            syllables = chance.choices((1, 2, 3, 4), (1, 5, 4, 1))[0]
            words["".join(chance.choice(part) for _ in range(syllables) for part in syllable)] = None
        self.words = list(words)
        self._weights = list(accumulate(1 / rank for rank in range(2, len(words) + 2)))
        self.sites = [f"{self.name()}{number}.{ZONE}" for number in range(_SITES)]

    def sentence(self) -> str:
        words = self.chance.choices(self.words, cum_weights=self._weights, k=self.chance.randint(5, 22))
        return " ".join([words[0].capitalize(), *words[1:]]) + self.chance.choice("....?!")

    def paragraphs(self, size: int) -> list[str]:
        """About `size` characters."""
        paragraphs, written = [], 0
        while written < size:
            paragraphs.append(" ".join(self.sentence() for _ in range(self.chance.randint(2, 6))))
            written += len(paragraphs[-1])
        return paragraphs

    def name(self) -> str:
        return self.chance.choice(self.words[len(self.common) :])


def _wrapped(paragraphs: list[str]) -> str:
    lines = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split(" "):
            if len(line) + len(word) > 71:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".lstrip()
        lines += [line, ""]
    return "\n".join(lines)


def _html(paragraphs: list[str], writer: _Writer, site: str) -> str:
    head = f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{writer.sentence()}</title></head><body>'
    blocks = [f'<p style="margin:0 0 1em;font-family:sans-serif">{text}</p>' for text in paragraphs]
    links = [f'<a href="https://www.{site}/{writer.name()}/{writer.name()}">{writer.name()}</a>' for _ in range(3)]
    return "\n".join([head, *blocks, *links, "</body></html>"])


def _part(kind: str, text: str) -> str:
    return f'Content-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n{text}\n'


def _attachment(writer: _Writer, size: int) -> str:
    name = f"{writer.name()}.png"
    content = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + writer.chance.randbytes(size)).decode()
    return (
        f'Content-Type: image/png; name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="{name}"\n\n{content}'
    )


def _multipart(kind: str, boundary: str, parts: list[str]) -> str:
    inner = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


def _body(writer: _Writer, site: str) -> str:
    """40 % plain text, 35 % text with HTML, 25 % with an attachment besides."""
    chance = writer.chance
    sort = chance.choices(("plain", "html", "attachment"), (40, 35, 25))[0]
    paragraphs = writer.paragraphs(min(60000, int(chance.lognormvariate(7.9, 0.8))))
    plain = _part("plain", _wrapped(paragraphs))
    if sort == "plain":
        return plain
    boundary = f"{chance.getrandbits(96):024x}"
    both = _multipart("alternative", f"a{boundary}", [plain, _part("html", _html(paragraphs, writer, site))])
    if sort == "html":
        return both
    size = min(400_000, int(chance.lognormvariate(10.05, 0.9)))
    return _multipart("mixed", f"m{boundary}", [both, _attachment(writer, size)])


def _subject(writer: _Writer) -> str:
    words = [word for word in writer.sentence().split() if word.isascii()]
    return " ".join(words[:7])


def _mail(writer: _Writer, number: int, when: datetime, signer: Signer | None) -> Mail:
    chance = writer.chance
    site = chance.choice(writer.sites)
    sender = f"{writer.name()}.{writer.name()}@{site}"
    address = f"203.0.113.{chance.randint(1, 254)}"
    host = f"mail.{site}"
    date = format_datetime(when - timedelta(seconds=chance.randint(1, 300)))
    header = (
        f"Received: from [192.168.{chance.randint(0, 255)}.{chance.randint(1, 254)}] (unknown [192.168.1.7])\n"
        f"\tby {host} (Postfix) with ESMTPSA id {chance.getrandbits(40):010X}\n"
        f"\tfor <reader@receiver.example>; {date}\n"
        f"Date: {date}\nFrom: {writer.name().capitalize()} {writer.name().capitalize()} <{sender}>\n"
        f"To: Reader <reader@receiver.example>\nSubject: {_subject(writer)}\n"
        f"Message-ID: <{chance.getrandbits(80):020x}.{number}@{site}>\nMIME-Version: 1.0\n"
    )
    content = canonical((header + _body(writer, site)).encode())
    if signer and chance.random() < _SIGNED_SHARE:
        content = signer.sign(content, site)
    return Mail(f"generated-{number}", content, sender, Client(helo=host, name=host, address=address))


@dataclass(frozen=True)
class Corpus:
    """Mails to send, mails to teach the classifier with, and the senders' zone file."""

    mails: list[Mail]
    ham: list[bytes]
    spam: list[bytes]
    zone: str


def generate(count: int, when: datetime, *, seed: int = 2, lessons: int = 0) -> Corpus:
    """`count` different mails, dated shortly before `when` (with time zone); `lessons` ham and as many spam mails."""
    writer = _Writer(random.Random(seed))  # noqa: S311 - not for secrets: the same mails each time are wanted
    signer = Signer()
    mails = [_mail(writer, number, when, signer) for number in range(count)]
    ham = [_mail(writer, number, when, None).content for number in range(lessons)]
    stranger = _Writer(random.Random(seed + 1))  # noqa: S311 - another vocabulary, so that the classes differ
    spam = [_mail(stranger, number, when, None).content for number in range(lessons)]
    return Corpus(mails, ham, spam, zone_file(writer.sites, SELECTOR, signer.record()))
