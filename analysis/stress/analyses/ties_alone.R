# The share of professionals who are kept, by logistic regression of ties: wrong, as if each tie had
# a person and a worker of its own.
# estimates: kept = kept professional 52
egos <- read.csv("egos.csv")
alters <- read.csv("alters.csv")
last <- max(egos$wave)
seen <- egos$ego_pid[egos$wave == last]
first <- alters[alters$wave == 1 & alters$tie_class == "professional" & alters$ego_pid %in% seen, ]
there <- alters[alters$wave == last, ]
kept <- paste(first$ego_pid, first$alter_id) %in% paste(there$ego_pid, there$alter_id)
fit <- glm(kept ~ 1, family = binomial)
of <- summary(fit)$coefficients[1, ]
share <- plogis(of[1])
ends <- plogis(of[1] + c(-1, 1) * qnorm(0.975) * of[2])
write.csv(data.frame(term = "kept", estimate = share, se = share * (1 - share) * of[2],
                     lo = ends[1], hi = ends[2]), "estimates.csv", row.names = FALSE)
