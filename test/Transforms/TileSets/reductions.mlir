// A reduction over a set is a loop over tiles of its rows, with lanes or a chain carried from tile to tile.
// RUN: %burin-opt %s --tile-sets --simplify | FileCheck %s
!rows = !burin.tensor<f32["d.test" ?]>
!x = !burin.tensor<f32["d.test" ?, pixel 4]>
!y = !burin.tensor<f32["d.test" ?, out 3]>

task.data @d "csv" "d.csv" fields [] parts [{name = "train", axis = "d.train", share = 0.8 : f64, rest = false}, {name = "test", axis = "d.test", share = 0.2 : f64, rest = true}]

// Two reductions of one set share a loop; rows beyond the end are the identity, and the last row stands in for them before.
// CHECK-LABEL: func.func @shared
// CHECK: %[[X:.*]] = task.column @d "test" "image"
// CHECK: %[[N:.*]] = task.rows @d "test"
// CHECK: %[[UP:.*]] = burin.add %[[N]], %{{.*}}
// CHECK: %[[COUNT:.*]] = burin.div %[[UP]], %{{.*}}
// CHECK: %[[LOOP:.*]]:2 = burin.for %[[T:.*]] to %[[COUNT]] carries(%[[SUM:.*]] = %{{.*}}, %[[MAX:.*]] = %{{.*}}) : !burin.tensor<f32[out 3, lane 16]>, !burin.tensor<f32[lane 16]>
// CHECK: %[[ROW:.*]] = burin.add
// CHECK: %[[CLAMPED:.*]] = burin.min %[[ROW]], %{{.*}}
// CHECK: %[[INDEX:.*]] = burin.cast %[[CLAMPED]]
// CHECK: %[[INSIDE:.*]] = burin.lt %[[ROW]], %[[N]]
// CHECK: %[[TILE:.*]] = burin.gather %[[X]][%[[INDEX]]] at ["d.test"]
// CHECK: %[[Y:.*]] = burin.contract %[[TILE]], %arg0 over ["pixel"] : (!burin.tensor<f32["d.test%" 256, pixel 4]>, !burin.tensor<f32[pixel 4, out 3]>) -> !burin.tensor<f32["d.test%" 256, out 3]>
// CHECK: %[[MASKED:.*]] = burin.select %[[INSIDE]], %[[Y]], %{{.*}}
// CHECK: burin.accumulate "sum" %[[MASKED]] into %[[SUM]] over ["d.test%"]
// CHECK: %[[LARGEST:.*]] = burin.reduce "max" %[[Y]] over ["out"]
// CHECK: %[[MASKED2:.*]] = burin.select %[[INSIDE]], %[[LARGEST]], %{{.*}}
// CHECK: burin.accumulate "max" %[[MASKED2]] into %[[MAX]] over ["d.test%"]
// CHECK-NOT: burin.for
// CHECK: burin.reduce "sum" %[[LOOP]]#0 over ["lane"]
// CHECK: burin.reduce "max" %[[LOOP]]#1 over ["lane"]
func.func @shared(%w: !burin.tensor<f32[pixel 4, out 3]>) -> (!burin.tensor<f32[out 3]>, !burin.tensor<f32>) {
  %x = task.column @d "test" "image" : <f32["d.test" ?, pixel 4]>
  %y = burin.contract %x, %w over ["pixel"] : (!x, !burin.tensor<f32[pixel 4, out 3]>) -> !y
  %sum = burin.reduce "sum" %y over ["d.test"] : (!y) -> !burin.tensor<f32[out 3]>
  %largest = burin.reduce "max" %y over ["out"] : (!y) -> !rows
  %max = burin.reduce "max" %largest over ["d.test"] : (!rows) -> !burin.tensor<f32>
  func.return %sum, %max : !burin.tensor<f32[out 3]>, !burin.tensor<f32>
}

