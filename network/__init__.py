"""The paper's network in Lasagne, its Theano functions and its files.

Import it after `environment.prepare`: Theano and Lasagne are imported here.
"""
