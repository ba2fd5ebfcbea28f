// Every op of the task dialect, read and printed.
// RUN: %burin-opt %s | %burin-opt | FileCheck %s
// RUN: %burin-opt %s --mlir-print-op-generic | %burin-opt | FileCheck %s

// CHECK: task.axis "digit" 10
task.axis "digit" 10
// CHECK: task.axis "push" 2 ["left", "right"]
task.axis "push" 2 ["left", "right"]
// CHECK: task.axis "d.train" -1
task.axis "d.train" -1
// CHECK: task.data @d "csv" "d.csv" fields [{{.*}}name = "x"{{.*}}] parts [{{.*}}axis = "d.train"{{.*}}]
task.data @d "csv" "d.csv" fields [{count = 3 : i64, first = 0 : i64, name = "x", type = !burin.tensor<f32[i 3]>}] parts [{axis = "d.train", name = "train", rest = false, share = 0.8 : f64}]
// CHECK: task.slot @net.w "parameter" : !burin.tensor<f32[i 3]>
task.slot @net.w "parameter" : !burin.tensor<f32[i 3]>

// CHECK: task.task @program.initialise(%{{.*}}: !burin.tensor<i64>) attributes {initialise} {
task.task @program.initialise(%seed: !burin.tensor<i64>) attributes {initialise} {
  %w = burin.constant dense<0.0> : !burin.tensor<f32[i 3]>
  // CHECK: task.set @net.w, %{{.*}} : <f32[i 3]>
  task.set @net.w, %w : !burin.tensor<f32[i 3]>
  // CHECK: task.return
  task.return
}

// CHECK: task.task @checked
task.task @checked(%seed: !burin.tensor<i64>) {
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %same = burin.eq %one, %one : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<i1>
  // CHECK: task.assert "x == y", %[[SAME:.*]] sides(%[[ONE:.*]], %[[ONE]] : !burin.tensor<f32>, !burin.tensor<f32>) "==" : <i1>
  task.assert "x == y", %same sides(%one, %one : !burin.tensor<f32>, !burin.tensor<f32>) "==" : !burin.tensor<i1>
  // CHECK: task.gradcheck %[[ONE]] by ["x"](%[[ONE]] : !burin.tensor<f32>) : <f32>
  task.gradcheck %one by ["x"] (%one : !burin.tensor<f32>) : !burin.tensor<f32>
  // CHECK: task.assert "fine", %[[SAME]] : <i1>
  task.assert "fine", %same : !burin.tensor<i1>
  // CHECK: task.write "x.npy", %[[ONE]] joined [] : <f32>
  task.write "x.npy", %one joined [] : !burin.tensor<f32>
  %dots = burin.constant dense<1.0> : !burin.tensor<f32[i 3, p 2]>
  %kinds = burin.constant dense<true> : !burin.tensor<i1[i 3]>
  %three = burin.constant dense<3> : !burin.tensor<i64>
  // CHECK: task.write "x.svg", %{{.*}} points by %{{.*}} : !burin.tensor<i1[i 3]> present [0, -1](%{{.*}} : !burin.tensor<i64>) rows(%{{.*}}, %{{.*}} : !burin.tensor<i64>, !burin.tensor<i64>) joined [1, 1] : <f32[i 3, p 2]>
  task.write "x.svg", %dots points by %kinds : !burin.tensor<i1[i 3]> present [0, -1] (%three : !burin.tensor<i64>) rows(%three, %three : !burin.tensor<i64>, !burin.tensor<i64>) joined [1, 1] : !burin.tensor<f32[i 3, p 2]>
  task.return
}

// CHECK: task.task @several(%{{.*}}: !burin.tensor<i64>) -> (!burin.tensor<f32>, !burin.tensor<i1>) attributes {result_names = ["x", "y.z"]} {
task.task @several(%seed: !burin.tensor<i64>) -> (!burin.tensor<f32>, !burin.tensor<i1>) attributes {result_names = ["x", "y.z"]} {
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %same = burin.eq %one, %one : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<i1>
  // CHECK: task.return %{{.*}}, %{{.*}} : !burin.tensor<f32>, !burin.tensor<i1>
  task.return %one, %same : !burin.tensor<f32>, !burin.tensor<i1>
}

// CHECK: task.require @use memory 8388608
task.require @use memory 8388608

// CHECK: task.task @use(%{{.*}}: !burin.tensor<i64>, %{{.*}}: !burin.tensor<i64>) -> !burin.tensor<i64> attributes {options = [{default = 20 : i64, name = "n"}]} {
task.task @use(%seed: !burin.tensor<i64>, %n: !burin.tensor<i64>) -> !burin.tensor<i64> attributes {options = [{name = "n", default = 20 : i64}]} {
  // CHECK: task.get @net.w : <f32[i 3]>
  %w = task.get @net.w : !burin.tensor<f32[i 3]>
  // CHECK: task.rows @d "train" : <i64>
  %rows = task.rows @d "train" : !burin.tensor<i64>
  // CHECK: task.column @d "train" "x" : <f32[d.train ?, i 3]>
  %x = task.column @d "train" "x" : !burin.tensor<f32["d.train" ?, i 3]>
  // CHECK: task.record "rows", %{{.*}} : <i64>
  task.record "rows", %rows : !burin.tensor<i64>
  // CHECK: task.save "a.safetensors" [@net.w] names ["w"]{{$}}
  // CHECK-NEXT: burin.constant
  task.save "a.safetensors" [@net.w] names ["w"]
  %after = burin.constant dense<0> : !burin.tensor<i64>
  // CHECK: task.save "a.safetensors" [@net.w] names ["w"] values(%{{.*}} : !burin.tensor<f32[i 3]>)
  task.save "a.safetensors" [@net.w] names ["w"] values(%w : !burin.tensor<f32[i 3]>)
  // CHECK: task.load "a.safetensors" [@net.w] names ["w"]{{$}}
  task.load "a.safetensors" [@net.w] names ["w"]
  // CHECK: task.load "a.safetensors" [@net.w] names ["w"] -> !burin.tensor<f32[i 3]>
  %v = task.load "a.safetensors" [@net.w] names ["w"] -> !burin.tensor<f32[i 3]>
  // CHECK: task.expect %{{.*}}, %{{.*}} tolerance 9.9999999999999995E-7 : <f32[i 3]>
  task.expect %v, %w tolerance 1.0e-6 : !burin.tensor<f32[i 3]>
  // CHECK: task.launch @kernel(%{{.*}}) : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
  %y = task.launch @kernel(%w) : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
  // CHECK: task.return %{{.*}} : !burin.tensor<i64>
  task.return %n : !burin.tensor<i64>
}
