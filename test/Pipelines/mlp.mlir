// A small network from text of ops to the gradient's IR: two layers, cross-entropy, Adam; batches drawn by a shuffle, and the accuracy
// over a whole set. The label is which of an example's three numbers is the largest. What is left is plain, and it learns: the same at the graph and at the grad stage.
// RUN: %burin-opt %s --graph-to-grad | FileCheck %s
// Every op has a place in the text, but for constants that folding made.
// RUN: %burin-opt %s --graph-to-grad --mlir-print-debuginfo --mlir-print-local-scope | grep -v burin.constant | not grep "loc(unknown)"
// RUN: %burin-opt %s --interpret -o /dev/null | FileCheck %s --check-prefix=VALUES
// RUN: %burin-opt %s --graph-to-grad --interpret -o /dev/null | FileCheck %s --check-prefix=VALUES

// VALUES: loss 1.0487
// VALUES: loss 0.0391
// VALUES: accuracy 40
// VALUES-NEXT: train -> true

// CHECK-NOT: func.func
// CHECK-LABEL: task.task @train
// CHECK-NOT: {{call|burin.grad|burin.stop}}
// One loop for epochs and one for batches, each carrying parameters and the optimiser's state.
// CHECK: burin.for "epoch"
// CHECK: burin.for "b"
// CHECK: %[[X:.*]] = burin.gather
// Forward.
// CHECK: %[[Z:.*]] = burin.contract %[[X]], %[[W1:.*]] over ["pixel"]
// CHECK: %[[A:.*]] = burin.add %[[Z]]
// CHECK: %[[Y:.*]] = burin.max %[[A]]
// CHECK: %[[LOGITS:.*]] = burin.contract %[[Y]], %[[W2:.*]] over ["hidden"]
// CHECK: %[[E:.*]] = burin.exp
// CHECK: burin.log
// Backward: no second exp, no second max, no scatter; relu's derivative asks about its argument.
// CHECK-NOT: {{burin.exp|burin.max|scatter}}
// CHECK: %[[DLOGITS:.*]] = burin.add %{{.*}} -> !burin.tensor<f32[batch 10, digit 3]>
// CHECK: burin.reduce "sum" %[[DLOGITS]] over ["batch"]
// CHECK: %[[DY:.*]] = burin.contract %[[DLOGITS]], %[[W2]] over ["digit"]
// CHECK: burin.contract %[[Y]], %[[DLOGITS]] over ["batch"]
// CHECK: %[[POSITIVE:.*]] = burin.gt %[[A]]
// CHECK: %[[DA:.*]] = burin.select %[[POSITIVE]], %[[DY]]
// CHECK: burin.contract %[[X]], %[[DA]] over ["batch"]
// CHECK: task.record "loss"
// The set in tiles.
// CHECK: burin.for
// CHECK: burin.accumulate "sum"
// CHECK: task.record "accuracy"
// CHECK-COUNT-13: task.set
// CHECK: task.return

