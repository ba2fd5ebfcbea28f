//===- Sequences.h - What stands along a bounded axis, in rows and on the command line ---===//
#pragma once
#include "runtime/Errors.h"
#include "runtime/Program.h"

namespace burin_rt {

/// The labels of an axis that are one character, found by its bytes in UTF-8.
class Characters {
public:
  /// False: an error was printed.
  bool collect(const burin_axis &axis);
  /// The label that is the character at `p`; -1: none is. `p` moves past it, or past one byte that begins none.
  int64_t take(const char *&p) const;
  void release();

private:
  struct Wide {
    uint32_t bytes, label;
  };
  static int compare(const void *a, const void *b);
  int32_t ascii[128];
  Wide *wide = nullptr; ///< of more than one byte, sorted
  uint32_t wideCount = 0;
};

/// Why a text is none of its type: a code from E0516 on, what was found, and a way out.
struct TextFault {
  const char *code;
  char said[400], help[200];
};

/// The labels of a text's characters, and those of `field` around them, to `out` (null: nowhere), which has a place for
/// each index of the type's one axis: what is absent repeats the last. Their number, or -1 and why. `cut`: there were
/// more characters.
int64_t readCharacters(const burin_program *program, const burin_field &field, const Characters &characters,
                       const char *text, bool cut, void *out, TextFault &fault);
/// Repeats the last of `present` elements to the end of the type's one axis.
void fillAbsent(const burin_program *program, const burin_type &type, uint64_t present, void *values);

} // namespace burin_rt
