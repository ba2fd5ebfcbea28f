#include "compiler/Sema/Expansion.h"
#include <fmt/format.h>

namespace burin::sema {

constexpr uint64_t mostStatements = 200'000;

Expansions::Expansion Expansions::of(const Block &body) const {
  Expansion all;
  auto add = [&](const Expansion &part, unsigned deeper) {
    all.statements = std::min(all.statements + part.statements, mostStatements + 1);
    all.height = std::max(all.height, part.height + deeper);
  };
  for (const Stmt *s : body) {
    add({1, 0}, 0);
    add(of(s->body), 0);
    add(of(s->otherwise), 0);
    if (auto callee = known.find(s->callee); callee != known.end())
      add(callee->second, 1);
  }
  return all;
}

void Expansions::tooDeep(const std::string &name, Location place) {
  diagnostics.error("E0211", place, fmt::format("calls are more than {} deep here", deepest))
      .label(fmt::format("in `{}`", name))
      .help("call fewer functions in a row, or use a loop");
}

bool Expansions::bound(const Block &body, const Function *function, const std::string &name, Location place) {
  Expansion whole = of(body);
  if (function)
    known[function] = whole;
  if (whole.height > deepest)
    return tooDeep(name, place), false;
  if (whole.statements <= mostStatements)
    return true;
  diagnostics
      .error(
          "E0211", place,
          fmt::format("`{}` is more than {} statements long when the calls in it are expanded", name, mostStatements))
      .label("here")
      .help("call fewer functions, or use a loop");
  return false;
}

} // namespace burin::sema
