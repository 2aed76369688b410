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

  const legend = data => {
    const box = document.createElement('div');
    box.className = 'legend';
    data.runs.forEach((run, i) => {
      const item = document.createElement('span');
      const swatch = document.createElement('span');
      swatch.className = 'swatch';
      swatch.style.background = data.colors[i];
      item.append(swatch, run);
      box.append(item);
    });
    return box;
  };

  const spec = (data, width) => {
    const columns = Math.max(1, Math.min(data.dataSets.length, Math.floor(width / 215)));
    const panel = Math.floor((width - 38 - (columns - 1) * 16) / columns);
    const ink = style('--ink'), soft = style('--soft'), line = style('--line'), paper = style('--paper');
    const steps = Math.max(...data.points.map(p => p.step));
    const x = {
      field: 'step', type: 'quantitative', title: null, scale: {domain: [0, steps], nice: false, padding: 8},
      axis: {tickMinStep: 1, format: 'd', grid: false, tickCount: Math.min(steps, 8)}
    };
    const y = {field: 'score', type: 'quantitative', title: null, scale: {domain: [0, 100]}, axis: {tickCount: 4}};
    const color = {field: 'run', type: 'nominal', scale: {domain: data.runs, range: data.colors}, legend: null};
    return {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description: 'Score on each data set after each experience, one panel a data set and one colour a run',
      data: {values: data.points},
      facet: {field: 'dataSet', type: 'nominal', sort: data.dataSets, title: null,
        header: {labelFontSize: 12, labelFontWeight: 600, labelColor: ink, labelAnchor: 'start', labelPadding: 4, labelLimit: panel}},
      columns, spacing: {column: 16, row: 14}, resolve: {axis: {x: 'independent'}},
      spec: {
        width: panel, height: Math.round(Math.min(150, Math.max(105, panel * .62))),
        layer: [
          {transform: [{filter: 'datum.step == datum.learned && datum.learned > 0'}, {aggregate: [], groupby: ['step', 'dataSet']}],
            mark: {type: 'rule', color: soft, strokeDash: [3, 3], strokeWidth: 1}, encoding: {x}},
          {mark: {type: 'line', strokeWidth: 1.8}, encoding: {x, y, color}},
          {mark: {type: 'point', size: 26, strokeWidth: 1.5},
            encoding: {x, y, color,
              fill: {condition: {test: 'datum.seen', field: 'run', type: 'nominal', scale: {domain: data.runs, range: data.colors}, legend: null}, value: paper},
              fillOpacity: {value: 1},
              tooltip: [{field: 'run', title: 'run'}, {field: 'dataSet', title: 'data set'}, {field: 'after', title: 'after'},
                {field: 'score', title: 'score', format: '.1f'}]}}
        ]
      },
      config: {
        background: 'transparent', font: 'system-ui, sans-serif', view: {stroke: null},
        axis: {labelColor: soft, titleColor: soft, domainColor: line, tickColor: line, gridColor: line, labelFontSize: 10}
      }
    };
  };

  const draw = box => {
    const data = JSON.parse(document.getElementById(box.dataset.curves).textContent);
    const plot = document.createElement('div');
    box.replaceChildren(...(data.runs.length > 1 ? [legend(data), plot] : [plot]));
    vegaEmbed(plot, spec(data, box.clientWidth), {
      renderer: 'svg', ast: true, tooltip: {theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'},
      actions: {export: true, source: false, compiled: false, editor: false}
    }).catch(error => plot.append(`The curves could not be drawn: ${error.message}`));
  };

  const all = () => document.querySelectorAll('[data-curves]').forEach(draw);
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
