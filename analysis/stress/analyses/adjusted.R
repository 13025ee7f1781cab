# Difference between the arms at the last wave, with the first score as a covariate: right.
# estimates: arms = difference swemwbs 52 more - usual
egos <- read.csv("egos.csv")
both <- merge(egos[egos$wave == 1, c("ego_pid", "arm", "swemwbs")],
              egos[egos$wave == max(egos$wave), c("ego_pid", "swemwbs")], by = "ego_pid")
fit <- lm(swemwbs.y ~ swemwbs.x + (arm == "more"), both)
of <- summary(fit)$coefficients[3, ]
ends <- confint(fit)[3, ]
write.csv(data.frame(term = "arms", estimate = of[1], se = of[2], lo = ends[1], hi = ends[2],
                     p = of[4]), "estimates.csv", row.names = FALSE)
