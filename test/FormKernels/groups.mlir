// Which ops run as one kernel, and what a kernel is called: the task, the line in the text, what it mainly does.
// RUN: %burin-opt %s --form-kernels --split-input-file --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// Bias and relu are computed on the sums while these are in registers: one launch, of both.
// CHECK-LABEL: task.task @product
// CHECK-COUNT-1: task.launch @product_L[[#@LINE+7]]_contract(
// CHECK-NOT: task.launch
// CHECK: func.func private @product_L[[#@LINE+5]]_contract
// CHECK: burin.contract
// CHECK: burin.add
// CHECK: burin.max
task.task @product(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 10, k 7]>, %w: !burin.tensor<f32[k 7, j 20]>, %b: !burin.tensor<f32[j 20]>) -> !burin.tensor<f32[i 10, j 20]> attributes {options = [{name = "x"}, {name = "w"}, {name = "b"}]} {
  %y = burin.contract %x, %w over ["k"] : (!burin.tensor<f32[i 10, k 7]>, !burin.tensor<f32[k 7, j 20]>) -> !burin.tensor<f32[i 10, j 20]>
  %z = burin.add %y, %b : (!burin.tensor<f32[i 10, j 20]>, !burin.tensor<f32[j 20]>) -> !burin.tensor<f32[i 10, j 20]>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32>
  %r = burin.max %z, %zero : (!burin.tensor<f32[i 10, j 20]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 10, j 20]>
  task.return %r : !burin.tensor<f32[i 10, j 20]>
}

// -----

// Two phases of reductions along one axis, and what follows them, are one kernel over the rows: softmax with the loss of each row. The
// one-hot of the gradient begins with an index along the reduced axis alone, which has no rows: a kernel by itself.
// CHECK-LABEL: task.task @cross_entropy
// CHECK: task.launch @cross_entropy_L{{[0-9]+}}_reduce(
// CHECK: task.launch @cross_entropy_L{{[0-9]+}}_select(
// CHECK-NOT: task.launch
// CHECK: func.func private @cross_entropy_L
// CHECK: burin.reduce "max"
// CHECK: burin.reduce "sum"
// CHECK: burin.log
// CHECK: burin.div
// CHECK: func.func private @cross_entropy_L
// CHECK: burin.iota
// CHECK: burin.select
task.slot @loss "state" : !burin.tensor<f32[b 9]>
task.task @cross_entropy(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[b 9, d 10]>, %label: !burin.tensor<!burin.index<d 10>[b 9]>) -> !burin.tensor<f32[b 9, d 10]> attributes {options = [{name = "x"}, {name = "label"}]} {
  %m = burin.reduce "max" %x over ["d"] : (!burin.tensor<f32[b 9, d 10]>) -> !burin.tensor<f32[b 9]>
  %c = burin.sub %x, %m : (!burin.tensor<f32[b 9, d 10]>, !burin.tensor<f32[b 9]>) -> !burin.tensor<f32[b 9, d 10]>
  %e = burin.exp %c : (!burin.tensor<f32[b 9, d 10]>) -> !burin.tensor<f32[b 9, d 10]>
  %s = burin.reduce "sum" %e over ["d"] : (!burin.tensor<f32[b 9, d 10]>) -> !burin.tensor<f32[b 9]>
  %l = burin.log %s : (!burin.tensor<f32[b 9]>) -> !burin.tensor<f32[b 9]>
  %p = burin.div %e, %s : (!burin.tensor<f32[b 9, d 10]>, !burin.tensor<f32[b 9]>) -> !burin.tensor<f32[b 9, d 10]>
  %i = burin.iota : !burin.tensor<!burin.index<d 10>[d 10]>
  %h = burin.eq %i, %label : (!burin.tensor<!burin.index<d 10>[d 10]>, !burin.tensor<!burin.index<d 10>[b 9]>) -> !burin.tensor<i1[b 9, d 10]>
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %q = burin.sub %p, %one : (!burin.tensor<f32[b 9, d 10]>, !burin.tensor<f32>) -> !burin.tensor<f32[b 9, d 10]>
  %g = burin.select %h, %q, %p : (!burin.tensor<i1[b 9, d 10]>, !burin.tensor<f32[b 9, d 10]>, !burin.tensor<f32[b 9, d 10]>) -> !burin.tensor<f32[b 9, d 10]>
  task.set @loss, %l : !burin.tensor<f32[b 9]>
  task.return %g : !burin.tensor<f32[b 9, d 10]>
}

// -----

