// What `dim` declares: sizes, labels, sums of axes, axes from files.
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

constexpr double mostElements = double(1u << 30), mostLabels = double(1u << 20);

// The terms of a sum, from the left.
static void termsOf(const syntax::Expr &e, std::vector<const syntax::Expr *> &out) {
  if (e.kind == syntax::Expr::Binary && e.text == "+")
    termsOf(*e.operands[0], out), termsOf(*e.operands[1], out);
  else
    out.push_back(&e);
}

// Whether a term is labels: then the sum is one of axes, and not a number.
static bool isSource(const syntax::Expr &e) {
  return e.kind == syntax::Expr::Call && e.operands[0]->kind == syntax::Expr::NameUse &&
         (e.operands[0]->name == "characters" || e.operands[0]->name == "words");
}
const Axis *Analyzer::axisTerm(const Scope &scope, const syntax::Expr &e) const {
  const Entity *found = e.kind == syntax::Expr::NameUse && !e.primes ? lookup(&scope, e.name) : nullptr;
  return found && found->kind == Entity::Axis && found->axis.extent == found->axis.axis->extent ? found->axis.axis
                                                                                                : nullptr;
}
bool Analyzer::isSumOfAxes(const Scope &scope, llvm::ArrayRef<const syntax::Expr *> terms) const {
  auto isLabels = [](const syntax::Expr *e) { return e->kind == syntax::Expr::Labels || isSource(*e); };
  return llvm::any_of(terms, isLabels) ||
         (terms.size() > 1 && llvm::all_of(terms, [&](const syntax::Expr *e) { return axisTerm(scope, *e); }));
}

// One term more: its labels, or its axis as a part.
bool Analyzer::addTerm(const Scope &scope, Axis &axis, const syntax::Expr &term, std::set<std::string> &seen) {
  auto label = [&](const std::string &text, Location place) {
    if (double(axis.labels.size()) >= mostLabels)
      return error("E0207", term.place, fmt::format("`{}` would have more than 2^20 labels", axis.name), "with this",
                   "name fewer"),
             false;
    if (!seen.insert(text).second)
      return error("E0202", place, fmt::format("the label `{}` stands twice", text), "again",
                   "labels of an axis are distinct"),
             false;
    axis.labels.push_back(text);
    return true;
  };
  auto alone = [&](const std::string &text, Location place) {
    axis.parts.push_back({nullptr, axis.extent++, 1});
    return label(text, place);
  };
  if (term.kind == syntax::Expr::Labels)
    return llvm::all_of(term.entries, [&](auto &entry) { return alone(entry.name, entry.namePlace); });
  if (isSource(term)) {
    std::vector<std::string> found;
    int64_t first = axis.extent;
    if (!labelsFromFiles(term, axis, found) ||
        !llvm::all_of(found, [&](const std::string &text) { return alone(text, term.place); }))
      return false;
    axis.firstOfFiles = axis.pastOfFiles ? axis.firstOfFiles : first, axis.pastOfFiles = axis.extent;
    return true;
  }
  if (!axisTerm(scope, term)) {
    if (term.kind == syntax::Expr::NameUse && !lookup(&scope, term.name) && maybeUnread(term.name))
      return false;
    return error("E0235", term.place,
                 fmt::format("what is added to labels is an axis, to be a part of `{}`", axis.name),
                 term.kind == syntax::Expr::NameUse && !lookup(&scope, term.name) ? "not known here" : "this is none",
                 "name an axis that is declared above, labels `{a, b}`, `characters(…)` or `words(…)`"),
           false;
  }
  const Axis &part = *axisTerm(scope, term);
  usage.read(lookup(&scope, term.name)->place);
  if (part.extent < 0)
    return error("E0235", term.place,
                 fmt::format("`{}` can't be a part of an axis: its extent is found when running", part.name),
                 "rows of a data set", "name axes whose extents are known when compiling"),
           false;
  axis.parts.push_back({&part, axis.extent, part.extent});
  axis.extent += part.extent;
  return true;
}

