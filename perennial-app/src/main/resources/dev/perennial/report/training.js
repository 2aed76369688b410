// Draws the curves of a pretraining: one line a series, values over steps.
for (const chart of document.querySelectorAll("[data-training]")) {
  const values = JSON.parse(document.getElementById(chart.dataset.training).textContent);
  const value = chart.dataset.value;
  const series = chart.dataset.series;
  const plot = document.createElement("div");
  chart.replaceChildren(plot);
  vegaEmbed(
    plot,
    {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      width: 720,
      height: 300,
      data: { values },
      mark: { type: "line", point: values.length < 400 && value === "score", tooltip: true },
      encoding: {
        x: { field: "step", type: "quantitative", title: "step", axis: { format: "d" } },
        y: { field: value, type: "quantitative", title: value, scale: { zero: value === "score" } },
        color: { field: series, type: "nominal", title: null },
      },
    },
    // The page's security policy forbids evaluating code, so expressions are interpreted.
    { renderer: "svg", ast: true, actions: false },
  ).catch(error => plot.append(`The curves could not be drawn: ${error.message}`));
}
