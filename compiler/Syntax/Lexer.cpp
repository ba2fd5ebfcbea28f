#include "compiler/Syntax/Lexer.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/ConvertUTF.h"
#include <fmt/format.h>

namespace burin::syntax {

bool isReserved(std::string_view word) {
  static const llvm::StringSet<> words = {"and", "as", "else", "emit", "false", "fn", "for", "if", "in", "let", "not", "or", "state", "then", "true", "while"};
  return words.contains(llvm::StringRef(word.data(), word.size()));
}

namespace {
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
public:
  Lexer(uint32_t file, DiagnosticEngine &diagnostics) : file(file), diagnostics(diagnostics), text(diagnostics.sources.file(file).text()) {}
  std::vector<Token> run();

private:
  Location at(size_t start, size_t length) { return {file, uint32_t(start), uint32_t(length)}; }
  bool checkEncoding();
  void number();
  void name();
  void string();
  void punctuation();
  void newLine();
  void refuseIndentedMinus();
  void close(char bracket);
  bool lineGoesOn(const Token &last) const;
  bool nextLineGoesOn() const;
  void push(Token::Kind kind, size_t start) {
    Token t;
    t.kind = kind;
    t.place = at(start, i - start);
    t.text = text.substr(start, i - start);
    t.spaceBefore = start == 0 || text[start - 1] == ' ' || text[start - 1] == '\t' || text[start - 1] == '\n';
    t.spaceAfter = i >= text.size() || text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r';
    tokens.push_back(t);
  }

  uint32_t file;
  DiagnosticEngine &diagnostics;
  std::string_view text;
  size_t i = 0;
  std::vector<Token> tokens;
  struct Open {
    char bracket;
    size_t offset;
  };
  std::vector<Open> open;
};

bool Lexer::checkEncoding() {
  auto *start = reinterpret_cast<const llvm::UTF8 *>(text.data());
  const llvm::UTF8 *place = start;
  if (llvm::isLegalUTF8String(&place, start + text.size()))
    return true;
  diagnostics.error("E0101", at(size_t(place - start), 1), "this is no UTF-8 text")
      .label(fmt::format("byte 0x{:02x}", *place))
      .help("save the file as UTF-8");
  return false;
}

void Lexer::number() {
  size_t start = i;
  auto digits = [&] {
    while (i < text.size() && (isDigit(text[i]) || (text[i] == '_' && i + 1 < text.size() && isDigit(text[i + 1]))))
      ++i;
  };
  digits();
  if (i + 1 < text.size() && text[i] == '.' && isDigit(text[i + 1]))
    ++i, digits();
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    size_t sign = i + 1 < text.size() && (text[i + 1] == '-' || text[i + 1] == '+') ? 2 : 1;
    if (i + sign < text.size() && isDigit(text[i + sign]))
      i += sign, digits();
  }
  if (i < text.size() && isLetter(text[i])) {
    while (i < text.size() && (isLetter(text[i]) || isDigit(text[i])))
      ++i;
    diagnostics.error("E0103", at(start, i - start), fmt::format("`{}` is neither a number nor a name", text.substr(start, i - start)))
        .help("a name begins with a letter or `_`");
  }
  push(Token::Number, start);
}

void Lexer::name() {
  size_t start = i;
  while (i < text.size() && (isLetter(text[i]) || isDigit(text[i])))
    ++i;
  push(Token::Name, start);
  while (i < text.size() && text[i] == '\'')
    ++i, ++tokens.back().primes;
  tokens.back().place.length = uint32_t(i - start);
  tokens.back().spaceAfter = i >= text.size() || text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t';
}

void Lexer::string() {
  size_t start = i++;
  while (i < text.size() && text[i] != '"' && text[i] != '\n')
    i += text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n' ? 2 : 1;
  if (i >= text.size() || text[i] != '"') {
    diagnostics.error("E0104", at(start, 1), "this string is not closed on its line").label("begins here").help("close it with `\"`");
    push(Token::String, start);
    return;
  }
  ++i;
  push(Token::String, start);
}

void Lexer::close(char bracket) {
  char wanted = bracket == ')' ? '(' : bracket == ']' ? '[' : '{';
  if (!open.empty() && open.back().bracket == wanted) {
    open.pop_back();
    return;
  }
  auto &error = diagnostics.error("E0105", at(i, 1), fmt::format("`{}` closes nothing", bracket)).label("nothing to close");
  if (!open.empty())
    error.origin(at(open.back().offset, 1), "this is still open").help(fmt::format("close `{}` first", open.back().bracket));
  else
    error.help("remove it, or open a bracket before it");
  // as if the outer bracket of that kind were meant
  for (size_t k = open.size(); k-- > 0;)
    if (open[k].bracket == wanted) {
      open.resize(k);
      return;
    }
}

