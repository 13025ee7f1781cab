"""What is known so far, kept on disk: tables in files, those of numbered things by blocks.

A folder of Parquet files is the truth; there is no index. A file is there whole or not at all, and
says of what run it is: one of another run, or one that is damaged, is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from sim.data.serialise import parquet_bytes, read_parquet
from sim.errors import ResumeError, RunError
from sim.files.whole import write_whole

__all__ = ["Store"]


@dataclass(frozen=True)
class Store:
    """A place for tables with columns of any kind, of numbered replicates or of named things.

    Attributes
    ----------
    folder : pathlib.Path
        Made when the first file is written.
    digest : str
        Of what the tables depend on; a file with another one is refused.
    block : int
        Replicates of a file: those whose numbers agree but for a remainder.
    begin : callable, optional
        Called before a table is written: says whose they are.
    """

    folder: Path
    digest: str
    block: int = 1
    begin: Callable[[], object] | None = field(default=None, compare=False)

    def file(self, what: int | str) -> Path:
        """Where the block of a replicate, or a named thing, lies."""
        first = what if isinstance(what, str) else f"from-{what // self.block * self.block:07d}"
        return self.folder / f"{first}.parquet"

    def read(self, what: int | str) -> pa.Table | None:
        """What is known of a named thing or the block of a replicate; None if nothing is.

        Raises
        ------
        sim.errors.RunError, sim.errors.ResumeError
            If its file cannot be read, or is of another run.
        """
        file = self.file(what)
        try:
            table = read_parquet(file.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            said = error.strerror or "damaged or cut off"
            raise RunError(f"{file}: cannot be read ({said}); remove it and run again") from None
        except pa.ArrowException:
            said = "damaged or cut off"
            raise RunError(f"{file}: cannot be read ({said}); remove it and run again") from None
        if (table.schema.metadata or {}).get(b"fingerprint") != self.digest.encode():
            raise ResumeError(f"{file}: is of another run; remove it, or give another --out")
        return table

    def write(self, what: int | str, table: pa.Table) -> None:
        """Keep all that is known of a named thing or the block of a replicate.

        Raises
        ------
        sim.errors.RunError
            If it cannot be written; what was there is there still.
        """
        if self.begin is not None:
            self.begin()
        told = {"synthetic": "SYNTHETIC: simulated people", "fingerprint": self.digest}
        synthetic = pa.array(np.ones(table.num_rows, bool))
        table = table.add_column(0, "synthetic", synthetic).replace_schema_metadata(told)
        write_whole(self.file(what), parquet_bytes(table))
