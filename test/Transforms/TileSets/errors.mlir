// RUN: %burin-opt %s --tile-sets --split-input-file --verify-diagnostics

task.data @d "csv" "d.csv" fields [] parts [{name = "", axis = "d", share = 1.0 : f64, rest = true}]
func.func @kept() -> !burin.tensor<f32[d ?]> {
  %x = task.column @d "" "age" : <f32[d ?]>
  // expected-error @+2 {{E0605: a value for every row of `d` is kept here}}
  // expected-note @+1 {{reduce it over the set}}
  %y = burin.exp %x : (!burin.tensor<f32[d ?]>) -> !burin.tensor<f32[d ?]>
  func.return %y : !burin.tensor<f32[d ?]>
}

// -----

// An axis is named after another of the set's: the rows of what is taken are not the rows of the result.
task.data @d "csv" "d.csv" fields [] parts [{name = "", axis = "d", share = 1.0 : f64, rest = true}]
func.func @renamed(%x: !burin.tensor<f32[e ?]>) -> !burin.tensor<f32> {
  // expected-error @+2 {{E0605: a reduction over `d` goes through the set in tiles of rows, and this needs it whole}}
  // expected-note @+1 {{go through the set's batches in a loop instead}}
  %y = burin.rename %x : (!burin.tensor<f32[e ?]>) -> !burin.tensor<f32[d ?]>
  %z = burin.reduce "sum" %y over ["d"] : (!burin.tensor<f32[d ?]>) -> !burin.tensor<f32>
  func.return %z : !burin.tensor<f32>
}

// -----

func.func @noSet(%x: !burin.tensor<f32[d ?]>) -> !burin.tensor<f32> {
  // expected-error @+1 {{reduces the axis "d", which is no part of a data set}}
  %y = burin.reduce "sum" %x over ["d"] : (!burin.tensor<f32[d ?]>) -> !burin.tensor<f32>
  func.return %y : !burin.tensor<f32>
}

// -----

task.data @d "csv" "d.csv" fields [] parts [{name = "", axis = "d", share = 1.0 : f64, rest = true}]
func.func @written(%x: !burin.tensor<f32[e ?]>) {
  // expected-error @+2 {{E0605: a file of values along `d` goes through the set in tiles of rows, and this needs it whole}}
  // expected-note @+1 {{go through the set's batches in a loop instead}}
  %y = burin.rename %x : (!burin.tensor<f32[e ?]>) -> !burin.tensor<f32[d ?]>
  task.write "d.npy", %y joined [1] : !burin.tensor<f32[d ?]>
  func.return
}

// -----

func.func @writtenOfNoSet(%x: !burin.tensor<f32[d ?]>) {
  // expected-error @+1 {{is along the axis "d", which is no part of a data set}}
  task.write "d.npy", %x joined [1] : !burin.tensor<f32[d ?]>
  func.return
}
