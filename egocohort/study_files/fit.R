# An analysis to be tested: change it into your own.
#
# Try it on one study:        egocohort stress "Rscript fit.R" --check
# Test it on hundreds:        egocohort stress "Rscript fit.R" --study founding-study
#
# It is started in a folder with egos.csv (a row per interview), alters.csv (per interview and
# member), aaties.csv, persons.csv and attrition.csv, and writes estimates.csv. What each term
# estimates is said here; a term must come back from every study.
#
# estimates: wellbeing = change swemwbs 52
# estimates: friends_kept = kept friend 52

egos <- read.csv("egos.csv")
alters <- read.csv("alters.csv")
last <- max(egos$wave)

row <- function(term, estimate, se, df) {
  half <- qt(0.975, df) * se
  data.frame(term = term, estimate = estimate, se = se, lo = estimate - half, hi = estimate + half,
             p = 2 * pt(-abs(estimate) / se, df))
}

# change of wellbeing over a year
first_score <- egos[egos$wave == 1, c("ego_pid", "swemwbs")]
last_score <- egos[egos$wave == last, c("ego_pid", "swemwbs")]
both <- merge(first_score, last_score, by = "ego_pid")
change <- na.omit(both$swemwbs.y - both$swemwbs.x)
wellbeing <- row("wellbeing", mean(change), sd(change) / sqrt(length(change)), length(change) - 1)

# share of friends of the first map that are on the last, people being the clusters
friends <- alters[alters$wave == 1 & alters$tie_class == "friend", ]
friends <- friends[friends$ego_pid %in% last_score$ego_pid, ]
there <- alters[alters$wave == last, ]
kept <- paste(friends$ego_pid, friends$alter_id) %in% paste(there$ego_pid, there$alter_id)
of_person <- aggregate(list(kept = kept, named = 1), list(ego = friends$ego_pid), sum)
share <- sum(of_person$kept) / sum(of_person$named)
off <- of_person$kept - share * of_person$named
people <- nrow(of_person)
se <- sqrt(people / (people - 1) * sum(off^2)) / sum(of_person$named)
friends_kept <- row("friends_kept", share, se, people - 1)

write.csv(rbind(wellbeing, friends_kept), "estimates.csv", row.names = FALSE)
