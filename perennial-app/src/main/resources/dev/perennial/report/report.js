(() => {
  'use strict';
  const spec = (data, width) => {
    const columns = Math.max(1, Math.min(data.dataSets.length, Math.floor(width / 215)));
    const panel = Math.floor((width - 38 - (columns - 1) * 16) / columns);
    const ink = Plots.style('--ink'), soft = Plots.style('--soft'), paper = Plots.style('--paper');
    const steps = Math.max(...data.points.map(p => p.step));
    const x = {
      field: 'step', type: 'quantitative', title: null, scale: {domain: [0, steps], nice: false, padding: 8},
      axis: {tickMinStep: 1, format: 'd', grid: false, tickCount: Math.min(steps, 8)}
    };
    const y = {field: 'score', type: 'quantitative', title: null, scale: {domain: [0, 100]}, axis: {tickCount: 4}};
    const color = {field: 'run', type: 'nominal', scale: {domain: data.runs, range: data.colors}, legend: null};
    return {
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
      config: Plots.config(10)
    };
  };

  Plots.each('curves', (box, data) =>
    Plots.draw(box, data.runs.length > 1 ? [Plots.legend(data.runs, data.colors)] : [], spec(data, box.clientWidth)));
})();
