#include "compiler/Syntax/Lexer.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/ConvertUTF.h"
#include <fmt/format.h>
#include <optional>

namespace burin::syntax {

bool isReserved(std::string_view word) {
  static const llvm::StringSet<> words = {"and", "as",  "else", "emit", "false", "fn",   "for",  "if",
                                          "in",  "let", "not",  "or",   "state", "then", "true", "while"};
  return words.contains(llvm::StringRef(word.data(), word.size()));
}

namespace {
/// What may stand between two words or signs.
bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
public:
  Lexer(uint32_t file, DiagnosticEngine &diagnostics)
      : file(file), diagnostics(diagnostics), text(diagnostics.sources.file(file).text()) {}
  Tokens run();

private:
  Location at(size_t start, size_t length) { return {file, uint32_t(start), uint32_t(length)}; }
  bool checkEncoding();
  void number();
  void name();
  void string();
  void punctuation();
  void newLine();
  void refuseIndentedMinus(size_t nextLine);
  void strangeCharacter();
  void close(char bracket);
  void reportOpen();
  size_t indentation();
  void lineOf(size_t offset);
  void closeWithString(size_t start);
  bool lineGoesOn() const;
  size_t nextText() const;
  bool goesOnAt(size_t offset) const;
  bool tooLong(size_t start, size_t most, const char *what, const char *code);
  void push(Token::Kind kind, size_t start) {
    Token t;
    t.kind = kind;
    t.place = at(start, i - start);
    t.text = text.substr(start, i - start);
    t.spaceBefore = start == 0 || isBlank(text[start - 1]);
    t.spaceAfter = i >= text.size() || isBlank(text[i]);
    tokens.push_back(t);
  }

  uint32_t file;
  DiagnosticEngine &diagnostics;
  std::string_view text;
  size_t i = 0;
  std::vector<Token> tokens;
  size_t refused = 0; ///< strange characters: they are counted apart, so that of many errors none is missed
  struct Open {
    char bracket;
    size_t offset, indentation;
  };
  size_t lineStart = 0;                  ///< of the line that holds `i`
  std::optional<size_t> lineIndentation; ///< of that line, once it was asked for
  bool balanced = true, afterString = false;
  std::vector<Open> open;
  std::optional<std::pair<size_t, size_t>> slanted; ///< the first `{` whose `}` begins a line with another indentation
};

// Nothing that is written by hand comes near these; they bound what hostile text can make the compiler do.
constexpr size_t mostTokens = 1'000'000, mostOfName = 255, mostOfNumber = 400;

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
    diagnostics
        .error("E0103", at(start, i - start),
               fmt::format("`{}` is neither a number nor a name", text.substr(start, std::min<size_t>(i - start, 40))))
        .label("here")
        .help("a name begins with a letter or `_`");
    return push(Token::Bad, start);
  }
  push(tooLong(start, mostOfNumber, "number", "E0108") ? Token::Bad : Token::Number, start);
}

bool Lexer::tooLong(size_t start, size_t most, const char *what, const char *code) {
  if (i - start <= most)
    return false;
  diagnostics.error(code, at(start, i - start), fmt::format("this {} has {} characters", what, i - start))
      .label("here")
      .help(fmt::format("at most {} are read", most));
  return true;
}

void Lexer::name() {
  size_t start = i;
  while (i < text.size() && (isLetter(text[i]) || isDigit(text[i])))
    ++i;
  if (tooLong(start, mostOfName, "name", "E0113"))
    return push(Token::Bad, start);
  push(Token::Name, start);
  while (i < text.size() && text[i] == '\'')
    ++i, ++tokens.back().primes;
  tokens.back().place.length = uint32_t(i - start);
  tokens.back().spaceAfter = i >= text.size() || isBlank(text[i]);
}

void Lexer::string() {
  size_t start = i++;
  while (i < text.size() && text[i] != '"' && text[i] != '\n') {
    if (text[i] != '\\' || i + 1 >= text.size() || text[i + 1] == '\n') {
      ++i;
      continue;
    }
    if (std::string_view("\"\\n").find(text[i + 1]) == std::string_view::npos)
      diagnostics.error("E0112", at(i, 2), "this is no escape in a string")
          .label("here")
          .help("there are `\\\"`, `\\\\` and `\\n`; a backslash itself is `\\\\`");
    i += 2;
  }
  if (i >= text.size() || text[i] != '"') {
    diagnostics.error("E0104", at(start, 1), "this string is not closed on its line")
        .label("begins here")
        .help("close it with `\"`");
    push(Token::Bad, start);
    closeWithString(start);
    return;
  }
  ++i;
  push(Token::String, start);
}

static char closing(char bracket) { return bracket == '(' ? ')' : bracket == '[' ? ']' : '}'; }

