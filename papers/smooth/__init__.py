"""Smooth features, Parseval weights, adversarial training.

H. Moreira Freitas, "Internship at IMT Atlantique on deep networks and
adversarial noise" (2018); its regulariser is that of Lassance, Gripon and
Ortega, "Laplacian power networks" (arXiv 1805.10133).
"""
