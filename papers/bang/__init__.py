"""BANG (Rozsa, Günther and Boult): batch adjusted network gradients.

`networks` are the paper's two, Caffe's LeNet and CIFAR-10 quick with a
dropout layer more; `adjusting` the gradients' rule, `solver` Caffe's updates,
`training` what Theano compiles of them. `attack` is FGS, HC1 and PASS on a
block of samples, `numbers` what the paper prints, `measures` and `finding`
what became of that.
"""
