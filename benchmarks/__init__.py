"""Ratios measured side by side in one run: every arm takes its turn in every round, and the median of the rounds counts.

Absolute times depend on the machine and its mood; only the ratios are printed as results.
"""
