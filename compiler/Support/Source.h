//===- Source.h - Source files and places in them ---------------------------===//
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burin {

/// A place in a source file: bytes [offset, offset + length).
struct Location {
  uint32_t file = 0, offset = 0, length = 0;
  bool operator==(const Location &) const = default;
};

struct LineColumn {
  unsigned line = 1, column = 1; ///< both from 1; columns count bytes
};

class SourceFile {
public:
  SourceFile(std::string name, std::string text, bool library);
  const std::string &name() const { return name_; }
  std::string_view text() const { return text_; }
  bool isOfLibrary() const { return library; }
  LineColumn position(uint32_t offset) const;
  std::string_view line(unsigned number) const; ///< without its end
  /// The byte of a position; the text's end for one that is not there.
  uint32_t offset(LineColumn position) const;

private:
  std::string name_, text_;
  bool library;
  std::vector<uint32_t> lines; ///< offsets of line starts
};

/// The files of one compilation; a Location's `file` counts them.
class Sources {
public:
  /// `library`: of the standard library, which users did not write.
  uint32_t add(std::string name, std::string text, bool library = false);
  const SourceFile &file(uint32_t number) const { return *files[number]; }
  /// The first file of that name.
  std::optional<uint32_t> find(std::string_view name) const;
  LineColumn position(Location place) const { return files[place.file]->position(place.offset); }

private:
  std::vector<std::unique_ptr<SourceFile>> files;
};

} // namespace burin
