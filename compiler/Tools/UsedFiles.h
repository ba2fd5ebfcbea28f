//===- UsedFiles.h - `use "layers.burin"` ----------------------------------------===//
//
// A program is one name space, over all files that it uses; the library is the scope outside of it. So the items of all
// files become one list, before Sema sees them: those of a used file stand where its `use` does. Each file is there
// once, whoever uses it. Its tasks, tests and requirements are its own, and stay behind.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"
#include "compiler/Syntax/Tree.h"
#include <functional>
#include <memory>
#include <vector>

namespace burin {

class UsedFiles {
public:
  /// `taken`: called with the name, from the program's folder, and the text of each file that is used, in order.
  UsedFiles(DiagnosticEngine &diagnostics, std::function<void(const std::string &, std::string_view)> taken)
      : diagnostics(diagnostics), taken(std::move(taken)) {}
  /// Reads what a program's file uses, and what that uses. The items of all become the file's own; this object keeps
  /// them. A name is relative to the file in which it stands, and no file is outside of the program's folder. Errors,
  /// at the `use`: E0278; then the tree is not whole.
  void join(syntax::Tree &program);
  /// Whether a path is one of the files that are used: then nothing is written there.
  bool includes(const std::string &path) const;

private:
  struct File {
    std::string real; ///< its path without links
    syntax::Tree *tree;
  };
  void follow(const File &file, std::vector<syntax::Item *> &items);
  std::optional<File> find(const syntax::Item &use);
  std::optional<uint32_t> read(const syntax::Item &use, const std::string &name);
  std::nullopt_t refuse(const syntax::Item &use, std::string message, std::string label, std::string help);

  DiagnosticEngine &diagnostics;
  std::function<void(const std::string &, std::string_view)> taken;
  std::string folder;                               ///< the program's, without links
  std::vector<std::unique_ptr<syntax::Tree>> trees; ///< of the files that are used
  std::vector<std::string> known;                   ///< the real paths of all
  std::vector<File> around;                         ///< each uses the next
  uint64_t bytes = 0;
  bool fine = true;
};

} // namespace burin
