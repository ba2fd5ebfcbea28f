// Indices of the notation along bounded axes: how much is present of what they go through.
#include "compiler/Sema/Notation.h"
#include <fmt/format.h>

namespace burin::sema {

// Over a bounded axis an index runs as far as what it indexes bare.
bool NotationSolver::lengths() {
  std::map<const NotationIndex *, const Use *> bare;
  for (const Use &use : uses)
    for (size_t k = 0; k < use.at.size(); ++k) {
      const syntax::Entry &entry = use.expression->entries[k];
      auto sum = affine(analyzer, use.scope, *entry.value);
      if (!use.at[k]->axis->bounded || entry.guard)
        continue;
      if (!sum) // computed: checked where it is used
        continue;
      auto *index = const_cast<NotationIndex *>(sum->bare());
      if (!index && sum->terms.empty()) // a number that is written out: checked, too
        continue;
      if (!index)
        return analyzer.error("E0227", entry.value->place,
                              fmt::format("this index may lie beyond what is present of `{}`", use.at[k]->axis->name),
                              "computed of an index", "guard it: `x[t + 1 else 0]`"),
               false;
      auto [first, fresh] = bare.try_emplace(index, &use);
      if (!fresh && index->use.length != use.at[k]->length) {
        analyzer.diagnostics
            .error("E0237", entry.value->place, fmt::format("`{}` goes through values of two lengths", index->name))
            .label("another length")
            .origin(first->second->expression->place, fmt::format("`{}` goes through this, too", index->name))
            .help("guard one of them: `x[t else 0]`");
        return false;
      }
      index->use.length = use.at[k]->length;
    }
  // Where all places are guarded, it runs over the axis as the first of them has it.
  for (const Use &use : uses)
    for (size_t k = 0; k < use.at.size(); ++k)
      if (auto sum = affine(analyzer, use.scope, *use.expression->entries[k].value);
          sum && use.expression->entries[k].guard && sum->terms.size() == 1 && sum->terms.begin()->second == 1)
        if (auto *index = const_cast<NotationIndex *>(sum->terms.begin()->first);
            index->axis == use.at[k]->axis && bare.try_emplace(index, &use).second)
          index->use.length = use.at[k]->length;
  for (const NotationIndex &index : notation.indices)
    if (index.axis->bounded && !bare.count(&index))
      return analyzer.error(
                 "E0236", index.place,
                 fmt::format("how far `{}` goes is not known: `{}` is bounded, and nothing is indexed by it alone",
                             index.name, index.axis->name),
                 "an index without a length", fmt::format("index something by it: `x[{}]`", index.name)),
             false;
  return true;
}

} // namespace burin::sema
