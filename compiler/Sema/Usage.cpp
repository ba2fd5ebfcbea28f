#include "compiler/Sema/Usage.h"
#include <fmt/format.h>

namespace burin::sema {

std::string withArticle(const std::string &noun) {
  return (std::string("aeiou").find(noun[0]) == std::string::npos ? "a " : "an ") + noun;
}

void Usage::declare(Location place, const std::string &name, const char *what) {
  if (place.file != file || place.length == 0)
    return;
  auto &n = names[place.offset];
  n.name = name, n.what = what, n.place = place;
}
void Usage::declareTogether(Location first, Location other) {
  if (auto found = names.find(other.offset); found != names.end() && other.file == file)
    found->second.group = first.offset + 1;
}
void Usage::read(Location place) {
  if (place.file == file)
    reads.insert(place.offset);
}
bool Usage::isRead(Location place) const { return place.file == file && reads.count(place.offset) > 0; }
void Usage::write(Location place, bool before) {
  if (place.file != file)
    return;
  writes.insert(place.offset);
  if (!before)
    reads.erase(place.offset);
}
void Usage::exempt(Location place) {
  if (place.file == file)
    exempted.insert(place.offset);
}

void Usage::report(DiagnosticEngine &diagnostics, bool wholeProgram) const {
  std::set<uint32_t> groups; // of which a part is used
  for (auto &[offset, n] : names)
    if (n.group && reads.count(offset))
      groups.insert(n.group);
  static const std::set<std::string> items = {"function", "model", "optimiser", "data set", "axis", "struct"};
  for (auto &[offset, n] : names) {
    if (reads.count(offset) || exempted.count(offset) || n.name[0] == '_' || (n.group && groups.count(n.group)))
      continue;
    if (n.what == "loop variable" || n.what == "index" || (items.count(n.what) && !wholeProgram))
      continue; // how often a loop runs may be all that is wanted of it
    if (n.what == "state" && writes.count(offset))
      diagnostics.warning("W0202", n.place, fmt::format("the state `{}` is written and never read", n.name))
          .label("written only")
          .help("read it, `record` it, or remove it with what is written to it");
    else
      diagnostics.warning("W0201", n.place, fmt::format("the {} `{}` is never used", n.what, n.name))
          .label("not used")
          .help(items.count(n.what) ? "use it, or remove it"
                                    : fmt::format("use it, remove it, or name it `_{}` if that is meant", n.name));
  }
}

} // namespace burin::sema
