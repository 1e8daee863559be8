"""Where other mail readers read otherwise than ours, and why ours is right or no worse.

CAUSES explain a difference wherever it comes up: each looks at a value of ours and theirs. SINGLE
names messages by the last word of their files' names. A fault of ours stands in neither: it is mended.
"""

import re


class Cause:
    def __init__(self, readers, keys, test, why):
        self.readers = readers.split()
        self.keys = keys.split()
        self.test = test
        self.why = why

    def covers(self, key, mine, theirs):
        return key in self.keys and bool(self.test(mine, theirs))


def flat(value):
    return "\n".join(map(flat, value)) if isinstance(value, list) else str(value or "")


def is_undecoded(mine, theirs):
    def ascii_of(value):
        return re.sub(r"[^\x00-\x7f]+", "", flat(value))

    return re.search("[\ufffd\udc80-\udcff]", flat(theirs)) and ascii_of(mine) == ascii_of(theirs)


def lacks_names(mine, theirs):
    return ([box for _, box in mine] == [box for _, box in theirs] and
            all(name in ("", own) for (own, _), (name, _) in zip(mine, theirs)))


def is_cut_short(mine, theirs):
    return theirs != "" and mine.startswith(theirs)


def unquoted(mine, theirs):
    return mine == [[name, re.sub(r'^"([\w.+-]+)"@', r"\1@", box)] for name, box in theirs]


def in_windows(value):
    """C1 controls as windows-1252 has them."""
    if isinstance(value, list):
        return [in_windows(v) for v in value]
    return re.sub("[\x80-\x9f]",
                  lambda m: m.group().encode("latin-1").decode("cp1252", "replace"), value)


def reads_latin_1(mine, theirs):
    return mine == in_windows(theirs)


def has_no_type(mine, theirs):
    return len(mine) == len(theirs) and all(
        a == b or (a[0] == "text/plain" and b == ["application/octet-stream", "", ""])
        for a, b in zip(mine, theirs))


def keeps_junk(mine, theirs):
    return mine == [[re.split(r"[\s(]", kind)[0], name, text] for kind, name, text in theirs]


def has_empty_more(mine, theirs):
    empty = ["text/plain", "", ""]
    return [p for p in mine if p != empty] == [p for p in theirs if p != empty]


def has_wave_dashes(mine, theirs):
    """81 60 of Shift_JIS."""
    return flat(mine).replace("\uff5e", "\u301c") == flat(theirs)


CAUSES = [
    Cause("gmime python", "subject from to cc parts", has_wave_dashes,
          "81 60 of Shift_JIS is U+FF5E to mail readers (WHATWG Encoding 12.3), U+301C to the others"),
    Cause("python", "subject from to cc parts", is_undecoded,
          "raw 8-bit bytes: Python keeps them undecoded; mail readers show UTF-8, else windows-1252"),
    Cause("python", "from to cc", lacks_names,
          "a name in a comment, or a phrase with signs that want quotes: Python leaves it out, mail "
          "readers show it"),
    Cause("python", "parts", keeps_junk,
          "Python takes comments and words behind a type for a part of it"),
    Cause("gmime", "subject", is_cut_short,
          "GMime puts the base64 of neighbouring encoded words together before it decodes them, and "
          "stops at the padding of the first; RFC 2047 6.2 has each decoded for itself"),
    Cause("gmime", "to cc from", unquoted,
          "GMime keeps quotes around a local part that needs none; it is the same address"),
    Cause("gmime", "parts subject from to cc", reads_latin_1,
          "80..9F of ISO-8859-1 are control characters to GMime; all mail readers show windows-1252 "
          "(WHATWG Encoding 4.2)"),
    Cause("gmime", "parts", has_no_type,
          "a Content-Type that is none makes application/octet-stream for GMime; text/plain by "
          "RFC 2045 5.2"),
    Cause("gmime python", "parts", has_empty_more,
          "two delimiters in a row, or a last one that nothing follows: an empty part to us, none to "
          "others; nobody sees anything either way"),
]

# (readers, values, files, why)
SINGLE = [
    ("python gmime", "parts", "file-name-rfc2231 file-name-underscores",
     "a file name in two forms, one a stand-in in ASCII: the others show that one"),
    ("python", "parts", "file-name-unquoted attachment_with_unquoted_name",
     "blanks in a file name without quotes: Python ends at the first, mail readers do not"),
    ("python", "parts",
     "javamail-unquoted-boundary raw_email_with_illegal_boundary raw_email_bad_time",
     "a boundary with '=' and without quotes: Python ends it there, and finds no part"),
    ("python", "parts", "type-with-junk ctype-invalid-characters",
     "a sign that no type may have: Python keeps it"),
    ("gmime", "parts", "base64-one-line",
     "base64 without its padding: GMime drops the last octets"),
    ("gmime", "parts", "charset-empty",
     "charset=\"\": GMime leaves out what is not ASCII, mail readers take it for none declared"),
    ("gmime", "parts", "meta-alone",
     "a character set that only the HTML declares: GMime does not look there, mail readers do"),
    ("python gmime", "parts", "non-mime-missing-charset",
     "the same, over windows-1250"),
    ("python", "from to", "utf8-domain utf8_headers",
     "a domain in raw UTF-8: Python keeps it undecoded"),
    ("python", "date", "disposition-notification",
     "-0400 (EDT) behind a comment: Python loses the zone"),
    ("python gmime", "from", "mime-subject utf8-to mix_caps_content_type",
     "words before an address without angle brackets: Python makes them its local part, GMime gives "
     "up; mail readers show the address"),
    ("python gmime", "from subject", "bad_subject",
     "blanks inside encoded words: Python and GMime cut the words differently, mail readers decode"),
    ("python gmime", "to", "missing_body",
     "an address whose domain ends in a semicolon: none to the others, a stranger's to us"),
    ("python", "from to", "raw_email_multiple_from",
     "two addresses without a comma: Python takes the first, we both"),
    ("python", "to", "raw_email_with_at_display_name",
     "an @ in a display name without quotes: Python takes it for the address"),
    ("python gmime", "to",
     "AddedVtag_07 BasicTest_01 MultipleAuthRes_10 MultipleReceived_08 MultipleSig_06 "
     "NonExistingHeader_09 Simple_02",
     "two dots in a local part: we quote it, GMime drops the address; it is the same one"),
    ("gmime python", "parts",
     "multi-digest dsn_with_multipart_alternative multi_recipient_dsn simple_dsn 022 015 "
     "simple_dsn_with_html attachment_message_rfc822_inline_image",
     "the first line of an attached message is no field: text to us, a broken header to the others; "
     "nobody reads what is attached for a notice"),
    ("gmime", "parts", "attached-message-of-outlook",
     "Content-Type twice in a part of an attached message: GMime takes the last"),
    ("python", "parts", "multipartemptypart",
     "Python takes the epilogue of a multipart with one empty part for that part's text"),
]


def stem(name):
    """The last word of a file's name, as SINGLE has it."""
    return re.sub(r"(\.(eml|txt|raw|golden|bin|msg|anonymized))+$", "", name).rpartition("__")[2]


def keys_of(row):
    readers, values, files, _ = row
    return {(reader, value, file) for reader in readers.split() for value in values.split()
            for file in files.split()}


EXPLAINED = set().union(*map(keys_of, SINGLE))


def stale(used, readers, files):
    """Rows whose messages were read by all their readers, and that explain no difference any more."""
    return [row for row in SINGLE if set(row[2].split()) & files and not keys_of(row) & used and
            all(reader in readers for reader in row[0].split())]
