import re
from pathlib import Path

import lachan.codecs
from lachan.codecs.gs1.content import CHECKS
from lachan.core.scan_words import scan_sentence

SOURCES = Path(lachan.codecs.__file__).parent
CODE = re.compile(r'"((?:cccd|bhyt|national|signed|live|mrz|gs1|qr|code|number|issued)-[a-z-]+)"')
SHARED_CODE = re.compile(r'f"\{prefix\}-([a-z-]+)"')
SHARED_CARD_CODE = re.compile(r'f"\{kind\}-([a-z-]+)"')


def test_every_code_of_the_formats_has_a_sentence() -> None:
    files = [*SOURCES.glob("*.py"), *SOURCES.glob("mrz/*.py"), *SOURCES.glob("gs1/*.py")]
    text = "".join(path.read_text("utf-8") for path in files)
    codes = set(CODE.findall(text))
    endings = SHARED_CARD_CODE.findall(text)
    codes |= {f"{kind}-{ending}" for kind in ("cccd", "bhyt", "national") for ending in endings}
    codes |= {f"{prefix}-{ending}" for prefix in ("signed", "live") for ending in SHARED_CODE.findall(text)}
    codes |= {f"mrz-{field}-check" for field in ("number", "birth", "expiry", "optional")}
    codes |= {f"gs1-{ending}" for ending, _check in CHECKS.values()}
    assert {"cccd-number", "bhyt-hex", "bhyt-fields", "qr-unknown", "code-check", "number-sex"} <= codes
    assert {"national-name", "signed-length", "live-tag", "mrz-composite-check", "gs1-coupon"} <= codes
    assert all(scan_sentence(code) for code in codes)
