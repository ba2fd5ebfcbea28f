#include "compiler/Tools/Arguments.h"
#include "llvm/ADT/StringRef.h"
#include <fmt/format.h>

namespace burin {

const std::vector<std::string> stages = {"ast",   "typed", "graph", "grad", "kernels",
                                         "loops", "llvm",  "asm",   "obj",  "exe"};

const char *const usage = R"(burin: compiles a model's text to one small native program

  burin build FILE [-o EXE]            compile
  burin run   FILE TASK [--option …]   compile to a temporary file and run a task of it
  burin check FILE                     parse and check, nothing else
  burin test  FILE                     compile its `test` blocks and run them
  burin plan  FILE [TASK]              what tasks need: memory and the tensors at its peak, arithmetic, bytes moved
  burin fmt   FILE… | -                lay programs out in the one style; `-` reads standard input and writes standard output
  burin explain [CODE]                 what an error or warning means, with an example; without a code: all of them

  -o FILE          where the result goes (default: the file's stem)
  -D dim=N         another size for an axis
  -O0, -O2         without and with optimisation after the last stage that decides bits; the same bits (default -O2)
  --cpu=NAME       the processor to compile for (default: this one)
  --pieces=all     cut the shortest kernels too into pieces that threads share, as small as can be: for tests; the same bits
  --emit=STAGE     stop at: ast typed graph grad kernels loops llvm asm obj exe; text goes to standard output unless -o is given
  --dump-ir=DIR    write every stage, and what each pass changed, into DIR
  --locations      show in graph, grad, kernels, loops where each operation comes from
  --interpret[=graph|grad][,double]   run: by the slow reference in place of machine code; floats as doubles throughout
  --check=nan      run, test, build: end at the first NaN, and say which line made it (--check=inf: or infinity); the same bits
  --only NAME      test: this one alone
  --wrong-rule=OP  test: double the derivatives of an operation: for tests of `gradcheck`
  --check          fmt: write nothing; an error for each file that is laid out otherwise
  --format=json    plan: for tools
  --measure        plan: how long it takes at the limits of this machine's core, which are measured (a moment)
  --peak-flops=N[,N64], --bandwidth=BYTES   plan: the same at limits that are given, each a second; N64 for f64
  --diagnostics=json         one JSON object for each message, on a line of its own (default: text)
  --warnings=error           a warning stops the build
  --help, --version
)";

namespace {
class Reader {
public:
  Reader(int argc, char **argv, DiagnosticEngine &diagnostics)
      : arguments(argv + 1, argv + argc), diagnostics(diagnostics) {}
  std::optional<Arguments> read();

private:
  bool option(const std::string &a);
  bool belongs(const std::string &a);
  bool value(const std::string &name, std::string &out);
  bool dim(const std::string &text);
  bool interpretation(llvm::StringRef how);
  bool rate(llvm::StringRef option, llvm::StringRef text, double &to);
  bool planOption(llvm::StringRef option);
  bool misuse(std::string message, std::string help) {
    diagnostics.error("E0502", std::move(message)).help(std::move(help));
    return false;
  }
  std::vector<std::string> arguments;
  DiagnosticEngine &diagnostics;
  size_t next = 0;
  Arguments out;
};

bool Reader::value(const std::string &name, std::string &to) {
  if (next >= arguments.size() || arguments[next].empty())
    return misuse(fmt::format("`{}` needs a value", name), "see `burin --help`");
  to = arguments[next++];
  return true;
}

bool Reader::dim(const std::string &text) {
  size_t equal = text.find('=');
  int64_t n = 0;
  if (equal == std::string::npos || llvm::StringRef(text).drop_front(equal + 1).getAsInteger(10, n) || n < 1)
    return misuse(fmt::format("`-D {}` is no size of an axis", text), "write `-D hidden=256`");
  out.dims[text.substr(0, equal)] = n;
  return true;
}

// What one command takes and another does not.
bool Reader::belongs(const std::string &a) {
  static const std::vector<std::string> made = {"build", "run", "test"}, ran = {"run", "test"};
  static const std::pair<const char *, std::vector<std::string>> takers[] = {
      {"-o", {"build"}},
      {"-D", {"build", "run", "test", "check", "plan"}},
      {"--emit", {"build"}},
      {"--locations", {"build"}},
      {"--interpret", ran},
      {"--cpu", made},
      {"-O0", made},
      {"-O2", made},
      {"--pieces", made},
      {"--only", {"test"}},
      {"--wrong-rule", {"test"}},
      {"--check", {"fmt"}},
      {"--check=", made},
      {"--format", {"plan"}},
      {"--measure", {"plan"}},
      {"--peak-flops", {"plan"}},
      {"--bandwidth", {"plan"}}};
  std::string name = llvm::StringRef(a).starts_with("--check=") ? "--check="
                     : llvm::StringRef(a).starts_with("-D")     ? "-D"
                                                                : a.substr(0, a.find('='));
  if (out.command == "explain")
    return misuse("`burin explain` takes no options", "write `burin explain E0203`");
  for (auto &[option, commands] : takers)
    if (name == option && std::find(commands.begin(), commands.end(), out.command) == commands.end())
      return misuse(fmt::format("`burin {}` takes no `{}`", out.command, name),
                    fmt::format("`burin {}` does", fmt::join(commands, "` and `burin ")));
  return true;
}

bool Reader::interpretation(llvm::StringRef how) {
  out.interpret = true;
  out.interpretDoubles = how.consume_back(",double");
  out.interpretStage = how.str();
  return how == "graph" || how == "grad" ||
         misuse(fmt::format("there is no `--interpret={}`", how.str()),
                "stages are graph and grad; `--interpret=grad,double` computes floats as doubles throughout");
}

// A speed: a number of things a second, above 0.
bool Reader::rate(llvm::StringRef option, llvm::StringRef text, double &to) {
  if (!text.getAsDouble(to) && to > 0 && to < 1e30)
    return true;
  return misuse(fmt::format("`{}` takes a number a second, above 0, and `{}` is none", option.str(), text.str()),
                fmt::format("write `{}=1e11`", option.str()));
}

bool Reader::planOption(llvm::StringRef s) {
  if (s == "--measure")
    return out.measure = true;
  if (s.consume_front("--peak-flops=")) {
    auto [f32, f64] = s.split(',');
    return rate("--peak-flops", f32, out.limits.f32) && (!s.contains(',') || rate("--peak-flops", f64, out.limits.f64));
  }
  if (s.consume_front("--bandwidth="))
    return rate("--bandwidth", s, out.limits.bandwidth);
  if (s == "--format=json")
    return out.json = true;
  return s == "--format=text" || misuse(fmt::format("there is no `{}`", s.str()), "formats are text and json");
}

bool Reader::option(const std::string &a) {
  llvm::StringRef s(a);
  std::string text;
  if (!belongs(a))
    return false;
  if (a == "-o")
    return value(a, out.output);
  if (a == "--locations")
    return out.locations = true;
  if (a == "--check=nan" || a == "--check=inf")
    return out.watch = a == "--check=nan" ? 1 : 2, true;
  if (s.consume_front("--wrong-rule="))
    return out.wrongRule = s.str(), true;
  if (a == "--only")
    return value(a, out.only);
  if (a == "--check")
    return out.checkLayout = true;
  if (a == "-D")
    return value(a, text) && dim(text);
  if (s.consume_front("-D"))
    return dim(s.str());
  if (a == "-O0" || a == "-O2") {
    out.optLevel = a == "-O0" ? 0 : 2;
    return true;
  }
  if (a == "--diagnostics=json" || a == "--diagnostics=text")
    return diagnostics.options.json = a == "--diagnostics=json", true;
  if (a == "--warnings=error")
    return diagnostics.options.warningsAreErrors = true;
  if (s.consume_front("--cpu="))
    return out.cpu = s.str(), true;
  if (a == "--pieces=all")
    return out.allPieces = true;
  if (s.consume_front("--dump-ir="))
    return out.dumpDirectory = s.str(), true;
  if (a == "--measure" || s.starts_with("--peak-flops=") || s.starts_with("--bandwidth=") || s.starts_with("--format="))
    return planOption(s);
  if (a == "--interpret" || s.starts_with("--interpret="))
    return interpretation(s == "--interpret" ? "grad" : s.drop_front(strlen("--interpret=")));
  if (s.consume_front("--emit=")) {
    out.emit = s.str();
    for (const std::string &stage : stages)
      if (stage == out.emit)
        return true;
    auto near = nearestName(out.emit, stages);
    return misuse(fmt::format("there is no stage `{}`", out.emit),
                  near ? fmt::format("did you mean `--emit={}`?", *near)
                       : fmt::format("stages are {}", fmt::join(stages, " ")));
  }
  std::vector<std::string> known = {"-o",
                                    "-D",
                                    "-O0",
                                    "-O2",
                                    "--cpu",
                                    "--emit",
                                    "--dump-ir",
                                    "--help",
                                    "--version",
                                    "--diagnostics=json",
                                    "--locations",
                                    "--check",
                                    "--only",
                                    "--check=nan",
                                    "--interpret",
                                    "--pieces=all",
                                    "--warnings=error",
                                    "--format=json",
                                    "--measure",
                                    "--peak-flops",
                                    "--bandwidth"};
  auto near = nearestName(a, known);
  if (!near)
    near = nearestName(a.substr(0, a.find('=')), known);
  return misuse(fmt::format("there is no option `{}`", a),
                near ? fmt::format("did you mean `{}`?", *near) : "see `burin --help`");
}

std::optional<Arguments> Reader::read() {
  static const std::vector<std::string> commands = {"build", "run", "test", "check", "plan", "fmt", "explain"};
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    out.command = "help";
    return out;
  }
  if (arguments[0] == "--version") {
    out.command = "version";
    return out;
  }
  for (const std::string &a : arguments) // so that misuse is said in this form too
    diagnostics.options.json |= a == "--diagnostics=json";
  out.command = arguments[next++];
  if (std::find(commands.begin(), commands.end(), out.command) == commands.end()) {
    auto near = nearestName(out.command, commands);
    misuse(fmt::format("there is no command `{}`", out.command),
           near ? fmt::format("did you mean `burin {}`?", *near) : "see `burin --help`");
    return std::nullopt;
  }
  while (next < arguments.size()) {
    std::string a = arguments[next++];
    if (a == "--help") {
      out.command = "help";
      return out;
    }
    bool isOption = a.size() > 1 && a[0] == '-';
    if (isOption && !option(a))
      return std::nullopt;
    if (isOption)
      continue;
    if (out.command == "fmt")
      out.files.push_back(a);
    if (out.file.empty()) {
      out.file = a;
    } else if (out.command == "fmt") {
      continue;
    } else if (out.command == "run") { // the task, and everything after it, is the program's
      out.task = a;
      out.program.assign(arguments.begin() + long(next), arguments.end());
      next = arguments.size();
    } else if (out.command == "plan" && out.task.empty()) {
      out.task = a;
    } else {
      misuse(out.command == "plan" ? fmt::format("`burin plan` takes one file and a task, and `{}` is more", a)
                                   : fmt::format("`burin {}` takes one file, and `{}` is another", out.command, a),
             "see `burin --help`");
      return std::nullopt;
    }
  }
  if (out.file.empty() && out.command != "explain") {
    misuse(fmt::format("`burin {}` needs a file", out.command),
           fmt::format("write `burin {} model.burin`", out.command));
    return std::nullopt;
  }
  if (out.measure && (out.limits.f32 > 0 || out.limits.bandwidth > 0)) {
    misuse("limits are either measured or given", "leave out `--measure`, or `--peak-flops` and `--bandwidth`");
    return std::nullopt;
  }
  if (out.command == "run" && out.task.empty()) {
    misuse("`burin run` needs a task", fmt::format("write `burin run {} TASK`", out.file));
    return std::nullopt;
  }
  return out;
}
} // namespace

std::optional<Arguments> readArguments(int argc, char **argv, DiagnosticEngine &diagnostics) {
  return Reader(argc, argv, diagnostics).read();
}

} // namespace burin
