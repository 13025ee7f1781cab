# Makes the numbers of test_closed_forms.py that are of R: Rscript closed_forms.R (R 4.2.2, pwr 1.3).
library(pwr)
options(digits = 12)

print(c(power.t.test(n = 64, delta = 0.5, sd = 1)$power,
        power.t.test(n = 20, delta = 1, sd = 1, strict = TRUE)$power,
        pwr.t2n.test(n1 = 28, n2 = 35, d = 0.6)$power,
        pwr.t2n.test(n1 = 11, n2 = 18, d = 1)$power,
        pwr.t.test(n = 29, d = 0.4, type = "paired")$power))

# A normal covariate: the power given its imbalance q, over q ~ F(1, N - 2).
ancova <- function(delta, sd, rho, n1, n2, alpha = 0.05) {
  total <- n1 + n2
  given <- function(root) sapply(root, function(u) {
    se <- sd * sqrt((1 - rho^2) * (1 / n1 + 1 / n2) * (1 + u^2 / (total - 2)))
    cut <- qt(1 - alpha / 2, total - 3)
    power <- 1 - pt(cut, total - 3, delta / se) + pt(-cut, total - 3, delta / se)
    2 * u * power * df(u^2, 1, total - 2)
  })
  integrate(given, 0, 60, rel.tol = 1e-11, subdivisions = 5000)$value
}
print(c(ancova(0.5, 1, 0.6, 40, 40), ancova(1, 1.5, 0.7, 11, 18)))

# Power, type S and type M by integration.
misled <- function(effect, se, alpha = 0.05) {
  cut <- qnorm(1 - alpha / 2) * se
  density <- function(b) abs(b) * dnorm(b, effect, se)
  size <- integrate(density, cut, Inf, rel.tol = 1e-12)$value +
    integrate(density, -Inf, -cut, rel.tol = 1e-12)$value
  power <- pnorm(-cut, effect, se) + 1 - pnorm(cut, effect, se)
  c(power, pnorm(-cut, effect, se) / power, size / power / effect)
}
print(c(misled(2, 8.1), misled(0.3, 0.1)))

# Means of 18 clusters of 16 in each arm.
lambda <- 0.3 / sqrt(2 * (0.05 + 0.95 / 16) / 18)
print(1 - pt(qt(0.975, 34), 34, lambda) + pt(-qt(0.975, 34), 34, lambda))

# Half of an interval for a difference of two groups of 20 at most .7 wide.
print(pchisq(38 * 0.7^2 / (qt(0.975, 38)^2 * 2 / 20), 38))

# Hu, Mackey and Thomas 2021, equations 7 and 8, one-sided.
slopes <- function(n, delta, t, rho, va, vb, ve, p, alpha) {
  k <- seq_along(t)
  m1 <- cumsum(t) / k
  m2 <- cumsum(t^2) / k
  below <- ve^2 + k * ve * (vb * m2 + va + 2 * rho * sqrt(va * vb) * m1) +
    k^2 * va * vb * (1 - rho^2) * (m2 - m1^2)
  above <- k * (ve * m2 + k * va * (m2 - m1^2))
  pnorm(delta / sqrt(4 / (n * sum(p * above / below))) - qnorm(1 - alpha))
}
print(slopes(368, 0.33, seq(0, 3.5, 0.5), 0.07, 0.54, 1.01, 0.81,
             c(0.0397, 0.0381, 0.0366, 0.0351, 0.2740, 0.2535, 0.2343, 0.0886), 0.05))
