// Axes whose labels stand in files that are read when the program is compiled.
#include "compiler/Sema/Analyzer.h"
#include "compiler/Sema/Fields.h"
#include "llvm/Support/ConvertUTF.h"
#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace burin::sema {
namespace {

constexpr size_t mostLabels = 1u << 20, longestWord = 255;

// The bytes of a byte order mark, as some editors write it before a text: it is none of it.
size_t markBefore(const std::string &text) { return text.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

// What the fields of comma-separated text hold in some columns, or in all if there are none, as data sets read them
// (runtime/Csv.h); the place of a quote that ends no field.
std::optional<size_t> fieldsOf(const std::string &text, const std::set<size_t> &columns, bool words, std::string &out) {
  size_t at = markBefore(text), column = 0;
  auto ends = [&](size_t k) {
    return k >= text.size() || text[k] == ',' || text[k] == '\n' || text.compare(k, 2, "\r\n") == 0;
  };
  auto isBlank = [&](size_t k) { return text[k] == ' ' || text[k] == '\t'; };
  while (at < text.size()) {
    std::string field;
    if (text[at] == '"') {
      size_t quote = at++;
      for (; at < text.size() && (text[at] != '"' || text.compare(at, 2, "\"\"") == 0); ++at)
        field += text[at], at += text[at] == '"';
      if (at >= text.size() || !ends(++at))
        return quote;
    } else {
      size_t first = at;
      while (!ends(at))
        ++at;
      size_t last = at;
      while (first < last && isBlank(first))
        ++first;
      while (last > first && isBlank(last - 1))
        --last;
      field = text.substr(first, last - first);
    }
    if (columns.empty() || columns.count(column))
      out += field, out += words ? "\n" : "";
    bool ended = at >= text.size() || text[at] != ',';
    column = ended ? 0 : column + 1;
    at += at < text.size() && text[at] == '\r' ? 2 : 1;
  }
  return std::nullopt;
}

// The code points of a text, each as it stands in UTF-8; the place of a byte that is none.
std::optional<size_t> codePoints(const std::string &text, std::set<std::string> &out) {
  auto *p = reinterpret_cast<const llvm::UTF8 *>(text.data()), *end = p + text.size(), *begin = p;
  p += markBefore(text);
  while (p < end) {
    unsigned length = llvm::getNumBytesForUTF8(*p);
    if (length > size_t(end - p) || !llvm::isLegalUTF8Sequence(p, end) || *p == 0)
      return size_t(p - begin);
    out.insert(std::string(p, p + length));
    p += length;
  }
  return std::nullopt;
}

bool isUtf8(const llvm::UTF8 *at, const llvm::UTF8 *end) { return llvm::isLegalUTF8String(&at, end); }

bool isBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// What stands between blanks, counted.
std::optional<size_t> countWords(const std::string &text, std::unordered_map<std::string, uint64_t> &out) {
  for (size_t k = markBefore(text); k < text.size();) {
    while (k < text.size() && isBlank(text[k]))
      ++k;
    size_t first = k;
    while (k < text.size() && !isBlank(text[k]) && text[k])
      ++k;
    const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
    if (k - first > longestWord || (k < text.size() && !text[k]) || out.size() > 16 * mostLabels ||
        !isUtf8(begin + first, begin + k))
      return first;
    if (k > first)
      ++out[text.substr(first, k - first)];
  }
  return std::nullopt;
}
} // namespace

// The columns of a file that data sets read as text of an axis; none if there is no such, or one is not told by its
// text.
std::set<size_t> Analyzer::textColumns(const std::string &file, const std::string &axis, bool words) const {
  std::set<size_t> out;
  for (const syntax::Item *item : dataItems) {
    const syntax::Expr &reader = *item->value;
    if (reader.kind != syntax::Expr::Call || reader.entries.size() != 1 ||
        reader.entries[0].value->kind != syntax::Expr::String || reader.entries[0].value->text != file)
      continue;
    for (const syntax::DataField &f : item->fields) {
      const syntax::Expr *columns = columnsIn(*f.value);
      if (!columns || (wordsIn(*f.value) != nullptr) != words)
        continue;
      if (f.type.path.size() != 1 || f.type.path[0].text != axis || f.type.axes.empty() ||
          columns->operands[0]->name != "column" || columns->entries.size() != 1)
        continue;
      const syntax::Expr &column = *columns->entries[0].value;
      if (column.kind != syntax::Expr::Number || !column.whole || column.number < 0)
        return {};
      out.insert(size_t(column.number));
    }
  }
  return out;
}

// `characters("book.txt")`: its code points, in their order; of a `.csv` those in its fields. `words("data/*.txt",
// least: 5)`: what stands between blanks at least so often, the most frequent first, equally frequent ones by code
// point.
bool Analyzer::labelsFromFiles(const syntax::Expr &source, const Axis &axis, std::vector<std::string> &out) {
  const std::string &kind = source.operands[0]->name;
  bool words = kind == "words";
  double least = 1;
  const syntax::Expr *file = nullptr;
  for (auto &entry : source.entries) {
    const syntax::Expr &v = *entry.value;
    if (entry.name.empty() && !file && v.kind == syntax::Expr::String)
      file = &v;
    else if (words && entry.name == "least" && v.kind == syntax::Expr::Number && v.whole && v.number >= 1)
      least = v.number;
    else
      return error("E0234", v.place, fmt::format("`{}` takes a file's name{}", kind, words ? " and `least:`" : ""),
                   "here", words ? "write `words(\"data/*.txt\", least: 5)`" : "write `characters(\"data/book.txt\")`"),
             false;
  }
  if (!file)
    return error("E0234", source.place, fmt::format("`{}` takes a file's name", kind), "none here",
                 fmt::format("write `{}(\"data/book.txt\")`", kind)),
           false;
  std::string why = "files can't be read here";
  auto texts = options.texts ? options.texts(file->text, why) : std::vector<std::pair<std::string, std::string>>();
  if (texts.empty())
    return error("E0234", file->place, fmt::format("the labels of `{}` can't be read: {}", axis.name, why), "this file",
                 "the name is relative to the program's folder"),
           false;
  std::set<std::string> points;
  std::unordered_map<std::string, uint64_t> counts;
  for (auto &[name, text] : texts) {
    std::string inFields;
    bool csv = llvm::StringRef(name).ends_with(".csv");
    if (auto wrong = csv ? fieldsOf(text, textColumns(name, axis.name, words), words, inFields) : std::nullopt)
      return error("E0234", file->place,
                   fmt::format("the labels of `{}` can't be read: the quote at byte {} of `{}` does not end a field",
                               axis.name, *wrong, name),
                   "this file", "close it, and write `\"\"` for a quote inside quotes"),
             false;
    const std::string &read = csv ? inFields : text;
    auto wrong = words ? countWords(read, counts) : codePoints(read, points);
    if (wrong)
      return error("E0234", file->place,
                   fmt::format("the labels of `{}` can't be read: byte {} of `{}` is {}", axis.name, *wrong, name,
                               words ? "no character in UTF-8, or begins a word of more than 255 bytes, or one too many"
                                     : "no character in UTF-8"),
                   "this file", words ? "name text files" : "convert the file to UTF-8"),
             false;
  }
  out.assign(points.begin(), points.end()); // in UTF-8 the order of bytes is that of code points
  if (words) {
    std::vector<std::pair<std::string, uint64_t>> sorted;
    for (auto &[word, n] : counts)
      if (double(n) >= least)
        sorted.push_back({word, n});
    std::sort(sorted.begin(), sorted.end(),
              [](auto &a, auto &b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
    for (auto &[word, n] : sorted)
      out.push_back(word);
  }
  if (out.empty() || out.size() > mostLabels)
    return error("E0234", source.place,
                 fmt::format("`{}` gives `{}` {} labels, and an axis has from 1 to 2^20", kind, axis.name, out.size()),
                 "from these files", words ? "choose `least:` so that some remain" : "name a file with a text in it"),
           false;
  return true;
}

} // namespace burin::sema
