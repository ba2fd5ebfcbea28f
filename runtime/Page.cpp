// What plots of lines and of points have in common: text, scales, marks, colours.
#include "runtime/Page.h"
#include <stdarg.h>
#include <stdio.h>

namespace burin_rt {

void Text::add(const char *format, ...) {
  if (size > sizeof held - 512)
    flush();
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(held + size, sizeof held - size, format, arguments);
  va_end(arguments);
  size += n > 0 ? uint64_t(n) : 0;
}

void Text::escaped(const char *text, uint32_t most) {
  for (uint32_t characters = 0; *text; ++text) {
    characters += (static_cast<unsigned char>(*text) & 0xC0) != 0x80;
    if (characters > most)
      return add("…");
    if (*text == '<' || *text == '&' || *text == '>')
      add(*text == '<' ? "&lt;" : *text == '&' ? "&amp;" : "&gt;");
    else
      add("%c", static_cast<unsigned char>(*text) < 32 || *text == 127 ? '?' : *text);
  }
}

void Text::label(const burin_axis &axis, uint64_t index, uint32_t most) {
  if (index < axis.label_count)
    return escaped(axis.labels[index], most);
  escaped(axis.name, most);
  add(" %llu", static_cast<unsigned long long>(index));
}

// Marks at multiples of 1, 2 or 5 times a power of ten, at most eight of them; the scale ends where the values do.
void Scale::fit(double least, double most) {
  low = least, high = most;
  if (!(high > low)) { // one value
    double by = __builtin_fabs(low) > 1 ? __builtin_fabs(low) / 2 : 0.5;
    low -= by, high += by;
  }
  double span = high - low;
  step = 1;
  while (step * 8 < span)
    step *= 10;
  while (step / 10 * 8 >= span && step > 1e-290)
    step /= 10;
  step = step / 5 * 8 >= span ? step / 5 : step / 2 * 8 >= span ? step / 2 : step;
}

void Page::begin(Text &out) const {
  out.add(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"%g\" height=\"%g\" fill=\"#fff\"/>\n",
      width, height, width, height);
}

void Page::rows(Text &out) const {
  out.add("<g stroke=\"#ddd\">\n");
  for (unsigned k = 0; k < Scale::mostMarks && y.mark(k) <= y.high; ++k)
    out.add("<path d=\"M%g %.2fH%g\"/>\n", left, up(y.mark(k)), right);
  out.add("</g>\n<g fill=\"#333\" text-anchor=\"end\">\n");
  for (unsigned k = 0; k < Scale::mostMarks && y.mark(k) <= y.high; ++k)
    out.add("<text x=\"%g\" y=\"%.2f\">%.6g</text>\n", left - 6, up(y.mark(k)) + 4, y.mark(k));
  out.add("</g>\n");
}

void Page::columns(Text &out) const {
  out.add("<g stroke=\"#ddd\">\n");
  for (unsigned k = 0; k < Scale::mostMarks && x.mark(k) <= x.high; ++k)
    out.add("<path d=\"M%.2f %gV%g\"/>\n", across(x.mark(k)), top, bottom);
  out.add("</g>\n<g fill=\"#333\" text-anchor=\"middle\">\n");
  for (unsigned k = 0; k < Scale::mostMarks && x.mark(k) <= x.high; ++k)
    out.add("<text x=\"%.2f\" y=\"%g\">%.6g</text>\n", across(x.mark(k)), bottom + 18, x.mark(k));
  out.add("</g>\n");
}

void Page::border(Text &out) const {
  out.add("<path d=\"M%g %gV%gH%g\" fill=\"none\" stroke=\"#333\"/>\n", left, top, bottom, right);
}

static const char *const colours[colourCount] = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f3c8d", "#000000", "#b5a300", "#8c2d04",
    "#44aa99", "#dd1c77", "#6a51a3", "#31a354", "#8c6d31", "#3182bd", "#fb6a4a", "#636363", "#9e9ac8", "#a6d96a"};
const char *colour(uint64_t number) { return colours[number % colourCount]; }

} // namespace burin_rt
