// Words, breaks and comments to lines; the layout of Format.md.
#include "compiler/Syntax/Format.h"
#include "compiler/Syntax/Parser.h"
#include "compiler/Syntax/Spacing.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

namespace burin::syntax {

namespace {
constexpr size_t widest = 120;

struct Line {
  unsigned level = 0;
  bool blankBefore = false;
  std::string code, comment; ///< a line of nothing but a comment has no code
  std::string_view aligned;  ///< what its `=` is aligned with: "dim", "member", "field", or none
  size_t equals = 0;         ///< where it stands in `code`
  size_t width() const { return 2 * level + codePoints(code); }
  static size_t codePoints(std::string_view s) {
    return size_t(std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  }
};

class Layout {
public:
  Layout(std::string_view text, const std::vector<Token> &tokens, const Marks &marks)
      : text(text), tokens(tokens), marks(marks), spacing(marks) {}
  std::string run();

private:
  struct Open {
    char bracket;
    unsigned level; ///< of the line on which it was opened
  };
  bool gap(size_t from, size_t to);
  void ownLine(std::string_view comment);
  bool isClose(const Token &t) const { return t.is(")") || t.is("]") || t.is("}"); }
  bool needless(size_t k) const;
  unsigned levelOf(const Token &t) const;
  void beginLine(const Token &t);
  void noteDeclaration(size_t k);
  void noteEquals(const Token &t);
  void word(size_t k);
  void findBroken();
  void alignEquals();
  void alignComments();
  std::string join() const;