task.axis "digit" 3
task.data @set "csv" "set.csv" fields [{name = "x", type = !burin.tensor<f32[pixel 3]>, first = 0, count = 3}] parts [{name = "train", axis = "set.train", share = 0.5 : f64, rest = false}, {name = "test", axis = "set.test", share = 0.5 : f64, rest = true}] {rows = array<i64: 40, 40>}
task.slot @w1 "parameter" : !burin.tensor<f32[pixel 3, hidden 8]>
task.slot @w1.m "optimiser" : !burin.tensor<f32[pixel 3, hidden 8]>
task.slot @w1.v "optimiser" : !burin.tensor<f32[pixel 3, hidden 8]>
task.slot @b1 "parameter" : !burin.tensor<f32[hidden 8]>
task.slot @b1.m "optimiser" : !burin.tensor<f32[hidden 8]>
task.slot @b1.v "optimiser" : !burin.tensor<f32[hidden 8]>
task.slot @w2 "parameter" : !burin.tensor<f32[hidden 8, digit 3]>
task.slot @w2.m "optimiser" : !burin.tensor<f32[hidden 8, digit 3]>
task.slot @w2.v "optimiser" : !burin.tensor<f32[hidden 8, digit 3]>
task.slot @b2 "parameter" : !burin.tensor<f32[digit 3]>
task.slot @b2.m "optimiser" : !burin.tensor<f32[digit 3]>
task.slot @b2.v "optimiser" : !burin.tensor<f32[digit 3]>
task.slot @t "optimiser" : !burin.tensor<f32>
func.func private @layer1(%x: !burin.tensor<f32[batch 10, pixel 3]>) -> !burin.tensor<f32[batch 10, hidden 8]> {
  %w = task.get @w1 : <f32[pixel 3, hidden 8]>
  %b = task.get @b1 : <f32[hidden 8]>
  %p = burin.contract %x, %w over ["pixel"] : (!burin.tensor<f32[batch 10, pixel 3]>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[batch 10, hidden 8]>
  %z = burin.add %p, %b : (!burin.tensor<f32[batch 10, hidden 8]>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[batch 10, hidden 8]>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32>
  %y = burin.max %z, %zero : (!burin.tensor<f32[batch 10, hidden 8]>, !burin.tensor<f32>) -> !burin.tensor<f32[batch 10, hidden 8]>
  return %y : !burin.tensor<f32[batch 10, hidden 8]>
}
func.func private @layer2(%x: !burin.tensor<f32[batch 10, hidden 8]>) -> !burin.tensor<f32[batch 10, digit 3]> {
  %w = task.get @w2 : <f32[hidden 8, digit 3]>
  %b = task.get @b2 : <f32[digit 3]>
  %p = burin.contract %x, %w over ["hidden"] : (!burin.tensor<f32[batch 10, hidden 8]>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[batch 10, digit 3]>
  %z = burin.add %p, %b : (!burin.tensor<f32[batch 10, digit 3]>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[batch 10, digit 3]>
  return %z : !burin.tensor<f32[batch 10, digit 3]>
}
func.func private @layer1.all(%x: !burin.tensor<f32["set.test" ?, pixel 3]>) -> !burin.tensor<f32["set.test" ?, hidden 8]> {
  %w = task.get @w1 : <f32[pixel 3, hidden 8]>
  %b = task.get @b1 : <f32[hidden 8]>
  %p = burin.contract %x, %w over ["pixel"] : (!burin.tensor<f32["set.test" ?, pixel 3]>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32["set.test" ?, hidden 8]>
  %z = burin.add %p, %b : (!burin.tensor<f32["set.test" ?, hidden 8]>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32["set.test" ?, hidden 8]>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32>
  %y = burin.max %z, %zero : (!burin.tensor<f32["set.test" ?, hidden 8]>, !burin.tensor<f32>) -> !burin.tensor<f32["set.test" ?, hidden 8]>
  return %y : !burin.tensor<f32["set.test" ?, hidden 8]>
}
func.func private @layer2.all(%x: !burin.tensor<f32["set.test" ?, hidden 8]>) -> !burin.tensor<f32["set.test" ?, digit 3]> {
  %w = task.get @w2 : <f32[hidden 8, digit 3]>
  %b = task.get @b2 : <f32[digit 3]>
  %p = burin.contract %x, %w over ["hidden"] : (!burin.tensor<f32["set.test" ?, hidden 8]>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32["set.test" ?, digit 3]>
  %z = burin.add %p, %b : (!burin.tensor<f32["set.test" ?, digit 3]>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32["set.test" ?, digit 3]>
  return %z : !burin.tensor<f32["set.test" ?, digit 3]>
}
func.func private @cross_entropy(%logits: !burin.tensor<f32[batch 10, digit 3]>, %label: !burin.tensor<!burin.index<digit 3>[batch 10]>) -> !burin.tensor<f32[batch 10]> {
  %m = burin.reduce "max" %logits over ["digit"] : (!burin.tensor<f32[batch 10, digit 3]>) -> !burin.tensor<f32[batch 10]>
  %s = burin.stop %m : (!burin.tensor<f32[batch 10]>) -> !burin.tensor<f32[batch 10]>
  %d = burin.sub %logits, %s : (!burin.tensor<f32[batch 10, digit 3]>, !burin.tensor<f32[batch 10]>) -> !burin.tensor<f32[batch 10, digit 3]>
  %e = burin.exp %d : (!burin.tensor<f32[batch 10, digit 3]>) -> !burin.tensor<f32[batch 10, digit 3]>
  %sum = burin.reduce "sum" %e over ["digit"] : (!burin.tensor<f32[batch 10, digit 3]>) -> !burin.tensor<f32[batch 10]>
  %log = burin.log %sum : (!burin.tensor<f32[batch 10]>) -> !burin.tensor<f32[batch 10]>
  %all = burin.add %log, %s : (!burin.tensor<f32[batch 10]>, !burin.tensor<f32[batch 10]>) -> !burin.tensor<f32[batch 10]>
  %at = burin.gather %logits[%label] at ["digit"] : (!burin.tensor<f32[batch 10, digit 3]>, !burin.tensor<!burin.index<digit 3>[batch 10]>) -> !burin.tensor<f32[batch 10]>
  %loss = burin.sub %all, %at : (!burin.tensor<f32[batch 10]>, !burin.tensor<f32[batch 10]>) -> !burin.tensor<f32[batch 10]>
  return %loss : !burin.tensor<f32[batch 10]>
}
func.func private @adam.w1(%p: !burin.tensor<f32[pixel 3, hidden 8]>, %g: !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]> {
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %b1 = burin.constant dense<0.9> : !burin.tensor<f32>
  %b2 = burin.constant dense<0.99> : !burin.tensor<f32>
  %lr = burin.constant dense<0.05> : !burin.tensor<f32>
  %eps = burin.constant dense<1.0e-8> : !burin.tensor<f32>
  %t = task.get @t : <f32>
  %m = task.get @w1.m : <f32[pixel 3, hidden 8]>
  %v = task.get @w1.v : <f32[pixel 3, hidden 8]>
  %keep1 = burin.mul %b1, %m : (!burin.tensor<f32>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %c1 = burin.sub %one, %b1 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %add1 = burin.mul %c1, %g : (!burin.tensor<f32>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %m1 = burin.add %keep1, %add1 : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  task.set @w1.m, %m1 : <f32[pixel 3, hidden 8]>
  %keep2 = burin.mul %b2, %v : (!burin.tensor<f32>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %c2 = burin.sub %one, %b2 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %g2 = burin.mul %g, %g : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %add2 = burin.mul %c2, %g2 : (!burin.tensor<f32>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %v1 = burin.add %keep2, %add2 : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  task.set @w1.v, %v1 : <f32[pixel 3, hidden 8]>
  %p1 = burin.pow %b1, %t : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %q1 = burin.sub %one, %p1 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %mean = burin.div %m1, %q1 : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %p2 = burin.pow %b2, %t : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %q2 = burin.sub %one, %p2 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %variance = burin.div %v1, %q2 : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %deviation = burin.sqrt %variance : (!burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %below = burin.add %deviation, %eps : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %direction = burin.div %mean, %below : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %step = burin.mul %lr, %direction : (!burin.tensor<f32>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  %next = burin.sub %p, %step : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  return %next : !burin.tensor<f32[pixel 3, hidden 8]>
}
func.func private @adam.b1(%p: !burin.tensor<f32[hidden 8]>, %g: !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]> {
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %b1 = burin.constant dense<0.9> : !burin.tensor<f32>
  %b2 = burin.constant dense<0.99> : !burin.tensor<f32>
  %lr = burin.constant dense<0.05> : !burin.tensor<f32>
  %eps = burin.constant dense<1.0e-8> : !burin.tensor<f32>
  %t = task.get @t : <f32>
  %m = task.get @b1.m : <f32[hidden 8]>
  %v = task.get @b1.v : <f32[hidden 8]>
  %keep1 = burin.mul %b1, %m : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  %c1 = burin.sub %one, %b1 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %add1 = burin.mul %c1, %g : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  %m1 = burin.add %keep1, %add1 : (!burin.tensor<f32[hidden 8]>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  task.set @b1.m, %m1 : <f32[hidden 8]>
  %keep2 = burin.mul %b2, %v : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  %c2 = burin.sub %one, %b2 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %g2 = burin.mul %g, %g : (!burin.tensor<f32[hidden 8]>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  %add2 = burin.mul %c2, %g2 : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  %v1 = burin.add %keep2, %add2 : (!burin.tensor<f32[hidden 8]>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  task.set @b1.v, %v1 : <f32[hidden 8]>
  %p1 = burin.pow %b1, %t : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %q1 = burin.sub %one, %p1 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %mean = burin.div %m1, %q1 : (!burin.tensor<f32[hidden 8]>, !burin.tensor<f32>) -> !burin.tensor<f32[hidden 8]>
  %p2 = burin.pow %b2, %t : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %q2 = burin.sub %one, %p2 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %variance = burin.div %v1, %q2 : (!burin.tensor<f32[hidden 8]>, !burin.tensor<f32>) -> !burin.tensor<f32[hidden 8]>
  %deviation = burin.sqrt %variance : (!burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  %below = burin.add %deviation, %eps : (!burin.tensor<f32[hidden 8]>, !burin.tensor<f32>) -> !burin.tensor<f32[hidden 8]>
  %direction = burin.div %mean, %below : (!burin.tensor<f32[hidden 8]>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  %step = burin.mul %lr, %direction : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  %next = burin.sub %p, %step : (!burin.tensor<f32[hidden 8]>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
  return %next : !burin.tensor<f32[hidden 8]>
}
func.func private @adam.w2(%p: !burin.tensor<f32[hidden 8, digit 3]>, %g: !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]> {
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %b1 = burin.constant dense<0.9> : !burin.tensor<f32>
  %b2 = burin.constant dense<0.99> : !burin.tensor<f32>
  %lr = burin.constant dense<0.05> : !burin.tensor<f32>
  %eps = burin.constant dense<1.0e-8> : !burin.tensor<f32>
  %t = task.get @t : <f32>
  %m = task.get @w2.m : <f32[hidden 8, digit 3]>
  %v = task.get @w2.v : <f32[hidden 8, digit 3]>
  %keep1 = burin.mul %b1, %m : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %c1 = burin.sub %one, %b1 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %add1 = burin.mul %c1, %g : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %m1 = burin.add %keep1, %add1 : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  task.set @w2.m, %m1 : <f32[hidden 8, digit 3]>
  %keep2 = burin.mul %b2, %v : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %c2 = burin.sub %one, %b2 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %g2 = burin.mul %g, %g : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %add2 = burin.mul %c2, %g2 : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %v1 = burin.add %keep2, %add2 : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  task.set @w2.v, %v1 : <f32[hidden 8, digit 3]>
  %p1 = burin.pow %b1, %t : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %q1 = burin.sub %one, %p1 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %mean = burin.div %m1, %q1 : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %p2 = burin.pow %b2, %t : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %q2 = burin.sub %one, %p2 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %variance = burin.div %v1, %q2 : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %deviation = burin.sqrt %variance : (!burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %below = burin.add %deviation, %eps : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %direction = burin.div %mean, %below : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %step = burin.mul %lr, %direction : (!burin.tensor<f32>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  %next = burin.sub %p, %step : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
  return %next : !burin.tensor<f32[hidden 8, digit 3]>
}
func.func private @adam.b2(%p: !burin.tensor<f32[digit 3]>, %g: !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]> {
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %b1 = burin.constant dense<0.9> : !burin.tensor<f32>
  %b2 = burin.constant dense<0.99> : !burin.tensor<f32>
  %lr = burin.constant dense<0.05> : !burin.tensor<f32>
  %eps = burin.constant dense<1.0e-8> : !burin.tensor<f32>
  %t = task.get @t : <f32>
  %m = task.get @b2.m : <f32[digit 3]>
  %v = task.get @b2.v : <f32[digit 3]>
  %keep1 = burin.mul %b1, %m : (!burin.tensor<f32>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  %c1 = burin.sub %one, %b1 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %add1 = burin.mul %c1, %g : (!burin.tensor<f32>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  %m1 = burin.add %keep1, %add1 : (!burin.tensor<f32[digit 3]>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  task.set @b2.m, %m1 : <f32[digit 3]>
  %keep2 = burin.mul %b2, %v : (!burin.tensor<f32>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  %c2 = burin.sub %one, %b2 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %g2 = burin.mul %g, %g : (!burin.tensor<f32[digit 3]>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  %add2 = burin.mul %c2, %g2 : (!burin.tensor<f32>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  %v1 = burin.add %keep2, %add2 : (!burin.tensor<f32[digit 3]>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  task.set @b2.v, %v1 : <f32[digit 3]>
  %p1 = burin.pow %b1, %t : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %q1 = burin.sub %one, %p1 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %mean = burin.div %m1, %q1 : (!burin.tensor<f32[digit 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[digit 3]>
  %p2 = burin.pow %b2, %t : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %q2 = burin.sub %one, %p2 : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %variance = burin.div %v1, %q2 : (!burin.tensor<f32[digit 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[digit 3]>
  %deviation = burin.sqrt %variance : (!burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  %below = burin.add %deviation, %eps : (!burin.tensor<f32[digit 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[digit 3]>
  %direction = burin.div %mean, %below : (!burin.tensor<f32[digit 3]>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  %step = burin.mul %lr, %direction : (!burin.tensor<f32>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  %next = burin.sub %p, %step : (!burin.tensor<f32[digit 3]>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
  return %next : !burin.tensor<f32[digit 3]>
}
task.task @program.initialise(%seed: !burin.tensor<i64>) attributes {initialise} {
  %zero = burin.constant dense<0.0> : !burin.tensor<f32>
  %half = burin.constant dense<0.5> : !burin.tensor<f32>
  %path0 = burin.constant dense<0> : !burin.tensor<i64>
  %key0 = burin.fold_in %seed, %path0 : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
  %u0 = burin.random %key0 : <i64> -> <f32[pixel 3, hidden 8]>
  %w1 = burin.sub %u0, %half : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  task.set @w1, %w1 : <f32[pixel 3, hidden 8]>
  %w1.m = burin.broadcast %zero : (!burin.tensor<f32>) -> !burin.tensor<f32[pixel 3, hidden 8]>
  task.set @w1.m, %w1.m : <f32[pixel 3, hidden 8]>
  task.set @w1.v, %w1.m : <f32[pixel 3, hidden 8]>
  %b1 = burin.broadcast %zero : (!burin.tensor<f32>) -> !burin.tensor<f32[hidden 8]>
  task.set @b1, %b1 : <f32[hidden 8]>
  %b1.m = burin.broadcast %zero : (!burin.tensor<f32>) -> !burin.tensor<f32[hidden 8]>
  task.set @b1.m, %b1.m : <f32[hidden 8]>
  task.set @b1.v, %b1.m : <f32[hidden 8]>
  %path2 = burin.constant dense<2> : !burin.tensor<i64>
  %key2 = burin.fold_in %seed, %path2 : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
  %u2 = burin.random %key2 : <i64> -> <f32[hidden 8, digit 3]>
  %w2 = burin.sub %u2, %half : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[hidden 8, digit 3]>
  task.set @w2, %w2 : <f32[hidden 8, digit 3]>
  %w2.m = burin.broadcast %zero : (!burin.tensor<f32>) -> !burin.tensor<f32[hidden 8, digit 3]>
  task.set @w2.m, %w2.m : <f32[hidden 8, digit 3]>
  task.set @w2.v, %w2.m : <f32[hidden 8, digit 3]>
  %b2 = burin.broadcast %zero : (!burin.tensor<f32>) -> !burin.tensor<f32[digit 3]>
  task.set @b2, %b2 : <f32[digit 3]>
  %b2.m = burin.broadcast %zero : (!burin.tensor<f32>) -> !burin.tensor<f32[digit 3]>
  task.set @b2.m, %b2.m : <f32[digit 3]>
  task.set @b2.v, %b2.m : <f32[digit 3]>
  task.set @t, %zero : <f32>
  task.return
}
task.task @train(%seed: !burin.tensor<i64>, %epochs: !burin.tensor<i64>) -> !burin.tensor<i1> attributes {options = [{name = "epochs", default = 20 : i64}]} {
  burin.for "epoch" %epoch to %epochs {
    %key = burin.fold_in %seed, %epoch : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
    %n = task.rows @set "train" : <i64>
    %ten = burin.constant dense<10> : !burin.tensor<i64>
    %batches = burin.div %n, %ten : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
    burin.for "b" %b to %batches {
      %iota = burin.iota : <!burin.index<batch 10>[batch 10]>
      %place = burin.cast %iota : (!burin.tensor<!burin.index<batch 10>[batch 10]>) -> !burin.tensor<i64[batch 10]>
      %base = burin.mul %b, %ten : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
      %row = burin.add %place, %base : (!burin.tensor<i64[batch 10]>, !burin.tensor<i64>) -> !burin.tensor<i64[batch 10]>
      %drawn = burin.shuffle %key, %n, %row : (!burin.tensor<i64>, !burin.tensor<i64>, !burin.tensor<i64[batch 10]>) -> !burin.tensor<i64[batch 10]>
      %i = burin.cast %drawn : (!burin.tensor<i64[batch 10]>) -> !burin.tensor<!burin.index<"set.train" ?>[batch 10]>
      %images = task.column @set "train" "x" : <f32["set.train" ?, pixel 3]>
      %x = burin.gather %images[%i] at ["set.train"] : (!burin.tensor<f32["set.train" ?, pixel 3]>, !burin.tensor<!burin.index<"set.train" ?>[batch 10]>) -> !burin.tensor<f32[batch 10, pixel 3]>
      %renamed = burin.rename %x : (!burin.tensor<f32[batch 10, pixel 3]>) -> !burin.tensor<f32[batch 10, digit 3]>
      %label = burin.arg_reduce "max" %renamed over "digit" : (!burin.tensor<f32[batch 10, digit 3]>) -> !burin.tensor<!burin.index<digit 3>[batch 10]>
      %g:5 = burin.grad over [@w1, @b1, @w2, @b2] -> (!burin.tensor<f32>, !burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32[hidden 8]>, !burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32[digit 3]>) {
        %hidden = func.call @layer1(%x) : (!burin.tensor<f32[batch 10, pixel 3]>) -> !burin.tensor<f32[batch 10, hidden 8]>
        %logits = func.call @layer2(%hidden) : (!burin.tensor<f32[batch 10, hidden 8]>) -> !burin.tensor<f32[batch 10, digit 3]>
        %losses = func.call @cross_entropy(%logits, %label) : (!burin.tensor<f32[batch 10, digit 3]>, !burin.tensor<!burin.index<digit 3>[batch 10]>) -> !burin.tensor<f32[batch 10]>
        %sum = burin.reduce "sum" %losses over ["batch"] : (!burin.tensor<f32[batch 10]>) -> !burin.tensor<f32>
        %count = burin.constant dense<10.0> : !burin.tensor<f32>
        %mean = burin.div %sum, %count : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
        burin.yield %mean : !burin.tensor<f32>
      }
      %one = burin.constant dense<1.0> : !burin.tensor<f32>
      %t = task.get @t : <f32>
      %next = burin.add %t, %one : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
      task.set @t, %next : <f32>
      %w1 = task.get @w1 : <f32[pixel 3, hidden 8]>
      %w1.next = func.call @adam.w1(%w1, %g#1) : (!burin.tensor<f32[pixel 3, hidden 8]>, !burin.tensor<f32[pixel 3, hidden 8]>) -> !burin.tensor<f32[pixel 3, hidden 8]>
      task.set @w1, %w1.next : <f32[pixel 3, hidden 8]>
      %b1 = task.get @b1 : <f32[hidden 8]>
      %b1.next = func.call @adam.b1(%b1, %g#2) : (!burin.tensor<f32[hidden 8]>, !burin.tensor<f32[hidden 8]>) -> !burin.tensor<f32[hidden 8]>
      task.set @b1, %b1.next : <f32[hidden 8]>
      %w2 = task.get @w2 : <f32[hidden 8, digit 3]>
      %w2.next = func.call @adam.w2(%w2, %g#3) : (!burin.tensor<f32[hidden 8, digit 3]>, !burin.tensor<f32[hidden 8, digit 3]>) -> !burin.tensor<f32[hidden 8, digit 3]>
      task.set @w2, %w2.next : <f32[hidden 8, digit 3]>
      %b2 = task.get @b2 : <f32[digit 3]>
      %b2.next = func.call @adam.b2(%b2, %g#4) : (!burin.tensor<f32[digit 3]>, !burin.tensor<f32[digit 3]>) -> !burin.tensor<f32[digit 3]>
      task.set @b2, %b2.next : <f32[digit 3]>
      task.record "loss", %g#0 : <f32>
    }
  }
  %x = task.column @set "test" "x" : <f32["set.test" ?, pixel 3]>
  %hidden = func.call @layer1.all(%x) : (!burin.tensor<f32["set.test" ?, pixel 3]>) -> !burin.tensor<f32["set.test" ?, hidden 8]>
  %logits = func.call @layer2.all(%hidden) : (!burin.tensor<f32["set.test" ?, hidden 8]>) -> !burin.tensor<f32["set.test" ?, digit 3]>
  %found = burin.arg_reduce "max" %logits over "digit" : (!burin.tensor<f32["set.test" ?, digit 3]>) -> !burin.tensor<!burin.index<digit 3>["set.test" ?]>
  %renamed = burin.rename %x : (!burin.tensor<f32["set.test" ?, pixel 3]>) -> !burin.tensor<f32["set.test" ?, digit 3]>
  %label = burin.arg_reduce "max" %renamed over "digit" : (!burin.tensor<f32["set.test" ?, digit 3]>) -> !burin.tensor<!burin.index<digit 3>["set.test" ?]>
  %hit = burin.eq %found, %label : (!burin.tensor<!burin.index<digit 3>["set.test" ?]>, !burin.tensor<!burin.index<digit 3>["set.test" ?]>) -> !burin.tensor<i1["set.test" ?]>
  %ones = burin.cast %hit : (!burin.tensor<i1["set.test" ?]>) -> !burin.tensor<f32["set.test" ?]>
  %hits = burin.reduce "sum" %ones over ["set.test"] : (!burin.tensor<f32["set.test" ?]>) -> !burin.tensor<f32>
  task.record "accuracy", %hits : <f32>
  %most = burin.constant dense<30.0> : !burin.tensor<f32>
  %learnt = burin.gt %hits, %most : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<i1>
  task.return %learnt : !burin.tensor<i1>
}
