// Draws the curves of a pretraining: one line a series, values over steps.
Plots.each('training', (box, values) => {
  const {value, series} = box.dataset;
  Plots.draw(box, [], {
    width: Math.min(720, box.clientWidth - 100), height: 300,
    data: {values},
    mark: {type: 'line', point: values.length < 400 && value === 'score', tooltip: true},
    encoding: {
      x: {field: 'step', type: 'quantitative', title: 'step', axis: {format: 'd'}},
      y: {field: value, type: 'quantitative', title: value, scale: {zero: value === 'score'}},
      color: {field: series, type: 'nominal', title: null, legend: {labelColor: Plots.style('--ink')}}
    },
    config: Plots.config(11)
  });
});
