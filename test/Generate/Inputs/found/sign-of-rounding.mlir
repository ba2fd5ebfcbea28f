// A gradient that is 0 but for rounding, compared: its sign is no meaning that Transforms keep.
module {
  task.slot @in0.f32.a.d "parameter" : !burin.tensor<f32[a 1, d 5]>
  task.slot @out2.i1.d.a.p "state" : !burin.tensor<i1[d 5, a 1, p 1]>
  task.task @program.initialise(%arg0: !burin.tensor<i64>) attributes {initialise} {
    %0 = burin.constant dense<1> : !burin.tensor<i64[a 1]>
    %1 = burin.iota : <!burin.index<d 5>[d 5]>
    %2 = burin.cast %1 : (!burin.tensor<!burin.index<d 5>[d 5]>) -> !burin.tensor<i64[d 5]>
    %3 = burin.add %0, %2 : (!burin.tensor<i64[a 1]>, !burin.tensor<i64[d 5]>) -> !burin.tensor<i64[a 1, d 5]>
    %4 = burin.cast %3 : (!burin.tensor<i64[a 1, d 5]>) -> !burin.tensor<f32[a 1, d 5]>
    %5 = burin.constant dense<0.00395256933> : !burin.tensor<f32>
    %6 = burin.mul %4, %5 : (!burin.tensor<f32[a 1, d 5]>, !burin.tensor<f32>) -> !burin.tensor<f32[a 1, d 5]>
    %7 = burin.constant dense<2.000000e+00> : !burin.tensor<f32>
    %8 = burin.sub %6, %7 : (!burin.tensor<f32[a 1, d 5]>, !burin.tensor<f32>) -> !burin.tensor<f32[a 1, d 5]>
    task.set @in0.f32.a.d, %8 : <f32[a 1, d 5]>
    task.return
  }
  task.task @p1009385(%arg0: !burin.tensor<i64>) {
    %0 = burin.constant dense<1.000000e+00> : !burin.tensor<f64[f 1, b 1]>
    %1 = burin.constant dense<1.000000e+00> : !burin.tensor<f64>
    %2 = task.get @in0.f32.a.d : <f32[a 1, d 5]>
    %3 = burin.constant dense<1.000000e+00> : !burin.tensor<f32[a 1, p 1]>
    %4:5 = burin.grad (%arg1 = %3, %arg2 = %2, %arg3 = %1) : !burin.tensor<f32[a 1, p 1]>, !burin.tensor<f32[a 1, d 5]>, !burin.tensor<f64> -> (!burin.tensor<f32>, !burin.tensor<f32[a 1, p 1]>, !burin.tensor<f32[a 1, d 5]>, !burin.tensor<f64>, !burin.tensor<f64[f 1, b 1]>) {
      %6 = burin.div %arg2, %arg2 : (!burin.tensor<f32[a 1, d 5]>, !burin.tensor<f32[a 1, d 5]>) -> !burin.tensor<f32[a 1, d 5]>
      %7 = burin.constant dense<2.000000e-01> : !burin.tensor<f32>
      %8 = burin.mul %6, %7 : (!burin.tensor<f32[a 1, d 5]>, !burin.tensor<f32>) -> !burin.tensor<f32[a 1, d 5]>
      %9 = burin.reduce "sum" %8 over ["a", "d"] : (!burin.tensor<f32[a 1, d 5]>) -> !burin.tensor<f32>
      burin.yield %9, %0 : !burin.tensor<f32>, !burin.tensor<f64[f 1, b 1]>
    }
    %5 = burin.lt %4#2, %4#1 : (!burin.tensor<f32[a 1, d 5]>, !burin.tensor<f32[a 1, p 1]>) -> !burin.tensor<i1[d 5, a 1, p 1]>
    task.set @out2.i1.d.a.p, %5 : <i1[d 5, a 1, p 1]>
    task.save "p1009385.safetensors" [@out2.i1.d.a.p] names ["out2.i1.d.a.p"]
    task.return
  }
}
