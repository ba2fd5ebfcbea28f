// What the command line gives lies where the runtime put it: a slot that is set to it, or a loop that begins with it, needs a copy.
task.slot @out "state" : !burin.tensor<f32>
task.slot @sum "state" : !burin.tensor<f32>
task.task @program.initialise(%seed: !burin.tensor<i64>) attributes {initialise} {
  %zero = burin.constant dense<0.0> : !burin.tensor<f32>
  task.set @out, %zero : !burin.tensor<f32>
  task.set @sum, %zero : !burin.tensor<f32>
  task.return
}
task.task @p(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32>) attributes {options = [{name = "x", default = 0.4375 : f32}]} {
  task.set @out, %x : !burin.tensor<f32>
  %n = burin.constant dense<3> : !burin.tensor<i64>
  %y = burin.for %i to %n carries(%a = %x) : !burin.tensor<f32> {
    %b = burin.add %a, %x : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    burin.yield %b : !burin.tensor<f32>
  }
  task.set @sum, %y : !burin.tensor<f32>
  task.save "p.safetensors" [@out, @sum] names ["out", "sum"]
  task.return
}
