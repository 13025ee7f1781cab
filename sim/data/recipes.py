"""How to read a bundle in R and Python: the part of README_SYNTHETIC.md that is code.

Every block is run by tests as it stands here, in the folder of a bundle, and its numbers compared.
"""

__all__ = ["RECIPES"]

RECIPES = """\
Two things first, or measures come out wrong:

- `alters.csv` lists objects (pets, places, things) beside people, and ties between members are
  asked of people only. For density, EI and the like keep `is_human == 1`.
- An interview that broke off did not come to the ties between members: `aaties_asked` is 0 in
  `egos.csv`. Its density is missing, not 0.

`egoID` stands for one interview (person number * 100 + wave). For one wave at a time, keep the rows
of that `wave` in all files. The EI index below is (other sex - same sex) / both, of those told.

R, with nothing beside it:

```r
egos <- read.csv("egos.csv")
people <- subset(read.csv("alters.csv"), is_human == 1)
ties <- read.csv("aaties.csv")

of_ego <- function(rows) factor(rows$egoID, egos$egoID)
size <- as.vector(table(of_ego(people)))
density <- as.vector(table(of_ego(ties))) / (size * (size - 1) / 2)
density[egos$aaties_asked == 0] <- NA
other <- people$alter_sex != egos$ego_sex[match(people$egoID, egos$egoID)]
ei <- 2 * as.vector(tapply(other, of_ego(people), mean, na.rm = TRUE)) - 1
measures <- data.frame(egoID = egos$egoID, size, density, ei)
```

R, with the package egor:

```r
library(rlang) # before egor: egor 1.25.10 needs its %||% on R older than 4.4
library(egor)

egos <- subset(read.csv("egos.csv"), aaties_asked == 1)
people <- subset(read.csv("alters.csv"), is_human == 1 & egoID %in% egos$egoID)
networks <- threefiles_to_egor(egos, people, read.csv("aaties.csv"))
density <- ego_density(networks)
ei <- comp_ei(networks, "alter_sex", "ego_sex")
```

R, with the package lme4: change per wave, with a random intercept for each person.

```r
library(lme4)

fit <- lmer(swemwbs ~ wave + (1 | ego_pid), read.csv("egos.csv"))
fixef(fit)
```

Python, with pandas:

```python
import pandas as pd

egos = pd.read_csv("egos.csv", index_col="egoID")
people = pd.read_csv("alters.csv").query("is_human == 1")
ties = pd.read_csv("aaties.csv")

size = people.groupby("egoID").size().reindex(egos.index, fill_value=0)
known = ties.groupby("egoID").size().reindex(egos.index, fill_value=0)
density = (known / (size * (size - 1) / 2)).where(egos.aaties_asked == 1)
told = people.dropna(subset="alter_sex")
other = told.alter_sex != told.egoID.map(egos.ego_sex)
ei = 2 * other.groupby(told.egoID).mean() - 1
measures = pd.DataFrame({"size": size, "density": density, "ei": ei})
```

Polars and DuckDB have to be told that `NA` means missing (or read the Parquet files, which know).
Polars:

```python
import polars as pl


def read(file):
    return pl.read_csv(file, null_values="NA", infer_schema_length=None)


size = read("alters.csv").filter(pl.col("is_human") == 1).group_by("egoID").len("size")
known = read("aaties.csv").group_by("egoID").len("known")
density = pl.col("known") / (pl.col("size") * (pl.col("size") - 1) / 2)
measures = (
    read("egos.csv")
    .join(size, on="egoID", how="left")
    .join(known, on="egoID", how="left")
    .with_columns(pl.col("size", "known").fill_null(0).cast(pl.Int64))
    .select("egoID", "size", density=pl.when(pl.col("aaties_asked") == 1).then(density))
)
```

DuckDB:

```python
import duckdb

measures = duckdb.sql(\"\"\"
    with people as (
        select egoID, count(*) as n from read_csv('alters.csv', nullstr = 'NA')
        where is_human = 1 group by egoID
    ), ties as (
        select egoID, count(*) as known from read_csv('aaties.csv', nullstr = 'NA') group by egoID
    )
    select egoID, coalesce(n, 0) as size,
        case when aaties_asked = 1 and n > 1 then coalesce(known, 0) / (n * (n - 1) / 2) end
            as density
    from read_csv('egos.csv', nullstr = 'NA')
    left join people using (egoID) left join ties using (egoID)
\"\"\")
```
"""
