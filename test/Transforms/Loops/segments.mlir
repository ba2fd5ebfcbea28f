// A loop of 23 steps that is differentiated: 4 segments of 5 and one of 3. What it emits is written, a segment at a time, where it belongs.
// RUN: burin-opt --segment-loops %s | FileCheck %s
// RUN: burin-opt --segment-loops --graph-to-grad %s -o %t.mlir
// RUN: burin-generate compare %s %t.mlir

task.slot @x "parameter" : !burin.tensor<f64[t 23]>
task.slot @e "state" : !burin.tensor<f64[t 23]>
task.task @first(%seed: !burin.tensor<i64>) attributes {initialise} {
  %i = burin.iota : <!burin.index<t 23>[t 23]>
  %n = burin.cast %i : (!burin.tensor<!burin.index<t 23>[t 23]>) -> !burin.tensor<f64[t 23]>
  %c = burin.constant dense<0.1> : !burin.tensor<f64>
  %x = burin.mul %n, %c : (!burin.tensor<f64[t 23]>, !burin.tensor<f64>) -> !burin.tensor<f64[t 23]>
  task.set @x, %x : <f64[t 23]>
  task.set @e, %x : <f64[t 23]>
  task.return
}
// CHECK-LABEL: task.task @go
task.task @go(%seed: !burin.tensor<i64>) {
  %x = task.get @x : <f64[t 23]>
  %zero = burin.constant dense<0.0> : !burin.tensor<f64>
  %n = burin.constant dense<23> : !burin.tensor<i64>
  // CHECK: burin.grad
  %r:3 = burin.grad (%a = %x) : !burin.tensor<f64[t 23]> -> (!burin.tensor<f64>, !burin.tensor<f64[t 23]>, !burin.tensor<f64[t 23]>) {
    // CHECK: %[[FOUR:.*]] = burin.constant dense<4>
    // CHECK: burin.for %[[S:.*]] to %[[FOUR]] carries({{.*}}) : !burin.tensor<f64>, !burin.tensor<f64[t 23]>
    // CHECK: %[[START:.*]] = burin.mul %[[S]],
    // CHECK: burin.for %[[J:.*]] to %{{.*}} carries({{.*}}) : !burin.tensor<f64> emits !burin.tensor<f64["segment~" 5]>
    // CHECK: %[[BEFORE:.*]] = burin.add %[[START]], %[[J]]
    // CHECK: %[[T:.*]] = burin.sub %{{.*}}, %[[BEFORE]]
    // CHECK: burin.cast %[[T]] {{.*}} -> !burin.tensor<!burin.index<t 23>>
    // CHECK: burin.scatter %{{.*}} at ["t"] into
    // CHECK: burin.for %{{.*}} carries({{.*}}) : !burin.tensor<f64> emits !burin.tensor<f64["segment~" 3]>
    // CHECK: burin.scatter %{{.*}} at ["t"] into
    %l, %all = burin.for %t to %n reverse carries(%h = %zero) : !burin.tensor<f64> emits !burin.tensor<f64[t 23]> {
      %i = burin.cast %t : (!burin.tensor<i64>) -> !burin.tensor<!burin.index<t 23>>
      %v = burin.gather %a[%i] at ["t"] : (!burin.tensor<f64[t 23]>, !burin.tensor<!burin.index<t 23>>) -> !burin.tensor<f64>
      %s = burin.add %h, %v : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
      %y = burin.sin %s : (!burin.tensor<f64>) -> !burin.tensor<f64>
      burin.yield %y, %s : !burin.tensor<f64>, !burin.tensor<f64>
    }
    %total = burin.reduce "sum" %all over ["t"] : (!burin.tensor<f64[t 23]>) -> !burin.tensor<f64>
    %loss = burin.add %l, %total : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
    burin.yield %loss, %all : !burin.tensor<f64>, !burin.tensor<f64[t 23]>
  }
  task.set @x, %r#1 : <f64[t 23]>
  task.set @e, %r#2 : <f64[t 23]>
  task.save "s.safetensors" [@x, @e] names ["x", "e"]
  // CHECK: task.return
  task.return
}

// What is not differentiated, or short, stays.
// CHECK-LABEL: func.func @stays
func.func @stays(%x: !burin.tensor<f64>, %n: !burin.tensor<i64>) -> !burin.tensor<f64> {
  %many = burin.constant dense<100> : !burin.tensor<i64>
  // CHECK: burin.for
  // CHECK-NOT: burin.for
  %l = burin.for %t to %many carries(%h = %x) : !burin.tensor<f64> {
    %y = burin.sin %h : (!burin.tensor<f64>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  return %l : !burin.tensor<f64>
}
