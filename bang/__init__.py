"""BANG (Rozsa, Günther and Boult): batch adjusted network gradients.

`networks` are the paper's two, Caffe's LeNet and CIFAR-10 quick with a
dropout layer more; `adjusting` the gradients' rule, `solver` Caffe's updates,
`functions` what Theano compiles of them, `session` a whole training and
`models` what a run leaves. Of `saliency` nothing here knows.
"""
