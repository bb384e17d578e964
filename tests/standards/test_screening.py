"""What screening finds and what it lets pass.

Nothing here is anybody's: NHS numbers are of the test range 999, National Insurance prefixes of those HMRC keeps for its
own use, PNC serials nought, forces and postcodes ones there are not, marks of years to come, telephone numbers Ofcom's
for drama, and addresses too short for their provider to give out.
"""

import pytest

from standards.screening import Finding, Kind, screen

HITS = {
    Kind.NATIONAL_INSURANCE: (
        *(
            "NC 00 00 00 A",
            "NC000000A",
            "nc000000a",
            "NC 000000 A",
            "NC-00-00-00-A",
            "nc 00 00 00 a",
            "PP999999D",
        ),
        "\uff2e\uff23 00 00 00 \uff21",  # as wide as Chinese characters
        "NC\u00a000\u00a000\u202f00\u2009A",
        "N\u200bC 00 00 00 A",  # with a space that cannot be seen
    ),
    Kind.NHS: (
        *("999 000 0018", "9990000018", "999-000-0018", "999\u2011000\u20110018", "999  000\t0018"),
        "\u0669\u0669\u0669 \u0660\u0660\u0660 \u0660\u0660\u0661\u0668",
    ),
    Kind.PNC: ("2020/0000000D", "20/0000000d", "20200000000D", "2020 / 0000000D"),
    Kind.CUSTODY: ("99ZZ/1234/20", "99zz/1/2020", "20/99ZZ/01/12345A", "2099ZZ0100000012345A"),
    Kind.DATE_OF_BIRTH: (
        *("born on 3 May 1985", "Born 3rd May 1985", "born on the 3rd of May, 1985", "born May 3, 1985"),
        *(
            "d.o.b. 03/05/85",
            "DOB: 03/05/1985",
            "DoB 3.5.85",
            "D.O.B - 1985-05-03",
            "dob 03-05-1985",
            "DOB=3 May 85",
        ),
        *(
            "date of birth: 3 May 1985",
            "Date of birth is 03/05/1985",
            "birthday 3 May 1985",
            "3 May 1985 (DOB",
        ),
        *(
            "born on the third of May nineteen eighty-five",
            "born the twenty-first day of May two thousand and two",
        ),
        "dob 03\u201105\u20111985",
    ),
    Kind.TELEPHONE: (
        *("07700 900123", "07700900123", "07700 900 123", "0770 090 0123", "07700-900-123", "07700.900.123"),
        *(
            "+44 7700 900123",
            "+447700900123",
            "+44 (0)7700 900123",
            "+44 (0) 7700 900123",
            "0044 7700 900123",
        ),
        *(
            "01632 960123",
            "(01632) 960123",
            "0113 496 0123",
            "(0113) 496 0123",
            "020 7946 0018",
            "(+44) 113 496 0123",
        ),
        *("+1 202 555 0123", "07700\u00a0900123", "07700 \u0669\u0660\u0660\u0661\u0662\u0663"),
    ),
    Kind.EMAIL: (
        *(
            "nn@gmail.com",
            "N.N+1@GMAIL.COM",
            "nn@googlemail.com",
            "nn@hotmail.co.uk",
            "nn@outlook.com",
            "nn@live.co.uk",
        ),
        *(
            "nn@yahoo.co.uk",
            "nn@yahoo.fr",
            "nn@icloud.com",
            "nn@btinternet.com",
            "nn@sky.com",
            "nn@proton.me",
        ),
    ),
    Kind.POSTCODE: (
        *(
            "WF99 9ZZ",
            "WF999ZZ",
            "wf99 9zz",
            "wf999zz",
            "W9 9ZZ",
            "W99 9ZZ",
            "WF9 9ZZ",
            "EC9Y 9ZZ",
            "W9Y 9ZZ",
        ),
        *("GIR 0AA", "Wf99 9zz", "WF99\u00a09ZZ"),
    ),
    Kind.VEHICLE: ("AB49 CDE", "AB49CDE", "ab49 cde", "ab49cde", "BD99 XYZ", "A999 ZZZ", "y999zzz"),
}


