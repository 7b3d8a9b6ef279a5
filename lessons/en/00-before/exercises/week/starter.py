import numpy as np


def wednesday(temps):
    return ...


def noons(temps):
    return ...


def weekend(temps):
    return ...


def warm(temps):
    return ...


temps = np.array([
    [11, 19, 16, 9],
    [12, 22, 18, 11],
    [10, 15, 13, 8],
    [9, 20, 17, 10],
    [13, 23, 21, 12],
    [14, 25, 22, 13],
    [12, 18, 15, 9],
])
print("Wednesday", wednesday(temps))
print("noons", noons(temps))
print("weekend", weekend(temps))
print("warm", warm(temps), "should be 5")
