// `plot` of points: a dot for each, in the colour of its label, however many there are. They are kept on a grid of a
// fixed size, whose cells double their sides when a point lies beyond it: half a pixel or less at first, and the same
// whatever order the points come in.
#include "runtime/Errors.h"
#include "runtime/Page.h"
#include "runtime/ValueFiles.h"
#include "runtime/Values.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {
namespace {

constexpr uint64_t cells = 2048;     ///< along a side of the grid, a power of two
constexpr uint64_t mostDots = 50000; ///< of a file: more are drawn on a coarser grid, whose dots still touch
constexpr uint32_t others = 1;       ///< what a cell holds: 0 nothing; labels without a colour; else 2 + label

/// One of the two coordinates: what there is of it, in cells of 2^power.
struct Side {
  double least = __builtin_inf(), most = -__builtin_inf();
  int power = 0;
  double cellOf(double v) const { return __builtin_floor(ldexp(v, -power)); }
  uint64_t placeOf(double cell) const { return uint64_t(int64_t(cell)) & (cells - 1); }
  double cellAt(uint64_t place) const; ///< the one that has this place
  double middle(double cell) const;
  bool include(double v);
};

double Side::cellAt(uint64_t place) const {
  double first = cellOf(least);
  return first + double((place - placeOf(first)) & (cells - 1));
}

// Where the dot of a cell stands; one point is where it is.
double Side::middle(double cell) const {
  double v = ldexp(cell + 0.5, power);
  return v < least ? least : v > most ? most : v;
}

// Whether cells have to be larger.
bool Side::include(double v) {
  if (!(least <= most)) { // the first: cells as small as a double has
    int exponent = 0;
    frexp(v, &exponent);
    power = exponent - 50 < -900 || v == 0 ? -900 : exponent - 50;
  }
  least = v < least ? v : least, most = v > most ? v : most;
  int before = power;
  while (!(cellOf(most) - cellOf(least) < double(cells)))
    ++power;
  return power != before;
}
} // namespace

class Points {
public:
  bool begin();
  bool add(double x, double y, uint64_t label);
  bool write(const Written &written);
  void end() { free(grid); }

private:
  unsigned char &cell(double across, double up) { return grid[y.placeOf(up) * cells + x.placeOf(across)]; }
  template <typename Use> void each(const Side &x, const Side &y, const Use &use);
  bool regrid(const Side &oldX, const Side &oldY);
  bool coarsen();
  void dots(Text &out, const Page &page, uint32_t kind);
  void legend(Text &out, const Page &page, const Written &written) const;
  unsigned char *grid = nullptr; ///< row by row; a cell's place is its number modulo the side
  Side x, y;
  uint64_t shown = 0, without = 0; ///< points; those that have no place
  bool seen[others + colourCount + 1] = {};
};

bool Points::begin() { return (grid = allocateZeroed<unsigned char>(cells * cells, "a plot")) != nullptr; }

// The cells that hold something, of sides as they are, or were: mostly few, so eight are looked at together.
template <typename Use> void Points::each(const Side &atX, const Side &atY, const Use &use) {
  for (uint64_t place = 0; place < cells * cells; place += 8) {
    uint64_t eight = 0;
    memcpy(&eight, grid + place, 8);
    for (uint64_t k = place; eight && k < place + 8; ++k)
      if (grid[k])
        use(atX.cellAt(k % cells), atY.cellAt(k / cells), grid[k]);
  }
}

// To larger cells, several of which may fall together: then the later kind is seen, as if drawn over the other.
bool Points::regrid(const Side &oldX, const Side &oldY) {
  Points larger = *this;
  if (!larger.begin())
    return false;
  each(oldX, oldY, [&](double across, double up, unsigned char kind) {
    unsigned char &to = larger.cell(x.cellOf(ldexp(across, oldX.power)), y.cellOf(ldexp(up, oldY.power)));
    to = kind > to ? kind : to;
  });
  free(grid);
  grid = larger.grid;
  return true;
}

bool Points::add(double atX, double atY, uint64_t label) {
  if (!hasPlace(atX) || !hasPlace(atY))
    return ++without, true;
  Side oldX = x, oldY = y;
  bool larger = x.include(atX);
  larger |= y.include(atY);
  if (larger && shown && !regrid(oldX, oldY))
    return false;
  uint32_t kind = label < colourCount ? others + 1 + uint32_t(label) : others;
  unsigned char &to = cell(x.cellOf(atX), y.cellOf(atY));
  to = kind > to ? static_cast<unsigned char>(kind) : to;
  seen[kind] = true, ++shown;
  return true;
}

