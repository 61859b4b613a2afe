"""What a word is, as SQL: the same for what is written and for what is looked for.

Letters and digits between anything else, in lower case, without accents (NFKD, Unicode Standard Annex 15), at most 40
characters. No language's grammar: organizations write in several, and looking for beginnings makes up for it.
"""

LENGTH = 40

_ACCENTS = r"[\u0300-\u036f]"
_BETWEEN = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+"


def words_of(text: str) -> str:
    """SQL for the array of words in an SQL text; there may be empty and repeated ones."""
    bare = f"regexp_replace(normalize({text}, NFKD), '{_ACCENTS}', '', 'g')"
    return f"regexp_split_to_array(lower({bare}), '{_BETWEEN}')"
