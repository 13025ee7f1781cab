# Records what R says of small panels: panels.csv (the data) and mixed_models.csv (the fits).
#
#   Rscript make_fixtures.R          in this folder; about a quarter of an hour
#
# Needed only to record anew: R with lme4, lmerTest, pbkrtest, nlme, numDeriv.
#
# lme4 stops at about six digits of its variance parameters. Here they are polished by Newton steps on
# lme4's own deviance, and lme4 is then asked for the fit at that point. Covariances between waves are
# fitted by nlme::gls (rows of method "none" are as gls leaves them) and polished by Newton steps on
# the REML score with dense matrices, whose numerical Jacobian also gives the Satterthwaite figures.
# Kenward-Roger figures of an unstructured covariance come from pbkrtest, on an lmer model with the
# same covariance: a random effect for every wave beside a residual whose share is arbitrary.

suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(nlme); library(numDeriv)})

panel <- function(name, seed, n, waves, seen, sd_ego, sd_slope = 0, sd_row = 1, dropout = FALSE,
                  alternate = 0, share = 0.5) {
  set.seed(seed)
  d <- expand.grid(wave = seq_len(waves) - 1, ego = seq_len(n))
  arm <- as.integer(seq_len(n) > n * share)
  age <- round(runif(n, 20, 65))
  u <- rnorm(n, 0, sd_ego); v <- rnorm(n, 0, sd_slope); w <- rnorm(n, 0, alternate)
  d$arm <- arm[d$ego]; d$age <- age[d$ego]
  d$y <- 20 + 0.4 * d$wave - 0.5 * d$arm + 0.3 * d$arm * d$wave + 0.02 * d$age + u[d$ego] +
    v[d$ego] * d$wave + w[d$ego] * ifelse(d$wave %% 2 == 0, 1, -1) + rnorm(nrow(d), 0, sd_row)
  missing <- runif(nrow(d)) > seen & d$wave > 0
  if (dropout) missing <- as.logical(ave(as.numeric(missing), d$ego, FUN = cummax))
  d$y[missing] <- NA
  d$y <- round(d$y, 4)
  cbind(fixture = name, d[c("ego", "wave", "arm", "age", "y")])
}

panels <- list(
  panel("complete", 1, 60, 3, 1, 1.2),
  panel("unbalanced", 2, 60, 3, 0.75, 0.8),
  panel("small", 3, 15, 3, 0.8, 1, dropout = TRUE),
  panel("boundary", 4, 29, 3, 0.9, 0, alternate = 0.8),
  panel("two waves", 5, 29, 2, 0.8, 1),
  panel("six waves", 6, 40, 6, 0.9, 1, sd_slope = 0.3, dropout = TRUE),
  panel("four waves", 7, 100, 4, 0.85, 1.5, sd_slope = 0.5, share = 0.33),
  panel("five waves", 8, 36, 5, 0.85, 0.7, sd_slope = 0.8, sd_row = 2),
  panel("no slopes", 11, 29, 4, 0.9, 1.5)
)

designs <- list(slope = ~ wave * arm, waves = ~ factor(wave) * arm, age = ~ factor(wave) * arm + age)

# The contrast: the last column that holds arm and wave, that is arm:wave, or arm at the last wave.
contrast_of <- function(X) as.numeric(seq_len(ncol(X)) == max(grep("wave.*:arm", colnames(X))))

# Newton steps on a smooth function; parameters on a boundary (zero) are held there.
polish <- function(f, at, held = rep(FALSE, length(at))) {
  if (all(held)) return(at)
  g <- function(x) { full <- at; full[!held] <- x; f(full) }
  x <- at[!held]
  for (i in 1:6) {
    step <- solve(hessian(g, x), grad(g, x))
    x <- x - step
    if (max(abs(step)) < 1e-10) break
  }
  at[!held] <- x
  at
}

lmer_at <- function(formula, d, theta) {
  suppressMessages(suppressWarnings(lmerTest::lmer(formula, d, start = theta,
    control = lmerControl(optimizer = NULL, calc.derivs = FALSE, check.nobs.vs.nRE = "ignore"))))
}

