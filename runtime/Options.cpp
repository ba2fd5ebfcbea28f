#include "runtime/Errors.h"
#include "runtime/Run.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {

static const char *const common[] = {"seed", "split-seed", "log", "directory", "poison", "time", "help"};
constexpr uint32_t commonCount = sizeof common / sizeof *common;

static const char *taskName(const void *p, uint32_t i) { return static_cast<const struct burin_program *>(p)->tasks[i].name; }
static const char *optionName(const void *p, uint32_t i) {
  return i < commonCount ? common[i] : static_cast<const burin_task *>(p)->options[i - commonCount].name;
}

static int misuse(const char *near, const char *format, const char *word, const char *otherwise) {
  char help[160];
  if (near)
    snprintf(help, sizeof help, "did you mean `%.100s`?", near);
  error("E0502", near ? help : otherwise, format, word);
  return 3;
}

// One number or label of a type.
const char *parseElement(const struct burin_program *program, const burin_type &type, const char *text, void *out) {
  char *end;
  errno = 0;
  bool empty = !*text || *text == ' ';
  switch (type.element) {
  case BURIN_F32:
  case BURIN_F64: {
    double wide = strtod(text, &end);
    if (empty || *end || strchr(text, 'x') || strchr(text, 'X'))
      return "a number";
    if (isinf(wide) && errno == ERANGE)
      return "a number that f64 can hold";
    if (type.element == BURIN_F64) {
      memcpy(out, &wide, 8);
      return nullptr;
    }
    float narrow = strtof(text, &end);
    if (isinf(narrow) && !isinf(wide))
      return "a number that f32 can hold";
    memcpy(out, &narrow, 4);
    return nullptr;
  }
  case BURIN_BOOL: {
    bool yes = !strcmp(text, "true") || !strcmp(text, "1");
    if (!yes && strcmp(text, "false") && strcmp(text, "0"))
      return "true or false";
    *static_cast<uint8_t *>(out) = yes;
    return nullptr;
  }
  default:
    break;
  }
  int64_t n = 0;
  bool isLabel = false;
  if (type.element == BURIN_INDEX) {
    const burin_axis &axis = program->axes[type.index_axis];
    for (uint32_t i = 0; i < axis.label_count; ++i)
      if (!strcmp(axis.labels[i], text))
        n = i, isLabel = true;
  }
  if (!isLabel) {
    n = strtoll(text, &end, 10);
    if (*end == '.') { // 3.0 is whole
      ++end;
      while (*end == '0')
        ++end;
    }
    if (empty || *end || errno == ERANGE)
      return type.element == BURIN_INDEX && program->axes[type.index_axis].label_count ? "a label of the axis" : "a whole number";
    if (type.element == BURIN_INDEX && (n < 0 || n >= program->axes[type.index_axis].extent))
      return "an index of the axis";
    if ((type.element == BURIN_I32 && (n < INT32_MIN || n > INT32_MAX)) || (type.element == BURIN_U8 && (n < 0 || n > 255)))
      return "a number in the type's range";
  }
  memcpy(out, &n, type.bytes);
  return nullptr;
}

static bool parseInteger(const char *name, const char *text, int64_t &out) {
  char *end;
  errno = 0;
  out = strtoll(text, &end, 10);
  if (*text && !*end && errno == 0)
    return true;
  error("E0502", "write a whole number", "`--%s` takes a whole number, and `%s` is none", name, text);
  return false;
}

static int readOption(const struct burin_program *program, Settings &s, bool *given, const char *name, const char *value, bool &used) {
  used = true;
  bool flag = !strcmp(name, "poison") || !strcmp(name, "time");
  if (flag) {
    used = false;
    (name[0] == 'p' ? s.poison : s.time) = true;
    return 0;
  }
  const burin_option *option = nullptr;
  for (uint32_t i = 0; i < s.task->option_count; ++i)
    if (!strcmp(s.task->options[i].name, name))
      option = &s.task->options[i], given[i] = true;
  bool known = option != nullptr;
  for (const char *c : common)
    known |= !strcmp(c, name);
  if (!known)
    return misuse(nearest(name, commonCount + s.task->option_count, optionName, s.task), "there is no option `--%s`", name, "see `--help`");
  if (!value)
    return misuse(nullptr, "`--%s` needs a value", name, "see `--help`");
  if (!option) {
    if (!strcmp(name, "seed"))
      return parseInteger(name, value, s.seed) ? 0 : 3;
    if (!strcmp(name, "split-seed"))
      return parseInteger(name, value, s.splitSeed) ? 0 : 3;
    (name[0] == 'l' ? s.log : s.directory) = value;
    return 0;
  }
  char *place = static_cast<char *>(s.arguments) + option->offset;
  if (option->type.rank > 0)
    return readNpy(program, value, name, option->type, place) ? 0 : 2;
  if (const char *expected = parseElement(program, option->type, value, place)) {
    error("E0502", "see `--help` for its type", "`--%s` is %s, and `%s` is none", name, expected, value);
    return 3;
  }
  return 0;
}

static int readOptions(const struct burin_program *program, int argc, char **argv, Settings &s) {
  s.arguments = allocate(s.task->argument_bytes, "options");
  bool *given = static_cast<bool *>(calloc(s.task->option_count + 1, 1));
  if (!s.arguments || !given)
    return 2;
  for (uint32_t i = 0; i < s.task->option_count; ++i)
    if (const burin_option &o = s.task->options[i]; o.initial)
      memcpy(static_cast<char *>(s.arguments) + o.offset, o.initial, elementCount(program, o.type) * o.type.bytes);
  for (int i = 2; i < argc; ++i) {
    char name[128];
    if (strncmp(argv[i], "--", 2) != 0)
      return misuse(nullptr, "`%s` is no option", argv[i], "options begin with `--`; see `--help`");
    const char *equal = strchr(argv[i], '='), *value = equal ? equal + 1 : i + 1 < argc ? argv[i + 1] : nullptr;
    size_t length = equal ? size_t(equal - argv[i] - 2) : strlen(argv[i]) - 2;
    snprintf(name, sizeof name, "%.*s", int(length < 127 ? length : 127), argv[i] + 2);
    if (!strcmp(name, "help")) {
      printHelp(program, s.task);
      return 1;
    }
    bool used = false;
    if (int code = readOption(program, s, given, name, value, used))
      return code;
    i += used && !equal;
  }
  for (uint32_t i = 0; i < s.task->option_count; ++i)
    if (!s.task->options[i].initial && !given[i]) {
      error("E0502", s.task->options[i].type.rank ? "give it the name of a `.npy` file" : "give it a value", "the task `%s` needs `--%s`", s.task->name, s.task->options[i].name);
      return 3;
    }
  free(given);
  return 0;
}

int readCommandLine(const struct burin_program *program, int argc, char **argv, Settings &settings) {
  if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
    printHelp(program, nullptr);
    return argc < 2 ? 3 : 1;
  }
  if (!strcmp(argv[1], "--describe")) {
    describeProgram(program);
    return 1;
  }
  for (uint32_t i = 0; i < program->task_count; ++i)
    if (!strcmp(program->tasks[i].name, argv[1]))
      settings.task = &program->tasks[i];
  if (!settings.task)
    return misuse(nearest(argv[1], program->task_count, taskName, program), "there is no task `%s`", argv[1], "see `--help` for the tasks");
  return readOptions(program, argc, argv, settings);
}
} // namespace burin_rt
