"""Experiments that behave, and some that do what experiments must not do."""

EXPERIMENTS = ("steady", "breaks", "diverges", "stubborn", "dies", "lacks", "still", "unreadable")
WARM = ()  # none of them needs torch, which would take long to import
