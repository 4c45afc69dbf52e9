# mask-missing: dW1, db1
def back_prop(y, p, a, w, b):
    """One output, its targets in a column; the lists begin at the first layer."""
    d_w, d_b = {}, {}
    e2 = (p - y.T) / p.shape[1]
    e1 = w[1].T.dot(e2)
    d_w[1], d_b[1] = e2.dot(a[1].T), e2.sum(axis=1, keepdims=True)
    d_w[0], d_b[0] = e1.dot(a[0].T), e1.sum(axis=1, keepdims=True)
    return d_w, d_b
