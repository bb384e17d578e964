"""The HTML of pages, checked by html-validate: one process of Node for all of them. Its rules are in html_validator.json.

Left out are rules that GOV.UK Frontend's own HTML breaks (`role="button"` on links, `role="group"` on the fieldset of a date),
and of style: spaces at the end of a line, and titles above 70 letters, which name the record.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = Path(__file__).with_name("html_validator.json")
# Node from PyPI is in the virtual environment and comes before the machine's own, as in the Makefile.
PATH = os.pathsep.join((str(ROOT / ".venv" / "bin"), os.environ.get("PATH", os.defpath)))


def invalid_html(pages: dict[str, str], folder: Path) -> Iterator[str]:
    """Yield what is wrong with the HTML of pages.

    Args:
        pages: the HTML as it was sent, by the name of the page.
        folder: an empty folder for the pages.
    """
    names = {}
    for number, (name, html) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(html)
        names[str(file)] = name
    command = ["node", str(PROGRAM), "--config", str(RULES), "--formatter", "json", str(folder)]
    answer = subprocess.run(
        command, env=os.environ | {"PATH": PATH}, capture_output=True, text=True, check=False
    )
    assert answer.stdout, f"html-validate does not run. Run make assets. {answer.stderr}"
    for report in json.loads(answer.stdout):
        for message in report["messages"]:
            line, words, rule = message["line"], message["message"], message["ruleId"]
            yield f"{names[report['filePath']]}: line {line}: {words} ({rule})"
