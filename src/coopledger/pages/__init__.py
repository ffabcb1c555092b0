"""Pages: reports as HTML files that need nothing else, for a phone and for paper."""
