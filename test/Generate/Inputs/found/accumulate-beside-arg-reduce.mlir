module {
  task.slot @in0.f64.j.f "parameter" : !burin.tensor<f64[j 1, f 4]>
  task.slot @"out0.index j.f" "state" : !burin.tensor<!burin.index<j 1>[f 4]>
  task.slot @out5.f64.f.lane "state" : !burin.tensor<f64[f 4, lane 16]>
  task.task @program.initialise(%arg0: !burin.tensor<i64>) attributes {initialise} {
    %0 = burin.constant dense<1.000000e+00> : !burin.tensor<f64[j 1, f 4]>
    task.set @in0.f64.j.f, %0 : <f64[j 1, f 4]>
    task.return
  }
  task.task @p1000495(%arg0: !burin.tensor<i64>, %arg1: !burin.tensor<f32>) attributes {options = [{default = 2.187500e+00 : f32, name = "x"}]} {
    %0 = task.get @in0.f64.j.f : <f64[j 1, f 4]>
    %1 = burin.reduce "max" %0 over ["j", "f"] : (!burin.tensor<f64[j 1, f 4]>) -> !burin.tensor<f64>
    %2 = burin.arg_reduce "max" %0 over "j" : (!burin.tensor<f64[j 1, f 4]>) -> !burin.tensor<!burin.index<j 1>[f 4]>
    %3 = burin.broadcast %1 : (!burin.tensor<f64>) -> !burin.tensor<f64[f 4, lane 16]>
    %4 = burin.accumulate "min" %0 into %3 over ["j"] : (!burin.tensor<f64[j 1, f 4]>, !burin.tensor<f64[f 4, lane 16]>) -> !burin.tensor<f64[f 4, lane 16]>
    task.set @"out0.index j.f", %2 : <!burin.index<j 1>[f 4]>
    task.set @out5.f64.f.lane, %4 : <f64[f 4, lane 16]>
    task.save "p1000495.safetensors" [] names []
    task.return
  }
}
