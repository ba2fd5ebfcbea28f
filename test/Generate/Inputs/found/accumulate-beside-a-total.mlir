// What accumulates along one axis for each of another, beside a total over both: lanes for each row are kept only where rows are counted.
module {
  task.slot @in2.f32.n.a "parameter" : !burin.tensor<f32[n 2, a 1]>
  task.slot @in2.f32.n.lane "parameter" : !burin.tensor<f32[n 2, lane 16]>
  task.slot @out0.f32.n.lane "state" : !burin.tensor<f32[n 2, lane 16]>
  task.slot @out1.f32.lane "state" : !burin.tensor<f32[lane 16]>
  task.task @program.initialise(%arg0: !burin.tensor<i64>) attributes {initialise} {
    %0 = burin.constant dense<1.000000e+00> : !burin.tensor<f32[n 2, a 1]>
    task.set @in2.f32.n.a, %0 : <f32[n 2, a 1]>
    %1 = burin.constant dense<1.000000e+00> : !burin.tensor<f32[n 2, lane 16]>
    task.set @in2.f32.n.lane, %1 : <f32[n 2, lane 16]>
    %2 = burin.constant dense<1.000000e+00> : !burin.tensor<f32[n 2, lane 16]>
    task.set @out0.f32.n.lane, %2 : <f32[n 2, lane 16]>
    task.return
  }
  task.task @p500111(%arg0: !burin.tensor<i64>) {
    %0 = burin.constant dense<true> : !burin.tensor<i1[n 2]>
    %1 = task.get @in2.f32.n.lane : <f32[n 2, lane 16]>
    %2 = task.get @in2.f32.n.a : <f32[n 2, a 1]>
    %3 = burin.constant dense<1.000000e+00> : !burin.tensor<f32>
    %4 = burin.constant dense<1.000000e+00> : !burin.tensor<f32[n 2, lane 16]>
    %5 = burin.reduce "min" %2 over ["n", "a"] : (!burin.tensor<f32[n 2, a 1]>) -> !burin.tensor<f32>
    %6 = burin.accumulate "sum" %2 into %1 over ["a"] : (!burin.tensor<f32[n 2, a 1]>, !burin.tensor<f32[n 2, lane 16]>) -> !burin.tensor<f32[n 2, lane 16]>
    %7 = burin.select %0, %5, %3 : (!burin.tensor<i1[n 2]>, !burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32[n 2]>
    %8 = burin.constant dense<1.000000e+00> : !burin.tensor<f32[lane 16]>
    %9 = burin.contract %4, %7 from %8 over ["n"] : (!burin.tensor<f32[n 2, lane 16]>, !burin.tensor<f32[n 2]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
    task.set @out0.f32.n.lane, %6 : <f32[n 2, lane 16]>
    task.set @out1.f32.lane, %9 : <f32[lane 16]>
    task.save "p500111.safetensors" [@out0.f32.n.lane] names ["out0.f32.n.lane"]
    task.return
  }
}