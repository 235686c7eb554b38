"""Gives the offline bundle's Python its packages, wherever it lies."""

import os
import site

site.addsitedir(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             'site-packages'))
