// Places of the notation that are sums of multiples of its indices: read as windows, which keep their loops.
#include "compiler/Sema/Notation.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

// Sums of places are computed with later; nothing so far out is meant.
constexpr int64_t farthest = int64_t(1) << 40;

// Nothing: what is computed, a bound that is not one number, or an axis whose extent only a file knows.
static std::optional<WindowPlace> windowPlace(const std::optional<Affine> &sum, const AxisUse &at) {
  if (!sum || sum->low != sum->high || at.extent < 0 || at.extent >= farthest)
    return std::nullopt;
  WindowPlace place{at, {}, sum->low};
  auto range = NotationSolver::bounds(*sum);
  if (!range || range->first <= -farthest || range->second >= farthest || std::abs(sum->low) >= farthest)
    return std::nullopt;
  for (auto &[index, factor] : sum->terms)
    place.terms.push_back({index->use, factor, index->place});
  // Indices stand in the order of the text: what order a map of pointers has is chance.
  llvm::sort(place.terms, [](const WindowPlace::Term &a, const WindowPlace::Term &b) {
    return std::pair(a.introduced.file, a.introduced.offset) < std::pair(b.introduced.file, b.introduced.offset);
  });
  return place;
}

static bool isZero(const Expr &e) {
  return e.kind == Expr::Constant && (e.type.element.isFloat() ? e.number == 0 && !std::signbit(e.number) : !e.integer);
}

// A strided index whose last windows lie outside as a whole reads nothing but what the guard says: its extent was meant
// for another stride. (Without a stride it is a shift, of which some rows are outside.)
bool Analyzer::refusePadding(const syntax::Entry &entry, const AxisUse &at, const Affine &sum) {
  for (auto &[index, factor] : sum.terms) {
    if (std::abs(factor) < 2 || at.length || index->extent < 0)
      continue;
    Affine rest = sum;
    rest.terms.erase(index);
    auto range = NotationSolver::bounds(rest);
    if (!range)
      continue;
    int64_t outside = 0, first = -1; // `i` whose whole window is outside
    for (int64_t i : {int64_t(0), index->extent - 1}) {
      int64_t low = factor * i + range->first, high = factor * i + range->second;
      if (high < 0 || low >= at.extent)
        first = i;
    }
    if (first < 0)
      continue;
    // Windows that lie inside in part: those with 0 <= f i + high and f i + low < extent.
    auto floorOf = [](int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); };
    int64_t step = std::abs(factor), low = range->first, high = range->second;
    int64_t begin = factor > 0 ? -floorOf(high, step) : -floorOf(at.extent - 1 - low, step);
    int64_t end = factor > 0 ? floorOf(at.extent - 1 - low, step) : floorOf(high, step);
    begin = std::max<int64_t>(begin, 0), end = std::min(end, index->extent - 1);
    outside = index->extent - std::max<int64_t>(0, end - begin + 1);
    diagnostics
        .error("E0280", entry.value->place,
               fmt::format("windows along `{}` that hold nothing of `{}`: {} of {}", index->name, show(at), outside,
                           index->extent))
        .label(fmt::format("`{}` moves by {}, and `{}` has {}", index->name, factor, show(at), at.extent))
        .origin(index->place, fmt::format("`{}` goes from 0 to {}", index->name, index->extent - 1))
        .help(end >= begin && begin == 0 ? fmt::format("with the extent {} every window holds something: `{}: {}:{}`",
                                                       end + 1, index->name, index->axis->name, end + 1)
                                         : fmt::format("let `{}` go less far, or move less at a step", index->name));
    return true;
  }
  return false;
}

// One window: axes that places take give way to the places' new axes.
Expr *Analyzer::window(Expr *table, llvm::ArrayRef<WindowPlace> places, Location place) {
  Type type{table->type.element, {}};
  auto taken = [&](const AxisUse &a) -> const WindowPlace * {
    for (const WindowPlace &p : places)
      if (p.at == a)
        return &p;
    return nullptr;
  };
  auto isOld = [&](const AxisUse &a) { return llvm::is_contained(table->type.axes, a) && !taken(a); };
  for (const AxisUse &a : table->type.axes) {
    const WindowPlace *p = taken(a);
    if (!p)
      type.axes.push_back(a);
    for (size_t k = 0; p && k < p->terms.size(); ++k)
      if (!isOld(p->terms[k].along))
        type.axes.push_back(p->terms[k].along);
  }
  Expr *out = node(Expr::Window, type, place);
  out->operands = {table};
  out->places.assign(places.begin(), places.end());
  return out;
}

// All entries that are no bare indices, as windows; null if one of them is no sum of multiples. Guards are seen to
// where they say something else than 0.
std::optional<Expr *> Analyzer::windows(Context &c, Expr *table, const syntax::Expr &e, llvm::ArrayRef<AxisUse> at,
                                        llvm::ArrayRef<size_t> entries) {
  std::vector<WindowPlace> places;
  for (size_t k : entries) {
    auto place = windowPlace(NotationSolver::affine(*this, c.scope, *e.entries[k].value), at[k]);
    if (!place || (at[k].length && !e.entries[k].guard))
      return std::nullopt;
    places.push_back(*place);
  }
  Element element = table->type.element;
  std::vector<std::pair<Expr *, Expr *>> guards; // where it is inside, and what stands outside
  for (size_t k : entries) {
    const syntax::Entry &entry = e.entries[k];
    if (!entry.guard)
      continue;
    if (refusePadding(entry, at[k], *NotationSolver::affine(*this, c.scope, *entry.value)))
      return nullptr;
    Expr *instead = guardOf(c, entry, element), *inside = nullptr;
    if (!instead)
      return nullptr;
    if (isZero(*instead) && !at[k].length)
      continue;
    if (!indexWithin(c, entry, at[k], inside))
      return nullptr;
    if (inside)
      guards.push_back({inside, instead});
  }
  // A new axis is in one place of a window: `x[i + 1, i + 2]` takes two.
  for (size_t k = 0; k < places.size();) {
    size_t end = k;
    std::vector<AxisUse> added;
    auto joins = [&](const WindowPlace &p) {
      return llvm::none_of(p.terms, [&](const WindowPlace::Term &t) { return llvm::is_contained(added, t.along); });
    };
    while (end < places.size() && joins(places[end])) {
      for (const WindowPlace::Term &t : places[end].terms)
        if (!llvm::is_contained(table->type.axes, t.along))
          added.push_back(t.along);
      ++end;
    }
    table = window(table, llvm::ArrayRef(places).slice(k, end - k), e.place);
    k = end;
  }
  for (size_t k = guards.size(); k-- > 0;) // what is outside is replaced, not multiplied away
    table = pointwise("select", element, {guards[k].first, table, guards[k].second}, e.place);
  return table;
}

} // namespace burin::sema
