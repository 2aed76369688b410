(() => {
  'use strict';
  const spec = (data, width) => {
    const columns = Math.max(1, Math.min(4, Math.floor(width / 230)));
    const panel = Math.floor((width - columns * 44) / columns);
    const ink = Plots.style('--ink');
    const steps = Math.max(1, ...data.points.map(p => p.step));
    const x = {
      field: 'step', type: 'quantitative', title: null, scale: {domain: [0, steps], nice: false, padding: 6},
      axis: {tickMinStep: 1, format: 'd', grid: false, tickCount: Math.min(steps, 8)}
    };
    const y = {field: 'value', type: 'quantitative', title: null, scale: {zero: false, padding: 6}, axis: {tickCount: 4}};
    const color = {field: 'run', type: 'nominal', scale: {domain: data.runs, range: data.colors}, legend: null};
    return {
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
      config: Plots.config(10)
    };
  };

  Plots.each('alignment', (box, data) =>
    Plots.draw(box, data.runs.length > 1 ? [Plots.legend(data.runs, data.colors)] : [], spec(data, box.clientWidth)));
})();
