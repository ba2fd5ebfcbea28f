// A file of a set's rows is written tile by tile: values, labels and lengths at the tile's rows, and which rows these are.
// RUN: %burin-opt %s --tile-sets --simplify | FileCheck %s
!rows = !burin.tensor<f32[d ?, p 2]>
task.data @d "csv" "d.csv" fields [] parts [{name = "", axis = "d", share = 1.0 : f64, rest = true}]

// CHECK: task.task @t
// CHECK: %[[X:.*]] = task.column @d "" "x"
// CHECK: %[[K:.*]] = task.column @d "" "k"
// CHECK: %[[N:.*]] = task.rows @d ""
// CHECK: burin.for %[[T:.*]] to %{{.*}}
// CHECK: %[[FIRST:.*]] = burin.mul %[[T]], %{{.*}}
// CHECK: %[[INDEX:.*]] = burin.cast
// CHECK: %[[XS:.*]] = burin.gather %[[X]][%[[INDEX]]] at ["d"]
// CHECK: %[[YS:.*]] = burin.exp %[[XS]]
// CHECK: %[[KS:.*]] = burin.gather %[[K]][%[[INDEX]]] at ["d"]
// CHECK: task.write "x.svg", %[[YS]] points by %[[KS]] : {{.*}} rows(%[[FIRST]], %[[N]] : {{.*}}) joined [1, 1] : <f32["d%" 256, p 2]>
// CHECK-NEXT: burin.yield
task.task @t(%key: !burin.tensor<i64>) {
  %x = task.column @d "" "x" : !rows
  %k = task.column @d "" "k" : !burin.tensor<i1[d ?]>
  %y = burin.exp %x : (!rows) -> !rows
  task.write "x.svg", %y points by %k : !burin.tensor<i1[d ?]> joined [1, 1] : !rows
  task.return
}
