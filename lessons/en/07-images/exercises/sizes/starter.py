def side(n, kernel, stride, padding):
    return ...


def parameters(inputs, outputs, kernel):
    return ...


print(side(32, 5, 1, 0), "should be 28;", parameters(3, 6, 5), "should be 456")