void Lexer::punctuation() {
  static const char *const longer[] = {"<-", "->", "==", "!=", "<=", ">=", "+=", ".."};
  size_t start = i;
  for (const char *p : longer)
    if (text.substr(i, 2) == p) {
      i += 2;
      push(Token::Punctuation, start);
      return;
    }
  char c = text[i];
  if (std::string_view("()[]{}+-*/%^@=<>,:;.").find(c) == std::string_view::npos) {
    size_t length = 1;
    while (i + length < text.size() && (text[i + length] & 0xC0) == 0x80)
      ++length;
    diagnostics.error("E0102", at(i, length), "this character has no meaning here").help("only comments and strings may hold other characters");
    i += length;
    return;
  }
  if (c == '(' || c == '[' || c == '{')
    open.push_back({c, i});
  else if (c == ')' || c == ']' || c == '}')
    close(c);
  ++i;
  push(Token::Punctuation, start);
}

bool Lexer::lineGoesOn(const Token &last) const {
  static const llvm::StringSet<> ends = {"+", "-", "*", "/", "%", "^", "@", "==", "!=", "<", ">", "<=", ">=", "..", ",", ":", "=", "<-", "->", "+=", "and", "or", "not", "then", "else", "in", "as", "until"};
  return (last.kind == Token::Punctuation || last.kind == Token::Name) && last.primes == 0 && ends.contains(llvm::StringRef(last.text.data(), last.text.size()));
}

// Whether what follows the line's end (blank lines and comments skipped) continues the statement.
bool Lexer::nextLineGoesOn() const {
  size_t k = i;
  while (k < text.size()) {
    if (text[k] == '#')
      while (k < text.size() && text[k] != '\n')
        ++k;
    else if (text[k] == ' ' || text[k] == '\t' || text[k] == '\r' || text[k] == '\n')
      ++k;
    else
      break;
  }
  std::string_view rest = text.substr(k);
  for (std::string_view word : {"then", "else", "and", "or", "as", "until"})
    if (rest.substr(0, word.size()) == word && (rest.size() == word.size() || !(isLetter(rest[word.size()]) || isDigit(rest[word.size()]))))
      return true;
  for (std::string_view op : {"+=", "<-", "->"})
    if (rest.substr(0, 2) == op)
      return false;
  return !rest.empty() && std::string_view("+*/%^@=<>").find(rest[0]) != std::string_view::npos;
}

void Lexer::newLine() {
  if (tokens.empty() || tokens.back().kind == Token::NewLine || (!open.empty() && open.back().bracket != '{'))
    return;
  if (lineGoesOn(tokens.back()) || nextLineGoesOn())
    return;
  if (tokens.back().is("{") || tokens.back().is(";"))
    return;
  refuseIndentedMinus();
  Token t;
  t.kind = Token::NewLine;
  t.place = at(i, 1);
  tokens.push_back(t);
}

// A line that begins with `-` is a statement of its own; further right than the one above it was meant to go on.
void Lexer::refuseIndentedMinus() {
  size_t k = i;
  while (k < text.size() && (text[k] == '\n' || text[k] == ' ' || text[k] == '\r'))
    ++k;
  if (k >= text.size() || text[k] != '-')
    return;
  size_t first = tokens.size();
  while (first > 0 && tokens[first - 1].kind != Token::NewLine && !tokens[first - 1].is("{") && !tokens[first - 1].is(";"))
    --first;
  auto column = [&](size_t offset) { return diagnostics.sources.file(file).position(uint32_t(offset)).column; };
  if (first < tokens.size() && column(k) > column(tokens[first].place.offset))
    diagnostics.error("E0107", at(k, 1), "this line begins with `-`, so it is a statement of its own")
        .origin(tokens[first].place, "it stands further right than this one, as if it went on")
        .help("end the line above with `-` to go on, or align it to begin anew");
}

std::vector<Token> Lexer::run() {
  if (!checkEncoding())
    return {Token{}};
  if (text.substr(0, 3) == "\xEF\xBB\xBF")
    i = 3;
  while (i < text.size()) {
    char c = text[i];
    if (c == '\n') {
      newLine();
      ++i;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++i;
    } else if (c == '#') {
      while (i < text.size() && text[i] != '\n')
        ++i;
    } else if (isDigit(c)) {
      number();
    } else if (isLetter(c)) {
      name();
    } else if (c == '"') {
      string();
    } else {
      punctuation();
    }
  }
  if (!open.empty())
    diagnostics.error("E0106", at(open.back().offset, 1), fmt::format("`{}` is never closed", open.back().bracket))
        .label("opened here")
        .help(fmt::format("add the missing `{}`", open.back().bracket == '(' ? ')' : open.back().bracket == '[' ? ']' : '}'));
  Token end;
  end.place = at(text.size(), 0);
  tokens.push_back(end);
  return std::move(tokens);
}
} // namespace

std::vector<Token> tokenize(uint32_t file, DiagnosticEngine &diagnostics) { return Lexer(file, diagnostics).run(); }

} // namespace burin::syntax
