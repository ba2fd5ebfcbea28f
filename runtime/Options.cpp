// The command line.
#include "runtime/Errors.h"
#include "runtime/Npy.h"
#include "runtime/Run.h"
#include "runtime/Sequences.h"
#include "runtime/Values.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {
namespace {

const char *const common[] = {"seed", "split-seed", "log",        "directory",        "threads", "poison",
                              "time", "help",       "checkpoint", "checkpoint-every", "resume"};
constexpr uint32_t commonCount = sizeof common / sizeof *common;

const char *taskName(const void *program, uint32_t i) {
  return static_cast<const burin_program *>(program)->tasks[i].name;
}
const char *optionName(const void *task, uint32_t i) {
  if (i < commonCount)
    return common[i];
  const burin_option &o = static_cast<const burin_task *>(task)->options[i - commonCount];
  return o.reads == BURIN_LENGTH ? "" : o.name;
}

Request misuse(const char *near, const char *otherwise, const char *format, const char *word, const char *prefix = "") {
  char help[160];
  if (near)
    snprintf(help, sizeof help, "did you mean `%s%.100s`?", prefix, near);
  error("E0502", near ? help : otherwise, format, word);
  return Request::misuse;
}

Request parseSeed(const char *name, const char *text, int64_t &out) {
  static const burin_type type = {BURIN_I64, 0, 8, 0, nullptr};
  if (const char *expected = parseElement(nullptr, type, text, &out)) {
    error("E0502", "write a whole number", "`--%s`: expected %s, found `%s`", name, expected, text);
    return Request::misuse;
  }
  return Request::run;
}

Request parseThreads(const char *text, uint32_t &out) {
  static const burin_type type = {BURIN_I64, 0, 8, 0, nullptr};
  int64_t count = 0;
  if (parseElement(nullptr, type, text, &count) || count < 1 || count > int64_t(mostThreads)) {
    error("E0502", "leave it out to use every processor; the results are the same",
          "`--threads`: expected a whole number from 1 to %u, found `%s`", mostThreads, text);
    return Request::misuse;
  }
  out = uint32_t(count);
  return Request::run;
}

/// An argument `--name`, `--name value` or `--name=value`.
struct Argument {
  const char *name;
  const char *value; ///< null: there is none
  bool takesNext;    ///< the value is the next argument
};

Request parseEvery(const char *text, double &out) {
  static const burin_type type = {BURIN_F64, 0, 8, 0, nullptr};
  if (!strcmp(text, "never")) {
    out = -1;
    return Request::run;
  }
  if (!parseElement(nullptr, type, text, &out) && out >= 0)
    return Request::run;
  error("E0502", "`0` is at every step", "`--checkpoint-every`: expected seconds, or `never`, found `%s`", text);
  return Request::misuse;
}

bool *flagOf(Settings &s, const char *name) {
  return !strcmp(name, "poison")   ? &s.poison
         : !strcmp(name, "time")   ? &s.time
         : !strcmp(name, "resume") ? &s.resume
                                   : nullptr;
}

const char **textOf(Settings &s, const char *name) {
  if (!strcmp(name, "log"))
    return &s.log;
  if (!strcmp(name, "directory"))
    return &s.directory;
  if (!strcmp(name, "checkpoint"))
    return &s.checkpoint;
  for (uint32_t i = 0; i < s.task->option_count; ++i)
    if (s.task->options[i].reads != BURIN_LENGTH && !strcmp(s.task->options[i].name, name))
      return &s.texts[i];
  return nullptr;
}

Request readOption(Settings &s, const Argument &a, bool &usedValue) {
  bool *flag = flagOf(s, a.name);
  usedValue = !flag;
  if (flag) {
    *flag = true;
    return a.value && !a.takesNext ? misuse(nullptr, "leave it out", "`--%s` takes no value", a.name) : Request::run;
  }
  bool isSeed = !strcmp(a.name, "seed"), isSplitSeed = !strcmp(a.name, "split-seed"),
       isEvery = !strcmp(a.name, "checkpoint-every"), isThreads = !strcmp(a.name, "threads");
  const char **place = textOf(s, a.name);
  if (!place && !isSeed && !isSplitSeed && !isEvery && !isThreads)
    return misuse(nearest(a.name, commonCount + s.task->option_count, optionName, s.task), "see `--help`",
                  "there is no option `--%s`", a.name, "--");
  if (!a.value)
    return misuse(nullptr, "see `--help`", "`--%s` needs a value", a.name);
  if (isThreads)
    return parseThreads(a.value, s.threads);
  if (isEvery)
    return parseEvery(a.value, s.checkpointEvery);
  if (isSeed || isSplitSeed) {
    (isSeed ? s.seedGiven : s.splitSeedGiven) = true;
    return parseSeed(a.name, a.value, isSeed ? s.seed : s.splitSeed);
  }
  *place = a.value;
  return Request::run;
}

// A checkpoint without a place in the task where it could be written is a misunderstanding.
Request checkResumption(const burin_program *program, const Settings &s) {
  const char *asked = s.resume ? "resume" : s.checkpoint ? "checkpoint" : nullptr;
  if (!asked || canGoOn(program, s.task))
    return Request::run;
  return misuse(nullptr, "only a task with a `for` can be interrupted and go on",
                "there is nothing that `--%s` could do here", asked);
}

Request readOptions(const burin_program *program, int argc, char **argv, Settings &s) {
  for (int i = 2; i < argc; ++i) {
    if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
      printHelp(program, s.task);
      return Request::printed;
    }
    if (strncmp(argv[i], "--", 2) != 0)
      return misuse(nullptr, "options begin with `--`; see `--help`", "`%s` is no option", argv[i]);
    char name[128];
    const char *equal = strchr(argv[i], '=');
    size_t length = equal ? size_t(equal - argv[i] - 2) : strlen(argv[i] + 2);
    snprintf(name, sizeof name, "%.*s", int(length < sizeof name ? length : sizeof name - 1), argv[i] + 2);
    bool usedValue = false;
    Argument argument{name, equal ? equal + 1 : i + 1 < argc ? argv[i + 1] : nullptr, !equal};
    if (Request r = readOption(s, argument, usedValue); r != Request::run)
      return r;
    i += usedValue && !equal;
  }
  for (uint32_t i = 0; i < s.task->option_count; ++i)
    if (const burin_option &o = s.task->options[i]; !o.initial && !s.texts[i] && !s.resume && o.reads != BURIN_LENGTH) {
      error("E0502", o.type.rank && o.reads != BURIN_TEXT ? "give it the name of a `.npy` file" : "give it a value",
            "the task `%s` needs `--%s`", s.task->name, o.name);
      return Request::misuse;
    }
  return checkResumption(program, s);
}
} // namespace

