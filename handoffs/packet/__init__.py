"""What travels with the work: checklist, documents, links, notes, questions."""
