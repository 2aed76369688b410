(() => {
  'use strict';
  const spec = (data, width) => {
    const columns = Math.max(1, Math.min(data.panels.length, Math.floor(width / 290)));
    const panel = Math.floor((width - columns * 52) / columns);
    const ink = Plots.style('--ink');
    const x = {
      field: 'samples', type: 'quantitative', title: null, scale: {nice: false, padding: 4},
      axis: {format: '~s', grid: false, tickCount: 6}
    };
    const y = {field: 'value', type: 'quantitative', title: null, scale: {zero: false, padding: 6}, axis: {tickCount: 4, format: '.4~g'}};
    const color = {field: 'run', type: 'nominal', scale: {domain: data.runs, range: data.colors}, legend: null};
    const strokeDash = {field: 'part', type: 'nominal', scale: {domain: data.parts, range: [[1, 0], [5, 3], [1, 3]]}, legend: null};
    return {
      description: 'Values over the samples learned from, one panel a quantity and one colour a run',
      data: {values: data.points},
      facet: {field: 'panel', type: 'nominal', sort: data.panels, title: null,
        header: {labelFontSize: 12, labelFontWeight: 600, labelColor: ink, labelAnchor: 'start', labelPadding: 4, labelLimit: panel + 30}},
      columns, spacing: {column: 12, row: 14}, resolve: {axis: {x: 'independent'}, scale: {y: 'independent'}},
      spec: {
        width: panel, height: Math.round(Math.min(170, Math.max(110, panel * .55))),
        layer: [
          {mark: {type: 'line', strokeWidth: 1.6}, encoding: {x, y, color, strokeDash, detail: {field: 'part'}}},
          {mark: {type: 'point', filled: true, size: 14, opacity: data.points.length > 400 ? 0.01 : 1},
            encoding: {x, y, color, tooltip: [{field: 'run', title: 'run'}, {field: 'part', title: 'of'},
              {field: 'samples', title: 'samples', format: ',.0f'}, {field: 'value', title: 'value', format: '.4~g'}]}}
        ]
      },
      config: Plots.config(10)
    };
  };

  const parts = names => {
    const box = document.createElement('div');
    box.className = 'note';
    box.textContent = names.length > 1 ? `${names[0]}: solid line; ${names[1]}: dashed.` : '';
    return box;
  };

  Plots.each('courses', (box, data) =>
    Plots.draw(box, [...(data.runs.length > 1 ? [Plots.legend(data.runs, data.colors)] : []), parts(data.parts)], spec(data, box.clientWidth)));
})();
