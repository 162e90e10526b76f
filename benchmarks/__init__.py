"""Ratios measured side by side in one run: arms take turns, and the median of the rounds counts.

Absolute times depend on the machine and its mood; only the ratios are printed as results.
"""
