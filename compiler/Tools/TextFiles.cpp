#include "compiler/Tools/TextFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <fmt/format.h>

namespace burin {
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;
using Texts = std::vector<std::pair<std::string, std::string>>;

constexpr uint64_t mostBytes = 64u << 20, mostTogether = 256u << 20;
constexpr size_t mostFiles = 10'000;

static bool stays(llvm::StringRef pattern) {
  return !pattern.empty() && !path::is_absolute(pattern) && !pattern.contains('\0') &&
         std::none_of(path::begin(pattern), path::end(pattern), [](llvm::StringRef part) { return part == ".."; });
}

// Part by part.
bool isInside(llvm::StringRef file, llvm::StringRef folder) {
  auto part = path::begin(file);
  for (auto wanted = path::begin(folder); wanted != path::end(folder); ++wanted, ++part)
    if (part == path::end(file) || *part != *wanted)
      return false;
  return true;
}

// The names that a pattern stands for, sorted.
static bool namesOf(const std::string &folder, llvm::StringRef pattern, std::vector<std::string> &out,
                    std::string &why) {
  llvm::StringRef last = path::filename(pattern), parent = path::parent_path(pattern);
  if (!last.contains('*')) {
    out.push_back(pattern.str());
    return true;
  }
  if (parent.contains('*') || last.find_first_of("?[]{}\\") != llvm::StringRef::npos)
    return why = "`*` stands in the last part of a name, and no other sign for many", false;
  auto glob = llvm::GlobPattern::create(last);
  if (!glob)
    return llvm::consumeError(glob.takeError()), why = "this is no pattern of names", false;
  llvm::SmallString<256> place(folder.empty() ? "." : folder);
  path::append(place, parent);
  std::error_code error;
  for (fs::directory_iterator file(place, error), end; file != end && !error; file.increment(error)) {
    llvm::StringRef name = path::filename(file->path());
    if (!glob->match(name) || name.starts_with("."))
      continue;
    if (out.size() == mostFiles)
      return why = fmt::format("more than {} files have such a name", mostFiles), false;
    llvm::SmallString<256> relative(parent);
    path::append(relative, name);
    out.push_back(relative.str().str());
  }
  if (error)
    return why = error.message(), false;
  std::sort(out.begin(), out.end());
  return !out.empty() || (why = "no file has such a name", false);
}

Texts readTexts(const std::string &folder, const std::string &pattern, std::string &why) {
  if (!stays(pattern))
    return why = "the name must be relative, and not lead out of the program's folder", Texts();
  std::vector<std::string> names;
  if (!namesOf(folder, pattern, names, why))
    return {};
  Texts out;
  uint64_t together = 0;
  for (const std::string &name : names) {
    llvm::SmallString<256> full(folder);
    path::append(full, name);
    fs::file_status status;
    if (std::error_code error = fs::status(full, status))
      return why = fmt::format("`{}`: {}", name, error.message()), Texts();
    llvm::SmallString<256> real, home;
    if (std::error_code error = fs::real_path(full, real))
      return why = fmt::format("`{}`: {}", name, error.message()), Texts();
    if (fs::real_path(folder.empty() ? "." : folder, home) || !isInside(real, home))
      return why = fmt::format("`{}` leads out of the program's folder", name), Texts();
    if (!fs::is_regular_file(status))
      return why = fmt::format("`{}` is no ordinary file", name), Texts();
    if (status.getSize() > mostBytes || (together += status.getSize()) > mostTogether)
      return why = fmt::format("`{}` is larger than 64 MiB, or all are larger than 256 MiB", name), Texts();
    auto buffer = llvm::MemoryBuffer::getFile(full, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    if (!buffer)
      return why = fmt::format("`{}`: {}", name, buffer.getError().message()), Texts();
    if ((*buffer)->getBufferSize() > mostBytes)
      return why = fmt::format("`{}` is larger than 64 MiB", name), Texts();
    out.push_back({name, (*buffer)->getBuffer().str()});
  }
  return out;
}

} // namespace burin
