"""Merkle trees after RFC 6962: one digest for a list, and a short proof that a leaf is in it.

A leaf is hashed as SHA-256(0x00 ‖ leaf), a node as SHA-256(0x01 ‖ left ‖ right), so that a node cannot pass as a leaf.
A list of n leaves is split at the largest power of two below n. The root of an empty list is SHA-256 of nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ProofSide = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof from a leaf to the root: the sibling's digest and its side."""

    side: ProofSide
    digest: bytes


def root(leaves: Sequence[bytes]) -> bytes:
    """Returns the root of the leaves in this order, 32 bytes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    return _subtree([_leaf(leaf) for leaf in leaves])


def proof(leaves: Sequence[bytes], index: int) -> tuple[Step, ...]:
    """Returns the sibling digests that lead from the leaf at an index to the root, the lowest level first."""
    return tuple(_steps([_leaf(leaf) for leaf in leaves], index))


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _subtree(digests: Sequence[bytes]) -> bytes:
    if len(digests) == 1:
        return digests[0]
    middle = _split(len(digests))
    return _node(_subtree(digests[:middle]), _subtree(digests[middle:]))


def _steps(digests: Sequence[bytes], index: int) -> list[Step]:
    if len(digests) == 1:
        return []
    middle = _split(len(digests))
    left, right = digests[:middle], digests[middle:]
    if index < middle:
        return [*_steps(left, index), Step("right", _subtree(right))]
    return [*_steps(right, index - middle), Step("left", _subtree(left))]


def _split(count: int) -> int:
    """The largest power of two below a count of at least two."""
    return int(1 << ((count - 1).bit_length() - 1))
