"""The privacy policy's sentences, proven one by one; proofs.py says by what."""
