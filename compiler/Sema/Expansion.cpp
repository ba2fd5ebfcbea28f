// How much a program becomes when its calls are expanded (E0211).
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

constexpr uint64_t mostStatements = 200'000;

Analyzer::Expansion Analyzer::expansionOf(const Block &body) {
  Expansion all;
  auto add = [&](const Expansion &part, unsigned deeper) {
    all.statements = std::min(all.statements + part.statements, mostStatements + 1);
    all.height = std::max(all.height, part.height + deeper);
  };
  for (const Stmt *s : body) {
    add({1, 0}, 0);
    add(expansionOf(s->body), 0);
    add(expansionOf(s->otherwise), 0);
    if (s->callee)
      add(expansions[s->callee], 1);
  }
  return all;
}

// `out`: what is known of the body afterwards. False: it is too much, and an error was said.
bool Analyzer::expands(const Block &body, const std::string &name, Location place, Expansion &out) {
  out = expansionOf(body);
  if (out.height > deepest)
    return error("E0211", place, fmt::format("calls are more than {} deep here", deepest), fmt::format("in `{}`", name),
                 "call fewer functions in a row, or use a loop"),
           false;
  if (out.statements > mostStatements)
    return error("E0211", place,
                 fmt::format("`{}` is more than {} statements long when the calls in it are expanded", name,
                             mostStatements),
                 "here", "call fewer functions, or use a loop"),
           false;
  return true;
}

} // namespace burin::sema