// An unclosed string has taken the brackets that were to close what its line opened: those it holds close, then what
// stands in parentheses. Whether that was meant can't be known, so brackets are no errors from here on.
void Lexer::closeWithString(size_t start) {
  afterString = true;
  auto close = [&] { // the parser is to see brackets in pairs
    static constexpr std::string_view closers = ")]}";
    Token t = tokens.back();
    t.kind = Token::Punctuation, t.text = closers.substr(closers.find(closing(open.back().bracket)), 1);
    tokens.push_back(t);
    open.pop_back();
  };
  for (char c : text.substr(start, i - start))
    if (!open.empty() && open.back().offset >= lineStart && c == closing(open.back().bracket))
      close();
  while (!open.empty() && open.back().bracket != '{')
    close();
}

void Lexer::lineOf(size_t offset) {
  lineStart = offset;
  lineIndentation.reset();
}

// The column of the first character of the line that is no blank.
size_t Lexer::indentation() {
  if (!lineIndentation)
    lineIndentation = std::min(text.find_first_not_of(" \t", lineStart), text.size()) - lineStart;
  return *lineIndentation;
}

void Lexer::close(char bracket) {
  char wanted = bracket == ')' ? '(' : bracket == ']' ? '[' : '{';
  if (!open.empty() && open.back().bracket == wanted) {
    bool first = tokens.back().kind == Token::NewLine || tokens.back().is("{");
    if (bracket == '}' && first && !slanted && indentation() != open.back().indentation)
      slanted = {open.back().offset, i};
    open.pop_back();
    return;
  }
  balanced = false;
  if (afterString)
    return;
  if (open.empty()) {
    auto &error =
        diagnostics.error("E0105", at(i, 1), fmt::format("`{}` closes nothing", bracket)).label("nothing is open here");
    if (slanted)
      error.origin(at(slanted->second, 1), "this is indented otherwise than what it closes")
          .origin(at(slanted->first, 1), "and closes this");
    error.help("remove it, or open a bracket before it");
    return;
  }
  diagnostics
      .error("E0105", at(i, 1), fmt::format("`{}` stands where `{}` is still open", bracket, open.back().bracket))
      .label("noticed here")
      .origin(at(open.back().offset, 1), "opened here")
      .help(fmt::format("close `{}` before it", open.back().bracket));
  // as if the outer bracket of that kind were meant
  for (size_t k = open.size(); k-- > 0;)
    if (open[k].bracket == wanted) {
      open.resize(k);
      return;
    }
}

void Lexer::reportOpen() {
  balanced = false;
  if (afterString)
    return;
  char bracket = open.back().bracket;
  auto &error = diagnostics.error("E0106", at(open.back().offset, 1), fmt::format("`{}` is never closed", bracket))
                    .label("opened here");
  if (bracket == '{' && slanted)
    error.origin(at(slanted->second, 1), "this is indented otherwise than what it closes")
        .origin(at(slanted->first, 1), "and closes this");
  error.help(fmt::format("add the missing `{}`", closing(bracket)));
}

// What is no character of the language outside strings and comments: one error for a run of them, with what may be
// meant.
void Lexer::strangeCharacter() {
  static const std::pair<const char *, const char *> meant[] = {{"×", "*"},   {"·", "*"},
                                                                {"÷", "/"},   {"−", "-"},
                                                                {"–", "-"},   {"—", "-"},
                                                                {"≤", "<="},  {"≥", ">="},
                                                                {"≠", "!="},  {"←", "<-"},
                                                                {"→", "->"},  {"…", ".."},
                                                                {"“", "\""},  {"”", "\""},
                                                                {"„", "\""},  {"‘", "'"},
                                                                {"’", "'"},   {"\xC2\xA0", " "},
                                                                {"&", "and"}, {"|", "or"},
                                                                {"!", "not"}, {"?", "if c then a else b"}};
  size_t start = i;
  do
    ++i;
  while (i < text.size() && (text[i] & 0xC0) == 0x80);
  std::string_view character = text.substr(start, i - start);
  std::string help = "only comments and strings may hold other characters; names are letters, digits and `_`";
  bool known = false;
  for (auto &[strange, plain] : meant)
    if (character == strange)
      known = true,
      help = *plain == ' ' ? "this is a no-break space: write an ordinary blank" : fmt::format("write `{}`", plain);
  while (!known && i < text.size() &&
         ((text[i] & 0x80) || isLetter(text[i]) || isDigit(text[i]) || text[i] == text[start]))
    ++i;
  diagnostics
      .error("E0102", at(start, i - start),
             known || i - start == character.size() ? "this character has no meaning here"
                                                    : "these characters have no meaning here")
      .label("here")
      .help(help);
  ++refused;
  if (tokens.empty() || tokens.back().kind != Token::Bad)
    push(Token::Bad, start);
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
  if (std::string_view("()[]{}+-*/%^@=<>,:;.").find(c) == std::string_view::npos)
    return strangeCharacter();
  if (c == '(' || c == '[' || c == '{')
    open.push_back({c, i, indentation()});
  else if (c == ')' || c == ']' || c == '}')
    close(c);
  ++i;
  push(Token::Punctuation, start);
}

