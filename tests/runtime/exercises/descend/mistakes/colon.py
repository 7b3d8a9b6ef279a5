"""Expect: ends with a colon"""

w = 5.0
for step in range(50)
    w = w - 0.1 * 2 * w