Request readCommandLine(const burin_program *program, int argc, char **argv, Settings &settings) {
  if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
    printHelp(program, nullptr);
    return argc < 2 ? Request::misuse : Request::printed;
  }
  if (!strcmp(argv[1], "--describe")) {
    describeProgram(program);
    return Request::printed;
  }
  for (uint32_t i = 0; i < program->task_count; ++i)
    if (!strcmp(program->tasks[i].name, argv[1]))
      settings.task = &program->tasks[i];
  if (!settings.task)
    return misuse(nearest(argv[1], program->task_count, taskName, program),
                  "the task comes first; see `--help` for the tasks", "there is no task `%s`", argv[1]);
  settings.texts = allocateZeroed<const char *>(settings.task->option_count, "options");
  if (!settings.texts)
    return Request::misuse;
  return readOptions(program, argc, argv, settings);
}

namespace {
/// The options of a task while they are read: along one bounded axis they have one length, which the first has said.
class OptionReader {
public:
  OptionReader(const burin_program *program, Settings &s) : program(program), s(s) {}
  Request run();

private:
  char *placeOf(uint32_t option) { return static_cast<char *>(s.arguments) + s.task->options[option].offset; }
  bool text(uint32_t number);
  Request array(uint32_t number);
  bool takeLength(uint32_t number, uint32_t axis, int64_t length);
  void initial(uint32_t number);
  const burin_program *program;
  Settings &s;
};

// `length`: that of what was given. Null: nothing has said it yet.
const burin_option *saidBefore(const Settings &s, uint32_t number, uint32_t length) {
  for (uint32_t i = 0; i < number; ++i) {
    const burin_option &other = s.task->options[i];
    for (uint32_t k = 0; s.texts[i] && other.lengths && k < other.type.rank; ++k)
      if (other.lengths[k] == length)
        return &other;
  }
  return nullptr;
}

bool OptionReader::takeLength(uint32_t number, uint32_t axis, int64_t length) {
  const burin_option &o = s.task->options[number];
  int64_t &known = *reinterpret_cast<int64_t *>(placeOf(o.lengths[axis]));
  if (const burin_option *other = saidBefore(s, number, o.lengths[axis]); other && known != length)
    return error("E0519", "what stands along one axis has one length; declare another axis",
                 "`--%s`: %lld elements along `%s`, and `--%s` has %lld", o.name, static_cast<long long>(length),
                 program->axes[o.type.axes[axis]].name, other->name, static_cast<long long>(known));
  known = length;
  return true;
}

// The characters of what is given, and how many there are.
bool OptionReader::text(uint32_t number) {
  const burin_option &o = s.task->options[number];
  const burin_field field = {o.name, o.type, 0, 1, BURIN_TEXT, 0, 0, 0, nullptr, nullptr, 0, 0, o.text, nullptr};
  void *labels = o.text->collect(program, &field);
  if (!labels)
    return false;
  TextFault fault;
  int64_t n = o.text->read(program, &field, labels, s.texts[number], /*cut=*/0, placeOf(number), &fault);
  o.text->release(labels);
  if (n < 0)
    return error(fault.code, fault.help, "`--%s`: %s", o.name, fault.said);
  return takeLength(number, 0, n);
}

Request OptionReader::array(uint32_t number) {
  const burin_option &o = s.task->options[number];
  int64_t *lengths = allocateZeroed<int64_t>(o.type.rank, "options");
  if (!lengths)
    return Request::printed;
  for (uint32_t k = 0; k < o.type.rank; ++k)
    lengths[k] = !o.lengths || o.lengths[k] == UINT32_MAX ? -1 : 0;
  bool read = readNpy(program, s.texts[number], o.name, o.type, placeOf(number), lengths), fits = read;
  for (uint32_t k = 0; fits && k < o.type.rank; ++k)
    fits = lengths[k] < 0 || takeLength(number, k, lengths[k]);
  free(lengths);
  return !read ? Request::printed : fits ? Request::run : Request::misuse;
}

// A default is as long as what is given along its axis; if nothing is, it is all there.
void OptionReader::initial(uint32_t number) {
  const burin_option &o = s.task->options[number];
  memcpy(placeOf(number), o.initial, elementCount(program, o.type) * o.type.bytes);
  for (uint32_t k = 0; o.lengths && k < o.type.rank; ++k)
    if (o.lengths[k] != UINT32_MAX && !saidBefore(s, s.task->option_count, o.lengths[k]))
      memcpy(placeOf(o.lengths[k]), &program->axes[o.type.axes[k]].extent, sizeof(int64_t));
}

Request OptionReader::run() {
  for (uint32_t i = 0; i < s.task->option_count; ++i) {
    const burin_option &o = s.task->options[i];
    if (o.reads == BURIN_LENGTH || (!s.texts[i] && s.resume)) {
      continue; // it is read with others, or stands in the checkpoint
    } else if (o.reads == BURIN_TEXT) {
      if (!text(i))
        return Request::misuse;
    } else if (!s.texts[i]) {
      initial(i);
    } else if (o.type.rank > 0) {
      if (Request r = array(i); r != Request::run)
        return r;
    } else if (const char *expected = parseElement(program, o.type, s.texts[i], placeOf(i))) {
      const char *axis = o.type.element == BURIN_INDEX ? program->axes[o.type.index_axis].name : nullptr;
      error("E0502", "see `--help` for its type", "`--%s`: expected %s%s%s%s, found `%s`", o.name, expected,
            axis ? " `" : "", axis ? axis : "", axis ? "`" : "", s.texts[i]);
      return Request::misuse;
    }
  }
  return Request::run;
}

} // namespace

Request readArguments(const burin_program *program, Settings &s) {
  if (s.task->argument_bytes > 0 && !(s.arguments = allocate(s.task->argument_bytes, "options")))
    return Request::printed;
  return OptionReader(program, s).run();
}
} // namespace burin_rt
