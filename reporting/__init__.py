"""The report: one HTML page, its Markdown twin, figures, LaTeX tables."""
