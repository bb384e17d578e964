"""`python -m benchmarks.screening FILE...`: measure what screening finds in texts, and how long it takes.

Print the words and findings of each file, and each finding with its line, so that a reader can check it. Findings are
printed in full, so use public texts only. Without files, time screening on ordinary prose and on texts made to be slow: a
text of twice the length should take about twice the time.
"""

import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

from standards.screening import Finding, screen

SIZE = 100_000
PROSE = (
    "The Prevent board met on 3 May 2019 at 10:30, noted £12,500 for 2019/20 and agreed action WY20-SG-03. "
)
SLOW = {
    "prose": PROSE,
    "one long number": "0",
    "short groups of figures": "01 ",
    "groups like telephone numbers": "0113 49 ",
    "telephone numbers": "0113 496 0123 ",
    "plus signs": "+1-",
    "brackets": "(0",
    "one long word": "a",
    "at signs": "a@a.",
    "capital letters and figures": "AB12 ",
    "born": "born on the ",
    "custody": "custody record number A/",
    "spaces": " ",
    "spaces of all widths": " \u00a0\u2009",
}


def main(names: list[str]) -> int:
    if not names:
        return _time()
    word_total = finding_total = 0
    print(f"{'words':>8} {'found':>6}  file")
    for path in map(Path, names):
        text = path.read_text(encoding="utf-8-sig")
        findings = screen(text)
        word_total, finding_total = word_total + len(text.split()), finding_total + len(findings)
        print(f"{len(text.split()):8} {len(findings):6}  {path}")
        for finding in findings:
            print(f"{'':17}{finding.kind.label}: {finding.excerpt!r} in {_line(text, finding)!r}")
    print(f"{word_total:8} {finding_total:6}  total")
    return 0


def _line(text: str, finding: Finding) -> str:
    begins = text.rfind("\n", 0, finding.start) + 1
    ends = text.find("\n", finding.end)
    line = text[begins : ends if ends >= 0 else len(text)]
    return " ".join(line[max(0, finding.start - begins - 50) :][:140].split())


def _time() -> int:
    print(f"{'text':<32} {'50 kB':>9} {'100 kB':>9}  findings")
    for name, piece in SLOW.items():
        text = piece * (SIZE // len(piece) + 1)
        half, whole = _seconds(text[: SIZE // 2]), _seconds(text[:SIZE])
        kinds = Counter(finding.kind.value for finding in screen(text[:SIZE]))
        print(f"{name:<32} {half * 1000:6.0f} ms {whole * 1000:6.0f} ms  {dict(kinds) or ''}")
    return 0


def _seconds(text: str) -> float:
    start = perf_counter()
    screen(text)
    return perf_counter() - start


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
