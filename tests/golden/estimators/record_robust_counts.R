# Records what R makes of two small sets of counts: Rscript record_robust_counts.R, in this folder.
# Packages: clubSandwich, jsonlite. Writes robust_counts.json.

suppressMessages({library(clubSandwich); library(jsonlite)})
set.seed(21)
counts <- function(n, sd) {
  arm <- rep(0:1, length.out = n)
  y <- rpois(n, 8 * exp(0.3 * arm + rnorm(n, 0, sd)))
  fit <- glm(y ~ arm, poisson, epsilon = 1e-14, maxit = 200)
  test <- coef_test(fit, vcov = "CR2", cluster = seq_len(n), test = "Satterthwaite")["arm", ]
  list(y = y, arm = arm, estimate = test$beta, se = test$SE, df = test$df_Satt, p = test$p_Satt)
}
found <- list(small = counts(17, 0.9), larger = counts(60, 1.2))
write(toJSON(found, digits = NA, auto_unbox = TRUE), "robust_counts.json")
