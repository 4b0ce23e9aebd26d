"""What the programme service answers from outside."""

from services.kit.checkpoints import Audit
from services.programme.permissions import Programme

ROWS = (
    ("GET", "/indicators", Programme.READ_RESULTS),
    ("POST", "/indicators", Programme.RECORD_INDICATORS),
    ("GET", "/indicators/{key}/result", Programme.READ_RESULTS),
    ("GET", "/indicators/{key}/chart", Programme.READ_RESULTS),
    ("GET", "/indicators/{key}/facts", Programme.READ_RESULTS),
    ("POST", "/indicators/{key}/facts", Programme.RECORD_FACTS),
    ("POST", "/facts/{key}/correction", Programme.RECORD_FACTS),
    ("GET", "/surveys", Programme.READ_RESULTS),
    ("POST", "/surveys", Programme.RECORD_SURVEYS),
    ("GET", "/surveys/{key}", Programme.READ_RESULTS),
    ("GET", "/surveys/{key}/chart", Programme.READ_RESULTS),
    ("GET", "/surveys/{key}/findings", Programme.READ_RESULTS),
    ("POST", "/surveys/{key}/findings", Programme.RECORD_SURVEYS),
    ("POST", "/findings/{key}/correction", Programme.RECORD_SURVEYS),
    ("POST", "/publications", Programme.ENTER_PUBLICATIONS),
    ("GET", "/results", Programme.READ_RESULTS),
    ("GET", "/results/table", Programme.READ_RESULTS),
    ("GET", "/following", Programme.READ_FOLLOWING),
    ("GET", "/audit/checkpoints", Audit.READ_CHECKPOINTS),
    ("GET", "/audit/key", Audit.READ_CHECKPOINTS),
)
