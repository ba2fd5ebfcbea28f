//===- Sequences.h - What stands along a bounded axis, in rows and on the command line ---===//
#pragma once
#include "runtime/Errors.h"
#include "runtime/Program.h"

namespace burin_rt {

/// How many bytes the character at `p` has in UTF-8: 1 where none begins. Text ends with a NUL.
uint32_t bytesAt(const char *p);
/// The code point of a character of so many bytes.
uint32_t codePointAt(const char *p, uint32_t bytes);
/// The label `rare` of an axis, which stands for all that is no label; -1: it has none.
int64_t rareLabel(const burin_axis &axis);

/// The labels of an axis that are one character, found by its bytes in UTF-8.
class Characters {
public:
  /// False: an error was printed.
  bool collect(const burin_axis &axis);
  /// The label that is the character at `p`, or the axis' label `rare`; -1: none is, or it is no character. `p` moves
  /// past it, or past one byte that begins none.
  int64_t take(const char *&p) const {
    auto byte = static_cast<unsigned char>(*p);
    if (byte >= 128)
      return takeWide(p);
    ++p;
    return ascii[byte] < 0 && byte ? rare : ascii[byte];
  }
  void release();

private:
  int64_t takeWide(const char *&p) const;
  struct Wide {
    uint32_t bytes, label;
  };
  static int compare(const void *a, const void *b);
  int32_t ascii[128];
  int64_t rare = -1;
  Wide *wide = nullptr; ///< of more than one byte, sorted
  uint32_t wideCount = 0;
};

/// Why a text is none of its type: a code from E0516 on, what was found, and a way out.
struct TextFault {
  const char *code;
  char said[400], help[200];
};

/// Repeats the last of `present` elements to the end of the type's one axis.
void fillAbsent(const burin_program *program, const burin_type &type, uint64_t present, void *values);

} // namespace burin_rt
