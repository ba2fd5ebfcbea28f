// How messages are written: for people, with the lines they are about, and as JSON.
#include "compiler/Support/Diagnostics.h"
#include <algorithm>
#include <fmt/format.h>

namespace burin {

// The part of a text from `start` on that has at most `most` bytes, without parts of characters.
static std::string_view cut(std::string_view text, size_t &start, size_t most) {
  auto inside = [&](size_t k) { return k < text.size() && (text[k] & 0xC0) == 0x80; };
  for (unsigned k = 0; k < 3 && inside(start); ++k)
    ++start;
  size_t end = std::min(text.size(), start + most);
  for (unsigned k = 0; k < 3 && end > start && inside(end); ++k)
    --end;
  return text.substr(start, end - start);
}

// A text as a terminal may have it, byte for byte: control characters are `?` and, where it is no UTF-8, all that is
// not ASCII.
static std::string printable(std::string_view given) {
  std::string text(given);
  bool valid = llvm::json::isUTF8(text);
  for (char &c : text)
    if (c == '\t')
      c = ' ';
    else if (static_cast<unsigned char>(c) < 32 || c == 127 || (!valid && (c & 0x80)))
      c = '?';
  return text;
}
static std::string shown(std::string_view given, size_t most = 400) {
  size_t start = 0;
  std::string text = printable(cut(given, start, most));
  return text.size() < given.size() ? text + " …" : text;
}
static size_t characters(std::string_view text) {
  return size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// A source line with its mark. Long lines are cut around it, and only what is shown of them is read.
void DiagnosticEngine::printExcerpt(llvm::raw_ostream &out, Location place, const std::string &text, char mark,
                                    unsigned margin) const {
  const SourceFile &file = sources.file(place.file);
  LineColumn at = file.position(place.offset);
  std::string_view line = file.line(at.line);
  size_t column = std::min<size_t>(at.column - 1, line.size());
  size_t length = std::clamp<size_t>(place.length, 1, std::max<size_t>(1, line.size() - column));
  constexpr size_t width = 120;
  if (line.size() > width) {
    size_t start = column > width / 2 ? column - width / 2 : 0;
    line = cut(line, start, width);
    column = column > start ? std::min(column - start, line.size()) : 0;
    length = std::min(length, std::max<size_t>(1, line.size() - column));
  }
  std::string view = printable(line);
  size_t marked = std::max<size_t>(1, characters(std::string_view(view).substr(column, length)));
  out << fmt::format("{:>{}} | {}\n", at.line, margin, view);
  out << fmt::format("{:>{}} | {}{}{}\n", "", margin,
                     std::string(characters(std::string_view(view).substr(0, column)), ' '), std::string(marked, mark),
                     text.empty() ? "" : " " + shown(text));
}

void DiagnosticEngine::printText(llvm::raw_ostream &out, const Diagnostic &d) const {
  out << (isError(d) ? "error[" : "warning[") << d.code << "]: " << shown(d.message) << "\n";
  unsigned margin = 1;
  if (d.place) {
    LineColumn at = sources.position(*d.place);
    unsigned largest = at.line;
    for (auto &origin : d.origins)
      largest = std::max(largest, sources.position(origin.place).line);
    margin = unsigned(std::to_string(largest).size());
    out << fmt::format("{:>{}}--> {}:{}:{}\n{:>{}} |\n", "", margin, shown(sources.file(d.place->file).name(), 4096),
                       at.line, at.column, "", margin);
    printExcerpt(out, *d.place, d.labelText, '^', margin);
  }
  for (auto &origin : d.origins) {
    if (d.place && origin.place.file != d.place->file)
      out << fmt::format("{:>{}}::: {}:{}\n", "", margin, shown(sources.file(origin.place.file).name(), 4096),
                         sources.position(origin.place).line);
    else
      out << fmt::format("{:>{}} |\n", "", margin);
    printExcerpt(out, origin.place, origin.text, '-', margin);
  }
  for (auto &help : d.helps)
    out << fmt::format("{:>{}} = help: {}\n", "", margin, shown(help));
  out << "\n";
}

static std::string utf8(std::string_view text) {
  llvm::StringRef given(text.data(), text.size());
  return llvm::json::isUTF8(given) ? given.str() : llvm::json::fixUTF8(given);
}

void DiagnosticEngine::placeJson(llvm::json::OStream &json, std::optional<Location> place) const {
  if (!place) {
    for (const char *name : {"file", "line", "column", "end"})
      json.attribute(name, nullptr);
    return;
  }
  const SourceFile &file = sources.file(place->file);
  LineColumn at = file.position(place->offset), end = file.position(place->offset + place->length);
  json.attribute("file", utf8(file.name()));
  json.attribute("line", int64_t(at.line));
  json.attribute("column", int64_t(at.column));
  json.attributeObject("end", [&] {
    json.attribute("line", int64_t(end.line));
    json.attribute("column", int64_t(end.column));
  });
}

void DiagnosticEngine::printJson(llvm::raw_ostream &out, const Diagnostic &d) const {
  llvm::json::OStream json(out);
  json.object([&] {
    json.attribute("code", d.code);
    json.attribute("severity", isError(d) ? "error" : "warning");
    json.attribute("message", utf8(d.message));
    placeJson(json, d.place);
    json.attribute("label", utf8(d.labelText));
    json.attributeArray("origins", [&] {
      for (auto &origin : d.origins)
        json.object([&] {
          placeJson(json, origin.place);
          json.attribute("label", utf8(origin.text));
        });
    });
    json.attributeArray("helps", [&] {
      for (auto &help : d.helps)
        json.value(utf8(help));
    });
  });
  json.flush();
  out << "\n";
}

std::vector<const Diagnostic *> DiagnosticEngine::sorted() const {
  std::vector<const Diagnostic *> out;
  for (const Diagnostic &d : diagnostics) // what is warned of in a wrong program may follow from the mistake
    if (d.severity == Severity::Error || !hasErrors())
      out.push_back(&d);
  std::stable_sort(out.begin(), out.end(), [](auto *a, auto *b) {
    auto key = [](const Diagnostic &d) {
      return std::make_pair(d.place ? d.place->file + 1 : 0, d.place ? d.place->offset : 0);
    };
    return key(*a) < key(*b);
  });
  return out;
}

void DiagnosticEngine::print(llvm::raw_ostream &out) const {
  for (const Diagnostic *d : sorted())
    options.json ? printJson(out, *d) : printText(out, *d);
  for (auto [count, what] : {std::make_pair(errors, "error"), std::make_pair(warnings, "warning")}) {
    if (count <= limit || (hasErrors() && count == warnings))
      continue;
    std::string text = fmt::format("{} more {}{}", count - limit, what, count - limit == 1 ? "" : "s");
    if (!options.json)
      out << text << "\n";
    else
      out << llvm::json::Value(llvm::json::Object{{"severity", "note"}, {"message", text}}) << "\n";
  }
}

} // namespace burin
