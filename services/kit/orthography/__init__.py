"""One phonological form for a name, whichever of the region's alphabets wrote it."""

from services.kit.orthography.folding import fold, loosen, skeleton
from services.kit.orthography.neighbours import related
from services.kit.orthography.syllables import sayable

__all__ = ["fold", "loosen", "related", "sayable", "skeleton"]
