(() => {
  'use strict';
  const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'];
  const color = data => ({field: 'row', type: 'nominal', scale: {domain: data.rows, range: data.colors}});
  const shape = data => ({
    field: 'row', type: 'nominal', scale: {domain: data.rows, range: data.rows.map((_, i) => shapes[i % shapes.length])}
  });

  const time = (data, width) => {
    const steps = Math.max(...data.points.map(p => p.step));
    const x = {field: 'step', type: 'quantitative', title: 'experiences learned', scale: {domain: [0, steps], nice: false, padding: 8},
      axis: {tickMinStep: 1, format: 'd', grid: false, tickCount: Math.min(steps, 12)}};
    const y = {field: 'mean', type: 'quantitative', title: 'mean accuracy (%)', scale: {zero: false, padding: 10}};
    return {
      description: 'Mean accuracy over all taught data sets after each experience, one line a method',
      data: {values: data.points}, width: width - 60, height: 320,
      layer: [
        {mark: {type: 'area', opacity: .13}, encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, color: {...color(data), legend: null}}},
        {mark: {type: 'line', strokeWidth: 2}, encoding: {x, y, color: {...color(data), legend: null}}},
        {mark: {type: 'point', filled: true, size: 45, opacity: 1}, encoding: {x, y, color: {...color(data), legend: null}, shape: {...shape(data), legend: null},
          tooltip: [{field: 'row', title: 'method'}, {field: 'after', title: 'after'}, {field: 'mean', title: 'mean', format: '.1f'},
            {field: 'low', title: 'from', format: '.1f'}, {field: 'high', title: 'to', format: '.1f'}]}}
      ]
    };
  };

  const scatter = (data, width, x, y, xTitle, yTitle, description) => {
    const values = data.summaries.filter(s => s[x] !== null && s[y] !== null);
    // A label goes to the left where a neighbour lies close on the right.
    const span = field => Math.max(...values.map(v => v[field])) - Math.min(...values.map(v => v[field])) || 1;
    values.forEach(v => {
      v.left = values.some(o => o !== v && o[x] > v[x] && (o[x] - v[x]) / span(x) < .16 && Math.abs(o[y] - v[y]) / span(y) < .05);
    });
    const encoding = {
      x: {field: x, type: 'quantitative', title: xTitle,
        scale: x === 'minutes' ? {domain: [0, 1.25 * Math.max(...values.map(v => v[x]))]} : {zero: false, padding: 55}},
      y: {field: y, type: 'quantitative', title: yTitle, scale: {zero: false, padding: 18}}
    };
    const label = left => ({
      transform: [{filter: left ? 'datum.left' : '!datum.left'}],
      mark: {type: 'text', align: left ? 'right' : 'left', dx: left ? -9 : 9, fontSize: 12, color: Plots.style('--ink')},
      encoding: {...encoding, text: {field: 'row'}}
    });
    return {
      description, data: {values}, width: width - 60, height: 320,
      layer: [
        {mark: {type: 'point', filled: true, size: 110, opacity: 1}, encoding: {...encoding,
          color: {...color(data), legend: null}, shape: {...shape(data), legend: null},
          tooltip: [{field: 'row', title: 'method'}, {field: x, title: xTitle, format: '.2f'}, {field: y, title: yTitle, format: '.2f'}]}},
        label(false), label(true)
      ]
    };
  };

  const plots = {
    time,
    keep: (data, width) => scatter(data, width, 'last', 'transfer', 'Last (%)', 'Transfer (%)', 'Transfer against Last, one point a method'),
    cost: (data, width) => scatter(data, width, 'minutes', 'average', 'minutes a run', 'Average (%)', 'Cost against Average, one point a method')
  };

  Plots.each('bench', (box, data) => Plots.draw(
    box,
    box.dataset.plot === 'time' ? [Plots.legend(data.rows, data.colors)] : [],
    {config: Plots.config(11), ...plots[box.dataset.plot](data, box.clientWidth)}));
})();
