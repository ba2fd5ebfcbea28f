//===- Mutants.h - Wrong rules, made of right ones -----------------------------===//
// The negative control: what a rule gives is changed in one place, and the judge has to notice.
#pragma once
#include "compiler/Differentiate/Differentiate.h"
#include "mlir/IR/Operation.h"
#include <set>

namespace burin::judge {

/// Asks ops for their rules and, where an op is the one judged, changes one thing of what it gives: the one whose name
/// is `wanted`. Names of all that could be changed go into `places`, where it is not null.
///
/// For each operand, asked for alone: its cotangent is scaled by 1 + 2^-20, or taken away, or given where there is
/// none. For each op that the rule makes and uses: a float result is negated (a constant: 1 is added), a bool inverted,
/// and a comparison takes in the tie that it left out, or the other way round.
CotangentRule mutant(const std::string &wanted, std::set<std::string> *places);

} // namespace burin::judge
