//===- Sema.h - Every decision about the language ---------------------------===//
#pragma once
#include "compiler/Sema/Program.h"
#include "compiler/Support/Diagnostics.h"
#include "compiler/Syntax/Tree.h"
#include <functional>
#include <map>

namespace burin::sema {

struct Options {
  std::map<std::string, int64_t> dims; ///< `-D hidden=64`: extents in place of those of sized axes
  bool tests = false;                  ///< the program's tasks are its tests; else they are checked, and left out
  /// Whole files by a pattern relative to the program's folder, with `*` in the last name, in order of their names; or
  /// why there are none. Without it axes from files are refused.
  std::function<std::vector<std::pair<std::string, std::string>>(const std::string &pattern, std::string &why)> texts;
};

/// The typed program of a user's file over the library's files. Null if errors were reported.
std::unique_ptr<Program> analyse(const syntax::Tree &user, const std::vector<const syntax::Tree *> &library,
                                 DiagnosticEngine &diagnostics, const Options &options, const std::string &name);

/// The typed program as text (`--emit=typed`).
std::string print(const Program &program);

/// `f32[batch, pixel]`, in the user's names.
std::string show(const Type &type);
std::string show(const AxisUse &axis);
/// the product `(row, col)`
std::string showProduct(const std::vector<AxisUse> &axes);

} // namespace burin::sema
