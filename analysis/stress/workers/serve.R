# The R process in which a user's script runs: the script is read once and evaluated for one study
# after the other, each time in an environment of its own, in the folder of that study.
# Arguments: the script, and the numbers of two pipes.

local({
  given <- commandArgs(trailingOnly = TRUE)
  jobs <- file(paste0("/dev/fd/", given[2]), "r", blocking = TRUE)
  answers <- file(paste0("/dev/fd/", given[3]), "w")
  quoted <- function(text) {
    text <- substr(paste(text, collapse = "\n"), 1, 3000)
    text <- gsub("\\", "\\\\", text, fixed = TRUE)
    text <- gsub("\"", "\\\"", text, fixed = TRUE)
    text <- gsub("\n", "\\n", text, fixed = TRUE)
    paste0("\"", gsub("[[:cntrl:]]", " ", text), "\"")
  }
  answer <- function(...) {
    flush(stdout())
    writeLines(paste0("{", paste0(..., collapse = ""), "}"), answers)
    flush(answers)
  }
  field <- function(line, name) {
    sub(paste0(".*\"", name, "\": \"?([^\",}]*)\"?.*"), "\\1", line)
  }
  code <- tryCatch(parse(given[1], keep.source = FALSE), error = identity)
  if (inherits(code, "error")) {
    answer("\"error\": ", quoted(conditionMessage(code)))
    quit("no")
  }
  answer("")
  while (length(line <- readLines(jobs, 1)) > 0) {
    setwd(field(line, "folder"))
    seed <- as.numeric(field(line, "seed"))
    set.seed(seed %% 2147483647)
    Sys.setenv(EGOCOHORT_SEED = field(line, "seed"))
    heard <- character()
    wrong <- NULL
    withCallingHandlers(
      tryCatch({
        room <- new.env(parent = globalenv())
        for (one in code) eval(one, room)
      }, error = function(e) {
        where <- if (is.null(conditionCall(e))) "" else paste0(" in ", deparse(conditionCall(e))[1])
        wrong <<- paste0("Error", where, ": ", conditionMessage(e))
      }),
      warning = function(w) {
        # what speaks of later versions of a package says nothing of the study
        if (!inherits(w, c("deprecatedWarning", "lifecycle_warning_deprecated")))
          heard <<- c(heard, conditionMessage(w))
        invokeRestart("muffleWarning")
      },
      message = function(m) {
        # lme4 tells of a singular fit by a message, not by a warning
        if (startsWith(conditionMessage(m), "boundary (singular) fit"))
          heard <<- c(heard, trimws(conditionMessage(m)))
      }
    )
    if (is.null(wrong)) {
      answer("\"warnings\": [", paste(vapply(head(heard, 20), quoted, ""), collapse = ", "), "]")
    } else {
      answer("\"error\": ", quoted(wrong))
    }
  }
})
