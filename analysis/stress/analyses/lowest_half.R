# Change of those who began in the lower half, taken for that of all: wrong, they regress upward.
# estimates: change = change swemwbs 52
egos <- read.csv("egos.csv")
both <- merge(egos[egos$wave == 1, c("ego_pid", "swemwbs")],
              egos[egos$wave == max(egos$wave), c("ego_pid", "swemwbs")], by = "ego_pid")
low <- both[which(both$swemwbs.x < median(both$swemwbs.x, na.rm = TRUE)), ]
test <- t.test(low$swemwbs.y, low$swemwbs.x, paired = TRUE)
write.csv(data.frame(term = "change", estimate = unname(test$estimate), se = test$stderr,
                     lo = test$conf.int[1], hi = test$conf.int[2], p = test$p.value),
          "estimates.csv", row.names = FALSE)
