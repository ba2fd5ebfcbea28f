//===- Program.h - What a compiled program says about itself -----------------===//
//
// The read-only table `burin_program` of an object file and what it points to; in C, and in C++. The compiler writes
// them (compiler/Target/Cpu/Descriptor.cpp), field by field in this order.
//
//===----------------------------------------------------------------------===//
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
struct burin_run;
struct burin_program;
struct burin_field;
struct burin_part;

/// Of these tables and calls. A program is linked with the runtime of the same version.
enum { BURIN_ABI = 7 };

enum burin_element {
  BURIN_F32,
  BURIN_F64,
  BURIN_I32,
  BURIN_I64,
  BURIN_U8,
  BURIN_BOOL,
  BURIN_INDEX,
  BURIN_BF16,
  BURIN_F16
};
enum burin_kind { BURIN_PARAMETER, BURIN_STATE, BURIN_OPTIMISER, BURIN_LOCAL };

struct burin_axis {
  const char *name;
  int64_t extent; ///< -1: known when the program runs
  uint32_t label_count;
  const char *const *labels;
};
struct burin_type {
  uint32_t element, index_axis, bytes; ///< bytes of one element
  uint32_t rank;
  const uint32_t *axes;
};
struct burin_slot {
  const char *name;
  struct burin_type type;
  uint64_t offset, bytes;
  uint32_t kind;
};
/// How a row's values of a field stand in the file.
enum burin_reads {
  BURIN_ELEMENTS, ///< a column for each element
  BURIN_TEXT,     ///< the characters of one column, each a label, along the type's one axis
  BURIN_SERIES,   ///< columns along the type's one axis: behind the last that holds something all is absent
  BURIN_LENGTH,   ///< in no column: how many elements the fields have that name it as theirs
  BURIN_WORDS     ///< as a text, but what stands between blanks
};
/// How the text of a field or option becomes labels: one of those below. A program is linked with those that it names.
struct burin_text {
  void *(*collect)(const struct burin_program *program,
                   const struct burin_field *field); ///< null: an error was printed
  /// The labels to `out` (null: nowhere), which has a place for each index of the type's one axis: what is absent
  /// repeats the last. Their number; or -1, and a burin_rt::TextFault that says why. `cut`: there was more.
  int64_t (*read)(const struct burin_program *program, const struct burin_field *field, const void *labels,
                  const char *text, int cut, void *out, void *fault);
  void (*release)(void *labels);
};
struct burin_field {
  const char *name;
  struct burin_type type; ///< of one row, without the data axis
  uint32_t first_column, column_count;
  uint32_t reads;
  uint32_t length; ///< of a text or series: the field that is its length
  uint32_t before_count, after_count;
  const uint32_t *before, *after;  ///< of a text: labels that stand before and behind what the file has
  uint32_t first_word, past_words; ///< of words: the labels of the axis that are some
  const struct burin_text *text;   ///< of a text
  const char *path;                ///< of an array: its own file
};
/// Reads data set number `data` and splits it as runtime/abi.md says. `parts` (burin_rt::Part) has one entry for each
/// part of the program; those of this data set are filled. 0: an error was printed that names file, line and column.
typedef int (*burin_reader)(const struct burin_program *program, uint32_t data, uint64_t split_seed, void *parts);
struct burin_data {
  const char *name, *path;
  burin_reader read; ///< one of those below: a program is linked with those that it names
  uint32_t field_count;
  const struct burin_field *fields;
  uint32_t first_part, part_count;
};
/// What a step of a condition does with what is on its stack, floats rounded to their type, whole numbers wrapped.
enum burin_step_does {
  BURIN_FIELD,    ///< puts a field of the row there
  BURIN_CONSTANT, ///< a number
  BURIN_CONVERT,  ///< the last to `element`
  BURIN_NOT,
  BURIN_AND,
  BURIN_OR,
  BURIN_EQ,
  BURIN_NE,
  BURIN_LT,
  BURIN_LE,
  BURIN_GT,
  BURIN_GE,
  BURIN_ADD,
  BURIN_SUB,
  BURIN_MUL,
  BURIN_DIV, ///< whole numbers: floored
  BURIN_REM  ///< with the sign of the divisor
};
struct burin_step {
  uint32_t does;
  uint32_t element; ///< of the operands; of what is put there
  uint32_t field;   ///< of a conversion: the element before
  double number;    ///< of a float
  int64_t integer;
};
/// The most that a condition has.
enum { BURIN_MOST_STEPS = 200 };
struct burin_part {
  const char *name;
  uint32_t data;
  double share; ///< of the rows; below 0: so many rows
  uint32_t is_rest, axis;
  /// Of a part by a condition `burin_holds`, which is linked for it; else null.
  int (*holds)(const struct burin_part *part, const struct burin_field *fields, void *const *columns);
  uint32_t step_count;
  const struct burin_step *steps;
};
struct burin_option {
  const char *name;
  struct burin_type type;
  uint64_t offset;
  const void *initial;     ///< null: required
  uint32_t reads;          ///< BURIN_TEXT: the characters of what is given; BURIN_LENGTH: not given, but that of others
  const uint32_t *lengths; ///< by axis: the option that is its length, or UINT32_MAX: all is there. Null: of every axis
  const struct burin_text *text;
};
struct burin_file {
  const char *path;
  uint32_t slot_count;
  const uint32_t *slots;
  const char *const *names;
};
/// One `save` or `plot` of a value: an array, a picture, lines or points, by the path's extension.
struct burin_value_file {
  const char *path, *file; ///< where it goes; the source
  uint32_t line, column;   ///< of the statement
  struct burin_type type;
  uint32_t rank;            ///< of the file
  const uint32_t *joined;   ///< how many of the type's axes each of its axes is the product of, in order
  uint32_t points;          ///< of a plot: the last axis has the two coordinates of each point
  uint32_t labelled;        ///< points have labels,
  struct burin_type labels; ///< one of which is this
  /// By axis of the type: the number of the length that says how much of it is present, for each index of the axes
  /// before it, as an int64_t; UINT32_MAX: all is. Null: of every axis.
  const uint32_t *lengths;
};
/// What an iteration finds in memory at its head, besides slots that live on.
struct burin_held {
  const char *name;
  struct burin_type type;
  uint64_t offset, bytes;
  uint32_t in_step; ///< else in the persistent arena
};
struct burin_loop {
  const char *name;
  uint32_t depth;
  uint32_t resumable, counted; ///< counted: its count follows from options, rows and other counters
  uint32_t parent;             ///< the loop around; -1: none
  uint32_t held_count;
  const struct burin_held *held;
};
struct burin_recorded {
  const char *name;
  uint32_t depth; ///< in how many loops it stands
};
/// What is asked of values: an assertion, or (`burin_watch`) that they are numbers.
struct burin_assertion {
  const char *text; ///< as written; of what is watched: the operation
  const char *file;
  uint32_t line, column;
  const char *sign;        ///< of a comparison; null: it has no sides
  struct burin_type sides; ///< scalar; of what is watched: its type
};
enum burin_watch_how {
  BURIN_INFINITIES = 1, ///< are looked for, too
  BURIN_BRANCH = 2,     ///< only an `if` reads the values, which may leave those out that are no numbers
  BURIN_CHOICE = 4      ///< the values are those of such an `if`
};
typedef void (*burin_function)(void *persistent, void *step, void *scratch, const void *arguments, int64_t seed,
                               struct burin_run *run);
