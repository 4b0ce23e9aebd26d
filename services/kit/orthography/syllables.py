"""Which consonants can stand together in the region's names, in folded sounds.

What nobody can say is no name, so it tells a slip of the hand from another name. The
table errs on the side of what can be said: a slip that it misses goes to a reviewer.
"""

import re

# At the beginning of a word.
_BEGINNINGS = (
    "bl br cl cr ct cv ck dm dr dv dz fl fr fs ft gd gl gn gr gv gz hl hm "
    "hr ht hv kl kn kr ks kt kv lb mb mk ml mn mr ms nd ng pc pl pr ps pt "
    "sc sf sk sl sm sn sp sr st sv tk tm tr tv vd vl vr xb xh xm xv zb zd "
    "zg zl zm zn zr zv mbl mbr ndr ngr scr skl skr skv smr spl spr str pst "
    "zdr zdv zgr"
)
# At the end of a word.
_ENDINGS = (
    "ct dr ft gz hm hn hr ht ks kt lb lc ld lf lk lm lp ls lt lx mb mp ms "
    "nc nd ng nk ns nt nx nz ps pt rb rc rd rf rg rh rk rl rm rn rp rs rt "
    "rv rx rz sk sp st tr ts vs xt zd kst ndr nkt nst ntr lts rst rts str"
)
BEGINNINGS, ENDINGS = frozenset(_BEGINNINGS.split()), frozenset(_ENDINGS.split())
_BEFORE = re.compile(r"^[^aeiou]{2,}")
_BEHIND = re.compile(r"[^aeiou]{2,}$")
_INSIDE = re.compile(r"(?<=[aeiou])[^aeiou]{3,}(?=[aeiou])")


def sayable(sounds: str) -> bool:
    """Whether a folded name can be said, as far as its consonants tell.

    >>> sayable("besa"), sayable("bsa")
    (True, False)
    """
    first, last = _BEFORE.search(sounds), _BEHIND.search(sounds)
    if first and first[0] not in BEGINNINGS:
        return False
    if last and last[0] not in ENDINGS:
        return False
    return all(map(_divisible, _INSIDE.findall(sounds)))


def _divisible(cluster: str) -> bool:
    """Whether a cluster falls into the end of one syllable and the next's beginning."""
    return any(
        (at == 1 or cluster[:at] in ENDINGS)
        and (at == len(cluster) - 1 or cluster[at:] in BEGINNINGS)
        for at in range(1, len(cluster))
    )
