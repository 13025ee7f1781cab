# Records what R makes of small data sets: Rscript record_marginal.R, in this folder.
# Packages: MASS, lme4, numDeriv, sandwich, clubSandwich, jsonlite. Writes marginal.json.

suppressMessages({
  library(MASS); library(lme4); library(numDeriv); library(sandwich); library(clubSandwich)
  library(jsonlite)
})
set.seed(20)
out <- list()
both <- function(test) list(estimate = test$beta, se = test$SE, df = test$df_Satt)
panel <- function(n, m) {
  d <- expand.grid(row = 1:m, ego = 1:n)
  d$arm <- as.numeric(d$ego %% 2)
  d$kin <- as.numeric(d$row %% 3 == 0)
  d$age <- round(rnorm(n), 3)[d$ego]
  d$u <- rnorm(n)[d$ego]
  d
}

# least squares: HC3 (sandwich) and HC2 with Satterthwaite's df (clubSandwich)
d <- data.frame(arm = rep(0:1, length.out = 19), base = round(rnorm(19), 3))
d$y <- round(0.5 * d$arm + 0.6 * d$base + rnorm(19) * (1 + d$arm), 3)
fit <- lm(y ~ arm + base, d)
out$least_squares <- list(
  data = d, estimate = coef(fit), hc3 = sqrt(diag(vcovHC(fit, "HC3"))),
  hc2 = both(coef_test(fit, vcov = "CR2", cluster = seq_len(19), test = "Satterthwaite"))
)

# estimating equations: CR2 with Satterthwaite's df, working independence, clusters of unequal size
d <- panel(17, 4)
d <- d[runif(nrow(d)) > 0.2, ]
d$y <- round(0.4 * d$arm + 0.3 * d$age + d$u + rnorm(nrow(d)), 3)
fit <- lm(y ~ arm + kin + age, d)
out$equations <- list(
  data = d[c("ego", "row", "arm", "kin", "age", "y")],
  independence = both(coef_test(fit, vcov = "CR2", cluster = d$ego, test = "Satterthwaite"))
)

# counts
counts <- function(n, size, mean, weeks) {
  d <- data.frame(arm = rep(0:1, length.out = n), age = round(rnorm(n), 3), weeks = weeks)
  rate <- mean * weeks / 52 * exp(0.3 * d$arm + 0.2 * d$age)
  d$y <- if (is.finite(size)) rnbinom(n, size, mu = rate) else rbinom(n, 30, pmin(rate / 30, 0.9))
  close <- glm.control(epsilon = 1e-14, maxit = 200)
  fit <- if (is.finite(size)) {
    glm.nb(y ~ arm + age + offset(log(weeks)), d, control = close)
  } else {
    glm(y ~ arm + age + offset(log(weeks)), poisson, d, control = close)
  }
  list(
    data = d, estimate = coef(fit), se = sqrt(diag(vcov(fit))),
    alpha = if (is.finite(size)) 1 / fit$theta else 0
  )
}
out$counts <- list(
  small = counts(15, 2, 8, rep(52, 15)),
  many = counts(100, 0.7, 20, sample(20:52, 100, TRUE)),
  rare = counts(60, 1, 1, rep(26, 60)),
  even = counts(40, Inf, 20, rep(52, 40))
)

# ties in egos: lme4's own deviance with 25 nodes, taken to its minimum by Newton
ties <- function(n, m, sd) {
  d <- panel(n, m)
  d <- d[d$row <= sample(4:m, n, TRUE)[d$ego], ]
  d$y <- as.numeric(runif(nrow(d)) < plogis(0.6 + 0.5 * d$arm - 0.6 * d$kin + sd * d$u))
  fit <- glmer(y ~ arm + kin + age + (1 | ego), d, binomial, nAGQ = 25,
    control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13))
  deviance <- update(fit, devFunOnly = TRUE)
  at <- unname(c(getME(fit, "theta"), fixef(fit)))
  if (at[1] > 1e-3) {
    for (turn in 1:4) at <- at - solve(hessian(deviance, at), grad(deviance, at))
    variances <- diag(2 * solve(hessian(deviance, at)))[-1]
  } else {
    plain <- glm(y ~ arm + kin + age, binomial, d, epsilon = 1e-14)
    at <- unname(c(0, coef(plain)))
    variances <- diag(vcov(plain))
  }
  list(
    data = d[c("ego", "row", "arm", "kin", "age", "y")], sigma = at[1], estimate = at[-1],
    se = sqrt(variances), deviance = deviance(at)
  )
}
out$ties <- list(few = ties(15, 8, 0.9), usual = ties(29, 10, 1.2), many = ties(100, 12, 0.7),
  none = ties(20, 8, 0))

out$versions <- lapply(c(
  R = "base", MASS = "MASS", lme4 = "lme4", sandwich = "sandwich", clubSandwich = "clubSandwich",
  numDeriv = "numDeriv"
), function(one) as.character(packageVersion(one)))
write_json(out, "marginal.json", digits = I(15), auto_unbox = TRUE, dataframe = "columns")
