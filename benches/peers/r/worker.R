# Fits with R's glm.fit and summary.glm; the protocol is that of the Rust crate `worker`.
# usage: Rscript worker.R R DIRECTORY N P

arguments <- commandArgs(TRUE)
directory <- arguments[2]
n <- as.integer(arguments[3])
p <- as.integer(arguments[4])
families <- list(gaussian = gaussian(), binomial = binomial(), poisson = poisson(), gamma = Gamma("log"))

load_numbers <- function(name, count) readBin(file.path(directory, name), "double", count, endian = "little")

x <- cbind(1, matrix(load_numbers("x.f64", as.double(n) * p), n, p))
ys <- lapply(names(families), function(family) load_numbers(paste0(family, ".f64"), n))
names(ys) <- names(families)

fit <- function(family) {
  result <- glm.fit(x, ys[[family]], family = families[[family]])
  class(result) <- c("glm", "lm")
  list(result = result, errors = summary(result)$coefficients[, 2])
}

say <- function(...) {
  cat(..., "\n", sep = "")
  flush(stdout())
}

# JSON knows no NaN.
numbers <- function(values) paste0("[", paste(ifelse(is.finite(values), sprintf("%.17g", values), "null"), collapse = ","), "]")

measure <- function(family, repeats) {
  before <- proc.time()
  for (i in seq_len(repeats)) last <- fit(family)
  spent <- (proc.time() - before) / repeats
  cost <- sprintf('{"cpu":%.9f,"wall":%.9f,"iterations":%d', spent[1] + spent[2], spent[3], last$result$iter)
  say(cost, ',"coefficients":', numbers(last$result$coefficients), ',"std_errors":', numbers(last$errors), "}")
}

invisible(gc(FALSE))
version <- paste(R.version$major, R.version$minor, sep = ".")
say('{"version":"', version, '","families":["gaussian","binomial","poisson","gamma"]}')
requests <- file("stdin", "r")
while (length(line <- readLines(requests, 1)) == 1) {
  request <- strsplit(line, " ")[[1]]
  tryCatch(
    measure(request[1], as.integer(request[2])),
    error = function(error) say('{"error":"', gsub('["\\\\\n]', " ", conditionMessage(error)), '"}')
  )
}
