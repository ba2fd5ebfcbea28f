// `require memory(train) <= 8 MiB`, `require deterministic`: what a program promises of itself. To the first it is held
// when its memory is planned.
#include "compiler/Sema/Analyzer.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

static const std::vector<std::pair<std::string, unsigned>> units = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}};

// The bytes of a size, or none with an error.
static std::optional<uint64_t> bytesOf(const syntax::Expr &number, const std::string &unit, Location place,
                                       DiagnosticEngine &diagnostics) {
  const char *example = "write `require memory(train) <= 8 MiB`";
  for (auto &[name, shift] : units) {
    if (name != unit)
      continue;
    double bytes = std::ldexp(number.number, int(shift));
    if (bytes >= 1 && bytes < 0x1p63)
      return uint64_t(bytes);
    diagnostics
        .error("E0240", number.place,
               fmt::format("{} {} is no size that memory can have: it is from 1 byte to 2^63", number.text, unit))
        .label("this size")
        .help(example);
    return std::nullopt;
  }
  if (unit.empty()) {
    diagnostics.error("E0240", number.place, "a size of memory has a unit")
        .label("of what?")
        .help(fmt::format("write `{} MiB`; units are KiB, MiB, GiB and TiB, powers of 1024", number.text));
    return std::nullopt;
  }
  static const std::vector<std::pair<std::string, std::string>> decimal = {
      {"KB", "KiB"}, {"kB", "KiB"}, {"MB", "MiB"}, {"GB", "GiB"}, {"TB", "TiB"}};
  std::string meant;
  for (auto &[name, shift] : units)
    if (nearestName(unit, {name}))
      meant = name;
  for (auto &[name, other] : decimal)
    if (name == unit)
      meant = other;
  diagnostics.error("E0240", place, fmt::format("`{}` is no unit of memory", unit))
      .label("in this condition")
      .help(meant.empty() ? "units are KiB, MiB, GiB and TiB, powers of 1024"
                          : fmt::format("did you mean `{} {}`? Units are powers of 1024", number.text, meant));
  return std::nullopt;
}

void Analyzer::require(const syntax::Item &item) {
  using syntax::Expr;
  const Expr &e = *item.value;
  // The same bits in every run, on any number of threads: nothing that a program can say would break it.
  if (e.kind == Expr::NameUse && e.name == "deterministic" && item.unit.empty())
    return;
  bool comparison = e.kind == Expr::Binary && e.text == "<=" && e.operands[1]->kind == Expr::Number;
  const Expr *call = comparison ? e.operands[0] : nullptr;
  bool known = call && call->kind == Expr::Call && call->operands[0]->kind == Expr::NameUse &&
               call->operands[0]->name == "memory" && call->entries.size() == 1 && call->entries[0].name.empty() &&
               call->entries[0].value && call->entries[0].value->kind == Expr::NameUse;
  if (!known) {
    error("E0240", e.place, "what can be required is `memory(TASK) <= NUMBER UNIT`, or `deterministic`",
          "this is neither", "write `require memory(train) <= 8 MiB`");
    return;
  }
  const Expr &name = *call->entries[0].value;
  const Task *task = nullptr;
  std::vector<std::string> names;
  for (auto &t : program.tasks) {
    names.push_back(t->name);
    if (t->name == name.name)
      task = t.get();
  }
  if (!task) {
    auto near = nearestName(name.name, names);
    error("E0201", name.place, fmt::format("there is no task `{}`", name.name), "not known here",
          near ? fmt::format("did you mean `{}`?", *near) : "memory is required of a task of this program");
    return;
  }
  if (auto bytes = bytesOf(*e.operands[1], item.unit, e.place, diagnostics))
    program.requirements.push_back({task, *bytes, e.place});
}

} // namespace burin::sema