// Equal kernels exist once, whatever task they are of, and name all the places they come from.
// CHECK-LABEL: task.task @first
// CHECK: task.launch @[[$ONE:first_L[0-9]+_mul]](
// CHECK-LABEL: task.task @second
// CHECK: task.launch @[[$ONE]](
// CHECK: func.func private @[[$ONE]](
// CHECK-NOT: func.func
// CHECK: loc(fused[{{.*}}:[[#@LINE+2]]:{{.*}}:[[#@LINE+6]]:{{.*}}])
task.task @first(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 5]>) -> !burin.tensor<f32[i 5]> attributes {options = [{name = "x"}]} {
  %y = burin.mul %x, %x : (!burin.tensor<f32[i 5]>, !burin.tensor<f32[i 5]>) -> !burin.tensor<f32[i 5]>
  task.return %y : !burin.tensor<f32[i 5]>
}
task.task @second(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 5]>) -> !burin.tensor<f32[i 5]> attributes {options = [{name = "x"}]} {
  %y = burin.mul %x, %x : (!burin.tensor<f32[i 5]>, !burin.tensor<f32[i 5]>) -> !burin.tensor<f32[i 5]>
  task.return %y : !burin.tensor<f32[i 5]>
}

// -----

// A shuffle, which is long, is not computed once a column of what uses it; rows are gathered by a kernel of their own.
// CHECK-LABEL: task.task @rows
// CHECK: %[[ROWS:.*]] = task.launch @{{.*}} -> !burin.tensor<!burin.index<r 40>[b 8]>
// CHECK: task.launch @{{.*}}(%{{.*}}, %[[ROWS]]){{.*}} -> !burin.tensor<f32[b 8, c 3]>
// CHECK-NOT: task.launch
task.task @rows(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[r 40, c 3]>) -> !burin.tensor<f32[b 8, c 3]> attributes {options = [{name = "x"}]} {
  %i = burin.iota : !burin.tensor<!burin.index<b 8>[b 8]>
  %j = burin.cast %i : (!burin.tensor<!burin.index<b 8>[b 8]>) -> !burin.tensor<i64[b 8]>
  %n = burin.constant dense<40> : !burin.tensor<i64>
  %s = burin.shuffle %seed, %n, %j : (!burin.tensor<i64>, !burin.tensor<i64>, !burin.tensor<i64[b 8]>) -> !burin.tensor<i64[b 8]>
  %k = burin.cast %s : (!burin.tensor<i64[b 8]>) -> !burin.tensor<!burin.index<r 40>[b 8]>
  %y = burin.gather %x[%k] at ["r"] : (!burin.tensor<f32[r 40, c 3]>, !burin.tensor<!burin.index<r 40>[b 8]>) -> !burin.tensor<f32[b 8, c 3]>
  task.return %y : !burin.tensor<f32[b 8, c 3]>
}

// -----

// Numbers without axes share one kernel, though nothing connects them.
// CHECK-LABEL: task.task @numbers
// CHECK: task.launch {{.*}} -> (!burin.tensor<f32>, !burin.tensor<f32>)
// CHECK-NOT: task.launch
task.slot @b "state" : !burin.tensor<f32>
task.task @numbers(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32>, %y: !burin.tensor<f32>) -> !burin.tensor<f32> attributes {options = [{name = "x"}, {name = "y"}]} {
  %a = burin.sqrt %x : (!burin.tensor<f32>) -> !burin.tensor<f32>
  %b = burin.exp %y : (!burin.tensor<f32>) -> !burin.tensor<f32>
  task.set @b, %b : !burin.tensor<f32>
  task.return %a : !burin.tensor<f32>
}

// -----

// A gather reads its table anywhere, so the kernel before has to have written all of it.
// CHECK-LABEL: task.task @table
// CHECK: %[[TABLE:.*]] = task.launch @table_L{{[0-9]+}}_mul
// CHECK: task.launch @table_L{{[0-9]+}}_gather({{.*}}%[[TABLE]]
task.task @table(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[r 5]>, %i: !burin.tensor<!burin.index<r 5>[b 5]>) -> !burin.tensor<f32[b 5]> attributes {options = [{name = "x"}, {name = "i"}]} {
  %t = burin.mul %x, %x : (!burin.tensor<f32[r 5]>, !burin.tensor<f32[r 5]>) -> !burin.tensor<f32[r 5]>
  %y = burin.gather %t[%i] at ["r"] : (!burin.tensor<f32[r 5]>, !burin.tensor<!burin.index<r 5>[b 5]>) -> !burin.tensor<f32[b 5]>
  task.return %y : !burin.tensor<f32[b 5]>
}

// -----

// Counters are the host's: no kernel adds two of them.
// CHECK-LABEL: task.task @counters
// CHECK: burin.for
// CHECK: burin.add
// CHECK: task.launch @counters_L{{[0-9]+}}_random(%{{.*}}) : (!burin.tensor<i64>)
// CHECK-NOT: func.func {{.*}}add
task.task @counters(%seed: !burin.tensor<i64>) -> !burin.tensor<f32[i 3]> {
  %n = burin.constant dense<4> : !burin.tensor<i64>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32[i 3]>
  %y = burin.for %k to %n carries(%x = %zero) : !burin.tensor<f32[i 3]> {
    %key = burin.add %seed, %k : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
    %u = burin.random %key : !burin.tensor<i64> -> !burin.tensor<f32[i 3]>
    burin.yield %u : !burin.tensor<f32[i 3]>
  }
  task.return %y : !burin.tensor<f32[i 3]>
}