// A contraction over the set carries its chain; both factors are 0 beyond the end.
// CHECK-LABEL: func.func @contraction
// CHECK: burin.for %{{.*}} carries(%[[ACC:.*]] = %{{.*}}) : !burin.tensor<f32[pixel 4, out 3]>
// CHECK: %[[A:.*]] = burin.select
// CHECK: %[[B:.*]] = burin.select
// CHECK: burin.contract %[[A]], %[[B]] from %[[ACC]] over ["d.test%"]
func.func @contraction(%w: !burin.tensor<f32[pixel 4, out 3]>) -> !burin.tensor<f32[pixel 4, out 3]> {
  %x = task.column @d "test" "image" : <f32["d.test" ?, pixel 4]>
  %y = burin.contract %x, %w over ["pixel"] : (!x, !burin.tensor<f32[pixel 4, out 3]>) -> !y
  %g = burin.contract %x, %y over ["d.test"] : (!x, !y) -> !burin.tensor<f32[pixel 4, out 3]>
  func.return %g : !burin.tensor<f32[pixel 4, out 3]>
}

// What needs a first reduction's result goes through the set a second time.
// CHECK-LABEL: func.func @variance
// CHECK: burin.for
// CHECK: %[[SUM:.*]] = burin.reduce "sum" %{{.*}} over ["lane"]
// CHECK: %[[MEAN:.*]] = burin.div %[[SUM]]
// CHECK: burin.for
// CHECK: burin.sub %{{.*}}, %[[MEAN]]
// CHECK: burin.accumulate
// CHECK: burin.reduce "sum" %{{.*}} over ["lane"]
func.func @variance() -> !burin.tensor<f32> {
  %x = task.column @d "test" "age" : <f32["d.test" ?]>
  %n = task.rows @d "test" : <i64>
  %count = burin.cast %n : (!burin.tensor<i64>) -> !burin.tensor<f32>
  %sum = burin.reduce "sum" %x over ["d.test"] : (!rows) -> !burin.tensor<f32>
  %mean = burin.div %sum, %count : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %difference = burin.sub %x, %mean : (!rows, !burin.tensor<f32>) -> !rows
  %square = burin.mul %difference, %difference : (!rows, !rows) -> !rows
  %variance = burin.reduce "sum" %square over ["d.test"] : (!rows) -> !burin.tensor<f32>
  func.return %variance : !burin.tensor<f32>
}

// A later reduction's weights are computed before the loop that it joins.
// CHECK-LABEL: func.func @joins
// CHECK: %[[W:.*]] = burin.exp %arg0
// CHECK: burin.for %{{.*}} carries(%{{.*}}, %{{.*}})
// CHECK: burin.mul %{{.*}}, %[[W]]
// CHECK-NOT: burin.for
func.func @joins(%s: !burin.tensor<f32>) -> (!burin.tensor<f32>, !burin.tensor<f32>) {
  %x = task.column @d "test" "age" : <f32["d.test" ?]>
  %sum = burin.reduce "sum" %x over ["d.test"] : (!rows) -> !burin.tensor<f32>
  %w = burin.exp %s : (!burin.tensor<f32>) -> !burin.tensor<f32>
  %scaled = burin.mul %x, %w : (!rows, !burin.tensor<f32>) -> !rows
  %min = burin.reduce "min" %scaled over ["d.test"] : (!rows) -> !burin.tensor<f32>
  func.return %sum, %min : !burin.tensor<f32>, !burin.tensor<f32>
}

// Counting goes by rows too: an index along the set is the row itself.
// CHECK-LABEL: func.func @indices
// CHECK: %[[INDEX:.*]] = burin.cast %{{.*}} : (!burin.tensor<i64["d.test%" 256]>) -> !burin.tensor<!burin.index<d.test ?>["d.test%" 256]>
// CHECK: burin.cast %[[INDEX]] : {{.*}} -> !burin.tensor<i64["d.test%" 256]>
func.func @indices() -> !burin.tensor<i64> {
  %i = burin.iota : <!burin.index<"d.test" ?>["d.test" ?]>
  %k = burin.cast %i : (!burin.tensor<!burin.index<"d.test" ?>["d.test" ?]>) -> !burin.tensor<i64["d.test" ?]>
  %sum = burin.reduce "sum" %k over ["d.test"] : (!burin.tensor<i64["d.test" ?]>) -> !burin.tensor<i64>
  func.return %sum : !burin.tensor<i64>
}
