"""Expect: lies on its side: transpose it"""

def classify(images, weights, bias):
    return (images @ weights + bias).T
