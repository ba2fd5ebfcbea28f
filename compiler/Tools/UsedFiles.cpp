#include "compiler/Tools/UsedFiles.h"
#include "compiler/Syntax/Parser.h"
#include "compiler/Tools/TextFiles.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <fmt/format.h>

namespace burin {
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;

constexpr uint64_t mostBytes = 64u << 20, mostTogether = 256u << 20;
constexpr size_t mostFiles = 1000, deepest = 100;

std::nullopt_t UsedFiles::refuse(const syntax::Item &use, std::string message, std::string label, std::string help) {
  diagnostics.error("E0278", use.namePlace, std::move(message)).label(std::move(label)).help(std::move(help));
  fine = false;
  return std::nullopt;
}

// The name of a program in the same folder that is nearly that of a file that is not there.
static std::optional<std::string> nearby(const std::string &name, const std::string &written) {
  constexpr size_t most = 1000;
  std::vector<std::string> programs;
  std::error_code error;
  llvm::StringRef parent = path::parent_path(name);
  for (fs::directory_iterator file(parent.empty() ? "." : parent, error), end;
       file != end && !error && programs.size() < most; file.increment(error))
    if (path::extension(file->path()) == ".burin")
      programs.push_back(path::filename(file->path()).str());
  auto near = nearestName(path::filename(name).str(), programs);
  if (!near)
    return std::nullopt;
  llvm::SmallString<128> out(path::parent_path(written));
  path::append(out, *near);
  return out.str().str();
}

std::optional<uint32_t> UsedFiles::read(const syntax::Item &use, const std::string &name) {
  fs::file_status status;
  std::error_code error = fs::status(name, status);
  if (!error && (!fs::is_regular_file(status) || status.getSize() > mostBytes))
    return refuse(use, fmt::format("`{}` is no file of at most 64 MiB", use.name), "used here",
                  "name a file of the language");
  auto buffer = error ? llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>>(error) : llvm::MemoryBuffer::getFile(name);
  if (!buffer) {
    auto near = nearby(name, use.name);
    return refuse(use, fmt::format("can't read `{}`: {}", name, buffer.getError().message()), "used here",
                  near ? fmt::format("did you mean `{}`?", *near)
                       : "a name is relative to the file in which it stands");
  }
  bytes += (*buffer)->getBufferSize();
  if (bytes > mostTogether)
    return refuse(use, "the files of a program have at most 256 MiB together", "more from here on", "use fewer");
  return diagnostics.sources.add(name, (*buffer)->getBuffer().str());
}

// A file that was not there before, or none.
std::optional<UsedFiles::File> UsedFiles::find(const syntax::Item &use) {
  if (use.name.empty() || path::is_absolute(use.name) || use.name.find('\0') != std::string::npos)
    return refuse(use, "a file is used by a name relative to this one", use.name.empty() ? "it is empty" : "it is not",
                  "for example `use \"layers.burin\"`");
  llvm::SmallString<256> name(path::parent_path(diagnostics.sources.file(use.namePlace.file).name())), real;
  path::append(name, use.name);
  path::remove_dots(name, /*remove_dot_dot=*/false);
  if (!fs::real_path(name, real) && !isInside(real, folder)) // what can't be found is not read either
    return refuse(use, fmt::format("`{}` leads out of the program's folder", use.name), "outside",
                  "keep what a program uses in its folder, or in one below");
  for (size_t k = 0; k < around.size(); ++k)
    if (around[k].real == real.str()) {
      std::string chain;
      for (size_t j = k; j < around.size(); ++j)
        chain += fmt::format("`{}` uses ", path::filename(around[j].real).str());
      return refuse(use,
                    around.size() - k == 1
                        ? std::string("this file uses itself")
                        : fmt::format("files use each other: {}`{}`", chain, path::filename(around[k].real).str()),
                    "used again",
                    around.size() - k == 1 ? "remove this line" : "move what both need into a file of its own");
    }
  if (llvm::is_contained(known, real.str()))
    return std::nullopt;
  if (known.size() == mostFiles || around.size() == deepest)
    return refuse(use,
                  known.size() == mostFiles ? fmt::format("a program has at most {} files", mostFiles)
                                            : fmt::format("files use each other at most {} deep", deepest),
                  "one more", "put more into one file");
  auto file = read(use, name.str().str());
  if (!file)
    return std::nullopt;
  known.push_back(real.str().str());
  taken(known.back().substr(folder.size() + 1), diagnostics.sources.file(*file).text());
  trees.push_back(syntax::parse(*file, diagnostics));
  return File{known.back(), trees.back().get()};
}

void UsedFiles::follow(const File &file, std::vector<syntax::Item *> &items) {
  around.push_back(file);
  bool own = around.size() == 1;
  for (syntax::Item *item : file.tree->items) {
    bool stays =
        item->kind == syntax::Item::Task || item->kind == syntax::Item::Test || item->kind == syntax::Item::Require;
    if (item->kind == syntax::Item::Use) {
      if (auto used = find(*item))
        follow(*used, items);
    } else if (own || !stays) {
      items.push_back(item);
    }
  }
  around.pop_back();
}

bool UsedFiles::includes(const std::string &path) const {
  llvm::SmallString<256> real;
  return !path.empty() && !fs::real_path(path, real) && llvm::is_contained(known, real.str());
}

void UsedFiles::join(syntax::Tree &program) {
  std::string own = diagnostics.sources.file(program.file).name();
  llvm::SmallString<256> real, home;
  llvm::StringRef parent = path::parent_path(own);
  if (fs::real_path(own, real) || fs::real_path(parent.empty() ? "." : parent, home))
    return; // it was read just now
  folder = home.str().str();
  known = {real.str().str()};
  std::vector<syntax::Item *> items;
  follow({known[0], &program}, items);
  program.items = std::move(items);
  for (auto &tree : trees) {
    program.unread.insert(tree->unread.begin(), tree->unread.end());
    fine &= tree->whole;
  }
  program.whole &= fine;
}

} // namespace burin