@pytest.mark.parametrize(
    ("kind", "identifier"), [(kind, each) for kind, those in HITS.items() for each in those]
)
@pytest.mark.parametrize(
    "around", ["{}", "He gave {}.", "({})", "known: {}, and so on", "One\n{}\ntwo", '"{}"', "x,{},y"]
)
def test_an_identifier_is_detected_at_its_place(kind: Kind, identifier: str, around: str) -> None:
    text = around.format(identifier)
    start = text.index(identifier)
    assert screen(text) == [Finding(kind, start, start + len(identifier), identifier)]


@pytest.mark.parametrize(
    ("kind", "text", "identifier"),
    [
        (Kind.NATIONAL_INSURANCE, "National Insurance number NC 00 00 00", "NC 00 00 00"),
        (Kind.NATIONAL_INSURANCE, "NI no: QQ 12 34 56 C", "QQ 12 34 56 C"),
        (Kind.PNC, "PNC ID 20/1E", "20/1E"),
        (Kind.CUSTODY, "custody record ZZ/12345/20", "ZZ/12345/20"),
        (Kind.CUSTODY, "Custody number: 123456", "123456"),
        (Kind.CUSTODY, "custody ref. is 99-123456", "99-123456"),
        (Kind.CUSTODY, "detention record no. ZZ00123/20", "ZZ00123/20"),
        (Kind.VEHICLE, "registration number A1 ZZZ", "A1 ZZZ"),
        (Kind.VEHICLE, "a car, registration ZZZ 999Y", "ZZZ 999Y"),
        (Kind.VEHICLE, "the vehicle zzz 999y was seen", "zzz 999y"),
        (Kind.VEHICLE, "VRM: 1 ZZ", "1 ZZ"),
        (Kind.VEHICLE, "number plate ZZ 9999", "ZZ 9999"),
    ],
)
def test_a_word_before_it_makes_an_identifier_of_what_could_be_anything(
    kind: Kind, text: str, identifier: str
) -> None:
    assert [(each.kind, each.excerpt) for each in screen(text)] == [(kind, identifier)]
    assert screen(identifier) == [] or kind in (Kind.NATIONAL_INSURANCE, Kind.CUSTODY)


