"""The tree is that of RFC 6962: the roots that Certificate Transparency's own tests give, and proofs that hold."""

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.archive.merkle import Step, proof, root

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SOME = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def root_by(leaf: bytes, steps: tuple[Step, ...]) -> bytes:
    """The root that a leaf and its proof lead to, as a stranger with RFC 6962 and no code of ours works it out."""
    digest = sha256(b"\x00" + leaf).digest()
    for step in steps:
        pair = step.digest + digest if step.side == "left" else digest + step.digest
        digest = sha256(b"\x01" + pair).digest()
    return digest


@pytest.mark.parametrize(("count", "expected"), list(enumerate(ROOTS)))
def test_the_roots_are_those_of_certificate_transparency(count: int, expected: str):
    assert root(LEAVES[:count]).hex() == expected


@given(SOME, st.data())
def test_a_proof_leads_from_every_leaf_to_the_root(leaves: list[bytes], data: st.DataObject):
    index = data.draw(st.integers(0, len(leaves) - 1))

    steps = proof(leaves, index)

    assert root_by(leaves[index], steps) == root(leaves)
    assert len(steps) <= (len(leaves) - 1).bit_length()


@given(SOME, st.data())
def test_a_proof_fits_no_other_leaf_and_no_altered_step(leaves: list[bytes], data: st.DataObject):
    index = data.draw(st.integers(0, len(leaves) - 1))
    steps = proof(leaves, index)

    assert root_by(leaves[index] + b"!", steps) != root(leaves)
    for place, step in enumerate(steps):
        altered = replace(step, digest=bytes([step.digest[0] ^ 1]) + step.digest[1:])
        assert root_by(leaves[index], (*steps[:place], altered, *steps[place + 1 :])) != root(leaves)


def test_a_node_cannot_pass_for_a_leaf():
    first, second = proof([b"a", b"b"], 1)[0].digest, proof([b"a", b"b"], 0)[0].digest

    assert root([first + second]) != root([b"a", b"b"])
