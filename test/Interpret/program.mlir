// A program as it is imported: slots live on from task to task; what is saved can be loaded; options have defaults.
// RUN: %burin-opt %s --interpret -o /dev/null | FileCheck %s
// RUN: %burin-opt %s --interpret="task=train seed=5" -o /dev/null | FileCheck %s --check-prefix=ONE
// RUN: %burin-opt %s --graph-to-grad --interpret -o /dev/null | FileCheck %s

task.slot @w "parameter" : !burin.tensor<f32[i 2]>
task.slot @steps "state" : !burin.tensor<i64>

task.task @first(%seed: !burin.tensor<i64>) attributes {initialise} {
  %w = burin.constant dense<[1.0, 2.0]> : !burin.tensor<f32[i 2]>
  task.set @w, %w : !burin.tensor<f32[i 2]>
  task.set @steps, %seed : !burin.tensor<i64>
  task.return
}

func.func private @step(%rate: !burin.tensor<f32>) -> !burin.tensor<f32> {
  %loss, %dw = burin.grad over [@w] -> (!burin.tensor<f32>, !burin.tensor<f32[i 2]>) {
    %w = task.get @w : !burin.tensor<f32[i 2]>
    %y = burin.mul %w, %w : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %w = task.get @w : !burin.tensor<f32[i 2]>
  %d = burin.mul %rate, %dw : (!burin.tensor<f32>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
  %next = burin.sub %w, %d : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
  task.set @w, %next : !burin.tensor<f32[i 2]>
  %t = task.get @steps : !burin.tensor<i64>
  %one = burin.constant dense<1> : !burin.tensor<i64>
  %u = burin.add %t, %one : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
  task.set @steps, %u : !burin.tensor<i64>
  return %loss : !burin.tensor<f32>
}

// CHECK: loss 5
// CHECK-NEXT: loss 1.25
// CHECK-NEXT: loss 0.3125
// CHECK-NEXT: train -> 3
// ONE: loss 0.3125
// ONE-NEXT: train -> 8
// ONE-NOT: use
task.task @train(%seed: !burin.tensor<i64>, %epochs: !burin.tensor<i64>) -> !burin.tensor<i64> attributes {options = [{name = "epochs", default = 3 : i64}]} {
  %rate = burin.constant dense<0.25> : !burin.tensor<f32>
  burin.for "epoch" %i to %epochs {
    %loss = func.call @step(%rate) : (!burin.tensor<f32>) -> !burin.tensor<f32>
    task.record "loss", %loss : !burin.tensor<f32>
  }
  task.save "w.safetensors" [@w] names ["weight"]
  %zero = burin.constant dense<0.0> : !burin.tensor<f32[i 2]>
  task.set @w, %zero : !burin.tensor<f32[i 2]>
  %steps = task.get @steps : !burin.tensor<i64>
  task.return %steps : !burin.tensor<i64>
}

// CHECK-NEXT: use -> [0.125, 0.25]
task.task @use(%seed: !burin.tensor<i64>) -> !burin.tensor<f32[i 2]> {
  %before = task.get @w : !burin.tensor<f32[i 2]>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32[i 2]>
  task.expect %before, %zero tolerance 0.0 : !burin.tensor<f32[i 2]>
  task.load "w.safetensors" [@w] names ["weight"]
  %w = task.get @w : !burin.tensor<f32[i 2]>
  task.return %w : !burin.tensor<f32[i 2]>
}

// Without an option's value a task is not run.
// CHECK-NOT: needs
task.task @needs(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32>) -> !burin.tensor<f32> attributes {options = [{name = "x"}]} {
  task.return %x : !burin.tensor<f32>
}
