"""How a text looks on a page: where each character stands, and the page as PNG, SVG and PDF.

The layout knows no file format and the formats know no layout. Start with `layout.py`.
"""
