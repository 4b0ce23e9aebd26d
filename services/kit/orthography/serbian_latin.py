"""Serbian in Latin letters: carons and accents for what Albanian writes in digraphs.

Albanian officials write ć as q, č as ç, đ as gj, dž as xh, and put an ë before an r
that carries the syllable: Srđan becomes Sërgjan.
"""

from services.kit.orthography.table import Row

TABLE = (
    Row("dž", "x", "Hodža", "hoxa"),
    Row("đ", "x", "Đorđe", "xorxe"),
    Row("č", "c", "Čedomir", "cedomir"),
    Row("ć", "c", "Vučić", "vucic"),
    Row("c", "c", "Cvijeta", "cvieta"),
    Row("š", "s", "Miloš", "milos"),
    Row("ž", "z", "Živko", "zivko"),
    Row("lj", "l", "Ljubica", "lubica"),
    Row("nj", "ni", "Sanja", "sania"),
    Row("j", "i", "Jovan", "iovan"),
)
