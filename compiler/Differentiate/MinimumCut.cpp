// Dinic's algorithm (1970): flow along shortest paths, layer by layer.
#include "compiler/Differentiate/MinimumCut.h"
#include <algorithm>

namespace burin {

void FlowGraph::addEdge(unsigned from, unsigned to, int64_t capacity) {
  edges[from].push_back({to, unsigned(edges[to].size()), capacity});
  edges[to].push_back({from, unsigned(edges[from].size() - 1), 0});
}

bool FlowGraph::layer() {
  depth.assign(edges.size(), -1);
  depth[0] = 0;
  std::vector<unsigned> queue{0};
  for (size_t at = 0; at < queue.size(); ++at)
    for (const Edge &e : edges[queue[at]])
      if (e.left > 0 && depth[e.to] < 0)
        depth[e.to] = depth[queue[at]] + 1, queue.push_back(e.to);
  return depth[1] >= 0;
}

// Along one path that goes a layer further at each edge; how much it took. The path is as long as there are layers, so
// it stands in a list of its own, not on the stack.
int64_t FlowGraph::push(unsigned node, int64_t most) {
  std::vector<std::pair<unsigned, unsigned>> path; // nodes, and the edge taken there
  while (node != 1) {
    bool found = false;
    for (unsigned &k = next[node]; k < edges[node].size(); ++k) {
      const Edge &e = edges[node][k];
      if (e.left > 0 && depth[e.to] == depth[node] + 1) {
        path.push_back({node, k});
        node = e.to, found = true;
        break;
      }
    }
    if (found)
      continue;
    if (path.empty())
      return 0;
    node = path.back().first, ++next[node]; // a dead end
    path.pop_back();
  }
  for (auto [from, k] : path)
    most = std::min(most, edges[from][k].left);
  for (auto [from, k] : path) {
    Edge &e = edges[from][k];
    e.left -= most, edges[e.to][e.back].left += most;
  }
  return most;
}

std::vector<bool> FlowGraph::sideOfSink() {
  while (layer()) {
    next.assign(edges.size(), 0);
    while (push(0, unlimited) > 0)
      ;
  }
  std::vector<bool> leads(edges.size());
  leads[1] = true;
  std::vector<unsigned> queue{1};
  for (size_t at = 0; at < queue.size(); ++at)
    for (const Edge &e : edges[queue[at]])
      if (!leads[e.to] && edges[e.to][e.back].left > 0)
        leads[e.to] = true, queue.push_back(e.to);
  return leads;
}

} // namespace burin
