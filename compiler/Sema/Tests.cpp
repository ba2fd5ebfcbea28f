// `test "name" { … }` and `assert`: a test is a task that `burin test` runs, and nobody else sees.
#include "compiler/Sema/Tasks.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

namespace burin::sema {

// Tests are chosen by name, on a command line.
void Analyzer::checkTestName(const syntax::Item &item) {
  const char *help = "say in a few words what the test is about: `test \"it learns xor\" { … }`";
  auto &name = item.name;
  if (name.empty() || name[0] == '-' || llvm::any_of(name, [](char c) { return uint8_t(c) < 32 || c == 127; })) {
    error("E0261", item.namePlace, "this can't be the name of a test",
          name.empty()     ? "it is empty"
          : name[0] == '-' ? "it begins with `-`, as options do"
                           : "it holds a character that can't be shown",
          help);
    return;
  }
  auto [first, isFirst] = testNames.try_emplace(name, item.namePlace);
  if (!isFirst)
    diagnostics.error("E0261", item.namePlace, fmt::format("two tests are named `{}`", name))
        .label("named so again")
        .origin(first->second, "named so first")
        .help("give one of them another name");
}

void Analyzer::test(const syntax::Item &item) {
  inTest = true;
  TaskElaboration(*this, item).run(global);
  inTest = false;
  program.tasks.back()->isTest = true;
}

// All are checked; the program has either.
void Analyzer::keepTasks() {
  if (options.tests)
    program.requirements.clear();
  std::erase_if(program.tasks, [&](auto &t) { return t->isTest != options.tests; });
}

// The text of an expression on one line, cut where it is long.
static std::string textOf(const DiagnosticEngine &diagnostics, Location place) {
  constexpr size_t longest = 100;
  std::string out;
  for (char c : diagnostics.sources.file(place.file).text().substr(place.offset, place.length)) {
    bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank || (!out.empty() && out.back() != ' '))
      out += blank ? ' ' : c;
  }
  if (out.size() <= longest)
    return out;
  size_t end = longest;
  while ((out[end] & 0xC0) == 0x80)
    --end;
  return out.substr(0, end) + "…";
}

Value Analyzer::assertion(Context &c, const syntax::Stmt &s) {
  Value unit;
  unit.kind = Value::Unit;
  Value v = expression(c, *s.value);
  Expr *e = v.isError() ? nullptr : asTensor(c, v, s.value->place);
  if (!e)
    return {};
  if (e->type.element.kind != Element::Bool)
    return error("E0262", s.value->place, "`assert` takes a condition", describe(c, v),
                 "compare it with what it should be, for example `assert loss < 0.1`");
  if (!e->type.axes.empty()) {
    bool mapped = visible(c, e->type).empty();
    return error("E0262", s.value->place, "`assert` takes one condition, and this is one for each element",
                 mapped ? "this body is mapped" : describe(c, v),
                 mapped
                     ? "let the function give the condition, and assert `all(…)` of it where it is called"
                     : fmt::format("say what is meant: `all({0})` or `any({0})`", textOf(diagnostics, s.value->place)));
  }
  Stmt *out = statement(c, Stmt::Assert, s.place);
  out->value = e, out->name = textOf(diagnostics, s.value->place);
  static const std::map<std::string, const char *> signs = {{"eq", "=="}, {"ne", "!="}, {"lt", "<"},
                                                            {"le", "<="}, {"gt", ">"},  {"ge", ">="}};
  auto sign = signs.find(e->name);
  if (e->kind == Expr::Pointwise && sign != signs.end())
    out->path = sign->second, out->arguments.assign(e->operands.begin(), e->operands.end());
  return unit;
}

// `gradcheck(over: net) { loss }` is a gradient that is computed, and held against the loss. Not in functions, whose
// blocks may be mapped, and not in what is differentiated itself.
Value Analyzer::gradcheck(Context &c, const syntax::Expr &e) {
  if (!inTest || c.function || c.training || !c.mapped.empty())
    return error("E0264", e.place, "`gradcheck` stands in a test, outside of functions and of what is differentiated",
                 "here", "write it as a statement of the test: `gradcheck(over: net) { loss }`");
  Value g = gradient(c, *e.operands[0], e.body, e.place);
  if (g.isError())
    return g;
  const Stmt &made = *c.block->back();
  Stmt *out = statement(c, Stmt::GradCheck, e.place);
  for (const Variable *v : made.variables) {
    out->arguments.push_back(use(v, e.place));
    if (v != made.variables[0])
      out->names.push_back(v->name.substr(2));
  }
  Value unit;
  unit.kind = Value::Unit;
  return unit;
}

} // namespace burin::sema