// `dim class = {background} + digit`: labels of a part stand among those of the whole; the indices of one without
// labels are called `digit.3`.
const Axis *Analyzer::declareSum(const Scope &scope, const std::string &name,
                                 llvm::ArrayRef<const syntax::Expr *> terms, Location place) {
  auto *axis = const_cast<Axis *>(makeAxis(name, 0, place));
  std::set<std::string> alone; // labels that are no axis'
  for (const syntax::Expr *term : terms) {
    if (!addTerm(scope, *axis, *term, alone))
      return nullptr;
    if (double(axis->extent) > mostElements)
      return error("E0207", term->place, fmt::format("the extent of `{}` must be a whole number from 1 to 2^30", name),
                   "more with this", "use smaller parts"),
             nullptr;
  }
  bool named =
      !axis->labels.empty() || llvm::any_of(axis->parts, [](auto &p) { return p.axis && !p.axis->labels.empty(); });
  bool several = axis->parts.size() > 1 || axis->parts[0].axis;
  if (named && several) {
    std::vector<std::string> own = std::move(axis->labels);
    axis->labels.clear();
    std::set<std::string> seen;
    size_t next = 0;
    for (const Axis::Part &p : axis->parts)
      for (int64_t k = 0; k < p.extent; ++k) {
        std::string text = !p.axis                  ? own[next++]
                           : p.axis->labels.empty() ? fmt::format("{}.{}", p.axis->name, k)
                                                    : p.axis->labels[size_t(k)];
        if (double(axis->labels.size()) >= mostLabels || !seen.insert(text).second)
          return error("E0202", place,
                       seen.count(text) ? fmt::format("the label `{}` stands twice", text)
                                        : fmt::format("`{}` would have more than 2^20 labels", name),
                       "in this axis", "labels of an axis are distinct"),
                 nullptr;
        axis->labels.push_back(text);
      }
  }
  if (axis->extent < 1)
    return error("E0207", place, fmt::format("the axis `{}` has no elements", name), "nothing in it",
                 "name at least one label"),
           nullptr;
  return axis;
}

bool Analyzer::declareDim(Scope &scope, const std::string &name, const syntax::Expr &value, bool bounded,
                          Location place) {
  Entity e;
  e.kind = Entity::Axis, e.place = place, e.what = "axis";
  const Axis *axis = nullptr;
  auto given = options.dims.find(name);
  bool said = given != options.dims.end() && &scope == &global;
  std::vector<const syntax::Expr *> terms;
  termsOf(value, terms);
  if (!bounded && isSumOfAxes(scope, terms)) {
    if (said)
      return error("E0501", place, fmt::format("`-D {}` gives a size to an axis of labels or parts", name), "this axis",
                   "`-D` sets axes that are declared by a size"),
             false;
    axis = declareSum(scope, name, terms, place);
    if (!axis)
      return false;
  } else {
    Context c;
    c.scope = &scope, c.block = &globalBlock, c.ordinal = &globalOrdinal;
    Value v = expression(c, value);
    if (v.isError())
      return false;
    if (v.kind == Value::AxisName && v.axis.axis->bounded)
      return noNumber(v.axis, value.place), false;
    double extent = v.kind == Value::AxisName ? double(v.axis.extent) : v.number;
    if (said)
      extent = double(given->second);
    bool whole = v.kind == Value::AxisName || (v.kind == Value::Literal && v.whole);
    if (!whole || !(extent >= 1 && extent <= mostElements))
      return error("E0207", value.place, fmt::format("the extent of `{}` must be a whole number from 1 to 2^30", name),
                   describe(c, v), "sizes are known when the program is compiled"),
             false;
    axis = makeAxis(name, int64_t(extent), place);
    const_cast<Axis *>(axis)->bounded = bounded;
  }
  e.axis = {axis, 0, axis->extent};
  return declare(scope, name, e);
}

} // namespace burin::sema
