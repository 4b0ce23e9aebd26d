# ruff: noqa: RUF001 -- this table has the dotless i
"""Turkish: c for dž, j for ž, ş for š, and vowels that its neighbours do not have.

c and j mean other sounds in every other alphabet here, so they are read the Turkish way
only beside a letter that only Turkish has, or in a name of `WITHOUT_MARKS`, which are
Turkish names that carry no such letter or lose it on a keyboard. Cemal is not among
them: Ćemal, another name, leaves the same letters on a keyboard.
"""

from services.kit.orthography.table import Row

TABLE = (
    Row("ş", "s", "Şaban", "saban"),
    Row("ğ", "g", "Erdoğan", "erdogan"),
    Row("ı", "i", "Işık", "isik"),
    Row("ö", "o", "Ömer", "omer"),
    Row("ü", "u", "Hüsnü", "husnu"),
    Row("ç", "c", "Çetin", "cetin"),
    Row("y", "i", "Ayşe", "aise"),
)

MARKS = frozenset("şğöü")

BESIDE_MARKS = (
    Row("c", "x", "Gülcan", "gulxan"),
    Row("j", "z", "Müjgan", "muzgan"),
)

WITHOUT_MARKS = {
    "abdulcelil": "abdulxelil",
    "burcu": "burxu",
    "cabir": "xabir",
    "cafer": "xafer",
    "cahide": "xahide",
    "cahit": "xahit",
    "canan": "xanan",
    "caner": "xaner",
    "cavide": "xavide",
    "cavit": "xavit",
    "celal": "xelal",
    "celalettin": "xelaletin",
    "celil": "xelil",
    "cem": "xem",
    "cemil": "xemil",
    "cemile": "xemile",
    "cengiz": "xengiz",
    "cevahir": "xevahir",
    "cevahire": "xevahire",
    "cevat": "xevat",
    "cevdet": "xevdet",
    "cevriye": "xevrie",
    "ceylan": "xeilan",
    "cihan": "xihan",
    "ercan": "erxan",
    "gulcan": "gulxan",
    "hacer": "haxer",
    "haci": "haxi",
    "hatice": "hatixe",
    "hoca": "hoxa",
    "mujgan": "muzgan",
    "naciye": "naxie",
    "necat": "nexat",
    "necati": "nexati",
    "necdet": "nexdet",
    "necip": "nexip",
    "necla": "nexla",
    "necmettin": "nexmetin",
    "necmi": "nexmi",
    "necmiye": "nexmie",
    "nurcan": "nurxan",
    "orcan": "orxan",
    "ozcan": "ozxan",
    "recep": "rexep",
    "receb": "rexeb",
    "sercan": "serxan",
    "sevcan": "sevxan",
    "sucaettin": "suxaetin",
    "tuncay": "tunxai",
    "yucel": "iuxel",
}
