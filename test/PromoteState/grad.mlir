// A grad region's slots: those it is over become operands, those it writes further results; files get and give values.
// RUN: %burin-opt %s --promote-state | FileCheck %s

task.slot @w "parameter" : !burin.tensor<f32>
task.slot @b "parameter" : !burin.tensor<f32>
task.slot @calls "state" : !burin.tensor<f32>

// CHECK-LABEL: task.task @step
// CHECK-DAG: %[[W:.*]] = task.get @w
// CHECK-DAG: %[[B:.*]] = task.get @b
// CHECK-DAG: %[[CALLS:.*]] = task.get @calls
// CHECK: %[[G:.*]]:3 = burin.grad (%[[X:.*]] = %[[W]]) : !burin.tensor<f32> ->
// CHECK-NEXT: %[[PRODUCT:.*]] = burin.mul %[[X]], %[[B]]
// CHECK-NEXT: %[[NEXT:.*]] = burin.add %[[CALLS]], %[[PRODUCT]]
// CHECK-NEXT: burin.yield %[[PRODUCT]], %[[NEXT]]
// CHECK: task.set @calls, %[[G]]#2
// CHECK-NEXT: task.set @w, %[[G]]#1
task.task @step(%seed: !burin.tensor<i64>) {
  %l:2 = burin.grad over [@w] -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    %w = task.get @w : <f32>
    %b = task.get @b : <f32>
    %y = burin.mul %w, %b : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    %calls = task.get @calls : <f32>
    %more = burin.add %calls, %y : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    task.set @calls, %more : <f32>
    burin.yield %y : !burin.tensor<f32>
  }
  task.set @w, %l#1 : <f32>
  task.return
}

// CHECK-LABEL: task.task @files
// CHECK-NEXT: %[[LOADED:.*]]:2 = task.load "in" [@w, @b] names ["w", "b"] -> !burin.tensor<f32>, !burin.tensor<f32>
// CHECK-NEXT: %[[SUM:.*]] = burin.add %[[LOADED]]#0, %[[LOADED]]#1
// CHECK-NEXT: task.save "out" [@w, @b] names ["w", "b"] values(%[[SUM]], %[[LOADED]]#1
// CHECK-NEXT: task.set @w, %[[SUM]]
// CHECK-NEXT: task.set @b, %[[LOADED]]#1
task.task @files(%seed: !burin.tensor<i64>) {
  task.load "in" [@w, @b] names ["w", "b"]
  %w = task.get @w : <f32>
  %b = task.get @b : <f32>
  %sum = burin.add %w, %b : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  task.set @w, %sum : <f32>
  task.save "out" [@w, @b] names ["w", "b"]
  task.return
}
