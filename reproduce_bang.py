"""`python reproduce.py bang`, under the name that published results know."""
import os
import sys

script = os.path.realpath(__file__).replace('_bang.py', '.py')
os.execv(sys.executable, [sys.executable, script, 'bang'] + sys.argv[1:])