  std::string_view text;
  const std::vector<Token> &tokens;
  const Marks &marks;
  Spacing spacing;
  std::vector<Open> open;
  llvm::DenseSet<size_t> broken; ///< words that begin a line, whatever was there
  std::vector<Line> lines;
  std::vector<std::string> waiting; ///< comments of their own lines, whose level is that of the line after them
  std::vector<bool> waitingBlank;
  bool blank = false;          ///< an empty line was seen since the last line
  bool inLine = false;         ///< `lines.back()` may be added to
  bool statementBegins = true; ///< the next word begins a statement
  unsigned lineLevel = 0;
  size_t statements = 0;            ///< on this line
  size_t depthAtLine = 0;           ///< brackets open where the line began
  const Token nothing{};            ///< before the first word
  const Token *previous = &nothing; ///< the word before
};

// What lies between two words: comments and breaks. Whether there is a break.
bool Layout::gap(size_t from, size_t to) {
  bool broken = false;
  unsigned breaks = 0;
  for (size_t i = from; i < to;) {
    if (text[i] == '\n') {
      broken = true;
      if (++breaks > 1)
        blank = true;
      ++i;
    } else if (text[i] == '#') {
      size_t end = std::min(text.find('\n', i), to);
      std::string_view comment = text.substr(i, end - i);
      while (comment.ends_with(' ') || comment.ends_with('\t') || comment.ends_with('\r'))
        comment.remove_suffix(1);
      ownLine(comment);
      if (!broken && inLine && waiting.size() == 1 && lines.back().comment.empty()) {
        lines.back().comment = waiting[0];
        waiting.clear(), waitingBlank.clear();
      }
      i = end, breaks = 0;
    } else {
      ++i;
    }
  }
  return broken;
}

void Layout::ownLine(std::string_view comment) {
  std::string s(comment);
  if (s.size() > 1 && (llvm::isAlnum(s[1]) || (s[1] & 0x80)))
    s.insert(1, " ");
  waiting.push_back(std::move(s));
  waitingBlank.push_back(blank);
  blank = false;
}

unsigned Layout::levelOf(const Token &t) const {
  if (isClose(t))
    return open.back().level;
  unsigned base = open.empty() ? 0 : open.back().level + 1;
  if (!open.empty() && open.back().bracket != '{')
    return base;
  bool listed = !open.empty() && previous->is(","); // fields and labels
  bool side = t.is("else") && previous->is("}");
  return statementBegins || listed || side ? base : base + 1;
}

// Comments that stand before what closes belong to what it encloses.
void Layout::beginLine(const Token &t) {
  lineLevel = levelOf(t);
  bool afterOpening = previous->is("{") || previous->is("(") || previous->is("[");
  for (size_t k = 0; k < waiting.size(); ++k) {
    bool first = lines.empty() || (k == 0 && afterOpening);
    lines.push_back({lineLevel + (isClose(t) ? 1 : 0), waitingBlank[k] && !first, "", waiting[k], {}, 0});
  }
  bool suppressed = lines.empty() || (waiting.empty() && afterOpening) || isClose(t);
  waiting.clear(), waitingBlank.clear();
  lines.push_back({lineLevel, blank && !suppressed, "", "", {}, 0});
  blank = false;
  inLine = true, statements = 0, depthAtLine = open.size();
}

// A `;` that separates nothing is not written.
bool Layout::needless(size_t k) const {
  const Token &t = tokens[k];
  if (!t.is(";"))
    return false;
  size_t next = k + 1;
  while (tokens[next].is(";"))
    ++next;
  const Token &after = tokens[next];
  size_t end = t.place.offset + t.place.length;
  bool breaks = text.substr(end, after.place.offset - end).find('\n') != std::string_view::npos;
  return statementBegins || breaks || after.is("}") || after.kind == Token::End;
}

// What a line that begins with this word declares.
void Layout::noteDeclaration(size_t k) {
  const Token &t = tokens[k], &next = tokens[k + 1];
  if (marks.fields.contains(t.place.offset))
    lines.back().aligned = "field";
  else if (t.is("dim") && next.kind == Token::Name)
    lines.back().aligned = "dim";
  else if ((t.is("param") && next.kind == Token::Name) || t.is("state"))
    lines.back().aligned = "member";
}

void Layout::noteEquals(const Token &t) {
  Line &line = lines.back();
  if (line.equals == 0 && open.size() == depthAtLine && (t.is("=") || t.is("<=")))
    line.equals = line.code.size();
}

void Layout::word(size_t k) {
  const Token &t = tokens[k];
  unsigned blanks = spacing.blanksBefore(t, tokens[k + 1], statementBegins);
  Line &line = lines.back();
  if (!line.code.empty())
    line.code.append(blanks, ' ');
  bool outermost = open.size() == depthAtLine;
  if (outermost && (statementBegins || (previous->is(",") && !line.code.empty())))
    ++statements;
  if (line.code.empty())
    noteDeclaration(k);
  else if (statements > 1)
    line.aligned = {};
  noteEquals(t);
  line.code += text.substr(t.place.offset, t.place.length);
  if (t.is("(") || t.is("[") || t.is("{"))
    open.push_back({t.text[0], lineLevel});
  else if (isClose(t))
    open.pop_back();
  statementBegins = t.is("{") || t.is(";");
  previous = &t;
}

// A block stands on one line, or what it holds and its end begin lines.
void Layout::findBroken() {
  struct Block {
    size_t first;
    bool block, breaks;
  };
  std::vector<Block> blocks;
  size_t end = 0;
  for (size_t k = 0; k < tokens.size(); ++k) {
    const Token &t = tokens[k];
    if (t.kind == Token::NewLine)
      continue;
    bool breaks = text.substr(end, t.place.offset - end).find('\n') != std::string_view::npos;
    end = t.place.offset + t.place.length;
    if (!blocks.empty())
      blocks.back().breaks |= breaks;
    if (t.is("(") || t.is("[") || t.is("{"))
      blocks.push_back({k + 1, t.is("{"), false});
    if (!isClose(t))
      continue;
    Block b = blocks.back();
    blocks.pop_back();
    if (b.block && b.breaks && b.first != k)
      broken.insert(b.first), broken.insert(k);
  }
}

// Lines of one kind that follow each other have their `=` in one column.
void Layout::alignEquals() {
  for (size_t first = 0, end; first < lines.size(); first = end) {
    auto belongs = [&](const Line &l) {
      return !l.aligned.empty() && l.equals > 0 && l.aligned == lines[first].aligned && l.level == lines[first].level;
    };
    size_t column = 0, longest = 0;
    for (end = first; end < lines.size() && belongs(lines[end]) && (end == first || !lines[end].blankBefore); ++end) {
      const Line &l = lines[end];
      column = std::max(column, Line::codePoints(l.code.substr(0, l.equals)));
      longest = std::max(longest, Line::codePoints(l.code.substr(l.equals)));
    }
    end = std::max(end, first + 1);
    if (2 * lines[first].level + column + longest > widest)
      continue;
    for (size_t k = first; k < end; ++k)
      if (lines[k].equals > 0 && !lines[k].aligned.empty())
        lines[k].code.insert(lines[k].equals,
                             std::string(column - Line::codePoints(lines[k].code.substr(0, lines[k].equals)), ' '));
  }
}

void Layout::alignComments() {
  for (size_t first = 0, end; first < lines.size(); first = end) {
    auto belongs = [](const Line &l) { return !l.code.empty() && !l.comment.empty(); };
    size_t column = 0, longest = 0;
    for (end = first; end < lines.size() && belongs(lines[end]) && (end == first || !lines[end].blankBefore); ++end) {
      column = std::max(column, lines[end].width() + 2);
      longest = std::max(longest, Line::codePoints(lines[end].comment));
    }
    bool fits = column + longest <= widest;
    for (size_t k = first; k < end; ++k) {
      lines[k].code.append(fits ? column - lines[k].width() : 2, ' ');
      lines[k].code += lines[k].comment;
    }
    end = std::max(end, first + 1);
  }
}

std::string Layout::join() const {
  std::string out;
  for (const Line &l : lines)
    out += std::string(l.blankBefore, '\n') + std::string(size_t(2) * l.level, ' ') +
           (l.code.empty() ? l.comment : l.code) + "\n";
  return out;
}

std::string Layout::run() {
  findBroken();
  size_t read = 0;
  bool breaks = false;
  for (size_t k = 0;; ++k) {
    const Token &t = tokens[k];
    if (t.kind == Token::NewLine) {
      statementBegins = true;
      continue;
    }
    breaks |= gap(read, t.place.offset);
    if (t.kind == Token::End)
      break;
    read = t.place.offset + t.place.length;
    if (needless(k)) {
      statementBegins = true;
      continue;
    }
    breaks |= broken.contains(k);
    bool joins = t.is("else") && previous->is("}") && waiting.empty() && lines.back().comment.empty();
    if (!inLine || (breaks && !joins))
      beginLine(t);
    if (joins)
      blank = false;
    breaks = false;
    word(k);
  }
  for (size_t k = 0; k < waiting.size(); ++k)
    lines.push_back({0, waitingBlank[k] && !lines.empty(), "", waiting[k], {}, 0});
  alignEquals();
  alignComments();
  return join();
}

// What must not differ: the tree, and the comments in their order.
bool sameProgram(const Tree &tree, const std::string &formatted) {
  Sources sources;
  DiagnosticEngine diagnostics(sources);
  auto again = parse(sources.add("formatted", formatted), diagnostics);
  return !diagnostics.hasErrors() && print(*again) == print(tree);
}
} // namespace

std::optional<std::string> format(uint32_t file, DiagnosticEngine &diagnostics) {
  size_t errors = diagnostics.errorCount();
  auto tree = parse(file, diagnostics);
  if (diagnostics.errorCount() > errors)
    return std::nullopt;
  Tokens tokens = tokenize(file, diagnostics);
  std::string out = Layout(diagnostics.sources.file(file).text(), tokens.list, marksOf(*tree)).run();
  if (!sameProgram(*tree, out)) {
    diagnostics.error("E0599", fmt::format("laying `{}` out would change it", diagnostics.sources.file(file).name()))
        .help("this is a mistake of the compiler, not of the program; please report it");
    return std::nullopt;
  }
  return out;
}

} // namespace burin::syntax
