"""One phonological form for a name, whichever of the region's alphabets wrote it."""

from services.beneficiaries.linkage.orthography.folding import fold, loosen, skeleton

__all__ = ["fold", "loosen", "skeleton"]
