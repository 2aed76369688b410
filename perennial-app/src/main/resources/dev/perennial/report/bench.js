(() => {
  'use strict';
  const style = name => {
    // A custom property keeps its light-dark(); only a real colour property gives the colour that is in force.
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const color = getComputedStyle(probe).color;
    probe.remove();
    return color;
  };

  const config = () => {
    const soft = style('--soft'), line = style('--line');
    return {
      background: 'transparent', font: 'system-ui, sans-serif', view: {stroke: null},
      axis: {labelColor: soft, titleColor: soft, domainColor: line, tickColor: line, gridColor: line, labelFontSize: 11, titleFontWeight: 500}
    };
  };

  const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'];
  const color = data => ({field: 'row', type: 'nominal', scale: {domain: data.rows, range: data.colors}});
  const shape = data => ({
    field: 'row', type: 'nominal', scale: {domain: data.rows, range: data.rows.map((_, i) => shapes[i % shapes.length])}
  });

  const legend = data => {
    const box = document.createElement('div');
    box.className = 'legend';
    data.rows.forEach((row, i) => {
      const item = document.createElement('span');
      const swatch = document.createElement('span');
      swatch.className = 'swatch';
      swatch.style.background = data.colors[i];
      item.append(swatch, row);
      box.append(item);
    });
    return box;
  };

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
      mark: {type: 'text', align: left ? 'right' : 'left', dx: left ? -9 : 9, fontSize: 12, color: style('--ink')},
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

  const draw = box => {
    const data = JSON.parse(document.getElementById(box.dataset.bench).textContent);
    const plot = document.createElement('div');
    box.replaceChildren(...(box.dataset.plot === 'time' ? [legend(data), plot] : [plot]));
    const spec = plots[box.dataset.plot](data, box.clientWidth);
    vegaEmbed(plot, {$schema: 'https://vega.github.io/schema/vega-lite/v6.json', config: config(), ...spec}, {
      renderer: 'svg', ast: true, tooltip: {theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'},
      actions: {export: true, source: false, compiled: false, editor: false}
    }).catch(error => plot.append(`The plot could not be drawn: ${error.message}`));
  };

  const all = () => document.querySelectorAll('[data-bench]').forEach(draw);
  let width = document.body.clientWidth, timer;
  addEventListener('resize', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.body.clientWidth !== width) {
        width = document.body.clientWidth;
        all();
      }
    }, 200);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', all);
  all();
})();
