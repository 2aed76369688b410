// What all plots of a page share: colours of the theme in force, a legend, and drawing again when the page changes.
const Plots = (() => {
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

  const legend = (names, colors) => {
    const box = document.createElement('div');
    box.className = 'legend';
    names.forEach((name, i) => {
      const item = document.createElement('span');
      const swatch = document.createElement('span');
      swatch.className = 'swatch';
      swatch.style.background = colors[i];
      item.append(swatch, name);
      box.append(item);
    });
    return box;
  };

  const config = labelFontSize => {
    const soft = style('--soft'), line = style('--line');
    return {
      background: 'transparent', font: 'system-ui, sans-serif', view: {stroke: null},
      axis: {labelColor: soft, titleColor: soft, domainColor: line, tickColor: line, gridColor: line, labelFontSize, titleFontWeight: 500}
    };
  };

  // Draws one plot into a box, below its legend where it has one.
  const draw = (box, legends, spec) => {
    const plot = document.createElement('div');
    box.replaceChildren(...legends, plot);
    vegaEmbed(plot, {$schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...spec}, {
      // The page's security policy forbids evaluating code, so expressions are interpreted.
      renderer: 'svg', ast: true, tooltip: {theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'},
      actions: {export: true, source: false, compiled: false, editor: false}
    }).catch(error => plot.append(`The plot could not be drawn: ${error.message}`));
  };

  // Calls for every box that has a data attribute, with the data of the element that it names; again when width or theme change.
  const each = (attribute, drawBox) => {
    const all = () => document.querySelectorAll(`[data-${attribute}]`)
      .forEach(box => drawBox(box, JSON.parse(document.getElementById(box.dataset[attribute]).textContent)));
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
  };

  return {style, legend, config, draw, each};
})();