@pytest.mark.parametrize(
    "text",
    [
        # The product's own references, dates, money, years and figures.
        *(
            "WY20-SG-03",
            "CT4-2",
            "R12",
            "Action 14",
            "WY1920-NB-07 and WY2021-NB-07",
            "section 55(5A)",
            "v1.10.2",
        ),
        *(
            "3 May 1985",
            "03/05/1985",
            "1985-05-03",
            "2019/20",
            "2019-2020",
            "Q3 2019/20",
            "FY20 OUT",
            "FY2019-20 a plan",
        ),
        *(
            "\u00a31,134,960,123",
            "\u00a301134960123",
            "$9990000018",
            "12,500.00",
            "9,990,000,018",
            "0.0113496012",
        ),
        *("10:30 to 12:45", "2020-06-19T10:30:00", "1592550000", "55%", "by 202021 a further", "BY 202021"),
        "sha256:9990000018ab49cde07700900123e3b0c44298fc1c149afbf4c8996fb92427ae",
        "https://example.org/AB49CDE/9990000018/2020-0000000",
        "0b8f2a1c-9990-4c00-8001-07700900123f",
        # Roads, places and words beside figures.
        *(
            "the M62 and the A650 was closed",
            "THE A650 AND THE M62",
            "M1 1st exit",
            "e1 2nd floor",
            "N2 6ft wide",
            "BD1",
            "LS1 and BD1 4",
        ),
        *(
            "BD1 is a district",
            "a vehicle 20 metres long",
            "the car 2 was parked by",
            "registration closes 12 May",
        ),
        *("vehicle A1 THE", "Room B12 5th floor", "AB49 the", "Form AB49 Cde", "registration number 1234567"),
        # Identifiers that are none: a wrong check digit or letter, a prefix, month or area that is not there.
        *("999 000 0019", "9990000019", "99 900 00018", "999 0000 018", "1990000018", "29990000018"),
        *("2020/0000000A", "2020/20A", "20/3B", "1820/0000000D", "2020/20 a plan", "2019/20a"),
        *("QQ 12 34 56 C", "BG 12 34 56 A", "GB123456A", "NO 12 34 56 A", "NC 00 00 00 E", "NC 00 00 0 A"),
        *(
            "QX9 9ZZ",
            "WF99 9CZ",
            "WF999 9ZZ",
            "XWF99 9ZZ",
            "AB00 CDE",
            "AB50 CDE",
            "AI49 CDE",
            "AB49 CDQ",
            "AB49 CDEF",
        ),
        *(
            "99ZZ/1234",
            "99ZZ/1234/1",
            "custody 2019/20",
            "custody numbers 2019/20",
            "custody record 2020",
            "in custody 12345",
        ),
        *(
            "custody record 19/06/2020",
            "born in 1985",
            "born in Leeds on time",
            "the plan was reborn 3 May 2018",
        ),
        *("DOB: 32/05/1985", "DOB: 03/13/1985", "date of birth not known"),
        # Telephone numbers nobody has at home, and figures that are none.
        *(
            "0800 789 321",
            "101",
            "999",
            "0300 123 1111",
            "0345 123 4567",
            "0845 46 47",
            "116 123",
            "111",
            "0909 8790000",
        ),
        *("7700 900123", "0113 496", "00000000000", "07700 900123%", "01/02/2020 0113 12"),
        # Colleagues are named by their address at work.
        *(
            "n.n@westyorkshire.police.uk",
            "nn@leeds.gov.uk",
            "nn@nhs.net",
            "nn@leeds.ac.uk",
            "nn@live.police.uk",
        ),
        *(
            "nn@charity.org.uk",
            "nn@gmail.example.org",
            "nn@notgmail.com",
            "@gmail.com",
            "nn@gmail",
            "meet @ sky.com",
        ),
        "",
    ],
)
def test_lookalikes_of_identifiers_pass(text: str) -> None:
    for around in ("{}", "See {}.", "({})"):
        assert screen(around.format(text)) == []


def test_findings_come_in_the_order_of_the_text_and_apart() -> None:
    text = "NC 00 00 00 A, born on 3 May 1985 at WF99 9ZZ/WF99 8ZZ; 0113 496 0123/07700 900123, AB49 CDE"
    assert [each.kind for each in screen(text)] == [
        Kind.NATIONAL_INSURANCE,
        Kind.DATE_OF_BIRTH,
        *[Kind.POSTCODE] * 2,
        *[Kind.TELEPHONE] * 2,
        Kind.VEHICLE,
    ]


def test_two_numbers_side_by_side_are_two() -> None:
    findings = screen("0113 496 0123 07700 900123 12 people")
    assert [each.excerpt for each in findings] == ["0113 496 0123", "07700 900123"]


def test_of_two_readings_the_longer_is_meant() -> None:
    assert [(each.kind, each.excerpt) for each in screen("custody number 99ZZ/1234/20-X1")] == [
        (Kind.CUSTODY, "99ZZ/1234/20-X1")
    ]
    assert [each.kind for each in screen("custody number 2020/0000000D")] == [Kind.PNC]
    assert [each.kind for each in screen("415 555 0105")] == [Kind.NHS]
    assert [each.kind for each in screen("+1 415 555 0105")] == [Kind.TELEPHONE]


def test_a_match_records_its_kind_and_length_only() -> None:
    (finding,) = screen("Ring 07700 900123")
    assert finding.kind == "telephone"
    assert finding.kind.label == "a telephone number"
    assert finding.masked == "a telephone number (12 characters)"
    assert repr(finding) == "<Finding a telephone number (12 characters) at 5>"
    assert len({kind.label for kind in Kind}) == len(Kind)
