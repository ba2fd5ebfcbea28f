#include "compiler/Tools/RunTests.h"
#include <csignal>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burin {

bool chooseTests(sema::Program &program, const std::string &only, DiagnosticEngine &diagnostics) {
  if (program.tasks.empty()) {
    diagnostics.error("E0263", fmt::format("`{}` has no tests", program.name))
        .help("a test is `test \"name\" { … assert … }`");
    return false;
  }
  if (only.empty())
    return true;
  std::vector<std::string> names;
  names.reserve(program.tasks.size());
  for (auto &t : program.tasks)
    names.push_back(t->name);
  std::erase_if(program.tasks, [&](auto &t) { return t->name != only; });
  if (!program.tasks.empty())
    return true;
  auto near = nearestName(only, names);
  diagnostics.error("E0502", fmt::format("there is no test `{}`", only))
      .help(near ? fmt::format("did you mean `{}`?", *near) : fmt::format("tests are `{}`", fmt::join(names, "`, `")));
  return false;
}

namespace {
struct Outcome {
  std::string printed;
  int status = 0; ///< as `waitpid` gives it
  bool passed() const { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
};

Outcome runOne(const std::string &name, const std::function<int(const std::string &)> &run) {
  Outcome out;
  int ends[2];
  if (pipe(ends) != 0)
    return {fmt::format("no pipe: {}\n", strerror(errno)), 1 << 8};
  llvm::outs().flush();
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO), dup2(ends[1], STDERR_FILENO);
    close(ends[0]), close(ends[1]);
    int code = run(name);
    llvm::outs().flush(), llvm::errs().flush(), fflush(stdout), fflush(stderr);
    _exit(code);
  }
  close(ends[1]);
  if (child < 0)
    return close(ends[0]), Outcome{fmt::format("no process: {}\n", strerror(errno)), 1 << 8};
  char piece[4096];
  for (ssize_t n; (n = read(ends[0], piece, sizeof piece)) != 0;)
    if (n > 0)
      out.printed.append(piece, size_t(n));
    else if (errno != EINTR)
      break;
  close(ends[0]);
  while (waitpid(child, &out.status, 0) < 0 && errno == EINTR)
    ;
  return out;
}
} // namespace

// The end of what a test printed.
static void printEnd(llvm::StringRef printed) {
  constexpr size_t most = 20;
  size_t lines = printed.count('\n'), start = 0;
  for (size_t k = most; k < lines; ++k)
    start = printed.find('\n', start) + 1;
  if (start)
    llvm::outs() << "… " << lines - most << " lines\n";
  llvm::outs() << printed.drop_front(start);
  if (!printed.empty() && !printed.ends_with("\n"))
    llvm::outs() << "\n";
}

int runTests(const std::vector<std::string> &names, const std::function<int(const std::string &)> &run) {
  size_t failures = 0;
  for (const std::string &name : names) {
    Outcome outcome = runOne(name, run);
    llvm::outs() << (outcome.passed() ? "ok      " : "failed  ") << name << "\n";
    if (outcome.passed())
      continue;
    ++failures;
    printEnd(outcome.printed);
    if (WIFSIGNALED(outcome.status))
      llvm::outs() << "ended by signal " << WTERMSIG(outcome.status) << " (" << strsignal(WTERMSIG(outcome.status))
                   << ")\n";
  }
  llvm::outs() << fmt::format("{} passed, {} failed\n", names.size() - failures, failures);
  llvm::outs().flush();
  return failures > 0;
}

} // namespace burin
