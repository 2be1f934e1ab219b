"""Which type of vaccine, product and manufacturer belong together: the table of the codec, as triples.

Viet Nam's own published sample pairs AstraZeneca's product with BioNTech's code; a record of ours cannot. The triples
are a CHECK of the database too: a new product is a migration.
"""

from typing import Final

from lachan.codecs.hcert.products import ANY_VACCINE, PRODUCTS

PAIRS: Final[tuple[tuple[str, str, str], ...]] = tuple(
    (vaccine, code, product.holder)
    for code, product in sorted(PRODUCTS.items())
    if product.active
    for vaccine in sorted({product.vaccine, ANY_VACCINE})
)
"""(type of vaccine, product, manufacturer)."""

_KNOWN: Final = frozenset(PAIRS)


def belong_together(vaccine: str, product: str, manufacturer: str) -> bool:
    return (vaccine, product, manufacturer) in _KNOWN
