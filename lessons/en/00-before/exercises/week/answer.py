import numpy as np


def wednesday(temps):
    return temps[2]


def noons(temps):
    return temps[:, 1]


def weekend(temps):
    return temps[5:, :2]


def warm(temps):
    return (temps > 20).sum()


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
