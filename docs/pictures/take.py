"""Take the pictures of README.md from a running demo:

    lachan demo --port 8431 &
    .venv/bin/python docs/pictures/take.py http://127.0.0.1:8431

They show synthetic people in Vietnamese. The scan that is photographed stays in the demo's data.
"""

import io
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent
PASSWORD = "la-chan-demo"  # noqa: S105 (every demo says it)
DESKTOP, PHONE = (1280, 800), (360, 640)
MOST_BYTES = 150_000


def main(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        desk = signed_in(browser, url, "health-officer", DESKTOP)
        keep(desk, "desk.png")
        code = code_of_somebody_under_an_order(desk, url)
        gate = signed_in(browser, url, "gate-guard", PHONE, device_scale_factor=2)
        scan(gate, url, code)
        keep(gate, "verdict.png")
        browser.close()


def signed_in(browser: Browser, url: str, name: str, size: tuple[int, int], **more: Any) -> Page:
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, locale="vi-VN", color_scheme="light", **more)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{url}/sign-in/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")
    return page


def code_of_somebody_under_an_order(page: Page, url: str) -> str:
    page.goto(f"{url}/quarantine/")
    return page.locator("#live tbody .code").first.inner_text()


def scan(page: Page, url: str, code: str) -> None:
    page.goto(f"{url}/checkpoints/")
    page.fill("#code", f"LC1:{code.replace('-', '')}")
    page.keyboard.press("Enter")
    expect(page.locator("#answer .verdict")).to_be_visible()
    page.locator("#answer").scroll_into_view_if_needed()


def keep(page: Page, name: str) -> None:
    """What the window shows, in 128 colours: few enough to be light, enough to look the same."""
    page.evaluate("document.activeElement.blur()")
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    drawn.quantize(128, dither=Image.Dither.NONE).save(HERE / name, optimize=True)
    size = (HERE / name).stat().st_size
    sys.stdout.write(f"{name}: {size:,} bytes\n")
    if size > MOST_BYTES:
        raise SystemExit(f"{name} weighs more than {MOST_BYTES:,} bytes.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
