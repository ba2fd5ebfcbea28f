//===- Marks.h - What a layout needs of the tree ------------------------------===//
#pragma once
#include "compiler/Syntax/Tree.h"
#include "llvm/ADT/DenseSet.h"

namespace burin::syntax {

/// Places in the text, as offsets of first words, that the words alone don't tell apart.
struct Marks {
  llvm::DenseSet<uint32_t> extents;  ///< what stands after the `:` of a shortened axis: `row:24`
  llvm::DenseSet<uint32_t> eitherOf; ///< what stands after a `:` in brackets that index or give axes
  llvm::DenseSet<uint32_t> labels;   ///< the `{` of labels
  llvm::DenseSet<uint32_t> fields;   ///< the names of fields of data and structs
};

Marks marksOf(const Tree &tree);

} // namespace burin::syntax
