// The lanes that an accumulation goes on from are read from memory: a constant, or what the same kernel would compute, has to lie there.
task.slot @out "state" : !burin.tensor<f32[lane 16]>
task.slot @bools "state" : !burin.tensor<i1[lane 16]>
task.task @program.initialise(%seed: !burin.tensor<i64>) attributes {initialise} {
  %zeros = burin.constant dense<0.0> : !burin.tensor<f32[lane 16]>
  task.set @out, %zeros : !burin.tensor<f32[lane 16]>
  %none = burin.constant dense<false> : !burin.tensor<i1[lane 16]>
  task.set @bools, %none : !burin.tensor<i1[lane 16]>
  task.return
}
task.task @p(%seed: !burin.tensor<i64>) {
  %x = burin.random %seed : !burin.tensor<i64> -> !burin.tensor<f32[i 33]>
  %start = task.get @out : !burin.tensor<f32[lane 16]>
  %negative = burin.neg %start : (!burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
  %y = burin.accumulate "sum" %x into %negative over ["i"] : (!burin.tensor<f32[i 33]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
  task.set @out, %y : !burin.tensor<f32[lane 16]>
  %half = burin.constant dense<0.5> : !burin.tensor<f32>
  %large = burin.gt %x, %half : (!burin.tensor<f32[i 33]>, !burin.tensor<f32>) -> !burin.tensor<i1[i 33]>
  %none = burin.constant dense<false> : !burin.tensor<i1[lane 16]>
  %any = burin.accumulate "any" %large into %none over ["i"] : (!burin.tensor<i1[i 33]>, !burin.tensor<i1[lane 16]>) -> !burin.tensor<i1[lane 16]>
  task.set @bools, %any : !burin.tensor<i1[lane 16]>
  task.save "p.safetensors" [@out, @bools] names ["out", "bools"]
  task.return
}
