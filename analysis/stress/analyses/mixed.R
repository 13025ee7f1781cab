# Difference between the arms at the last wave, from all waves with an intercept for each person
# (lme4): right where who is absent hangs on scores recorded before.
# estimates: arms = difference swemwbs 52 more - usual
suppressMessages(library(lme4))
egos <- read.csv("egos.csv")
egos <- egos[!is.na(egos$swemwbs), ]
egos$when <- factor(egos$wave)
egos$more <- (egos$arm == "more") * (egos$wave > 1)
egos$more_last <- (egos$arm == "more") * (egos$wave == max(egos$wave))
fit <- lmer(swemwbs ~ when + more + more_last + (1 | ego_pid), egos)
of <- fixef(fit)
sum_of <- c("more", "more_last")
estimate <- sum(of[sum_of])
se <- sqrt(sum(as.matrix(vcov(fit))[sum_of, sum_of]))
half <- qnorm(0.975) * se
write.csv(data.frame(term = "arms", estimate = estimate, se = se, lo = estimate - half,
                     hi = estimate + half, p = 2 * pnorm(-abs(estimate) / se)),
          "estimates.csv", row.names = FALSE)
