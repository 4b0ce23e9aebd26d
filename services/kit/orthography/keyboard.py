"""What keyboards leave when they lack the letters: digraphs and bare ASCII."""

from services.kit.orthography.table import Row

TABLE = (
    Row("dj", "x", "Djordje", "xorxe"),
    Row("dz", "x", "Hodza", "hoxa"),
    Row("ch", "c", "Vuchich", "vucic"),
    Row("sh", "s", "Milosh", "milos"),
    Row("zh", "z", "Zhivko", "zivko"),
    Row("c", "c", "Vucic", "vucic"),
    Row("s", "s", "Milos", "milos"),
    Row("z", "z", "Zivko", "zivko"),
    Row("w", "v", "Walter", "valter"),
)
