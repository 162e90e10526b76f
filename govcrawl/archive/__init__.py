"""The archive folder as a whole: rebuild and verification, import of WARC files, manifests with proofs, WACZ export."""
