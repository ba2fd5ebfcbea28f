// `plot` of a value: lines along its last axis, one for each index of the first if it has two, as SVG 1.1.
#include "runtime/Errors.h"
#include "runtime/Replace.h"
#include "runtime/ValueFiles.h"
#include "runtime/Values.h"
#include <stdarg.h>
#include <string.h>

namespace burin_rt {
namespace {

constexpr double width = 640, height = 400, left = 70, right = 620, top = 20, bottom = 350; // of the page; of the lines

/// The text of a file, in pieces.
class Text {
public:
  explicit Text(Replacement &out) : out(out) {}
  void add(const char *format, ...) __attribute__((format(printf, 2, 3)));
  void escaped(const char *text); ///< as XML's content; control characters, which it can't have, as `?`
  void flush() { out.write(held, size), size = 0; }

private:
  Replacement &out;
  char held[4096];
  uint64_t size = 0;
};

void Text::add(const char *format, ...) {
  if (size > sizeof held - 512)
    flush();
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(held + size, sizeof held - size, format, arguments);
  va_end(arguments);
  size += n > 0 ? uint64_t(n) : 0;
}

void Text::escaped(const char *text) {
  for (; *text; ++text)
    if (*text == '<' || *text == '&' || *text == '>')
      add(*text == '<' ? "&lt;" : *text == '&' ? "&amp;" : "&gt;");
    else
      add("%c", static_cast<unsigned char>(*text) < 32 || *text == 127 ? '?' : *text);
}

/// From where to where an axis of the plot goes, and where it has marks.
struct Scale {
  double low = 0, high = 1, step = 1;
  static constexpr double mostMarks = 10;
  double mark(double k) const { return (__builtin_ceil(low / step) + k) * step + 0.0; } // no -0
  void fit(double least, double most);
};

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

// What has a place on the page: no infinity or NaN, and nothing so large that distances are not.
bool hasPlace(double v) { return __builtin_fabs(v) < 1e150; }

struct Plot {
  const burin_axis *along, *by; ///< of the points; of the lines, null: there is one
  const burin_type &type;
  const void *values;
  Scale x, y;

  double across(double i) const { return left + (i - x.low) / (x.high - x.low) * (right - left); }
  double up(double v) const { return bottom - (v - y.low) / (y.high - y.low) * (bottom - top); }
  uint64_t points() const { return uint64_t(along->extent); }
  uint64_t lines() const { return by ? uint64_t(by->extent) : 1; }
  void scale();
  void frame(Text &out) const;
  void line(Text &out, uint64_t number) const;
  void legend(Text &out) const;
};

const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f3c8d", "#000000"};
const char *colour(uint64_t number) { return colours[number % (sizeof colours / sizeof *colours)]; }

void Plot::scale() {
  double least = __builtin_inf(), most = -least;
  for (uint64_t i = 0; i < lines() * points(); ++i) {
    double v = numberAt(type, values, i);
    if (hasPlace(v))
      least = v < least ? v : least, most = v > most ? v : most;
  }
  y.fit(least <= most ? least : 0, least <= most ? most : 1);
  x.fit(0, double(points() - 1));
  if (x.step < 1)
    x.step = 1;
}

void Plot::frame(Text &out) const {
  out.add(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"%g\" height=\"%g\" fill=\"#fff\"/>\n<g stroke=\"#ddd\">\n",
      width, height, width, height);
  for (unsigned k = 0; k < Scale::mostMarks && y.mark(k) <= y.high; ++k)
    out.add("<path d=\"M%g %.2fH%g\"/>\n", left, up(y.mark(k)), right);
  out.add("</g>\n<g fill=\"#333\" text-anchor=\"end\">\n");
  for (unsigned k = 0; k < Scale::mostMarks && y.mark(k) <= y.high; ++k)
    out.add("<text x=\"%g\" y=\"%.2f\">%.6g</text>\n", left - 6, up(y.mark(k)) + 4, y.mark(k));
  out.add("</g>\n<g fill=\"#333\" text-anchor=\"middle\">\n");
  for (unsigned k = 0; double(k) * x.step < double(points()); ++k) {
    double i = double(k) * x.step;
    out.add("<text x=\"%.2f\" y=\"%g\">", across(i), bottom + 18);
    if (uint64_t(i) < along->label_count)
      out.escaped(along->labels[uint64_t(i)]);
    else
      out.add("%.0f", i);
    out.add("</text>\n");
  }
  out.add("<text x=\"%g\" y=\"%g\">", (left + right) / 2, bottom + 38);
  out.escaped(along->name);
  out.add("</text>\n</g>\n<path d=\"M%g %gV%gH%g\" fill=\"none\" stroke=\"#333\"/>\n", left, top, bottom, right);
}

// A value without a place leaves a gap; one between two gaps is a dot.
void Plot::line(Text &out, uint64_t number) const {
  out.add("<path fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" stroke-linecap=\"round\" d=\"", colour(number));
  bool open = false;
  for (uint64_t i = 0; i < points(); ++i) {
    double v = numberAt(type, values, number * points() + i);
    bool shown = hasPlace(v);
    if (shown)
      out.add("%c%.2f %.2f%s", open ? 'L' : 'M', across(double(i)), up(v), open ? "" : "h0");
    open = shown;
  }
  out.add("\"/>\n");
}

void Plot::legend(Text &out) const {
  constexpr uint64_t most = 20; // more would leave the page
  for (uint64_t n = 0; by && n < lines() && n < most; ++n) {
    double at = top + 14 + 16 * double(n);
    out.add("<text x=\"%g\" y=\"%g\" text-anchor=\"end\" fill=\"%s\">", right - 4, at, colour(n));
    if (n < by->label_count)
      out.escaped(by->labels[n]);
    else
      out.add("%s %llu", by->name, static_cast<unsigned long long>(n));
    out.add("</text>\n");
  }
  out.add("</svg>\n");
}
} // namespace

bool writePlot(const burin_program *program, const burin_value_file &file, const void *values) {
  const burin_axis *axes = program->axes;
  bool several = file.type.rank == 2;
  Plot plot{
      &axes[file.type.axes[several ? 1 : 0]], several ? &axes[file.type.axes[0]] : nullptr, file.type, values, {}, {}};
  plot.scale();
  Replacement replaced;
  if (!replaced.begin(file.path, "E0520"))
    return false;
  Text out(replaced);
  plot.frame(out);
  for (uint64_t n = 0; n < plot.lines(); ++n)
    plot.line(out, n);
  plot.legend(out);
  out.flush();
  return replaced.commit();
}
} // namespace burin_rt
