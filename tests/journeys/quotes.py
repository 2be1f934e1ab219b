"""Pages of docs/journeys quote their tests, so that what they tell is what runs.

After `<!-- quote: path::name -->` stands the text of that function (or of the module's docstring, without `::name`).
`python -m tests.journeys.quotes` writes the quotes anew.
"""

import ast
import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "journeys"
MARK = re.compile(
    r"(<!-- quote: (?P<path>[\w./]+?)(?:::(?P<name>\w+))? -->\n).*?(?=<!-- end of quote -->)", re.S
)


def renewed(text: str) -> str:
    """The page with every quote as its source now reads."""
    return MARK.sub(lambda found: found[1] + _quote(found["path"], found["name"]), text)


def quoted(text: str) -> list[str]:
    return [found["name"] or "" for found in MARK.finditer(text)]


def _quote(path: str, name: str | None) -> str:
    source = (ROOT / path).read_text(encoding="utf-8")
    tree = ast.parse(source)
    if name is None:
        return (
            "\n" + textwrap.indent((ast.get_docstring(tree) or "").strip(), "> ", lambda _line: True) + "\n\n"
        )
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return f"\n```python\n{ast.get_source_segment(source, node)}\n```\n\n"
    raise LookupError(f"{path} has no function {name}")


if __name__ == "__main__":
    for page in PAGES.glob("*.md"):
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