// Whether the last token wants an operand after it. After `.` any word is a name.
bool Lexer::lineGoesOn() const {
  static const llvm::StringSet<> ends = {
      "+", "-", "*", "/",  "%",  "^",  "@",   "==", "!=",  "<",    ">",    "<=", ">=", "..",
      ",", ":", "=", "<-", "->", "+=", "and", "or", "not", "then", "else", "in", "as", "until"};
  const Token &last = tokens.back();
  bool field = tokens.size() > 1 && tokens[tokens.size() - 2].is(".");
  return (last.kind == Token::Punctuation || (last.kind == Token::Name && !field)) && last.primes == 0 &&
         ends.contains(llvm::StringRef(last.text.data(), last.text.size()));
}

// Where the next line stands that has text: blank lines and comments are skipped.
size_t Lexer::nextText() const {
  size_t k = i;
  while (k < text.size()) {
    if (text[k] == '#')
      k = std::min(text.find('\n', k), text.size());
    else if (isBlank(text[k]))
      ++k;
    else
      break;
  }
  return k;
}

bool Lexer::goesOnAt(size_t offset) const {
  std::string_view rest = text.substr(offset);
  for (std::string_view word : {"then", "else", "and", "or", "as", "until"})
    if (rest.substr(0, word.size()) == word &&
        (rest.size() == word.size() || !(isLetter(rest[word.size()]) || isDigit(rest[word.size()]))))
      return true;
  for (std::string_view op : {"+=", "<-", "->"})
    if (rest.substr(0, 2) == op)
      return false;
  return rest.substr(0, 2) == "!=" ||
         (!rest.empty() && std::string_view("+*/%^@=<>").find(rest[0]) != std::string_view::npos);
}

// At a line's end, or in a comment before it. What lies between it and the next text is read once, whatever it is.
void Lexer::newLine() {
  size_t end = i, next = nextText();
  i = next;
  size_t before = text.rfind('\n', next - 1); // there is one: that at `end`
  lineOf(before + 1);
  if (tokens.empty() || (!open.empty() && open.back().bracket != '{'))
    return;
  if (tokens.back().is("{") || tokens.back().is(";") || lineGoesOn() || goesOnAt(next))
    return;
  refuseIndentedMinus(next);
  Token t;
  t.kind = Token::NewLine;
  t.place = at(end, 1);
  tokens.push_back(t);
}

// A line that begins with `-` is a statement of its own; further right than the one above it was meant to go on.
void Lexer::refuseIndentedMinus(size_t nextLine) {
  if (nextLine >= text.size() || text[nextLine] != '-')
    return;
  size_t first = tokens.size();
  while (first > 0 && tokens[first - 1].kind != Token::NewLine && !tokens[first - 1].is("{") &&
         !tokens[first - 1].is(";"))
    --first;
  auto column = [&](size_t offset) { return diagnostics.sources.file(file).position(uint32_t(offset)).column; };
  if (column(nextLine) > column(tokens[first].place.offset))
    diagnostics.error("E0107", at(nextLine, 1), "this line begins with `-`, so it is a statement of its own")
        .label("it stands further right than the line above")
        .origin(tokens[first].place, "as if it went on with this")
        .help("end the line above with `-` to go on, or align it to begin anew");
}

Tokens Lexer::run() {
  if (!checkEncoding())
    return {{Token{}}, false, true};
  bool cut = false;
  if (text.substr(0, 3) == "\xEF\xBB\xBF")
    i = 3;
  while (i < text.size()) {
    if (tokens.size() > mostTokens + 2 * refused || refused > mostTokens) {
      diagnostics.error("E0109", at(i, 1), fmt::format("this file has more than {} words and signs", mostTokens))
          .label("reading stopped here")
          .help("write loops in place of repetitions");
      cut = true;
      break;
    }
    char c = text[i];
    if (c == '\n') {
      newLine();
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
  if (!open.empty() && !cut)
    reportOpen();
  Token end;
  end.place = at(i, 0);
  tokens.push_back(end);
  return {std::move(tokens), balanced, cut};
}
} // namespace

Tokens tokenize(uint32_t file, DiagnosticEngine &diagnostics) { return Lexer(file, diagnostics).run(); }

} // namespace burin::syntax
