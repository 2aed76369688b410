(() => {
  'use strict';
  const spec = (data, width) => {
    const x = {field: 'period', type: 'ordinal', sort: data.periods, title: null, axis: {labelAngle: 0, grid: false, labelOverlap: true}};
    const y = {field: 'score', type: 'quantitative', title: '%', scale: {zero: false, padding: 6}, axis: {tickCount: 5}};
    const color = {field: 'model', type: 'nominal', scale: {domain: data.models, range: data.colors}, legend: null};
    return {
      description: 'Score of each model in each period, with 95 % intervals; the dashed line is where new periods begin',
      data: {values: data.points},
      width: Math.max(200, width - 60), height: 240,
      layer: [
        {data: {values: [{period: data.since}]}, mark: {type: 'rule', strokeDash: [4, 4], color: Plots.style('--soft')}, encoding: {x}},
        {mark: {type: 'area', opacity: 0.15},
          encoding: {x, color, y: {field: 'low', type: 'quantitative', title: '%', scale: {zero: false}}, y2: {field: 'high'}}},
        {mark: {type: 'line', strokeWidth: 2}, encoding: {x, y, color}},
        {mark: {type: 'point', filled: true, size: 40, opacity: 1},
          encoding: {x, y, color, tooltip: [{field: 'model'}, {field: 'period'}, {field: 'score', format: '.1f'},
            {field: 'low', format: '.1f'}, {field: 'high', format: '.1f'}, {field: 'samples'}]}}
      ],
      config: Plots.config(11)
    };
  };

  Plots.each('periods', (box, data) => Plots.draw(box, [Plots.legend(data.models, data.colors)], spec(data, box.clientWidth)));
})();
