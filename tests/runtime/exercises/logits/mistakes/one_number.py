"""Expect: has the shape (64,), but should be (64, 10): 64 images, 10 classes, one row for each"""

def classify(images, weights, bias):
    return images.sum(axis=1)
