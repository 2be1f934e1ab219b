"""Fuzz one target, or repeat a finding: `python -m fuzz NAME [--naive] [libFuzzer's arguments, folders, files]`."""

import sys

import atheris

with atheris.instrument_imports(include=["lachan"]):
    # Read here, so that their edges are counted; the makers of input, which are not, come after.
    import lachan.codecs.foreign
    import lachan.codecs.gs1
    import lachan.codecs.mrz
    import lachan.codecs.person_qr  # noqa: F401

from fuzz import mutators
from fuzz.targets import TARGETS, Target


def main() -> None:
    name, naive = sys.argv[1], "--naive" in sys.argv
    arguments = [sys.argv[0], *(one for one in sys.argv[2:] if one != "--naive")]
    target = TARGETS[name]
    if naive:
        atheris.Setup(arguments, target.door)
    else:
        atheris.Setup(arguments, target.judge, **_mutator(target))
    atheris.Fuzz()


def _mutator(target: Target) -> dict[str, mutators.Custom]:
    if target.whole:
        return {"custom_mutator": mutators.of_whole(_mutate)}
    return {"custom_mutator": mutators.of_cbor(_mutate)} if target.cbor else {}


def _mutate(data: bytes, most: int) -> bytes:
    """Looked up at each call: `Fuzz` puts the working one in the place of the first."""
    mutated: bytes = atheris.Mutate(data, most)
    return mutated


main()
