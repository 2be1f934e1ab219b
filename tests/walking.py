"""From page to page of a long list, as somebody who presses "Next" until there is none."""

import re
from html import unescape
from urllib.parse import urljoin

from django.test import Client

NEXT = re.compile(r'rel="next" href="([^"]+)"')
LINK = re.compile(r'<([^>]+)>; rel="next"')
MOST = 50


def every_page(client: Client, address: str) -> list[str]:
    """The bodies of all pages, by the pager of a page or the head `Link` of an answer of the API."""
    shown: list[str] = []
    while len(shown) < MOST:
        answer = client.get(address)
        assert answer.status_code == 200, address
        shown.append(answer.content.decode())
        found = LINK.search(answer.headers.get("Link", "")) or NEXT.search(shown[-1])
        if not found:
            return shown
        address = urljoin(address, unescape(found[1]))
    raise AssertionError("the list has no end")
