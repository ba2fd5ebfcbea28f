// Rows of a computed set: only they are computed.
// RUN: %burin-opt %s --tile-sets | FileCheck %s
!x = !burin.tensor<f32["d.train" ?, pixel 4]>
!index = !burin.tensor<!burin.index<"d.train" ?>[batch 8]>

task.data @d "csv" "d.csv" fields [] parts [{name = "train", axis = "d.train", share = 1.0 : f64, rest = true}]

// CHECK-LABEL: func.func @batch
// CHECK: %[[X:.*]] = task.column
// CHECK: %[[ROWS:.*]] = burin.gather %[[X]][%arg0] at ["d.train"] : {{.*}} -> !burin.tensor<f32[batch 8, pixel 4]>
// CHECK-NEXT: %[[SCALED:.*]] = burin.div %[[ROWS]], %{{.*}} -> !burin.tensor<f32[batch 8, pixel 4]>
// CHECK-NEXT: %[[Y:.*]] = burin.contract %[[SCALED]], %arg1
// CHECK-NEXT: return %[[Y]]
func.func @batch(%i: !index, %w: !burin.tensor<f32[pixel 4, out 3]>) -> !burin.tensor<f32[batch 8, out 3]> {
  %x = task.column @d "train" "image" : <f32["d.train" ?, pixel 4]>
  %sixteen = burin.constant dense<16.0> : !burin.tensor<f32>
  %scaled = burin.div %x, %sixteen : (!x, !burin.tensor<f32>) -> !x
  %y = burin.contract %scaled, %w over ["pixel"] : (!x, !burin.tensor<f32[pixel 4, out 3]>) -> !burin.tensor<f32["d.train" ?, out 3]>
  %rows = burin.gather %y[%i] at ["d.train"] : (!burin.tensor<f32["d.train" ?, out 3]>, !index) -> !burin.tensor<f32[batch 8, out 3]>
  func.return %rows : !burin.tensor<f32[batch 8, out 3]>
}

// One row has no axis; another axis that is indexed along with the set's is gathered after.
// CHECK-LABEL: func.func @element
// CHECK: %[[ROW:.*]] = burin.gather %{{.*}}[%arg0] at ["d.train"] : {{.*}} -> !burin.tensor<f32[pixel 4]>
// CHECK: %[[NEGATED:.*]] = burin.neg %[[ROW]] : (!burin.tensor<f32[pixel 4]>)
// CHECK: burin.gather %[[NEGATED]][%arg1] at ["pixel"]
func.func @element(%i: !burin.tensor<!burin.index<"d.train" ?>>, %p: !burin.tensor<!burin.index<pixel 4>>) -> !burin.tensor<f32> {
  %x = task.column @d "train" "image" : <f32["d.train" ?, pixel 4]>
  %n = burin.neg %x : (!x) -> !x
  %v = burin.gather %n[%i, %p] at ["d.train", "pixel"] : (!x, !burin.tensor<!burin.index<"d.train" ?>>, !burin.tensor<!burin.index<pixel 4>>) -> !burin.tensor<f32>
  func.return %v : !burin.tensor<f32>
}

// The index has an axis that the expression sums over: it gets another there, and the pairs that are one are taken.
// CHECK-LABEL: func.func @apart
// CHECK: %[[INDEX:.*]] = burin.rename %arg0 : {{.*}} -> !burin.tensor<!burin.index<d.train ?>["pixel%at" 4]>
// CHECK: %[[ROWS:.*]] = burin.gather %{{.*}}[%[[INDEX]]] at ["d.train"] : {{.*}} -> !burin.tensor<f32["pixel%at" 4, pixel 4]>
// CHECK: %[[SUM:.*]] = burin.reduce "sum" %[[ROWS]] over ["pixel"]
// CHECK: %[[PAIRS:.*]] = burin.div %[[ROWS]], %[[SUM]] : {{.*}} -> !burin.tensor<f32["pixel%at" 4, pixel 4]>
// CHECK: %[[BOTH:.*]] = burin.iota : <!burin.index<"pixel%at" 4>[pixel 4]>
// CHECK: burin.gather %[[PAIRS]][%[[BOTH]]] at ["pixel%at"] : {{.*}} -> !burin.tensor<f32[pixel 4]>
func.func @apart(%i: !burin.tensor<!burin.index<"d.train" ?>[pixel 4]>) -> !burin.tensor<f32[pixel 4]> {
  %x = task.column @d "train" "image" : <f32["d.train" ?, pixel 4]>
  %s = burin.reduce "sum" %x over ["pixel"] : (!x) -> !burin.tensor<f32["d.train" ?]>
  %y = burin.div %x, %s : (!x, !burin.tensor<f32["d.train" ?]>) -> !x
  %v = burin.gather %y[%i] at ["d.train"] : (!x, !burin.tensor<!burin.index<"d.train" ?>[pixel 4]>) -> !burin.tensor<f32[pixel 4]>
  func.return %v : !burin.tensor<f32[pixel 4]>
}
