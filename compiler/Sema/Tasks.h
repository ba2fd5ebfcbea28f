//===- Tasks.h - Tasks: options, body, results -----------------------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

/// Elaborates one task.
class TaskElaboration {
public:
  TaskElaboration(Analyzer &sema, const syntax::Item &item) : sema(sema), item(item) {}
  void run(const Scope &outer);

private:
  bool option(Context &c, const syntax::Parameter &p, Option &out);
  bool initial(Context &c, const Value &v, const Type &type, size_t axis, Location place, std::vector<Expr *> &out);
  void results(Context &c, const Value &v);
  void takeLengths(const syntax::Parameter &p, Type &type, Option &out);
  bool isText(const Type &type) const;
  bool lengthsOfResult(const Type &type, Location place, std::vector<Expr *> &out);
  bool result(Context &c, const Analyzer::Leaf &part, const std::string &name, Location place);

  Analyzer &sema;
  const syntax::Item &item;
  Task *task = nullptr;
};

} // namespace burin::sema
