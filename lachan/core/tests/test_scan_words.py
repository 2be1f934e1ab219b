import re
from pathlib import Path

import lachan.codecs
from lachan.core.scan_words import scan_sentence

SOURCES = Path(lachan.codecs.__file__).parent
CODE = re.compile(r'"((?:cccd|bhyt|qr|code|number|issued)-[a-z-]+)"')
SHARED_CARD_CODE = re.compile(r'f"\{kind\}-([a-z-]+)"')


def test_every_code_of_the_formats_has_a_sentence() -> None:
    text = "".join(path.read_text("utf-8") for path in SOURCES.glob("*.py"))
    codes = set(CODE.findall(text))
    codes |= {f"{kind}-{ending}" for kind in ("cccd", "bhyt") for ending in SHARED_CARD_CODE.findall(text)}
    assert {"cccd-number", "bhyt-hex", "bhyt-fields", "qr-unknown", "code-check", "number-sex"} <= codes
    assert all(scan_sentence(code) for code in codes)
