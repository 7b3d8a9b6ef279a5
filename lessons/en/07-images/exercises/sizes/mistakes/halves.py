"""Expect: whole numbers"""


def side(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) / stride + 1


def parameters(inputs, outputs, kernel):
    return outputs * (inputs * kernel * kernel + 1)


print(side(32, 5, 1, 0), "should be 28;", parameters(3, 6, 5), "should be 456")
