//===- Words.h - What stands between blanks, as labels ------------------------------===//
#pragma once
#include "runtime/Sequences.h"

namespace burin_rt {

/// Space, tab and what ends a line: what `words` of a program's axes cut at, too (compiler/Sema/FileAxes.cpp).
inline bool isBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
/// A longer one is no label.
constexpr uint32_t longestWord = 255;
/// Whether so many bytes are characters in UTF-8. A NUL stands behind them.
bool isUtf8(const char *p, uint32_t bytes);

/// The labels of an axis that are words, found by their bytes.
class WordLabels {
public:
  /// Of a field whose rows are words. False: an error was printed.
  bool collect(const burin_axis &axis, const burin_field &field);
  /// The label that is the word, or the axis' label `rare`; -1: none is.
  int64_t find(const char *word, uint32_t bytes) const;
  void release();

private:
  uint32_t first(const char *word, uint32_t bytes) const;

  const char *const *labels = nullptr;
  int64_t rare = -1;
  uint32_t *places = nullptr; ///< a label's number and 1 where its bytes' sum says, or behind; 0: none
  uint32_t mask = 0;
};

} // namespace burin_rt
