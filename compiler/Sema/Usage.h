//===- Usage.h - What a program declares and never uses ------------------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"
#include <map>
#include <set>

namespace burin::sema {

/// The names of one file with what is done to them, over all instances of the bodies they stand in. A name is its
/// place: bodies are elaborated many times, and one use in one of them is enough.
class Usage {
public:
  explicit Usage(uint32_t file) : file(file) {}
  void declare(Location place, const std::string &name, const char *what);
  uint32_t fileNumber() const { return file; }
  /// Names of one pattern: the one that is wanted can't be had without the others.
  void declareTogether(Location first, Location other);
  void read(Location place);
  /// A write that reads what it writes (`n <- n + 1`) is no use of it: `before` says whether it was read otherwise.
  bool isRead(Location place) const;
  void write(Location place, bool before);
  /// The parameters of a function that is given as a value: what calls it says which there are.
  void exempt(Location place);
  /// Warns of what is never used (W0201) and of states that are only written (W0202). `wholeProgram`: the file has
  /// tasks, so that an item nothing uses is of no use.
  void report(DiagnosticEngine &diagnostics, bool wholeProgram) const;

private:
  struct Name {
    std::string name;
    std::string what;
    Location place;
    bool read = false, written = false;
    uint32_t group = 0; ///< the offset of its pattern's first name
  };
  uint32_t file;
  std::map<uint32_t, Name> names; ///< by offset
  std::set<uint32_t> reads, writes, exempted;
};

/// `a value`, `an axis`
std::string withArticle(const std::string &noun);

} // namespace burin::sema
