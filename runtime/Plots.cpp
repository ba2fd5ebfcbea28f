// `plot` of lines along a value's last axis, one for each index of the first if it has two.
#include "runtime/Page.h"
#include "runtime/ValueFiles.h"
#include "runtime/Values.h"

namespace burin_rt {
namespace {

struct Plot {
  const Written &written;
  const burin_axis *along, *by; ///< of the points; of the lines, null: there is one
  Page page;

  double value(uint64_t line, uint64_t i) const {
    return numberAt(written.file.type, written.value(), line * written.extent(by ? 1 : 0) + i);
  }
  uint64_t lines() const { return by ? written.present(0, 0) : 1; }
  uint64_t points(uint64_t line) const { return written.present(by ? 1 : 0, by ? line : 0); }
  void scale();
  void marks(Text &out) const;
  void line(Text &out, uint64_t number) const;
  void legend(Text &out) const;
};

void Plot::scale() {
  double least = __builtin_inf(), most = -least;
  uint64_t longest = 1;
  for (uint64_t n = 0; n < lines(); ++n) {
    longest = points(n) > longest ? points(n) : longest;
    for (uint64_t i = 0; i < points(n); ++i)
      if (double v = value(n, i); hasPlace(v))
        least = v < least ? v : least, most = v > most ? v : most;
  }
  page.y.fit(least <= most ? least : 0, least <= most ? most : 1);
  page.x.fit(0, double(longest - 1));
  if (page.x.step < 1)
    page.x.step = 1;
}

// Along the lines there are indices.
void Plot::marks(Text &out) const {
  out.add("<g fill=\"#333\" text-anchor=\"middle\">\n");
  for (unsigned k = 0; double(k) * page.x.step <= page.x.high; ++k) {
    double i = double(k) * page.x.step;
    out.add("<text x=\"%.2f\" y=\"%g\">", page.across(i), Page::bottom + 18);
    if (uint64_t(i) < along->label_count)
      out.escaped(along->labels[uint64_t(i)]);
    else
      out.add("%.0f", i);
    out.add("</text>\n");
  }
  out.add("<text x=\"%g\" y=\"%g\">", (Page::left + page.right) / 2, Page::bottom + 38);
  out.escaped(along->name);
  out.add("</text>\n</g>\n");
}

// A value without a place leaves a gap; one between two gaps is a dot.
void Plot::line(Text &out, uint64_t number) const {
  out.add("<path fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" stroke-linecap=\"round\" d=\"", colour(number));
  bool open = false;
  for (uint64_t i = 0; i < points(number); ++i) {
    double v = value(number, i);
    bool shown = hasPlace(v);
    if (shown)
      out.add("%c%.2f %.2f%s", open ? 'L' : 'M', page.across(double(i)), page.up(v), open ? "" : "h0");
    open = shown;
  }
  out.add("\"/>\n");
}

void Plot::legend(Text &out) const {
  constexpr uint64_t most = 20; // more would leave the page
  for (uint64_t n = 0; by && n < lines() && n < most; ++n) {
    double at = Page::top + 14 + 16 * double(n);
    out.add("<text x=\"%g\" y=\"%g\" text-anchor=\"end\" fill=\"%s\">", page.right - 4, at, colour(n));
    out.label(*by, n);
    out.add("</text>\n");
  }
}
} // namespace

bool writeLines(const Written &written) {
  const burin_type &type = written.file.type;
  const burin_axis *axes = written.program->axes;
  bool several = type.rank == 2;
  Plot plot{written, &axes[type.axes[several ? 1 : 0]], several ? &axes[type.axes[0]] : nullptr, {}};
  plot.scale();
  Replacement replaced;
  if (!replaced.begin(written.file.path, "E0520"))
    return false;
  Text out(replaced);
  plot.page.begin(out);
  plot.page.rows(out);
  plot.marks(out);
  plot.page.border(out);
  for (uint64_t n = 0; n < plot.lines(); ++n)
    plot.line(out, n);
  plot.legend(out);
  out.add("</svg>\n");
  out.flush();
  return replaced.commit();
}
} // namespace burin_rt