bool Points::coarsen() {
  for (int times = 0; times < 2; ++times) {
    uint64_t count = 0;
    each(x, y, [&](double, double, unsigned char) { ++count; });
    if (count <= mostDots)
      break;
    Side oldX = x, oldY = y;
    ++x.power, ++y.power;
    if (!regrid(oldX, oldY))
      return false;
  }
  return true;
}

void Points::dots(Text &out, const Page &page, uint32_t kind) {
  out.add("<path stroke=\"%s\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"",
          kind == others ? "#aaa" : colour(kind - others - 1));
  each(x, y, [&](double across, double up, unsigned char held) {
    if (held == kind)
      out.add("M%.1f %.1fh0", page.across(x.middle(across)), page.up(y.middle(up)));
  });
  out.add("\"/>\n");
}

// Beside the points: the labels that there are.
void Points::legend(Text &out, const Page &page, const Written &written) const {
  const burin_type &type = written.file.labels;
  constexpr uint32_t longest = 18; // characters
  double at = Page::top + 12;
  for (uint32_t k = 0; k <= colourCount; ++k, at += 16) {
    uint32_t kind = k == colourCount ? others : others + 1 + k;
    if (!seen[kind] && (at -= 16, true))
      continue;
    out.add("<circle cx=\"%g\" cy=\"%g\" r=\"4\" fill=\"%s\"/>\n<text x=\"%g\" y=\"%g\">", page.right + 12, at - 4,
            kind == others ? "#aaa" : colour(k), page.right + 22, at);
    if (kind == others)
      out.add("others");
    else if (type.element == BURIN_BOOL)
      out.add(k ? "true" : "false");
    else
      out.label(written.program->axes[type.index_axis], k, longest);
    out.add("</text>\n");
  }
}

bool Points::write(const Written &written) {
  if (!coarsen())
    return false;
  const burin_type &type = written.file.type;
  Page page;
  page.right = written.file.labelled ? 500 : 620;
  page.x.fit(shown ? x.least : 0, shown ? x.most : 1);
  page.y.fit(shown ? y.least : 0, shown ? y.most : 1);
  Replacement replaced;
  if (!replaced.begin(written.file.path, "E0520"))
    return false;
  Text out(replaced);
  page.begin(out);
  page.columns(out);
  page.rows(out);
  page.border(out);
  const burin_axis &plane = written.program->axes[type.axes[type.rank - 1]];
  out.add("<g fill=\"#333\" text-anchor=\"middle\">\n<text x=\"%g\" y=\"%g\">", (Page::left + page.right) / 2,
          Page::bottom + 38);
  out.label(plane, 0);
  out.add("</text>\n<text transform=\"translate(14 %g) rotate(-90)\">", (Page::top + Page::bottom) / 2);
  out.label(plane, 1);
  out.add("</text>\n</g>\n");
  for (uint32_t kind = others; kind <= others + colourCount; ++kind)
    if (seen[kind])
      dots(out, page, kind);
  if (written.file.labelled)
    legend(out, page, written);
  if (without)
    out.add("<text x=\"%g\" y=\"%g\" text-anchor=\"end\" fill=\"#666\">%llu of %llu points are no numbers</text>\n",
            Page::width - 4, Page::height - 6, static_cast<unsigned long long>(without),
            static_cast<unsigned long long>(without + shown));
  out.add("</svg>\n");
  out.flush();
  return replaced.commit();
}

Points *beginPoints() {
  Points *points = allocate<Points>(1, "a plot");
  if (points && !points->begin()) {
    free(points);
    return nullptr;
  }
  return points;
}

// The coordinates lie next to each other.
bool addPoints(Points *points, const Written &written) {
  const burin_value_file &file = written.file;
  return written.eachRun([&](uint64_t element, uint64_t) {
    double label = file.labelled ? numberAt(file.labels, written.labels(), element / 2) : 0;
    return points->add(numberAt(file.type, written.value(), element), numberAt(file.type, written.value(), element + 1),
                       uint64_t(label));
  });
}

bool endPoints(Points *points, const Written &written) {
  bool fine = points->write(written);
  points->end();
  free(points);
  return fine;
}
} // namespace burin_rt
