"""HTTP without a domain word: pages, headers, errors, languages, formats, the installable app."""
