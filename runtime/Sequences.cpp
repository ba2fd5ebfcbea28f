#include "runtime/Sequences.h"
#include "runtime/Values.h"
#include <stdlib.h>
#include <string.h>

namespace burin_rt {

uint32_t bytesAt(const char *p) {
  auto byte = [&](uint32_t k) { return static_cast<unsigned char>(p[k]); };
  uint32_t n = byte(0) < 0xC2 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : byte(0) < 0xF5 ? 4 : 1;
  // Neither a character that is written longer than it need be, nor a half of one, nor one beyond U+10FFFF.
  unsigned char least = byte(0) == 0xE0 ? 0xA0 : byte(0) == 0xF0 ? 0x90 : 0x80;
  unsigned char most = byte(0) == 0xED ? 0x9F : byte(0) == 0xF4 ? 0x8F : 0xBF;
  if (n > 1 && (byte(1) < least || byte(1) > most)) // the text's end, too
    return 1;
  for (uint32_t k = 2; k < n; ++k)
    if ((byte(k) & 0xC0) != 0x80)
      return 1;
  return n;
}

uint32_t codePointAt(const char *p, uint32_t bytes) {
  auto first = static_cast<unsigned char>(*p);
  uint32_t point = bytes == 1 ? first : first & (0xFF >> (bytes + 1));
  for (uint32_t k = 1; k < bytes; ++k)
    point = point << 6 | (static_cast<unsigned char>(p[k]) & 0x3F);
  return point;
}

static uint32_t packed(const char *p, uint32_t bytes) {
  uint32_t out = 0;
  memcpy(&out, p, bytes);
  return out;
}

int Characters::compare(const void *a, const void *b) {
  uint32_t x = static_cast<const Wide *>(a)->bytes, y = static_cast<const Wide *>(b)->bytes;
  return x < y ? -1 : x > y;
}

int64_t rareLabel(const burin_axis &axis) {
  for (uint32_t i = 0; i < axis.label_count; ++i)
    if (!strcmp(axis.labels[i], "rare"))
      return i;
  return -1;
}

bool Characters::collect(const burin_axis &axis) {
  for (int32_t &label : ascii)
    label = -1;
  wide = allocateZeroed<Wide>(axis.label_count, "labels");
  if (!wide)
    return false;
  rare = rareLabel(axis);
  for (uint32_t i = 0; i < axis.label_count; ++i) {
    const char *label = axis.labels[i];
    uint32_t bytes = bytesAt(label);
    if (!*label || label[bytes])
      continue;
    if (bytes > 1)
      wide[wideCount++] = {packed(label, bytes), i};
    else if (auto byte = static_cast<unsigned char>(*label); byte < 128)
      ascii[byte] = int32_t(i);
  }
  qsort(wide, wideCount, sizeof *wide, compare);
  return true;
}

void Characters::release() { free(wide); }

int64_t Characters::takeWide(const char *&p) const {
  uint32_t bytes = bytesAt(p);
  const char *at = p;
  p += bytes;
  if (bytes == 1)
    return -1;
  Wide wanted = {packed(at, bytes), 0};
  auto *found = static_cast<const Wide *>(bsearch(&wanted, wide, wideCount, sizeof *wide, compare));
  return found ? int64_t(found->label) : rare;
}

static uint64_t extentOf(const burin_program *program, const burin_type &type) {
  return uint64_t(program->axes[type.axes[0]].extent);
}

void fillAbsent(const burin_program *program, const burin_type &type, uint64_t present, void *values) {
  char *at = static_cast<char *>(values), *last = at + (present - 1) * type.bytes;
  for (uint64_t k = present; k < extentOf(program, type); ++k)
    memcpy(at + k * type.bytes, last, type.bytes);
}

static int64_t tooLong(const burin_program *program, const burin_field &field, const char *text, bool cut,
                       TextFault &fault) {
  uint64_t characters = 0, around = uint64_t(field.before_count) + field.after_count;
  for (const char *p = text; *p; p += bytesAt(p))
    ++characters;
  const char *axis = program->axes[field.type.axes[0]].name;
  char labels[60] = "";
  if (around)
    snprintf(labels, sizeof labels, " and %llu label%s", static_cast<unsigned long long>(around),
             around > 1 ? "s" : "");
  snprintf(fault.said, sizeof fault.said, "%s%llu characters%s, and `%.60s` holds at most %llu",
           cut ? "more than " : "", static_cast<unsigned long long>(characters), labels, axis,
           static_cast<unsigned long long>(extentOf(program, field.type)));
  snprintf(fault.help, sizeof fault.help, "shorten the text, or declare `dim %.60s <= …` larger", axis);
  fault.code = "E0517";
  return -1;
}

static int64_t noLabel(const burin_axis &axis, const char *at, const char *past, uint64_t number, TextFault &fault) {
  fault.code = "E0516";
  auto byte = static_cast<unsigned char>(*at);
  if (past - at == 1 && byte >= 128)
    snprintf(fault.said, sizeof fault.said, "character %llu is none in UTF-8, but a byte 0x%02x",
             static_cast<unsigned long long>(number), byte);
  else if (byte < 32 || byte == 127)
    snprintf(fault.said, sizeof fault.said, "character %llu, a control character 0x%02x, is no label of `%.60s`",
             static_cast<unsigned long long>(number), byte, axis.name);
  else
    snprintf(fault.said, sizeof fault.said, "`%.*s`, character %llu, is no label of `%.60s`", int(past - at), at,
             static_cast<unsigned long long>(number), axis.name);
  snprintf(fault.help, sizeof fault.help,
           byte >= 128 && past - at == 1 ? "convert it to UTF-8"
                                         : "each character is a label that `dim %.60s = …` declares",
           axis.name);
  return -1;
}

// The labels of a text's characters, and those of the field around them.
static int64_t readCharacters(const burin_program *program, const burin_field &field, const Characters &characters,
                              const char *text, bool cut, void *out, TextFault &fault) {
  const burin_type &type = field.type;
  uint64_t most = extentOf(program, type), n = 0;
  if (!*text) {
    fault = {"E0518", "the text is empty", "what stands along a bounded axis has at least one element"};
    return -1;
  }
  auto put = [&](int64_t label) {
    if (out)
      memcpy(static_cast<char *>(out) + n * type.bytes, &label, type.bytes); // little endian
    ++n;
  };
  for (uint32_t k = 0; k < field.before_count; ++k)
    put(field.before[k]);
  uint64_t number = 0;
  for (const char *p = text; *p;) {
    const char *at = p;
    int64_t label = characters.take(p);
    if (++number, label < 0)
      return noLabel(program->axes[type.index_axis], at, p, number, fault);
    if (n + field.after_count >= most)
      return tooLong(program, field, text, cut, fault);
    put(label);
  }
  if (cut)
    return tooLong(program, field, text, cut, fault);
  for (uint32_t k = 0; k < field.after_count; ++k)
    put(field.after[k]);
  if (out)
    fillAbsent(program, type, n, out);
  return int64_t(n);
}

static void *collectCharacters(const burin_program *program, const burin_field *field) {
  auto *characters = allocate<Characters>(1, "labels");
  if (!characters || characters->collect(program->axes[field->type.index_axis]))
    return characters;
  free(characters);
  return nullptr;
}

static int64_t readLabels(const burin_program *program, const burin_field *field, const void *labels, const char *text,
                          int cut, void *out, void *fault) {
  return readCharacters(program, *field, *static_cast<const Characters *>(labels), text, cut, out,
                        *static_cast<TextFault *>(fault));
}

static void releaseCharacters(void *labels) {
  if (labels)
    static_cast<Characters *>(labels)->release();
  free(labels);
}
} // namespace burin_rt

extern "C" const burin_text burin_characters = {burin_rt::collectCharacters, burin_rt::readLabels,
                                                burin_rt::releaseCharacters};
