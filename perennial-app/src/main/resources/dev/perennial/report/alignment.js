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
    const columns = Math.max(1, Math.min(4, Math.floor(width / 230)));
    const panel = Math.floor((width - columns * 44) / columns);
    const ink = style('--ink'), soft = style('--soft'), line = style('--line');
    const steps = Math.max(1, ...data.points.map(p => p.step));
    const x = {
      field: 'step', type: 'quantitative', title: null, scale: {domain: [0, steps], nice: false, padding: 6},
      axis: {tickMinStep: 1, format: 'd', grid: false, tickCount: Math.min(steps, 8)}
    };
    const y = {field: 'value', type: 'quantitative', title: null, scale: {zero: false, padding: 6}, axis: {tickCount: 4}};
    const color = {field: 'run', type: 'nominal', scale: {domain: data.runs, range: data.colors}, legend: null};
    return {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description: 'Forgetting and measures of alignment after each experience, one panel a measure and one colour a run',
      data: {values: data.points},
      facet: {field: 'panel', type: 'nominal', sort: data.panels, title: null,
        header: {labelFontSize: 12, labelFontWeight: 600, labelColor: ink, labelAnchor: 'start', labelPadding: 4, labelLimit: panel + 30}},
      columns, spacing: {column: 12, row: 14}, resolve: {axis: {x: 'independent'}, scale: {y: 'independent'}},
      spec: {
        width: panel, height: Math.round(Math.min(140, Math.max(95, panel * .6))),
        layer: [
          {mark: {type: 'line', strokeWidth: 1.8}, encoding: {x, y, color}},
          {mark: {type: 'point', filled: true, size: 26, opacity: 1},
            encoding: {x, y, color,
              tooltip: [{field: 'run', title: 'run'}, {field: 'after', title: 'after'}, {field: 'value', title: 'value', format: '.2f'}]}}
        ]
      },
      config: {
        background: 'transparent', font: 'system-ui, sans-serif', view: {stroke: null},
        axis: {labelColor: soft, titleColor: soft, domainColor: line, tickColor: line, gridColor: line, labelFontSize: 10}
      }
    };
  };

  const draw = box => {
    const data = JSON.parse(document.getElementById(box.dataset.alignment).textContent);
    const plot = document.createElement('div');
    box.replaceChildren(...(data.runs.length > 1 ? [legend(data), plot] : [plot]));
    vegaEmbed(plot, spec(data, box.clientWidth), {
      renderer: 'svg', ast: true, tooltip: {theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'},
      actions: {export: true, source: false, compiled: false, editor: false}
    }).catch(error => plot.append(`The curves could not be drawn: ${error.message}`));
  };

  const all = () => document.querySelectorAll('[data-alignment]').forEach(draw);
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
