// Tuples: their parts, and what they spread.
#include "compiler/Sema/Shuffles.h"
#include <fmt/format.h>

namespace burin::sema {

// `(..x, more)`: the fields of `x` in their order, under their names, beside others.
Value Analyzer::tuple(Context &c, const syntax::Expr &e) {
  Value v;
  v.kind = e.entries.empty() ? Value::Unit : Value::Tuple;
  bool fine = true;
  std::map<std::string, std::pair<Location, bool>> seen; // where a name comes from, and whether it was spread
  auto add = [&](const std::string &name, const Value &field, Location place, bool spread) {
    auto [before, fresh] = seen.try_emplace(name, place, spread);
    if (!name.empty() && !fresh && (spread || before->second.second)) { // it could not be told which is meant
      diagnostics.error("E0285", place, fmt::format("this tuple has the field `{}` twice", name))
          .label(spread ? "spread here" : "here")
          .origin(before->second.first, "the other one")
          .help("name the fields that are meant, each once: `(a: x.a, b: y.b)`");
      fine = false;
    }
    v.fields.push_back({name, field});
  };
  for (auto &entry : e.entries) {
    const syntax::Expr &written = *entry.value;
    bool spread =
        entry.name.empty() && written.kind == syntax::Expr::Range && !written.operands[0] && written.operands[1];
    Value field = expression(c, spread ? *written.operands[1] : written);
    if (field.isError()) {
      fine = false;
    } else if (!spread) {
      add(!entry.name.empty()                     ? entry.name
          : written.kind == syntax::Expr::NameUse ? written.name
                                                  : "",
          field, written.place, false);
    } else if (field.kind == Value::DataSet) {
      fine &= Shuffles(*this, c).spread(field.data, written.operands[1]->place, add);
    } else if (field.kind == Value::Tuple) {
      for (auto &[name, part] : field.fields)
        add(name, part, written.place, true);
    } else {
      error("E0285", written.operands[1]->place, "only a tuple or a struct has fields to spread", describe(c, field),
            "leave `..` out to make it one part");
      fine = false;
    }
  }
  constexpr size_t most = 1000; // as a struct has; spreads of spreads grow fast
  if (fine && v.fields.size() > most)
    return error("E0241", e.place, fmt::format("this tuple has more than {} parts", most), "here",
                 "use an axis where many parts are alike");
  return fine ? v : Value();
}

} // namespace burin::sema