/// A piece of a kernel that threads share; `arguments`: its operands and results, a pointer or an int64_t each.
typedef void (*burin_kernel)(const void *const *arguments, int64_t piece);
/// What a task gives, or a part of it, in the step arena after it has run.
struct burin_result {
  const char *name; ///< of the part; empty: it is the only one
  struct burin_type type;
  uint64_t offset;
  /// By axis: the result that says for each index of the axes before it, as an int64_t, how much of it is present;
  /// UINT32_MAX: all is. Null: of every axis.
  const uint32_t *lengths;
  uint32_t is_length; ///< of another, and not shown
};
struct burin_task {
  const char *name;
  burin_function run;
  uint32_t option_count;
  const struct burin_option *options;
  uint64_t argument_bytes;
  uint32_t result_count;
  const struct burin_result *results;
  uint64_t step_bytes, scratch_bytes;
  uint32_t data_count;
  const uint32_t *data;
  uint32_t pieces; ///< the most that a kernel of the task has; 0: threads share none
  uint32_t first_loop, loop_count;
};
struct burin_program {
  uint32_t abi;
  const char *name, *source_hash, *plan_hash;
  uint64_t features; ///< of the processor, by their bits in runtime/features.def
  uint32_t axis_count;
  const struct burin_axis *axes;
  uint32_t slot_count;
  const struct burin_slot *slots;
  uint64_t persistent_bytes, init_step_bytes, init_scratch_bytes;
  burin_function initialise;
  uint32_t data_count;
  const struct burin_data *data;
  uint32_t part_count;
  const struct burin_part *parts;
  uint32_t file_count;
  const struct burin_file *files;
  uint32_t loop_count;
  const struct burin_loop *loops;
  uint32_t record_count;
  const struct burin_recorded *records;
  uint32_t assertion_count;
  const struct burin_assertion *assertions;
  uint32_t task_count;
  const struct burin_task *tasks;
  uint32_t init_pieces; ///< as a task's
  uint32_t value_file_count;
  const struct burin_value_file *value_files;
};

/// Everything that a program does for its user. The exit code.
int burin_main(const struct burin_program *program, int argc, char **argv);

int burin_read_csv(const struct burin_program *program, uint32_t data, uint64_t split_seed, void *parts);
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers): declared, not initialised
extern const struct burin_text burin_characters, burin_words;
/// Whether the part's condition holds of a row. `columns`: of each field the row's value.
int burin_holds(const struct burin_part *part, const struct burin_field *fields, void *const *columns);
int burin_read_npy(const struct burin_program *program, uint32_t data, uint64_t split_seed, void *parts);
int burin_read_idx(const struct burin_program *program, uint32_t data, uint64_t split_seed, void *parts);
int burin_read_text(const struct burin_program *program, uint32_t data, uint64_t split_seed, void *parts);

#define BURIN_CALL(result, name, parameters) result name parameters;
#include "runtime/abi.def"
#undef BURIN_CALL
#ifdef __cplusplus
}
#endif
