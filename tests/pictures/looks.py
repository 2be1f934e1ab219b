"""How pages are looked at: photographed, never scrolling sideways, read by axe with everything folded open.

Axe weighs the colours of every element against what lies behind it, so that a page takes as long as it has elements:
a scene has a few rows of each kind, not a cabin full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]
LOOKS = (("light", 360), ("dark", 1280))
UNFOLD = "document.querySelectorAll('main details').forEach((each) => { each.open = true; })"
SERIOUS = """async () => {
  const found = await axe.run({ resultTypes: ['violations'], preload: false });
  return found.violations.filter((each) => ['serious', 'critical'].includes(each.impact))
    .map((each) => [each.id, each.nodes[0].html]);
}"""


def check(page: Page, picture: Path, width: int) -> None:
    """Photographs the page as it stands, then reads it."""
    page.screenshot(path=picture, full_page=True)
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, picture.name
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(SERIOUS) == [], picture.name


def look_at(
    open_page: Open, paths: Mapping[str, str], folder: Path, *, mark: str, scheme: str, width: int, user: Any = None
) -> None:  # fmt: skip
    """Each page once, in one window: what the first has fetched lies there for the next."""
    page: Page | None = None
    for name, path in paths.items():
        if page is None:
            page = open_page(path, user=user, scheme=scheme, width=width)
        else:
            page.goto(urljoin(page.url, path))
        assert page.url.endswith(path), f"{name}: sent on to {page.url}"
        check(page, folder / f"{mark}-{name}-{scheme}-{width}.png", width)