// -----

// An update that also needs what was grouped later (its rate) joins the product that it follows, past that group.
// CHECK-LABEL: task.task @update
// CHECK: %[[RATE:.*]] = task.launch @update_L{{[0-9]+}}_sqrt
// CHECK: task.launch @update_L{{[0-9]+}}_contract(%{{.*}}, %{{.*}}, %{{.*}}, %[[RATE]])
// CHECK-NOT: task.launch
task.slot @rate "state" : !burin.tensor<f32>
task.task @update(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[b 8, i 4]>, %g: !burin.tensor<f32[b 8, j 5]>, %p: !burin.tensor<f32[i 4, j 5]>, %t: !burin.tensor<f32>) -> !burin.tensor<f32[i 4, j 5]> attributes {options = [{name = "x"}, {name = "g"}, {name = "p"}, {name = "t"}]} {
  %d = burin.contract %x, %g over ["b"] : (!burin.tensor<f32[b 8, i 4]>, !burin.tensor<f32[b 8, j 5]>) -> !burin.tensor<f32[i 4, j 5]>
  %rate = burin.sqrt %t : (!burin.tensor<f32>) -> !burin.tensor<f32>
  task.set @rate, %rate : !burin.tensor<f32>
  %squared = burin.mul %p, %p : (!burin.tensor<f32[i 4, j 5]>, !burin.tensor<f32[i 4, j 5]>) -> !burin.tensor<f32[i 4, j 5]>
  %scaled = burin.mul %squared, %rate : (!burin.tensor<f32[i 4, j 5]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 4, j 5]>
  %y = burin.sub %scaled, %d : (!burin.tensor<f32[i 4, j 5]>, !burin.tensor<f32[i 4, j 5]>) -> !burin.tensor<f32[i 4, j 5]>
  task.return %y : !burin.tensor<f32[i 4, j 5]>
}

// -----

// It does not when another kernel stands between them: the product would be needed before it is there.
// CHECK-LABEL: task.task @between
// CHECK: %[[D:.*]] = task.launch @between_L{{[0-9]+}}_contract(
// CHECK: %[[S:.*]] = task.launch @between_L{{[0-9]+}}_scatter_add(%[[D]]
// CHECK: task.launch @between_L{{[0-9]+}}_sub(%{{.*}}, %[[S]], %[[D]])
// CHECK-NOT: task.launch
task.task @between(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[b 8, i 4]>, %g: !burin.tensor<f32[b 8, j 5]>, %p: !burin.tensor<f32[i 4, j 5]>, %k: !burin.tensor<!burin.index<i 4>[i 4]>) -> !burin.tensor<f32[i 4, j 5]> attributes {options = [{name = "x"}, {name = "g"}, {name = "p"}, {name = "k"}]} {
  %d = burin.contract %x, %g over ["b"] : (!burin.tensor<f32[b 8, i 4]>, !burin.tensor<f32[b 8, j 5]>) -> !burin.tensor<f32[i 4, j 5]>
  %s = burin.scatter_add %d[%k] at ["i"] : (!burin.tensor<f32[i 4, j 5]>, !burin.tensor<!burin.index<i 4>[i 4]>) -> !burin.tensor<f32[i 4, j 5]>
  %squared = burin.mul %p, %p : (!burin.tensor<f32[i 4, j 5]>, !burin.tensor<f32[i 4, j 5]>) -> !burin.tensor<f32[i 4, j 5]>
  %scaled = burin.mul %squared, %s : (!burin.tensor<f32[i 4, j 5]>, !burin.tensor<f32[i 4, j 5]>) -> !burin.tensor<f32[i 4, j 5]>
  %y = burin.sub %scaled, %d : (!burin.tensor<f32[i 4, j 5]>, !burin.tensor<f32[i 4, j 5]>) -> !burin.tensor<f32[i 4, j 5]>
  task.return %y : !burin.tensor<f32[i 4, j 5]>
}

// -----

// The mean over a shortened axis and what has all of it are loops of different extents: two kernels.
// CHECK-LABEL: task.task @shortened
// CHECK: task.launch @shortened_L{{[0-9]+}}_reduce(
// CHECK: task.launch @shortened_L{{[0-9]+}}_add(
// CHECK-NOT: task.launch
task.task @shortened(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[b 4, p 15]>, %z: !burin.tensor<f32[b 4, p 17]>) -> !burin.tensor<f32[b 4, p 17]> attributes {options = [{name = "x"}, {name = "z"}]} {
  %s = burin.reduce "sum" %x over ["p"] : (!burin.tensor<f32[b 4, p 15]>) -> !burin.tensor<f32[b 4]>
  %y = burin.add %z, %s : (!burin.tensor<f32[b 4, p 17]>, !burin.tensor<f32[b 4]>) -> !burin.tensor<f32[b 4, p 17]>
  task.return %y : !burin.tensor<f32[b 4, p 17]>
}
