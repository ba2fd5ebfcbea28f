//===- MinimumCut.h - The cheapest way to part a graph ----------------------------===//
#pragma once
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <vector>

namespace burin {

/// A directed graph with capacities. `cut` finds the edges of least capacity without which no path leads from 0 to 1.
class FlowGraph {
public:
  static constexpr int64_t unlimited = int64_t(1) << 60;
  FlowGraph() : edges(2) {}
  unsigned addNode() { return edges.emplace_back(), unsigned(edges.size() - 1); }
  void addEdge(unsigned from, unsigned to, int64_t capacity);
  /// Which nodes still lead to 1 after the cut, of the least cuts that which is nearest to 1.
  std::vector<bool> sideOfSink();

private:
  struct Edge {
    unsigned to;
    unsigned back; ///< place of the opposite edge at `to`
    int64_t left;  ///< capacity
  };
  bool layer();
  int64_t push(unsigned node, int64_t most);
  std::vector<llvm::SmallVector<Edge, 4>> edges;
  std::vector<int> depth;
  std::vector<unsigned> next;
};

} // namespace burin
