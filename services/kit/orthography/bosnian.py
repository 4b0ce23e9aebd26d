"""Bosnian: the Latin letters of Serbian, and names from the Ottoman time.

What differs is not the letters but the ear: Ahmed and Ahmet, Mehmed and Mehmet. That is
`loosen`, not an orthography; here stand only the letters that Bosnian prints.
"""

from services.kit.orthography.table import Row

TABLE = (
    Row("dž", "x", "Džemila", "xemila"),
    Row("đ", "x", "Hadžiđerić", "haxixeric"),
    Row("ć", "c", "Ćamil", "camil"),
    Row("š", "s", "Bošnjak", "bosniak"),
    Row("lj", "l", "Smaljić", "smalic"),
)