# lme4's fit at the exact least of its deviance.
exact_lmer <- function(formula, d) {
  control <- lmerControl(optimizer = "bobyqa", calc.derivs = FALSE,
                         optCtrl = list(rhoend = 1e-9, maxfun = 1e5))
  rough <- suppressMessages(suppressWarnings(lme4::lmer(formula, d, control = control)))
  deviance <- suppressMessages(suppressWarnings(lme4::lmer(formula, d, devFunOnly = TRUE)))
  theta <- getME(rough, "theta")
  held <- abs(theta) < 1e-4 & getME(rough, "lower") == 0
  theta[held] <- 0
  if (length(theta) == 3 && held[1] && held[3]) { theta <- c(0, 0, abs(theta[2])); held <- c(TRUE, TRUE, FALSE) }
  if (length(theta) == 3 && held[1]) { # slopes alone vary: the same matrix with its factor rotated
    theta <- c(0, 0, sqrt(theta[2]^2 + theta[3]^2)); held <- c(TRUE, TRUE, FALSE)
  }
  if (length(theta) == 3 && abs(theta[2]) < 1e-4 && held[3]) { theta[2] <- 0; held[2] <- TRUE }
  lmer_at(formula, d, unname(polish(deviance, theta, held)))
}

row_of <- function(fixture, design, model, method, software, estimate, se, df, variances) {
  data.frame(fixture, design, model, method, software, estimate, se, df,
             variances = paste(sprintf("%.15g", variances), collapse = " "))
}

lmer_rows <- function(fixture, design, model, m, l, variances) {
  s <- contest1D(m, l, ddf = "Satterthwaite")
  k <- contest1D(m, l, ddf = "Kenward-Roger")
  rbind(
    row_of(fixture, design, model, "satterthwaite", "lmerTest", s[["Estimate"]], s[["Std. Error"]], s[["df"]], variances),
    row_of(fixture, design, model, "kenward-roger", "pbkrtest", k[["Estimate"]], k[["Std. Error"]], k[["df"]], variances))
}

# The REML score and the fit with dense matrices over all rows, for a covariance of an ego that is
# linear in its parameters: sigma = sum x_r G_r.
dense <- function(x, G, X, d) {
  place <- function(S) S[d$wave + 1, d$wave + 1] * outer(d$ego, d$ego, "==")
  V <- place(Reduce(`+`, Map(`*`, x, G)))
  W <- solve(V); WX <- W %*% X; vcov <- solve(crossprod(X, WX))
  P <- W - WX %*% vcov %*% t(WX)
  Py <- P %*% d$y
  list(beta = vcov %*% crossprod(WX, d$y), vcov = vcov,
       score = sapply(G, function(g) { g <- place(g); sum(P * g) - sum(Py * (g %*% Py)) }))
}

dense_rows <- function(fixture, design, model, software, G, start, X, d, l) {
  score <- function(x) dense(x, G, X, d)$score
  x <- start
  for (i in 1:5) {
    step <- solve(jacobian(score, x), score(x))
    x <- x - step
    if (max(abs(step)) < 1e-9) break
  }
  at <- dense(x, G, X, d)
  v <- function(x) sum(l * (dense(x, G, X, d)$vcov %*% l))
  g <- grad(v, x)
  df <- 2 * v(x)^2 / sum(g * solve(jacobian(score, x) / 2, g))
  sigma <- Reduce(`+`, Map(`*`, x, G))
  list(sigma = sigma, row = row_of(fixture, design, model, "satterthwaite", software,
    sum(l * at$beta), sqrt(v(x)), df, sigma[lower.tri(sigma, TRUE)]))
}

