"""What the Theano functions of all networks share, and their geometry.

Import it after `environment.prepare`: Theano and Lasagne are imported here.
"""
