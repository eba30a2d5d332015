"""Lists as people paste them, made by a seed out of a register: what each line holds is known from the data alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from keur.model import Certificate, CertificateKey, Datasheet, Register
from keur.numbers import compact

Name = tuple[str, ...]
"""System and number of a certificate, or the code of a datasheet."""

FULL_WIDTH = str.maketrans("0123456789/", "０１２３４５６７８９／")


@dataclass(frozen=True)
class PastedList:
    """A text, what it names of the register, and the numbers in it that the register does not know."""

    lines: tuple[str, ...]
    names: frozenset[Name]
    wrong: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def name_of(record: Certificate | Datasheet) -> Name:
    return (record.system, record.number) if isinstance(record, Certificate) else (record.code,)


CERTIFICATE_SPELLINGS: Sequence[Callable[[str, str], str]] = (
    lambda mark, number: f"{mark} {number}",
    lambda mark, number: f"{mark} nr. {number}",
    lambda mark, number: f"{mark.lower()} {number.replace('/', '-')}",
    lambda mark, number: f"Certificat n° {mark}-{number}.",
    lambda mark, number: f"certificaatnummer: {mark} {number.replace('/', ' / ')},",
    lambda mark, number: f"Zertifikat {mark} Nr {number.replace('/', '.')};",
    lambda mark, number: f"({mark} : {number})",
    lambda mark, number: f"{mark}{compact(number)}",
    lambda mark, number: f"{mark}\u00a0{number}\u00a0",
    lambda mark, number: f"- {mark} {number[:2]}\u00ad{number[2:]}…",
    lambda mark, number: f"{mark} {number.translate(FULL_WIDTH)}",
    lambda mark, number: f"Levering onder {mark} {number.replace('/', '/' + chr(10))} te Gent",
    lambda mark, number: f"{mark}\t{number}\t12 t",
    lambda mark, number: f"geleverd op 03.11.2026 met {mark}-certificaat {number} volgens PTV 829",
    lambda mark, number: f"№ {mark} {number.replace('/', chr(0x2215))}",
    lambda mark, number: f'"{mark} {number}"',
)
BARE_SPELLINGS: Sequence[Callable[[str], str]] = (
    lambda number: f"{number}",
    lambda number: f"• {number}.",
    lambda number: f"attest {number.replace('/', ' ')}",
    compact,
    lambda number: f"{number.replace('/', chr(0x2011))} Geotextiel, 3 rollen",
)
CODE_SPELLINGS: Sequence[Callable[[str], str]] = (
    lambda code: code,
    lambda code: f"{code[:4]} {code[4:]}",
    lambda code: f"{code[:4]}.{code[4:]}",
    lambda code: f"{code[:4]}-{code[4:]},",
    lambda code: f"fiche technique n° {code}.",
    lambda code: f"Snelcode: {code[:4]}\u00a0{code[4:]};",
    lambda code: f"{code[:2]} {code[2:4]} {code[4:6]} {code[6:]}",
    lambda code: f"Vliertex S20 ({code}) 25 ton",
    lambda code: code.translate(FULL_WIDTH),
    lambda code: f"{code[:4]}\u2009{code[4:]} rol van 5,25 m",
    lambda code: f"{code[:5]}\u00ad{code[5:]} op 29/01/2026",
    lambda code: f"zie technische fiche {code[:4]}\n{code[4:]} van de producent",
    lambda code: f"2;{code};Gent",
    lambda code: f"datasheet {code[:4]} {code[4:]}, 120 m²",
)
PROSE: Sequence[Callable[[random.Random], str]] = (
    lambda draw: f"Levering op {draw.randint(1, 28):02}/{draw.randint(1, 12):02}/20{draw.randint(10, 26)} te Gent.",
    lambda draw: f"Datum {draw.randint(1, 28):02}.{draw.randint(1, 12):02}.{draw.randint(10, 26)}",
    lambda draw: f"Uitvoering {draw.randint(1, 12):02}/20{draw.randint(10, 26)} volgens planning",
    lambda draw: f"20{draw.randint(10, 26)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
    lambda draw: f"Tel. 0{draw.randint(2, 9)} {draw.randint(100, 999)} {draw.randint(10, 99)} {draw.randint(10, 99)}",
    lambda draw: f"gsm +32 4{draw.randint(70, 99)} {draw.randint(10, 99)} {draw.randint(10, 99)} 67, fax 09/225.66.77",
    lambda draw: f"volgens NBN EN {draw.randint(1000, 14999)}-{draw.randint(1, 9)}:20{draw.randint(10, 22)}",
    lambda draw: f"conform PTV {draw.randint(100, 899)} en TRA {draw.randint(10, 99)}, ISO 9001:2015",
    lambda draw: f"EN {draw.randint(1000, 14999)}:20{draw.randint(10, 22)}+A1:2023",
    lambda draw: f"Prijs {draw.randint(1, 99)}.{draw.randint(100, 999)},{draw.randint(10, 99)} EUR",
    lambda draw: f"€ {draw.randint(100000, 999999)} excl. btw",
    lambda draw: f"BTW BE 0{draw.randint(400, 999)}.{draw.randint(100, 999)}.{draw.randint(100, 999)}",
    lambda draw: f"IBAN BE{draw.randint(10, 99)} {draw.randint(1000, 9999)} {draw.randint(1000, 9999)} 9012",
    lambda draw: f"blz. {draw.randint(1, 300)}/{draw.randint(301, 900)}",
    lambda draw: f"Artikel {draw.randint(90000000, 99999999)} in het lastenboek",
    lambda draw: f"artikelnr. {draw.randint(20, 99)}/{draw.randint(1000, 9999)}",
    lambda draw: f"Hoeveelheid: {draw.randint(100000, 999999)} kg",
    lambda draw: f"{draw.randint(100, 999)} m x {draw.randint(1000, 9999)} mm",
    lambda draw: f"Bestelling {draw.randint(100000, 999999)} van klant {draw.randint(10000, 99999)}",
    lambda draw: f"Treksterkte {draw.randint(10, 99)} kN/m, rek {draw.randint(10, 99)} %",
    lambda draw: f"{draw.randint(1000, 9999)} Gent, Kerkstraat {draw.randint(1, 300)}",
    lambda _: "De aannemer legt voor elke levering het certificaat en de technische fiche voor.",
    lambda draw: f"Le lot {draw.randint(10, 99)} comporte {draw.randint(100, 999)} éléments.",
    lambda draw: f"Maßstab 1/{draw.randint(100, 5000)}, Seite {draw.randint(1, 99)}",
)


def pasted_list(register: Register, seed: int, real: int = 120, wrong: int = 40, prose: int = 40) -> PastedList:
    """Return a list of lines in any order: real numbers in odd spellings, wrong ones, and lines that hold none."""
    draw = random.Random(seed)
    certificates = draw.sample(list(register.certificates.values()), min(real // 2, len(register.certificates)))
    sheets = draw.sample(list(register.datasheets.values()), real - len(certificates))
    lines, names = [], set()
    for certificate in certificates:
        mark = dict(register.systems[certificate.system].name).get("", certificate.system)
        line, named = _certificate_line(draw, mark, certificate.number)
        lines.append(line)
        names |= {name_of(certificate)} if named else _bearing(register, certificate.number)
    for sheet in sheets:
        lines.append(draw.choice(CODE_SPELLINGS)(sheet.code))
        names.add(name_of(sheet))
    unlisted = list(_wrong(register, draw, wrong))
    lines += [line for line, _ in unlisted]
    lines += [draw.choice(PROSE)(draw) for _ in range(prose)]
    draw.shuffle(lines)
    return PastedList(tuple(lines), frozenset(names), tuple(number for _, number in unlisted))


def _certificate_line(draw: random.Random, mark: str, number: str) -> tuple[str, bool]:
    """Return a line and whether it names the mark; a number with letters is known by them."""
    if any(map(str.isalpha, number)):
        return draw.choice(
            (number, number.lower(), f"{mark} {number}", number.replace("-", " "), f"nr. {number}.")
        ), True
    if draw.random() < 0.2:
        return draw.choice(BARE_SPELLINGS)(number), False
    return draw.choice(CERTIFICATE_SPELLINGS)(mark, number), True


def _bearing(register: Register, number: str) -> set[Name]:
    form = compact(number)
    return {(*key,) for key in _keys(register) if compact(key.number) == form}


def _keys(register: Register) -> Iterable[CertificateKey]:
    """Return the keys of certificates that are listed, or were once."""
    return (*register.certificates, *register.memory.certificates)


def _wrong(register: Register, draw: random.Random, count: int) -> Iterable[tuple[str, str]]:
    """Yield lines with numbers that look right and are in no register, each with the number."""
    taken = {compact(key.number) for key in _keys(register)}
    taken |= {compact(code) for code in (*register.datasheets, *register.memory.datasheets)}
    marked = [c for c in register.certificates.values() if c.number.replace("/", "").isdecimal()]
    codes = list(register.datasheets)
    while count:
        if draw.random() < 0.5:
            certificate = draw.choice(marked)
            mark = dict(register.systems[certificate.system].name).get("", certificate.system)
            number = _other_digit(draw, certificate.number)
            line = draw.choice(CERTIFICATE_SPELLINGS)(mark, number)
        else:
            number = _other_digit(draw, draw.choice(codes))
            line = draw.choice(CODE_SPELLINGS)(number)
        if compact(number) not in taken:
            taken.add(compact(number))
            count -= 1
            yield line, number


def _other_digit(draw: random.Random, number: str) -> str:
    places = [place for place, character in enumerate(number) if character.isdecimal() and place > 1]
    place = draw.choice(places)
    return (
        number[:place] + draw.choice([digit for digit in "0123456789" if digit != number[place]]) + number[place + 1 :]
    )
