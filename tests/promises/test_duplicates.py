"""No block of code stands twice: eight lines in a row with the same words are one thing written again."""

import tokenize
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = 8
UNWRITTEN = {
    tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
}  # fmt: skip
"""What is no word: layout and comments, so that indenting a copy or remarking on it does not hide it."""
Line = tuple[int, str]


def lines(path: Path) -> list[Line]:
    """Number and words of each line of code. Imports are left out: they say what is used, not what is done."""
    words: dict[int, list[str]] = defaultdict(list)
    imports = set[int]()
    with path.open("rb") as source:
        statement = list[tokenize.TokenInfo]()
        for token in tokenize.tokenize(source.readline):
            if token.type in UNWRITTEN:
                if token.type == tokenize.NEWLINE:
                    if statement and statement[0].string in ("from", "import"):
                        imports |= {t.start[0] for t in statement}
                    statement = []
                continue
            statement.append(token)
            words[token.start[0]].append(token.string)
    return [(number, " ".join(said)) for number, said in sorted(words.items()) if number not in imports]


def repeated(paths: Iterable[Path], *, run: int = RUN) -> list[list[str]]:
    """Places, as file:line, at which the same `run` lines begin."""
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path in paths:
        code = lines(path)
        for i in range(len(code) - run + 1):
            block = code[i : i + run]
            places[tuple(said for _, said in block)].append(f"{path}:{block[0][0]}")
    return [found for found in places.values() if len(found) > 1]


def test_no_block_of_the_program_stands_twice() -> None:
    sources = [p for p in (ROOT / "lachan").rglob("*.py") if not {"migrations", "tests"} & set(p.parts)]
    assert len(sources) > 200
    assert not repeated(sources)


def test_a_copy_is_found_wherever_it_is_indented_and_whatever_is_remarked(tmp_path: Path) -> None:
    body = [f"total = total + weight[{n}] * count" for n in range(RUN)]
    (tmp_path / "one.py").write_text("import os\n" + "\n".join(body) + "\n")
    inside = "\n\n".join(f"    {line}  # copied" for line in body)
    (tmp_path / "two.py").write_text(f"def summed(total, weight, count):\n{inside}\n    return total\n")
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    assert repeated([one, two]) == [[f"{one}:2", f"{two}:2"]]


def test_a_shorter_run_and_the_same_imports_are_no_copy(tmp_path: Path) -> None:
    imports = "from gates import (\n" + "".join(f"    part_{n},\n" for n in range(RUN)) + ")\n"
    body = "".join(f"step_{n}()\n" for n in range(RUN - 1))
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(f"{imports}{body}{name}()\n")
    assert not repeated(tmp_path.glob("*.py"))
