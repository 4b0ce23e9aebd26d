"""Albanian: digraphs for single sounds, ë for the vowel that other alphabets lack.

In the speech of Kosovo q and ç are one sound, and so are gj and xh; Serbian officials
hear them alike. ll and l differ in Albanian only: Serbian writes l and lj for both.
"""

from services.kit.orthography.table import Row

TABLE = (
    Row("xh", "x", "Hoxha", "hoxa"),
    Row("gj", "x", "Gjergj", "xerx"),
    Row("x", "x", "Xixa", "xixa"),
    Row("ç", "c", "Çelaj", "celai"),
    Row("q", "c", "Qamil", "camil"),
    Row("c", "c", "Bicaj", "bicai"),
    Row("sh", "s", "Shpend", "spend"),
    Row("zh", "z", "Zhani", "zani"),
    Row("th", "t", "Thaçi", "taci"),
    Row("dh", "d", "Dhurata", "durata"),
    Row("rr", "r", "Rrahman", "rahman"),
    Row("ll", "l", "Pllana", "plana"),
    Row("llj", "l", "Lulljeta", "luleta"),
    Row("nj", "ni", "Njazi", "niazi"),
    Row("ë", "e", "Mërgim", "mergim"),
    Row("y", "i", "Ymer", "imer"),
    Row("j", "i", "Jakup", "iakup"),
)
