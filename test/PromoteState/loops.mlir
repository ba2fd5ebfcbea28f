// Loops carry the slots that they write; those only read are captured; a task gets at its head and sets at its end.
// RUN: %burin-opt %s --promote-state | FileCheck %s

task.slot @w "parameter" : !burin.tensor<f32[h 4]>
task.slot @t "optimiser" : !burin.tensor<f32>
task.slot @never "state" : !burin.tensor<f32>
task.slot @here "local" : !burin.tensor<f32>

// CHECK-LABEL: task.task @nested
// CHECK-NEXT: %[[T0:.*]] = task.get @t
// CHECK-NEXT: %[[W:.*]] = task.get @w
// CHECK-NOT: task.get
// CHECK: %[[OUTER:.*]] = burin.for %{{.*}} carries(%[[T1:.*]] = %[[T0]])
// CHECK-NEXT: %[[INNER:.*]] = burin.for %{{.*}} carries(%[[T2:.*]] = %[[T1]])
// CHECK-NEXT: %[[SUM:.*]] = burin.reduce "sum" %[[W]]
// CHECK-NEXT: %[[NEXT:.*]] = burin.add %[[T2]], %[[SUM]]
// CHECK-NEXT: task.record "t", %[[NEXT]]
// CHECK-NEXT: burin.yield %[[NEXT]]
// CHECK: burin.yield %[[INNER]]
// CHECK: task.set @t, %[[OUTER]]
// CHECK-NEXT: task.return
task.task @nested(%seed: !burin.tensor<i64>, %n: !burin.tensor<i64>) {
  burin.for %i to %n {
    burin.for %j to %n {
      %t = task.get @t : <f32>
      %w = task.get @w : <f32[h 4]>
      %sum = burin.reduce "sum" %w over ["h"] : (!burin.tensor<f32[h 4]>) -> !burin.tensor<f32>
      %next = burin.add %t, %sum : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
      task.set @t, %next : <f32>
      %again = task.get @t : <f32>
      task.record "t", %again : <f32>
    }
  }
  task.return
}

// Reads and writes in program order: the second read sees the first write, and only the last write is left.
// CHECK-LABEL: task.task @order
// CHECK-NEXT: %[[A:.*]] = task.get @t
// CHECK-NEXT: %[[B:.*]] = burin.neg %[[A]]
// CHECK-NEXT: %[[C:.*]] = burin.exp %[[B]]
// CHECK-NEXT: task.set @t, %[[C]]
// CHECK-NEXT: task.return %[[A]]
task.task @order(%seed: !burin.tensor<i64>) -> !burin.tensor<f32> {
  %a = task.get @t : <f32>
  %b = burin.neg %a : (!burin.tensor<f32>) -> !burin.tensor<f32>
  task.set @t, %b : <f32>
  %c = task.get @t : <f32>
  %d = burin.exp %c : (!burin.tensor<f32>) -> !burin.tensor<f32>
  task.set @t, %d : <f32>
  task.return %a : !burin.tensor<f32>
}

// A loop that already carries and gives a value keeps it in its place.
// CHECK-LABEL: task.task @carrying
// CHECK: %[[R:.*]]:2 = burin.for %{{.*}} carries(%[[X:.*]] = %{{.*}}, %[[T:.*]] = %{{.*}})
// CHECK: burin.yield %[[T]], %[[X]]
// CHECK: task.set @t, %[[R]]#1
// CHECK: task.return %[[R]]#0
task.task @carrying(%seed: !burin.tensor<i64>, %n: !burin.tensor<i64>, %x0: !burin.tensor<f32>) -> !burin.tensor<f32> {
  %r = burin.for %i to %n carries(%x = %x0) : !burin.tensor<f32> {
    %t = task.get @t : <f32>
    task.set @t, %x : <f32>
    burin.yield %t : !burin.tensor<f32>
  }
  task.return %r : !burin.tensor<f32>
}

// What a body declares holds nothing before and is gone when the body ends: it is neither carried nor set at the end.
// CHECK-LABEL: task.task @declared
// CHECK: burin.for %{{[a-z0-9]+}} to %{{[a-z0-9]+}} {
// CHECK-NEXT: %[[SUM:.*]] = burin.add %{{.*}}, %{{.*}}
// CHECK-NEXT: task.record "sum", %[[SUM]]
// CHECK-NEXT: burin.yield{{$}}
// CHECK-NEXT: }
// CHECK-NEXT: task.return
task.task @declared(%seed: !burin.tensor<i64>, %n: !burin.tensor<i64>, %x: !burin.tensor<f32>) {
  burin.for %i to %n {
    task.set @here, %x {task.declares} : <f32>
    %a = task.get @here : <f32>
    %b = burin.add %a, %x : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    task.set @here, %b : <f32>
    %c = task.get @here : <f32>
    task.record "sum", %c : <f32>
  }
  task.return
}