unstructured_rows <- function(fixture, design, formula, X, d, l) {
  waves <- max(d$wave) + 1
  d$at <- d$wave + 1
  m <- gls(formula, d, correlation = corSymm(form = ~ at | ego), weights = varIdent(form = ~ 1 | wave),
           control = glsControl(maxIter = 500, msMaxIter = 500, tolerance = 1e-11, msTol = 1e-12, opt = "nlminb"))
  sd <- m$sigma * c(1, coef(m$modelStruct$varStruct, unconstrained = FALSE))[
    match(seq_len(waves) - 1, c(0, as.numeric(names(coef(m$modelStruct$varStruct, unconstrained = FALSE)))))]
  R <- diag(waves)
  R[lower.tri(R)] <- coef(m$modelStruct$corStruct, unconstrained = FALSE)
  R <- R + t(R) - diag(waves)
  start <- diag(sd) %*% R %*% diag(sd)
  at <- which(lower.tri(start, TRUE), arr.ind = TRUE)
  G <- lapply(seq_len(nrow(at)), function(i) { g <- matrix(0, waves, waves); g[at[i, 1], at[i, 2]] <- 1; g[at[i, 2], at[i, 1]] <- 1; g })
  found <- dense_rows(fixture, design, "unstructured", "gls polished, numDeriv", G, start[lower.tri(start, TRUE)], X, d, l)
  rough <- row_of(fixture, design, "unstructured", "none", "gls", sum(l * coef(m)), sqrt(sum(l * (vcov(m) %*% l))), NA, numeric(0))
  residual <- 0.5 * min(eigen(found$sigma)$values)
  theta <- t(chol(found$sigma / residual - diag(waves)))
  lm4 <- lmer_at(update(formula, . ~ . + (0 + factor(wave) | ego)), d, theta[lower.tri(theta, TRUE)])
  k <- contest1D(lm4, l, ddf = "Kenward-Roger")
  rbind(found$row, rough, row_of(fixture, design, "unstructured", "kenward-roger", "pbkrtest",
    k[["Estimate"]], k[["Std. Error"]], k[["df"]], found$sigma[lower.tri(found$sigma, TRUE)]))
}

symmetric_rows <- function(fixture, design, formula, X, d, l) {
  waves <- max(d$wave) + 1
  m <- gls(formula, d, correlation = corCompSymm(form = ~ 1 | ego), control = glsControl(tolerance = 1e-11, msTol = 1e-12))
  rho <- coef(m$modelStruct$corStruct, unconstrained = FALSE)
  G <- list(matrix(1, waves, waves), diag(waves))
  found <- dense_rows(fixture, design, "compound symmetry", "gls polished, numDeriv", G, m$sigma^2 * c(rho, 1 - rho), X, d, l)
  rough <- row_of(fixture, design, "compound symmetry", "none", "gls", sum(l * coef(m)), sqrt(sum(l * (vcov(m) %*% l))), NA, numeric(0))
  rows <- rbind(found$row, rough)
  between <- found$sigma[1, 2]; within <- found$sigma[1, 1] - between
  if (between > 0) {
    k <- contest1D(lmer_at(update(formula, . ~ . + (1 | ego)), d, sqrt(between / within)), l, ddf = "Kenward-Roger")
    rows <- rbind(rows, row_of(fixture, design, "compound symmetry", "kenward-roger", "pbkrtest",
      k[["Estimate"]], k[["Std. Error"]], k[["df"]], found$sigma[lower.tri(found$sigma, TRUE)]))
  }
  rows
}

fits_of <- function(p, design) {
  name <- p$fixture[1]
  d <- p[!is.na(p$y), ]
  X <- model.matrix(designs[[design]], d)
  l <- contrast_of(X)
  formula <- update(designs[[design]], y ~ .)
  message(name, ", ", design)
  m <- exact_lmer(update(formula, . ~ . + (1 | ego)), d)
  v <- c(as.data.frame(VarCorr(m))$vcov)
  rows <- lmer_rows(name, design, "random intercept", m, l, v)
  if (max(d$wave) >= 2) {
    m <- exact_lmer(update(formula, . ~ . + (wave | ego)), d)
    D <- VarCorr(m)$ego
    rows <- rbind(rows, lmer_rows(name, design, "random slope", m, l, c(D[1, 1], D[2, 1], D[2, 2], sigma(m)^2)))
  }
  rows <- rbind(rows, symmetric_rows(name, design, formula, X, d, l))
  if (!(name == "small" && design != "slope")) rows <- rbind(rows, unstructured_rows(name, design, formula, X, d, l))
  rows
}

found <- list()
for (p in panels) for (design in names(designs)) found <- c(found, list(fits_of(p, design)))
found <- do.call(rbind, found)
for (column in c("estimate", "se", "df")) found[[column]] <- sprintf("%.15g", found[[column]])
write.csv(do.call(rbind, panels), "panels.csv", row.names = FALSE, quote = FALSE, na = "")
write.csv(found, "mixed_models.csv", row.names = FALSE, quote = TRUE)
versions <- sapply(c("lme4", "lmerTest", "pbkrtest", "nlme", "numDeriv"), function(x) as.character(packageVersion(x)))
writeLines(c(R.version.string, paste(names(versions), versions)), "versions.txt")
