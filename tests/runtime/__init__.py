"""A package, so that the zoo planted for its tests is gone when they are over."""
